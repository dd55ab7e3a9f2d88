"""A server that has just started reads what the desk needs before anybody asks for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI

from payoff.web.product import Product

_log = logging.getLogger("payoff.http")


def first_look(product: Product) -> Callable[[FastAPI], Any]:
    """The application's lifespan: it answers at once; whoever comes during the first look waits for its end."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        threading.Thread(target=_look, args=(product,), daemon=True, name="first look").start()
        yield

    return lifespan


def _look(product: Product) -> None:
    try:
        product.queue()
        product.as_of()
    except Exception:  # the first page says what is wrong, to somebody who can mend it
        _log.debug("the first look failed", exc_info=True)
