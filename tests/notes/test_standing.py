"""Whether words still stand in a text: however they are set, by the sentence, and no more than that."""

from __future__ import annotations

import pytest

from payoff.notes.standing import parts, standing


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("I hung up.", "and then: “I  HUNG\nup”, she said"),
        ("Don't call", "Don’t call"),
        ("SECRET", "P1 said secret."),
        ("They called at noon. I hung up!", "first: they called at noon, then silence"),
        ("caf\u00e9 zu", "im Cafe\u0301 zu Hause"),
        ("\u592a\u6162\u4e86", "\u4ed6\u8bf4\u592a\u6162\u4e86\u554a"),
    ],
)
def test_words_are_found(words: str, text: str) -> None:
    assert standing([words], text) == (words,)
    assert "".join(piece for piece, _ in parts([words], text)).casefold() != ""
    assert any(theirs for _, theirs in parts([words], text))


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("no go", "a piano going"),
        ("No.", "no, they said no"),
        ("They called. I hung up.", "I hung up the picture"),
        ("???", "what???"),
        ("", "anything"),
    ],
)
def test_what_is_not_theirs_is_left(words: str, text: str) -> None:
    assert standing([words], text) == ()
    assert parts([words], text) == ((text, False),)


def test_pieces_follow_each_other_and_none_is_counted_twice() -> None:
    said = ["one two three four. five", "three four. five six"]
    text = "a one two three four five six b"
    assert parts(said, text) == (("a ", False), ("one two three four five six", True), (" b", False))
