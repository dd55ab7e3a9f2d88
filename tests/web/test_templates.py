"""Templates and the catalogue belong together; nothing inline, nothing from elsewhere."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from payoff.texts import catalogue

TEMPLATES = sorted(
    (f.name, f.read_text("utf-8")) for f in resources.files("payoff.web").joinpath("templates").iterdir()
)


@pytest.mark.parametrize(("name", "text"), TEMPLATES)
def test_every_sentence_of_a_template_is_in_the_catalogue(name: str, text: str) -> None:
    keys = set(re.findall(r"say\(\s*[\"']([a-z_]+\.[a-z_0-9]+)[\"']\s*[,)]", text))
    assert keys <= set(catalogue("en"))
    assert keys or name == "parts.html"


@pytest.mark.parametrize(("name", "text"), TEMPLATES)
def test_no_template_holds_inline_script_or_style_or_another_host(name: str, text: str) -> None:
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|https?://|\|\s*safe", text)


@pytest.mark.parametrize(("name", "text"), TEMPLATES)
def test_no_template_holds_words_of_its_own(name: str, text: str) -> None:
    bare = re.sub(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}|<[^>]*>", " ", text, flags=re.S)
    bare = re.sub(r'aria-(invalid|describedby)="[^"]*"', " ", bare)  # a macro's attributes: ids, no words
    assert not re.search(r"[A-Za-z]{2,}", bare), re.findall(r"[A-Za-z]{2,}", bare)
