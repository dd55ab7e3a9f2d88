"""What to do on Monday: three steps, each with who, how long, what it settles, and a command that exists."""

from __future__ import annotations

import shlex
from typing import Any

import numpy as np
import pytest
import typer

import payoff
from payoff.audit.catalogue import SectionMaker
from payoff.audit.report import Finding, Report, Section, Step
from payoff.audit.sections.monday import Monday
from payoff.audit.view import View
from payoff.cli.app import app

TREATED = np.arange(400) % 2
BRIEF = {"users": "a", "problem": "b", "workflow": "c", "success": "d"}


class Told:
    """A section that has found what it was given."""

    needs = ()

    def __init__(self, section: str, key: str, kind: str = "know", **evidence: object) -> None:
        self.name = section
        self.finding = Finding(key, kind, f"The sentence of {key}.", 0.5, section, evidence)  # type: ignore[arg-type]

    def run(self, view: View) -> Section:
        return Section(self.name, self.name, (self.finding,))


def audited(*sections: SectionMaker, without: tuple[str, ...] = (), **options: object) -> Report:
    rng = np.random.default_rng(1)
    frame: dict[str, Any] = {"score": rng.random(400), "churned": rng.integers(0, 2, 400), "called": TREATED}
    frame |= {"decision": TREATED, "sex": rng.choice(["f", "m"], 400)}
    frame = {column: values for column, values in frame.items() if column not in without}
    return payoff.audit(frame, catalogue=(*sections, Monday()), **options)  # type: ignore[arg-type]


def steps(*sections: SectionMaker, **options: Any) -> tuple[Step, ...]:
    return audited(*sections, **options).section("monday").steps


def every_case() -> list[tuple[Step, ...]]:
    effect = {"effect": 0.0, "low": -0.01, "high": 0.01}
    voids = (
        "trust_equal",
        "trust_constant",
        "trust_uneven",
        "trust_early",
        "trust_few",
        "ranks_backwards",
        "other",
    )
    return [
        *(steps(Told("trust", key, "stop")) for key in (*voids, "ranks_badly")),
        *(steps(Told("worth", key, **effect)) for key in ("effect_some", "effect_harm", "effect_none")),
        steps(Told("worth", "effect_none", effect=0.0, low=-0.4, high=0.4)),
        steps(Told("worth", "experiment", units_a_side=500)),
        steps(Told("harm", "harm_fpr", "stop", column="sex"), brief=BRIEF),
        steps(without=("sex",), protected=[]),
        steps(without=("score", "churned", "called")),
        steps(without=("score", "decision")),
        steps(name="it's; rm -rf ~.csv", without=("sex",), protected=[]),
    ]


def test_every_step_says_what_who_how_long_and_what_it_settles() -> None:
    for three in every_case():
        assert len(three) == 3
        for step in three:
            what, who, long, settles = step.text.split("\n")
            assert what.endswith(".")
            assert who.startswith("Who: ") and long.startswith("How long: ") and settles.startswith("It settles ")


def test_every_command_is_one_the_program_knows() -> None:
    root: Any = typer.main.get_command(app)
    commands = {part for three in every_case() for step in three for part in step.command.split(" && ")}
    assert "payoff init NAME" in commands
    for command in commands:
        words = shlex.split(command)
        assert words.pop(0) == "payoff"
        found = root
        while hasattr(found, "commands"):
            found = found.commands[words.pop(0)]
        flags = {flag for param in found.params for flag in param.opts}
        assert {word for word in words if word.startswith("--")} <= flags, command
        required = [p for p in found.params if p.required and p.param_type_name == "argument"]
        assert len([w for w in words if not w.startswith("--")]) >= len(required), command


def test_the_command_quotes_a_file_name_for_the_shell() -> None:
    third = steps(name="it's; rm -rf ~.csv", without=("sex",), protected=[])[2]
    assert shlex.split(third.command) == ["payoff", "audit", "it's; rm -rf ~.csv", "--protected", "COLUMN"]
    assert steps(Told("trust", "trust_few", "stop"), name="telco")[0].command == "payoff audit FILE"


def test_what_is_broken_is_mended_first_and_by_its_own_way() -> None:
    assert steps(Told("trust", "trust_equal", "stop"))[0].text.startswith("Find out when the score was written")
    assert steps(Told("trust", "other", "stop"))[0].text.startswith("Mend this first: The sentence of other.")
    assert steps(Told("trust", "trust_leak", "costs"))[0].text.startswith("Ask three people who act on the score")


def test_who_is_asked_depends_on_what_the_table_is_of() -> None:
    assert "who decide what they did" in steps(without=("score", "churned", "called"))[0].text
    assert "who give the treatment" in steps(without=("score", "decision"))[0].text
    assert "answers in the brief" in steps(brief=BRIEF)[0].text


@pytest.mark.parametrize(
    ("key", "high", "first"),
    [
        ("effect_some", 0.0, "Go on with what worked"),
        ("effect_harm", 0.0, "Stop the treatment for now"),
        ("effect_none", 0.01, "Stop expecting this treatment"),
        ("effect_none", 0.4, "Go on with the experiment"),
    ],
)
def test_the_test_follows_from_what_was_measured(key: str, high: float, first: str) -> None:
    told = Told("worth", key, effect=0.0, low=-high, high=high)
    assert steps(told)[1].text.startswith(first)


def test_a_test_is_sized_where_the_size_is_known() -> None:
    sized = steps(Told("worth", "experiment", units_a_side=1512))[1].text
    assert sized.startswith("Let chance decide who is acted on: 1,512 as the score says, 1,512 as today.")


def test_nobody_having_looked_at_groups_is_the_thing_to_guard() -> None:
    assert steps(without=("sex",), protected=[])[2].text.startswith("Add the groups nobody may harm")
    assert "“sex” a guardrail" in steps(Told("harm", "harm_fpr", "costs", column="sex"))[2].text
    assert steps()[2].text.startswith("Let the next version answer nobody at first")
