"""The desk: whom to help now, with what, why, and what it is worth; and what became of what one said."""

from payoff.web.pages.desk.facts import FACT, Trouble, corrected
from payoff.web.pages.desk.queue import EVERYBODY, ME, NOBODY, PAGE, DeskPage, Filters, desk, listed
from payoff.web.pages.desk.said import ANSWERED, SaidPage, said
from payoff.web.pages.desk.said import PAGE as SAID_PAGE
from payoff.web.pages.desk.sent import answer_in, said_in
from payoff.web.pages.desk.wording import Option, action_names, corrections, said_words, words

__all__ = [
    "ANSWERED",
    "EVERYBODY",
    "FACT",
    "ME",
    "NOBODY",
    "PAGE",
    "SAID_PAGE",
    "DeskPage",
    "Filters",
    "Option",
    "SaidPage",
    "Trouble",
    "action_names",
    "answer_in",
    "corrected",
    "corrections",
    "desk",
    "listed",
    "said",
    "said_in",
    "said_words",
    "words",
]
