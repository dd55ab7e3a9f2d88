"""What an edit of the brief or the playbook changes, in sentences, before it is saved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from payoff.brief.changes import choosing
from payoff.brief.compile import compile_brief, requirements
from payoff.brief.conditions import written
from payoff.brief.schema import OPEN, Brief, Metric, Playbook, PlaybookAction, Questions
from payoff.metrics.catalogue import KIND_INFO
from payoff.policy.fitness import fit
from payoff.records.days import weekday_from
from payoff.records.money import Money
from payoff.records.time import day_of
from payoff.releases.lifecycle import champion, on_trial
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
            said += _fresh(ws, action, fits[1][id])
        elif choosing(before[id]) != choosing(action):
            said += [
                say(f"playbook.effect_{key}", action=name, before=was, after=now)
                for key, was, now in _differing(ws, before[id], action, fits[0][id], fits[1][id])
            ]
    said += [say("playbook.effect_gone", action=before[id].name or id) for id in before if id not in after]
    return [*said, _when(ws)] if said else []


def _fresh(ws: Workspace, action: PlaybookAction, fits: int) -> Iterator[str]:
    """A new action whole: for whom it is, what is expected of it (also where nobody said), what it costs."""
    texts, name = ws.texts, action.name or action.id
    say = texts.say
    yield say(
        "playbook.effect_new", action=name, n=fits, shown=texts.number(fits), whom="; ".join(whom(texts, action))
    )
    key = "effect_new_unsaid" if action.expects is None else "effect_new_expects"
    unsure = texts.number(action.unsure * 100, digits=_digits(action.unsure))
    yield say(f"playbook.{key}", value=_points(texts, action.expects, "expects"), unsure=unsure)
    cost = texts.money(Money.of(action.cost, ws.brief.product.currency))
    yield say("playbook.effect_new_effort", cost=cost, minutes=texts.number(action.minutes))
    releases = ws.releases()
    for release in (champion(releases), on_trial(releases)):
        if release is not None and release.recipe.get("policy") == "effect" and release.artefact:
            yield say("playbook.effect_new_unlearned", release=release.title)


def whom(texts: Texts, action: PlaybookAction) -> list[str]:
    """For whom an action is, a phrase each test; one for everybody where there is none."""
    say = texts.say
    found = [
        *([say("playbook.for_roles", roles=", ".join(action.roles))] if action.roles else []),
        *([say("playbook.for_industries", industries=", ".join(action.industries))] if action.industries else []),
        *(say("playbook.for_condition", condition=line.replace("_", " ")) for line in written(action.when)),
    ]
    return found or [say("playbook.for_everybody")]


def _when(ws: Workspace) -> str:
    """From when it holds; on the day of the weekly turn nobody knows here whether that has been."""
    product, learns = ws.brief.product, ws.brief.rhythm.learn_on
    today = day_of(ws.clock.now(), product.zone)
    turn = weekday_from(today + timedelta(days=1), learns)
    if turn == today + timedelta(days=7):
        return ws.texts.say("playbook.effect_when_today")
    return ws.texts.say("playbook.effect_when", day=ws.texts.near_day(turn))


def of_brief(ws: Workspace, old: Brief, new: Brief) -> list[str]:
    """What is open again, what is judged otherwise, what is worth something else, who may do something else; []
    for words alone."""
    texts = ws.texts
    say = texts.say
    said = [
        say("briefpage.effect_open", question=say(f"briefpage.q_{name}"))
        for name in Questions.model_fields
        if _open(new.questions, name) and not _open(old.questions, name)
    ]
    was, now = (requirements(compile_brief(brief, KIND_INFO), texts=texts) for brief in (old, _margins(old, new)))
    said += [say("briefpage.effect_gone", wish=one.wish, rule=one.whole) for one in was if one not in now]
    said += [say("briefpage.effect_now", wish=one.wish, rule=one.whole) for one in now if one not in was]
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


def _open(questions: Questions, name: str) -> bool:
    return getattr(questions, name).strip() in ("", OPEN)


def _policy(old: Brief, new: Brief, texts: Texts, actions: int) -> list[str]:
    """How suggestions are chosen from now on."""
    before, after = old.policy, new.policy
    found = []

    def of_100(share: float) -> str:
        return texts.number(share * 100, digits=_digits(share))

    if before.explore != after.explore:
        shown = {
            "before": of_100(before.explore),
            "after": of_100(after.explore),
            "least": of_100(min(1.0, before.explore * actions)),
            "most": of_100(min(1.0, after.explore * actions)),
        }
        found.append(texts.say("briefpage.effect_explore", n=actions, **shown))
    for key, name in (("rest", "contact_every_days"), ("expires", "expires_days")):
        was, now = (_plain(texts, getattr(policy, name)) for policy in (before, after))
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
        found.append(("fits", texts.number(fits_before), texts.number(fits_after)))
    for key, one, other in (("expects", old.expects, new.expects), ("unsure", old.unsure, new.unsure)):
        if one != other:
            found.append((key, _points(texts, one, key), _points(texts, other, key)))
    if old.cost != new.cost:
        money = [texts.money(Money.of(cost, ws.brief.product.currency)) for cost in (old.cost, new.cost)]
        found.append(("cost", money[0], money[1]))
    if old.minutes != new.minutes:
        found.append(("minutes", texts.number(old.minutes), texts.number(new.minutes)))
    if old.rank != new.rank:
        found.append(("rank", texts.number(old.rank), texts.number(new.rank)))
    return found


def _points(texts: Texts, share: float | None, key: str) -> str:
    if share is None:
        return texts.say("playbook.nothing_expected")
    return texts.points(share, digits=_digits(share), sign=key == "expects")


def _digits(share: float) -> int:
    return 0 if abs(share * 100 - round(share * 100)) < 1e-9 else 1


def _plain(texts: Texts, value: float) -> str:
    return texts.number(value, digits=0 if value == round(value) else 1)


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
    """The new brief with the old margins where those that moved are said in a sentence of their own."""
    before = {m.name: m for m in old.metrics}
    metrics = [
        m.model_copy(update={"margin": before[m.name].margin}) if _moved(before.get(m.name), m) else m
        for m in new.metrics
    ]
    return new.model_copy(update={"metrics": metrics})


def _moved(old: Metric | None, new: Metric) -> bool:
    """A guardrail's first margin, or its last, changes the rule itself; any other is only a figure."""
    if old is None or old.margin == new.margin:
        return False
    return None not in (old.margin, new.margin) or "guardrail" not in (old.purpose, new.purpose)


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
        return texts.say("briefpage.of_100", n=texts.number(value * 100, digits=_digits(value)))
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
