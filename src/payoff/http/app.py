"""The whole server as one function of a product."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from payoff.errors import PayoffError
from payoff.http import faults, v1
from payoff.http.guard import Guard
from payoff.http.pages.every import ROUTERS
from payoff.http.session import House, permitted
from payoff.people.person import Declared, people_of
from payoff.web.cards import Cards
from payoff.web.frame import Mode
from payoff.web.product import Product


def create_app(product: Product, *, mode: Mode = "local", people: Mapping[str, Declared] | None = None) -> FastAPI:
    """Pages and addresses over one open product.

    `mode` "demo" says on every page what is simulated and offers the four ways to look at it; `people` are the
    brief's unless given. The server itself keeps nothing: two of them over one database say the same.
    """
    app = FastAPI(
        title=f"Payoff: {product.brief.product.title or product.name}",
        version="1",
        openapi_url="/v1/openapi.json",
        docs_url=None,  # its pages fetch scripts from elsewhere
        redoc_url=None,
    )
    app.state.house = House(product, people_of(people or product.brief.people), mode, Cards(product))
    web = resources.files("payoff.web")

    @app.get("/static/tokens.css", include_in_schema=False, dependencies=[Depends(permitted)])
    def tokens() -> FileResponse:
        return FileResponse(str(web / "tokens.css"), media_type="text/css")

    app.mount("/static", StaticFiles(directory=str(web / "static")), name="static")
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(v1.router)
    app.add_exception_handler(PayoffError, faults.on_payoff_error)
    app.add_exception_handler(RequestValidationError, faults.on_bad_request)
    app.add_exception_handler(HTTPException, faults.on_http)
    app.add_exception_handler(Exception, faults.on_crash)
    app.add_middleware(Guard)
    return app
