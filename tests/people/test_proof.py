"""A proof opens one unit for a short time, and says why it does not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payoff.adapters.memory import MemoryAccounts
from payoff.errors import BadInput
from payoff.people.proof import GOOD_FOR, LONGEST, SLACK, BadProof, check, explained, sign, signing_secret

SECRET = "ws_" + "0123456789abcdef" * 4
AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
VECTOR = "v1.1772367300.e98804f7cba1063acf0e215320f6f1b32131111481a3936b2565c736763fc00f"
"""acct-42 and ann@example.com, signed with SECRET at AT; it stands in docs/widget.md, too."""

names = st.text(st.characters(exclude_characters="\n\r", exclude_categories=("Cs",)), min_size=1, max_size=60)


def refused(text: str, unit: str = "acct-42", person: str = "", now: datetime = AT, secret: str = SECRET) -> str:
    with pytest.raises(BadProof) as bad:
        check(text, secret, unit, person, now=now)
    assert bad.value.mend
    return bad.value.why


def test_the_vector_of_the_documentation() -> None:
    assert sign(SECRET, "acct-42", "ann@example.com", now=AT) == VECTOR
    check(VECTOR, SECRET, "acct-42", "ann@example.com", now=AT)


@given(names, names | st.just(""))
def test_what_was_signed_opens_that_and_nothing_else(unit: str, person: str) -> None:
    made = sign(SECRET, unit, person, now=AT)
    check(made, SECRET, unit, person, now=AT)
    assert refused(made, unit + "x", person) == "signature"
    assert refused(made, unit, person + "x") == "signature"
    assert refused(made, unit, person, secret=SECRET[:-1]) == "signature"


def test_a_unit_and_a_person_cannot_be_run_together_into_another_pair() -> None:
    made = sign(SECRET, "acct-4", "2", now=AT)
    assert refused(made, "acct-42", "") == "signature"
    assert refused(made, "acct-4\n2", "") == "form"
    for unit, person in (("a\nb", ""), ("a", "b\r"), ("", "b"), ("a" * 501, ""), ("a\ud800", "")):
        with pytest.raises(BadInput):
            sign(SECRET, unit, person, now=AT)


def test_it_ends_after_a_quarter_of_an_hour_and_clocks_may_disagree_a_minute() -> None:
    made = sign(SECRET, "acct-42", now=AT)
    edge = AT + timedelta(seconds=GOOD_FOR + SLACK)
    check(made, SECRET, "acct-42", now=edge)
    assert refused(made, now=edge + timedelta(seconds=1)) == "expired"


def test_none_is_good_for_more_than_a_day() -> None:
    longest = sign(SECRET, "acct-42", now=AT, seconds=LONGEST)
    check(longest, SECRET, "acct-42", now=AT - timedelta(seconds=SLACK))
    assert refused(longest, now=AT - timedelta(seconds=SLACK + 1)) == "too far ahead"
    for seconds in (0, -5, LONGEST + 1):
        with pytest.raises(BadInput):
            sign(SECRET, "acct-42", now=AT, seconds=seconds)


def test_whether_it_ended_is_said_only_of_one_that_was_ours() -> None:
    version, _, mac = sign(SECRET, "acct-42", now=AT).split(".")
    assert refused(f"{version}.1.{mac}") == "signature"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v1",
        "v2" + VECTOR[2:],
        VECTOR.upper(),
        VECTOR + "\n",
        " " + VECTOR,
        VECTOR.replace("v1.", "v1.0"),
        VECTOR.replace("1772367300", "١٧٧٢٣٦٧٣٠٠"),
        VECTOR.replace("1772367300", "1" * 13),
        VECTOR.replace("1772367300", "-1"),
        VECTOR[:-1],
        "v1.1772367300." + "é" * 64,
    ],
)
def test_another_form_is_no_proof(text: str) -> None:
    assert refused(text, person="ann@example.com") == "form"


def test_each_key_has_a_secret_of_its_own_that_stays() -> None:
    store = MemoryAccounts()
    first = signing_secret(store, "k1")
    assert first == signing_secret(store, "k1") != signing_secret(store, "k2")
    assert signing_secret(MemoryAccounts(), "k1") != first
    assert first.startswith("ws_") and len(first) == 67


def why_not(text: str, unit: str = "acct-42", person: str = "", **more: object) -> str:
    pairs = [("k1", SECRET), ("k2", "ws_other")]
    with pytest.raises(BadProof) as bad:
        explained(text, pairs, unit, person, units=["acct-1", "acct-42"], now=AT, **more)  # type: ignore[arg-type]
    return bad.value.why


def test_a_developer_is_told_what_it_would_open() -> None:
    assert explained(VECTOR, [("k1", SECRET)], "acct-42", "ann@example.com", units=[], now=AT) == ("k1", "acct-42")
    plain = sign(SECRET, "acct-1", now=AT)
    assert explained(plain, [("k1", SECRET)], units=["acct-42", "acct-1"], now=AT) == ("k1", "acct-1")
    assert why_not(plain) == "other unit"
    assert why_not(sign(SECRET, "acct-42", now=AT), person="ann") == "other person"
    assert why_not(sign("ws_other", "acct-42", now=AT)) == "other key"
    assert explained(
        sign("ws_other", "acct-1", now=AT),
        [("k1", SECRET), ("k2", "ws_other")],
        units=["acct-1"],
        now=AT,
        bound=False,
    ) == ("k2", "acct-1")
    assert why_not(sign(SECRET, "acct-42", now=AT - timedelta(days=2))) == "expired"
    assert why_not(sign("ws_nobody", "acct-42", now=AT)) == "signature"
    assert why_not("v1.1.2") == "form"
