"""What the simulated company's researcher kept: sessions, quotes, themes. Made up, like all of the company."""

from __future__ import annotations

from datetime import timedelta

from payoff.simulate.world import START, WEEK
from payoff.use_cases.product import Product

BY = "ines"
_SESSIONS = (
    (2, "interview", "Payroll lead, first month", {"payroll lead": 1},
     "She set everything up alone and then stopped before the first run. Nobody had told her what comes next."),
    (5, "focus group", "Why suggestions are put aside", {"payroll lead": 2, "HR manager": 2},
     "They open what is new, look, and close it. The list said what was popular, not what they should do."),
    (9, "interview", "IT admin after the integration", {"IT admin": 1},
     "Integration checks help. A call about payroll does not: he is not the one who runs it."),
    (12, "focus group", "The right next step", {"payroll lead": 3, "founder": 1},
     "A sentence with a reason is read. A call that names the step is taken."),
    (17, "prototype test", "Undo on the desk", {"customer success": 4},
     "Four people answered a card by mistake on purpose and looked for the way back."),
    (20, "focus group", "Win-back offers", {"finance lead": 2, "founder": 2},
     "An offer nobody asked for reads as a sign that something is wrong."),
)  # fmt: skip
_QUOTES = (
    (0, "I had done seven of eight steps. I did not know there was an eighth.", "P1", ["first run"], "", ""),
    (1, "It showed me what others click. I am not others.", "P1", ["relevance"], "release:r0", "against"),
    (1, "I opened it every day in January and did nothing with it.", "P3", ["relevance"], "release:r0", "against"),
    (2, "Ask me about the interface, not about payday.", "P1", ["role"], "", ""),
    (3, "They called, we did the first run, I was done by lunch.", "P1", ["first run"], "release:r1", "for"),
    (3, "It said why they called. That is the difference.", "P2", ["relevance"], "release:r1", "for"),
    (3, "One more call about it and I would have left.", "P4", ["too much contact"], "release:r1", "against"),
    (5, "Why a discount? Are you closing?", "P1", ["too much contact"], "release:r2", "against"),
    (5, "I asked for an invoice and got an offer.", "P3", ["relevance"], "release:r2", "against"),
)  # fmt: skip


def keep(product: Product) -> None:
    """Everything at once, each at its week; the next focus group is left to be planned."""
    research, known = product.research, {t.on for t in product.research.targets()}
    notes = []
    for week, about, title, came, text in _SESSIONS:
        at = START + week * WEEK + timedelta(days=3, hours=5)
        notes.append(research.record(about, text, by=BY, day=at.date(), attended=came, title=title, at=at))
    for place, words, who, themes, on, stance in _QUOTES:
        at = START + _SESSIONS[place][0] * WEEK + timedelta(days=4)
        bears = [on] if on in known else []
        research.mark(
            notes[place], words, by=BY, who=who, themes=themes, bears=bears,
            stance=stance if bears else "", at=at,
        )  # fmt: skip
    for task, results in (
        ("undo a Done pressed by mistake", {"P1": "did", "P2": "did", "P3": "help", "P4": "did"}),
        ("find what became of a remark", {"P1": "did", "P2": "no", "P3": "did", "P4": "help"}),
    ):
        research.task(notes[4], task, results, by=BY)  # type: ignore[arg-type]
    if "release:r1" in known:
        why = "It is what the sentence and its reason were built for."
        research.tie("relevance", "release:r1", by=BY, why=why, at=START + 13 * WEEK)
