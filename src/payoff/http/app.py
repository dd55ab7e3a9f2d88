"""The whole server as one function of a product."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

from fastapi import Depends, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles

from payoff.errors import PayoffError
from payoff.http import faults, findings, script, v1, widget
from payoff.http.guard import Guard
from payoff.http.pages.every import ROUTERS
from payoff.http.session import House, permitted
from payoff.http.warm import first_look
from payoff.web.cards import Cards
from payoff.web.findings import Findings
from payoff.web.frame import Mode
from payoff.web.product import Product


def create_app(
    product: Product,
    *,
    mode: Mode = "local",
    origins: Sequence[str] = (),
    proxies: Sequence[str] = (),
) -> FastAPI:
    """Pages and addresses over one open product.

    `mode` "demo" says on every page what is simulated and offers every way to look at it. `origins` are the
    addresses under which other machines reach it: with any, everybody has to sign in. `proxies` are the addresses
    (or networks) of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed. The server itself keeps
    nothing: two of them over one database say the same.
    """
    app = FastAPI(
        title=f"Payoff: {product.brief.product.title or product.name}",
        version="1",
        openapi_url="/v1/openapi.json",
        docs_url=None,  # its pages fetch scripts from elsewhere
        redoc_url=None,
        lifespan=first_look(product),
    )
    app.state.house = House(product, mode, Cards(product), tuple(origins))
    app.state.findings = Findings(product)
    web = resources.files("payoff.web")

    @app.get("/static/tokens.css", include_in_schema=False, dependencies=[Depends(permitted)])
    def tokens() -> FileResponse:
        return FileResponse(str(web / "tokens.css"), media_type="text/css")

    app.mount("/static", StaticFiles(directory=str(web / "static")), name="static")
    for router in ROUTERS:
        app.include_router(router)
    app.include_router(v1.router)
    app.include_router(widget.router)
    app.include_router(script.router)
    app.include_router(findings.router)
    app.add_exception_handler(PayoffError, faults.on_payoff_error)
    app.add_exception_handler(RequestValidationError, faults.on_bad_request)
    app.add_exception_handler(HTTPException, faults.on_http)
    app.add_exception_handler(Exception, faults.on_crash)
    app.add_middleware(Guard, origins=tuple(origins), proxies=tuple(proxies))
    return app
