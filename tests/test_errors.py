"""Errors say what, where and the mend, in one shape."""

from __future__ import annotations

import pytest

from payoff import checks, errors


def test_an_error_reads_as_a_sentence_and_as_json():
    error = errors.Refused("it is late", where="release r1", mend="Come back.")
    assert str(error) == "release r1: it is late. Come back."
    assert error.as_dict() == {
        "error": "refused",
        "what": "it is late",
        "where": "release r1",
        "mend": "Come back.",
    }


def test_unknown_names_lead_to_near_ones():
    assert "renewed" in str(errors.Unknown.among("outcome", "renewd", ["renewed", "left"]))
    assert "none yet" in str(errors.Unknown.among("outcome", "x", []))


def test_faults_are_listed_together():
    error = errors.BadInput(
        "a file", [errors.Fault("row 1", "no unit", "Add one."), errors.Fault("row 2", "x", "y.")]
    )
    assert "2 things" in str(error)
    assert len(error.as_dict()["faults"]) == 2


def test_every_class_has_a_code_of_its_own():
    classes = [c for c in vars(errors).values() if isinstance(c, type) and issubclass(c, errors.PayoffError)]
    codes = [c.code for c in classes]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("value", [1.5, -0.1, float("nan"), "half", True])
def test_a_share_is_checked_by_its_name(value):
    with pytest.raises(checks.BadParameter, match="share"):
        checks.number("share", value)
