"""The environment of the report templates, and the style they carry inside."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@functools.cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("payoff.web.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def _style() -> Markup:
    web = resources.files("payoff.web")
    parts = (web / "tokens.css", web / "reports" / "templates" / "report.css")
    return Markup("\n".join(part.read_text("utf-8") for part in parts))  # noqa: S704 - our own style sheets


def page(template: str, **values: Any) -> str:
    """One whole HTML file. Every value is escaped; a missing one is an error."""
    return _environment().get_template(template).render(style=_style(), **values)
