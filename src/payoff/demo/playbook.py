"""What the company's expert and manager reword along the way, so that the history has something to tell."""

from __future__ import annotations

from collections.abc import Mapping

from payoff.brief.editing import BRIEF, PLAYBOOK
from payoff.use_cases.product import Product

EXPERT, MANAGER = "ruth", "maya"
_REASONS: Mapping[int, tuple[str, str]] = {
    4: (
        "short_guide",
        "It is short, everybody opens it, and it takes us no time. Opened is not done: ask whether they finished.",
    ),
    13: (
        "setup_call",
        "Most accounts that stall do so alone, at a step we can do with them in half an hour. Say when you call "
        "what you will do together: the people in our focus group asked for that.",
    ),
    24: (
        "winback_offer",
        "It brought people back at our last company. Here an offer nobody asked for reads as trouble.",
    ),
}
"""By week: of which action, and why the expert believes in it from then on. Words alone, which decide nothing."""
_SUCCESS = (
    13,
    "Customers reach the next thing they came for within two weeks, renew without a discount, and nobody is "
    "bothered for nothing. One call that names the step counts for more than five that do not.",
)


def edit(product: Product, week: int) -> None:
    """The edits of one week; a playbook of somebody's own is left alone."""
    documents = product.documents
    action, why = _REASONS.get(week, ("", ""))
    if any(known.id == action for known in product.playbook.actions):
        base = documents.document(PLAYBOOK).number
        documents.change_action(action, {"why": why}, by=EXPERT, base=base)
    if week == _SUCCESS[0]:
        base = documents.document(BRIEF).number
        documents.put({("questions", "success"): _SUCCESS[1]}, by=MANAGER, base=base)
