"""The same figures under another brief: what the gate would say, without a look at the log."""

from __future__ import annotations

from dataclasses import replace

from tests.gates.test_judge import BOTH, GOOD, UNHURT, _card
from tests.judged_world import declared

from payoff.brief.declarations import Declarations
from payoff.gates.judge import judge
from payoff.gates.redeclared import judged_otherwise, redeclared, verdict_then

CARD = _card(GOOD, UNHURT)


def changed(metric: str, **more: object) -> Declarations:
    metrics = tuple(replace(m, **more) if m.name == metric else m for m in BOTH.metrics)  # type: ignore[arg-type]
    return replace(BOTH, metrics=metrics)


def test_a_narrower_margin_is_read_off_the_figures_there_are() -> None:
    assert judge(CARD, BOTH).word == "promote"
    narrow = changed("complaints", margin=0.0001)
    assert judged_otherwise(BOTH, narrow)
    then = verdict_then(CARD, BOTH, narrow)
    assert then is not None
    assert then.word == "hold"
    same = verdict_then(CARD, BOTH, BOTH)
    assert same == judge(CARD, BOTH)


def test_words_alone_are_read_by_no_rule() -> None:
    assert not judged_otherwise(BOTH, changed("complaints", label="Complaints"))


def test_other_figures_cannot_be_told_beforehand() -> None:
    assert redeclared(CARD, BOTH, changed("complaints", window_days=30.0)) is None
    assert redeclared(CARD, BOTH, replace(BOTH, plan=replace(BOTH.plan, days=90))) is None
    another = declared("accepted_rate", purpose="guardrail", margin=0.1)
    assert redeclared(CARD, BOTH, replace(BOTH, metrics=(*BOTH.metrics, another))) is None


def test_a_metric_that_is_dropped_is_no_longer_judged() -> None:
    fewer = replace(BOTH, metrics=tuple(m for m in BOTH.metrics if m.name != "complaints"))
    read = redeclared(CARD, BOTH, fewer)
    assert read is not None
    assert [row.metric for row in read.rows] == ["first_value"]
