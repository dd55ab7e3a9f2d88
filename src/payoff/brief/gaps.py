"""What a brief leaves open: questions nobody answered, outcomes that come from nowhere yet."""

from __future__ import annotations

from payoff.brief.schema import OPEN, Brief, Outcome
from payoff.texts import Texts


def open_questions(brief: Brief, texts: Texts) -> list[str]:
    """Every unanswered question of the brief, as a sentence with the key that answers it."""
    asked = [
        texts.say(f"brief.open_{name}")
        for name in ("users", "problem", "workflow", "success")
        if not _answered(getattr(brief.questions, name))
    ]
    for name, outcome in brief.outcomes.items():
        if not _answered(outcome.meaning):
            asked.append(texts.say("brief.open_meaning", outcome=name))
        if outcome.source == OPEN:
            asked.append(_unmeasured(brief, name, texts))
        if outcome.worth is None and outcome.measure == "yes_no" and _judged(brief, name):
            asked.append(texts.say("brief.open_worth", outcome=spoken(name), name=name))
    if brief.policy.capacity_per_week is None:
        asked.append(texts.say("brief.open_capacity"))
    if not any("manager" in person.permissions for person in brief.people.values()):
        asked.append(texts.say("brief.open_decider"))
    if not brief.harms:
        asked.append(texts.say("brief.open_harms"))
    return asked


def sourced(brief: Brief, outcome: Outcome) -> bool:
    """Whether the outcome comes from somewhere: a source of the brief, or through the API."""
    return outcome.source == "api" or outcome.source in brief.sources


def spoken(name: str) -> str:
    """A short name as people say it: `first_value` → first value."""
    return name.replace("_", " ")


def meaning(brief: Brief, name: str) -> str:
    """What the outcome is in words, else its name."""
    text = brief.outcomes[name].meaning
    return text if _answered(text) else spoken(name)


def _unmeasured(brief: Brief, name: str, texts: Texts) -> str:
    waiting = [metric.label or spoken(metric.name) for metric in brief.metrics if metric.outcome == name]
    if not waiting:
        return texts.say("brief.open_source", outcome=spoken(name))
    return texts.say("brief.not_measured", metrics=", ".join(waiting), outcome=spoken(name))


def _judged(brief: Brief, outcome: str) -> bool:
    return any(metric.outcome == outcome and metric.purpose == "goal" for metric in brief.metrics)


def _answered(text: str) -> bool:
    return text.strip() not in ("", OPEN)
