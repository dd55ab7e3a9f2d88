"""Vega-Lite specifications as SVG in the colours of the page, so that one picture serves light and dark."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from importlib import resources
from typing import Any

import vl_convert
from markupsafe import Markup

_DECLARED = re.compile(r"--([\w-]+):\s*(#[0-9a-f]{6})\b")


@functools.cache
def _tokens_by_colour() -> Mapping[str, str]:
    """Light colour → token. The first token of a colour stands for it."""
    css = resources.files("payoff.web").joinpath("tokens.css").read_text("utf-8")
    light = css[: css.index("@media")]
    found: dict[str, str] = {}
    for name, colour in _DECLARED.findall(light):
        found.setdefault(colour, name)
    return found


def _drawable(value: Any) -> Any:
    """Without control signs: one in a stranger's column name would end the renderer, and the process with it."""
    if isinstance(value, str):
        return "".join("�" if unicodedata.category(c) == "Cc" else c for c in value)
    if isinstance(value, Mapping):
        return {_drawable(key): _drawable(item) for key, item in value.items()}
    return [_drawable(item) for item in value] if isinstance(value, (list, tuple)) else value


def svg(spec: Mapping[str, Any]) -> Markup:
    """The picture as inline SVG, as wide as its place. Texts in it are escaped by the renderer.

    No script, no link and no font is in it; colours that are tokens become their CSS variable.
    """
    drawn = vl_convert.vegalite_to_svg(_drawable(spec), vl_version="5.21")
    for colour, token in _tokens_by_colour().items():
        drawn = re.sub(rf'"{colour}"', f'"var(--{token})"', drawn, flags=re.IGNORECASE)
    # As wide as its place, but never blown up: the text in it should stay near the size of the text around it.
    natural = re.search(r'<svg[^>]*? width="([\d.]+)"', drawn)
    widest = round(float(natural[1]) * 1.15) if natural else 480
    shape = rf'\1 aria-hidden="true" focusable="false" style="max-width: {widest}px"'
    drawn = re.sub(r'(<svg[^>]*?) width="[\d.]+" height="[\d.]+"', shape, drawn, count=1)
    return Markup(drawn)  # noqa: S704 - made by the renderer from our own specification
