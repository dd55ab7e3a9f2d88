from __future__ import annotations

import tomllib
from importlib import resources

import pytest

from payoff.policy.words import causal_words


@pytest.mark.parametrize(
    "text",
    [
        "Call, because it reduces churn",
        "This leads to more renewals",
        "Mails cause people to stay",
        "Due to few log-ins",
        "They will renew",
    ],
)
def test_claims_of_cause_are_found(text: str) -> None:
    assert causal_words(text)


@pytest.mark.parametrize("text", ["Days since login: 23; usual is 3. Goes with a higher risk.", "usual is lower"])
def test_plain_association_passes(text: str) -> None:
    assert causal_words(text) == []


def test_no_reason_of_ours_claims_a_cause_unless_it_was_measured() -> None:
    texts = tomllib.loads(resources.files("payoff.texts").joinpath("en/reasons.toml").read_text("utf-8"))
    said = {key: text if isinstance(text, str) else " ".join(text.values()) for key, text in texts.items()}
    claims = {key: causal_words(text) for key, text in said.items() if not key.startswith("measured")}
    assert {key: words for key, words in claims.items() if words} == {}
