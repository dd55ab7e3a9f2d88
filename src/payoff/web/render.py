"""Templates: what a page is made of becomes HTML. Every value is escaped; nothing here is marked safe."""

from __future__ import annotations

import functools
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from payoff.texts import Texts
from payoff.web.frame import Frame


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("payoff.web", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(name: str, texts: Texts, frame: Frame | None = None, page: Any = None, **more: Any) -> str:
    """The template `name`.html over one page's data; a missing value is an error, not an empty place."""
    template = _environment().get_template(f"{name}.html")
    return template.render(page=page, frame=frame, say=texts.say, language=texts.language, **more)
