"""What people do beside the weekly turn: two label hard cases, the manager answers some feedback by hand."""

from __future__ import annotations

from payoff.demo.script import EXPERT, MANAGER, SCIENTIST
from payoff.feedback.annotations import CANNOT_SAY, NEITHER, Case
from payoff.simulate.world import World
from payoff.use_cases.product import Product

BOTH = (18, 22)
"""Weeks in which two people label the list; the last week one of them has, and the other is whoever looks."""
BY_HAND = (9, 14, 20, 26)
KNOWS = {EXPERT: 0.85, SCIENTIST: 0.7}
"""How often each of them sees which of two actions really helps more."""
_WHY = ("they have done this before", "their season starts next month", "a call costs them an afternoon")
_REPLIES = {
    "the contact left the company": (
        "used",
        "The new contact is in the CRM now, and the next suggestion names them.",
        "Third one this quarter. Sales should tell us when a contact moves.",
    ),
    "the number of seats is out of date": (
        "declined",
        "Seats come from billing once a month, and we leave it at that: no suggestion rests on a few seats.",
        "Would cost a week of work. Not before spring.",
    ),
    "the invoice was paid, it still shows as late": (
        "used",
        "Finance now marks invoices the day the money arrives.",
        "Was the same export as in the summer. I have asked for a check on it.",
    ),
    "the log-in count misses the mobile app": (
        "used",
        "Log-ins from the app are counted from this week on.",
        "Explains half of the “no need to worry” we get for food. Worth a look at the risk model.",
    ),
}


def monday(world: World, product: Product, week: int, last: int) -> None:
    """What they do on this Monday, before the weekly turn."""
    if week in BY_HAND:
        _answer(product)
    if week in BOTH:
        for person in (EXPERT, SCIENTIST):
            _label(world, product, person)
    elif week == last > max(BOTH):
        _label(world, product, SCIENTIST)


def _label(world: World, product: Product, person: str) -> None:
    desk, given = product.annotating, []
    for case in desk.mine(person):
        label = _seen(world, case, person)
        row = int(world.rows([case.unit])[0])
        spoken = world.luck.uniform(f"why of {person}", row, world.week)[0] < 0.3
        why = _WHY[row % len(_WHY)] if spoken and label not in (NEITHER, CANNOT_SAY) else ""
        given.append((case.suggestion, label, "", why))
    desk.answers(given, by=person)


def _seen(world: World, case: Case, person: str) -> str:
    """The action that helps more, as well as this person knows it."""
    points = {action: float(world.true_effect([case.unit], action)[0]) for action in case.actions}
    better, worse = sorted(case.actions, key=lambda action: (-points[action], action))
    row = int(world.rows([case.unit])[0])
    draw = float(world.luck.uniform(f"label of {person}", row, world.week)[0])
    if draw < 0.06:
        return CANNOT_SAY
    knows = float(world.luck.uniform(f"eye of {person}", row, world.week)[0]) < KNOWS[person]
    if knows and max(points.values()) < 0:
        return NEITHER
    return better if knows else worse


def _answer(product: Product) -> None:
    """The manager answers problems that wait, all of one kind at once, with a word for colleagues beside it."""
    waiting: dict[str, list[str]] = {}
    for item in product.inbox():
        if item.state == "new" and item.problem in _REPLIES:
            waiting.setdefault(item.problem, []).append(item.id)
    for problem, ids in list(waiting.items())[:2]:
        state, reason, internal = _REPLIES[problem]
        product.give(ids, state, by=MANAGER, reason=reason, internal=internal)
