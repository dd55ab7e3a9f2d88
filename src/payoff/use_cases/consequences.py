"""What an edit of the brief or the playbook changes, in sentences, before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from payoff.brief.changes import choosing
from payoff.brief.compile import compile_brief, requirements
from payoff.brief.schema import Brief, Metric, Playbook, PlaybookAction
from payoff.metrics.catalogue import KIND_INFO
from payoff.policy.fitness import fit
from payoff.records.money import Money
from payoff.texts import Texts
from payoff.use_cases.today import Today
from payoff.use_cases.workspace import Workspace


def of_playbook(ws: Workspace, today: Today, old: Playbook, new: Playbook) -> list[str]:
    """Who is reached now and was before, what is expected and what it costs; [] when only words change."""
    before, after = {a.id: a for a in old.actions}, {a.id: a for a in new.actions}
    say, said = ws.texts.say, list[str]()
    fits = _fits(today, old), _fits(today, new)
    for id, action in after.items():
        name = action.name or id
        if id not in before:
            said.append(say("playbook.effect_new", action=name, n=fits[1][id]))
        elif choosing(before[id]) != choosing(action):
            said += [
                say(f"playbook.effect_{key}", action=name, before=was, after=now)
                for key, was, now in _differing(ws, before[id], action, fits[0][id], fits[1][id])
            ]
    said += [say("playbook.effect_gone", action=before[id].name or id) for id in before if id not in after]
    return [*said, say("playbook.effect_when")] if said else []


def of_brief(ws: Workspace, old: Brief, new: Brief) -> list[str]:
    """What is judged otherwise, what is worth something else, who may do something else; [] for words alone."""
    texts = ws.texts
    say, said = texts.say, list[str]()
    was, now = (requirements(compile_brief(brief, KIND_INFO), texts=texts) for brief in (old, _margins(old, new)))
    said += [say("briefpage.effect_gone", wish=wish, rule=rule) for wish, rule in was if (wish, rule) not in now]
    said += [say("briefpage.effect_now", wish=wish, rule=rule) for wish, rule in now if (wish, rule) not in was]
    said += [*_targets(old, new, texts), *_tolerated(old, new, texts)]
    said += _worths(old, new, texts)
    said += _policy(old, new, texts, len(ws.playbook.actions))
    if old.rhythm.focus_group_days != new.rhythm.focus_group_days:
        said.append(say("briefpage.effect_rhythm", n=new.rhythm.focus_group_days))
    names = [person.name for key, person in new.people.items() if old.people.get(key) != person]
    gone = [person.name for key, person in old.people.items() if key not in new.people]
    if names:
        said.append(say("briefpage.effect_people", names=", ".join(names)))
    if gone:
        said.append(say("briefpage.effect_left", names=", ".join(gone)))
    if old.sources != new.sources:
        said.append(say("briefpage.effect_sources"))
    return said


def _policy(old: Brief, new: Brief, texts: Texts, actions: int) -> list[str]:
    """How suggestions are chosen from now on."""
    before, after = old.policy, new.policy
    found = []

    def of_100(share: float) -> str:
        return texts.number(share * 100, digits=0 if abs(share * 100 - round(share * 100)) < 1e-9 else 1)

    if before.explore != after.explore:
        shown = {
            "before": of_100(before.explore),
            "after": of_100(after.explore),
            "least": of_100(min(1.0, before.explore * actions)),
            "most": of_100(min(1.0, after.explore * actions)),
        }
        found.append(texts.say("briefpage.effect_explore", n=actions, **shown))
    for key, name in (("rest", "contact_every_days"), ("expires", "expires_days")):
        was, now = (f"{getattr(policy, name):g}" for policy in (before, after))
        if was != now:
            found.append(texts.say(f"briefpage.effect_{key}", before=was, after=now))
    return found


def _fits(today: Today, playbook: Playbook) -> Mapping[str, int]:
    batch = today()
    counts = fit(batch, playbook).sum(axis=0).tolist() if len(batch) else [0] * (len(playbook.actions) + 1)
    return {action.id: int(n) for action, n in zip(playbook.actions, counts[1:], strict=True)}


def _differing(
    ws: Workspace, old: PlaybookAction, new: PlaybookAction, fits_before: int, fits_after: int
) -> list[tuple[str, object, object]]:
    texts = ws.texts
    found: list[tuple[str, object, object]] = []
    if (old.roles, old.industries, old.when) != (new.roles, new.industries, new.when):
        found.append(("fits", fits_before, fits_after))
    for key, one, other in (("expects", old.expects, new.expects), ("unsure", old.unsure, new.unsure)):
        if one != other:
            found.append((key, _points(texts, one, key), _points(texts, other, key)))
    if old.cost != new.cost:
        money = [texts.money(Money.of(cost, ws.brief.product.currency)) for cost in (old.cost, new.cost)]
        found.append(("cost", money[0], money[1]))
    if old.minutes != new.minutes:
        found.append(("minutes", texts.number(old.minutes), texts.number(new.minutes)))
    if old.rank != new.rank:
        found.append(("rank", old.rank, new.rank))
    return found


def _points(texts: Texts, share: float | None, key: str) -> str:
    if share is None:
        return texts.say("playbook.nothing_expected")
    whole = abs(share * 100 - round(share * 100)) < 1e-9
    return texts.points(share, digits=0 if whole else 1, sign=key == "expects")


def _targets(old: Brief, new: Brief, texts: Texts) -> list[str]:
    before = {m.name: m for m in old.metrics}
    return [
        texts.say(
            "briefpage.effect_target",
            metric=m.label or m.name,
            before=target(texts, old, before[m.name]),
            after=target(texts, new, m),
        )
        for m in new.metrics
        if m.name in before and before[m.name].target != m.target
    ]


def _margins(old: Brief, new: Brief) -> Brief:
    """The new brief with the old margins where both have one: those are said in a sentence of their own."""
    before = {m.name: m for m in old.metrics}
    metrics = [
        m.model_copy(update={"margin": before[m.name].margin}) if _moved(before.get(m.name), m) else m
        for m in new.metrics
    ]
    return new.model_copy(update={"metrics": metrics})


def _moved(old: Metric | None, new: Metric) -> bool:
    return old is not None and None not in (old.margin, new.margin) and old.margin != new.margin


def _tolerated(old: Brief, new: Brief, texts: Texts) -> list[str]:
    before = {m.name: m for m in old.metrics}
    return [
        texts.say(
            "briefpage.effect_margin",
            metric=m.label or m.name,
            before=figure(texts, old, before[m.name], before[m.name].margin),
            after=figure(texts, new, m, m.margin),
        )
        for m in new.metrics
        if _moved(before.get(m.name), m)
    ]


def target(texts: Texts, brief: Brief, metric: Metric) -> str:
    """A metric's target in its own measure; words where there is none."""
    return figure(texts, brief, metric, metric.target)


def figure(texts: Texts, brief: Brief, metric: Metric, value: float | None) -> str:
    """A value of a metric in words: 45 of 100, $180, 14."""
    if value is None:
        return texts.say("briefpage.none")
    measure = _measure(brief, metric)
    if measure in ("share", "yes_no"):
        per = value * 100
        return texts.say("briefpage.of_100", n=texts.number(per, digits=0 if abs(per - round(per)) < 1e-9 else 1))
    if measure == "money":
        return texts.money(Money.of(value, brief.product.currency))
    return texts.number(value, digits=0 if value == round(value) else 2)


def is_share(brief: Brief, metric: Metric) -> bool:
    """Whether people read the metric as so many of 100."""
    return _measure(brief, metric) in ("share", "yes_no")


def _measure(brief: Brief, metric: Metric) -> str:
    kind: Any = KIND_INFO.get(metric.kind)
    measure = kind.measure if kind is not None else "number"
    outcome = brief.outcomes.get(metric.outcome)
    return outcome.measure if measure == "outcome" and outcome is not None else str(measure)


def _worths(old: Brief, new: Brief, texts: Texts) -> list[str]:
    def shown(worth: float | None) -> str:
        return texts.say("briefpage.none") if worth is None else texts.money(Money.of(worth, currency))

    currency = new.product.currency
    return [
        texts.say(
            "briefpage.effect_worth",
            outcome=name.replace("_", " "),
            before=shown(old.outcomes[name].worth),
            after=shown(outcome.worth),
        )
        for name, outcome in new.outcomes.items()
        if name in old.outcomes and old.outcomes[name].worth != outcome.worth
    ]
