"""A brief and its playbook looked at together: all that does not hold, and all that is left open, at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from payoff.brief.channels import check_channels
from payoff.brief.faults import Finder
from payoff.brief.gaps import open_questions
from payoff.brief.kinds import KindInfo
from payoff.brief.lines import Lines
from payoff.brief.playbook import check_playbook
from payoff.brief.rollout import check_rollout
from payoff.brief.schema import OPEN, Brief, Playbook
from payoff.brief.wording import check_wording
from payoff.errors import BriefFaults, Fault
from payoff.texts import Texts, languages


@dataclass(frozen=True, slots=True)
class Report:
    """What `check` found. `faults` stop a start; `open` are questions nobody answered; `notes` are remarks."""

    faults: list[Fault] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Nothing is wrong; questions may still be open."""
        return not self.faults

    def enforce(self) -> None:
        """Raise `BriefFaults` with all faults, if there are any."""
        if self.faults:
            raise BriefFaults("the brief", self.faults)

    def as_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        shown = [{"where": f.where, "what": f.what, "mend": f.mend} for f in self.faults]
        return {"holds": self.holds, "faults": shown, "open": self.open, "notes": self.notes}


def check(
    brief: Brief,
    playbook: Playbook,
    kinds: Mapping[str, KindInfo],
    *,
    texts: Texts | None = None,
    facts: Collection[str] | None = None,
    brief_text: str = "",
    playbook_text: str = "",
) -> Report:
    """Whether the brief and the playbook make sense, beyond their form.

    `facts` are the names of the facts that units are known to have; without them names of facts are taken as
    they are. With the two texts every fault names its line. Nothing is raised for a brief that does not hold.
    """
    texts = texts or Texts(brief.product.language, brief.product.zone)
    report = Report(open=open_questions(brief, texts))
    finder = Finder(report.faults, Lines(brief_text))
    _check_product(brief, finder, report, texts)
    _check_facts(brief, finder, facts)
    _check_outcomes(brief, finder)
    _check_sources(brief, finder)
    _check_metrics(brief, kinds, finder)
    _check_goals(brief, kinds, finder, report, texts)
    for i, harm in enumerate(brief.harms):
        metric = next((m for m in brief.metrics if m.name == harm.stopped_by), None)
        place = ("harms", i, "stopped_by")
        if metric is None:
            finder.unknown(place, "metric", harm.stopped_by, [m.name for m in brief.metrics])
        elif metric.purpose != "guardrail":
            finder.add(
                place,
                f"{metric.name!r} is a {metric.purpose}, which stops nothing",
                'Set its purpose to "guardrail" and give it a margin.',
            )
    report.notes.extend(check_rollout(brief, finder, texts))
    playbook_finder = Finder(report.faults, Lines(playbook_text, "playbook.toml"))
    report.notes.extend(check_playbook(brief, playbook, playbook_finder, texts, facts))
    report.notes.extend(check_wording(brief, playbook, finder, playbook_finder, texts))
    report.notes.extend(check_channels(brief, finder, texts))
    return report


def _check_product(brief: Brief, finder: Finder, report: Report, texts: Texts) -> None:
    product = brief.product
    finder.zone(("product", "zone"), product.zone)
    if product.language not in languages():
        report.notes.append(texts.say("brief.note_language", language=product.language))


def _check_facts(brief: Brief, finder: Finder, facts: Collection[str] | None) -> None:
    unit = brief.unit
    single = {"role": unit.role, "industry": unit.industry, "contact": unit.contact, "owner": unit.owner}
    for name, fact in single.items():
        if fact and facts is not None and fact not in facts:
            finder.unknown(("unit", name), "fact", fact, facts)
        if fact and fact in unit.protected and name in ("role", "industry"):
            finder.add(
                ("unit", name),
                f"{fact!r} is protected, and actions are chosen by {name}",
                f"Take it out of unit.protected, or leave unit.{name} empty.",
            )
    for name in ("segments", "protected", "ignore"):
        listed: list[str] = getattr(unit, name)
        finder.twice(("unit", name), listed)
        if facts is not None and name != "ignore":
            for i, fact in enumerate(listed):
                if fact not in facts:
                    finder.unknown(("unit", name, i), "fact", fact, facts)


def _check_outcomes(brief: Brief, finder: Finder) -> None:
    for name, outcome in brief.outcomes.items():
        if outcome.source in (OPEN, "api"):
            continue
        place = ("outcomes", name, "source")
        source = brief.sources.get(outcome.source)
        if source is None:
            finder.unknown(place, "source", outcome.source, [*brief.sources, "api"])
        elif source.as_ in ("units", "outcomes") and name not in source.outcomes:
            finder.add(
                place,
                f"the source {outcome.source!r} does not say which of its columns holds {name!r}",
                f'Add {name} = "column" or "column=yes" to sources.{outcome.source}.outcomes.',
            )
    if not brief.outcomes:
        finder.add(("outcomes",), "no outcome is named", "Add [outcomes.churned] or what counts for you.")


def _check_sources(brief: Brief, finder: Finder) -> None:
    for name, source in brief.sources.items():
        place = ("sources", name)
        if bool(source.file) == bool(source.sql):
            what = "it names both a file and a query" if source.file else "it names neither a file nor a query"
            finder.add(place, what, 'Give one: file = "accounts.csv", or database = "…" with sql = "select …".')
        if source.sql and not source.database:
            finder.add(place, "it has a query and no database", 'Add database = "postgresql://…" or a file path.')
        if source.as_ in ("units", "outcomes") and not source.unit:
            finder.add(place, "it does not say which column holds the unit's id", 'Add unit = "column".')
        for outcome, column in source.outcomes.items():
            at = (*place, "outcomes", outcome)
            declared = brief.outcomes.get(outcome)
            if declared is None:
                finder.unknown(at, "outcome", outcome, brief.outcomes)
            elif "=" in column and declared.measure != "yes_no":
                finder.add(
                    at,
                    f"{column!r} says yes or no, and the outcome's measure is {declared.measure}",
                    "Name the column alone.",
                )
            if column.partition("=")[0].strip() in (source.unit, "", *source.ignore):
                finder.add(at, f"{column!r} is no column that can hold it", "Name a column that is read.")
        finder.ours_twice((*place, "columns"), source.columns)


def _check_metrics(brief: Brief, kinds: Mapping[str, KindInfo], finder: Finder) -> None:
    finder.twice(("metrics",), [metric.name for metric in brief.metrics], "name")
    for i, metric in enumerate(brief.metrics):
        place = ("metrics", i)
        kind = kinds.get(metric.kind)
        if kind is None:
            finder.unknown((*place, "kind"), "metric kind", metric.kind, kinds)
        elif kind.needs_outcome and not metric.outcome:
            finder.add(place, f"{metric.kind} counts an outcome, and none is named", 'Add outcome = "…".')
        if metric.outcome and metric.outcome not in brief.outcomes:
            finder.unknown((*place, "outcome"), "outcome", metric.outcome, brief.outcomes)
        if kind is not None and "level" in metric.model_fields_set and metric.level != kind.level:
            finder.add(
                (*place, "level"),
                f"{metric.kind} is a {kind.level} metric, and this says {metric.level}",
                f'Write level = "{kind.level}", or leave it out.',
            )
        if metric.purpose == "guardrail" and metric.margin is None:
            finder.add(
                place,
                f"the guardrail {metric.name!r} has no margin",
                "Add margin = how much worse you would still accept (0.01 is one point of a share).",
            )
        measure = _share(brief, metric.outcome, kind)
        if measure and metric.margin is not None and metric.margin >= 1:
            finder.add((*place, "margin"), f"{metric.margin:g} allows anything", "0.01 is one point of a share.")
        if measure and metric.target is not None and not 0 <= metric.target <= 1:
            finder.add((*place, "target"), f"{metric.target:g} is no share", "Give a share from 0 to 1.")


def _share(brief: Brief, outcome: str, kind: KindInfo | None) -> bool:
    if kind is None:
        return False
    declared = brief.outcomes.get(outcome)
    follows = kind.measure == "outcome" and declared is not None and declared.measure == "yes_no"
    return kind.measure == "share" or follows


def _check_goals(
    brief: Brief, kinds: Mapping[str, KindInfo], finder: Finder, report: Report, texts: Texts
) -> None:
    goals = [(i, m) for i, m in enumerate(brief.metrics) if m.purpose in ("goal", "leading goal")]
    final = [m for _, m in goals if m.purpose == "goal"]
    if not final:
        finder.add(("metrics",), "no metric is the goal", 'Give the one that says you succeeded purpose = "goal".')
    if len(final) > 1:
        report.notes.append(texts.say("brief.note_many_goals", n=len(final)))
    if final and len(goals) == len(final):
        days = max(
            (brief.outcomes[m.outcome].window_days for m in final if m.outcome in brief.outcomes), default=0
        )
        if days > 28:
            report.notes.append(texts.say("brief.note_no_leading", days=days))
    quick = any(
        m.outcome in brief.outcomes and brief.outcomes[m.outcome].window_days < brief.release.days
        for _, m in goals
        if m.purpose == "leading goal"
    )
    for i, metric in goals:
        kind, outcome = kinds.get(metric.kind), brief.outcomes.get(metric.outcome)
        if kind is not None and (kind.level == "technical" or not kind.per_arm):
            why = "a technical metric: it can rise while nobody is better off"
            finder.add(
                ("metrics", i, "purpose"),
                f"the {metric.purpose} {metric.name!r} is {why if kind.per_arm else 'one figure for all arms'}",
                "Take an outcome of the people it is for; let this one be a guardrail or a watch.",
            )
        if outcome is not None and outcome.window_days >= brief.release.days:
            if (
                metric.purpose == "goal" and quick
            ):  # the leading goal decides; the slow one reads "cannot tell yet"
                said = texts.say("brief.note_slow_goal", goal=metric.outcome, days=f"{outcome.window_days:g}")
                report.notes.append(said)
                continue
            finder.add(
                ("metrics", i, "outcome"),
                f"{metric.outcome!r} is known after {outcome.window_days:g} days, "
                f"and the trial ends after {brief.release.days}",
                f"Raise release.days above {outcome.window_days:g}, or shorten the outcome's window_days.",
            )
