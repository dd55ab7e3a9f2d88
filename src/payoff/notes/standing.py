"""Whether words somebody took back still stand in a text: by the sentence, with case and punctuation aside."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORDS = re.compile(r"[^\W_]+")
_ENDS = re.compile(r"[.!?;…。！？\n]+")
_SENTENCE = 4
"""Words of a sentence that are looked for on their own: fewer are anybody's."""
_SHORT = 4
"""A word alone with fewer letters (yes, no) tells nothing of who said it."""


def standing(said: Iterable[str], text: str) -> tuple[str, ...]:
    """Those of the quotes that stand in the text, whole or a sentence of them."""
    plain = unicodedata.normalize("NFC", text)
    return tuple(words for words in dict.fromkeys(said) if any(p.search(plain) for p in _patterns(words)))


def parts(said: Iterable[str], text: str) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, each with whether it is one of the quotes' words."""
    plain, found, at = unicodedata.normalize("NFC", text), [], 0
    for start, end in _spans(said, plain):
        found += [(plain[at:start], False)] if start > at else []
        found.append((plain[start:end], True))
        at = end
    return (*found, *([(plain[at:], False)] if at < len(plain) else []))


def _spans(said: Iterable[str], text: str) -> list[tuple[int, int]]:
    """Where the words stand, in order, none inside another."""
    spans = sorted(m.span() for words in said for p in _patterns(words) for m in p.finditer(text))
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _patterns(words: str) -> list[re.Pattern[str]]:
    whole = unicodedata.normalize("NFC", words)
    found = [_WORDS.findall(whole)]
    for sentence in _ENDS.split(whole):
        tokens = _WORDS.findall(sentence)
        if len(tokens) >= _SENTENCE or (not sentence.isascii() and len(sentence) >= 2 * _SENTENCE):
            found.append(tokens)
    return [_pattern(tokens) for tokens in found if tokens and not _says_nothing(tokens)]


def _says_nothing(tokens: list[str]) -> bool:
    return len(tokens) == 1 and tokens[0].isascii() and len(tokens[0]) < _SHORT


def _pattern(tokens: list[str]) -> re.Pattern[str]:
    """Word for word, with anything but letters between; only some languages write edges between words."""
    before = r"(?<!\w)" if tokens[0][0].isascii() else ""
    after = r"(?!\w)" if tokens[-1][-1].isascii() else ""
    return re.compile(before + r"[\W_]+".join(map(re.escape, tokens)) + after, re.IGNORECASE)
