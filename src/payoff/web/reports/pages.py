"""The environment of the report templates, and the style they carry inside."""

from __future__ import annotations

import functools
from importlib import resources
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


@functools.cache
def _environment() -> Environment:
    return Environment(
        # After their own templates, the macros of the pages: a picture is drawn one way.
        loader=ChoiceLoader(
            [PackageLoader("payoff.web.reports", "templates"), PackageLoader("payoff.web", "templates")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@functools.cache
def _style(more: tuple[str, ...] = ()) -> Markup:
    web = resources.files("payoff.web")
    parts = (
        web / "tokens.css",
        web / "reports" / "templates" / "report.css",
        *(web / "static" / name for name in more),
    )
    return Markup("\n".join(part.read_text("utf-8") for part in parts))  # noqa: S704 - our own style sheets


def page(template: str, *, styles: tuple[str, ...] = (), **values: Any) -> str:
    """One whole HTML file, with `styles` of the pages in it. Every value is escaped; a missing one is an error."""
    return _environment().get_template(template).render(style=_style(styles), **values)
