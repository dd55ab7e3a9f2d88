"""Where Slack sends what people press. Its signature says that it is Slack; nothing else here is believed."""

from __future__ import annotations

from fastapi import BackgroundTasks, Request
from fastapi.responses import JSONResponse, Response
from starlette.concurrency import run_in_threadpool

from payoff.errors import PayoffError, Refused
from payoff.http.pages.shared import House_, pages

router = pages()


@router.post("/slack/actions")
async def actions(request: Request, tasks: BackgroundTasks, at: House_) -> Response:
    """Acknowledged at once, since Slack waits three seconds; kept, and told to the person, right after."""
    working, body = at.product.working, await request.body()
    try:
        pressed = await run_in_threadpool(working.signed, body, dict(request.headers))
    except Refused as error:
        return JSONResponse(error.as_dict(), 401)
    except PayoffError as error:
        return JSONResponse(error.as_dict(), 400)
    if pressed is not None:
        tasks.add_task(working.press, pressed)
    return Response(status_code=200)
