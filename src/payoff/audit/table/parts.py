"""The parts a column can play in an audit, and the words by which each is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["number", "two", "few", "moment", "id", "money", "any"]
"""What a column must hold to be guessed as the part: numbers, two values, a few values, moments, hardly any value
twice, amounts, anything."""


def _words(weight: int, text: str) -> dict[str, int]:
    return dict.fromkeys(text.split(), weight)


@dataclass(frozen=True, slots=True)
class Part:
    """One part. `words` are tokens of a column's name with a weight; a part without words is never guessed."""

    name: str
    kind: Kind
    words: Mapping[str, int] = field(default_factory=dict)


SCORE = {
    **_words(4, "score proba prob probability"),
    **_words(3, "risk p yhat propensity_to"),
    **_words(2, "pred prediction likelihood logit logits"),
}
NO_SCORE = frozenset("csat nps satisfaction credit propensity".split())
"""Words of scores that people give, or that say something else than how likely the outcome is."""
LABEL = {
    **_words(4, "label target outcome truth actual y"),
    **_words(
        3, "churn churned left attrition converted conversion default defaulted fraud bought purchased renewed"
    ),
    **_words(3, "cancelled canceled recid hired retained response responded clicked retention returned"),
    **_words(2, "visit click"),
}
PROTECTED = _words(
    3,
    "sex gender race ethnicity ethnic religion disability disabled nationality senior age marital pregnancy "
    "orientation veteran caste migrant",
)

PARTS: tuple[Part, ...] = (
    Part("label", "two", LABEL),
    Part("score", "number", SCORE),
    Part("challenger", "number"),
    Part("unit", "id", {**_words(4, "id"), **_words(3, "unit uuid userid"), **_words(2, "account customer user")}),
    Part("time", "moment", {**_words(4, "predicted scored"), **_words(2, "time timestamp date at ts day when")}),
    Part("acted_at", "moment", _words(5, "acted called contacted handled")),
    Part("outcome_at", "moment", _words(5, "outcome label churned left closed converted")),
    Part(
        "treated",
        "few",
        {
            **_words(3, "treated treatment called contacted emailed mailed helped intervention"),
            **_words(2, "arm variant version experiment"),
        },
    ),
    Part("propensity", "number", _words(5, "propensity pscore")),
    Part("decision", "two", _words(3, "decision decided flagged approved rejected selected invited shortlisted")),
    Part("seen", "two", _words(3, "seen shown viewed opened exposed exposure impression displayed")),
    Part("done", "two", _words(3, "done acted actioned completed handled accepted followed")),
    Part("feedback", "two", _words(3, "thumb thumbs feedback helpful rating")),
    Part(
        "action",
        "any",
        _words(3, "action item recommendation recommended offer sku movie"),
    ),
    Part("value", "money"),
    Part("cost", "money"),
)
NAMES: tuple[str, ...] = tuple(part.name for part in PARTS)
SEVERAL = ("segments", "protected")

PEOPLE = frozenset(
    "user customer account client member person patient employee candidate subject userid player".split()
)

BAD = frozenset(
    "churn churned left leave leaving attrition default defaulted fraud cancel cancelled canceled lost recid "
    "recidivism complaint dropout late failed failure died readmitted fired".split()
)
WELCOME = frozenset(
    "bought purchased converted conversion renewed retained retention returned hired promoted response responded "
    "visit visited clicked click call called accepted spend got".split()
)
YES = frozenset(
    "yes y true t 1 positive pos churn churned left leave leaver lost converted bought hired default defaulted "
    "fraud accepted done clicked responded retained renewed won up good ja oui si".split()
)
NO = frozenset(
    "no n false f 0 -1 negative neg stay stayed active kept not_converted rejected down bad nein non".split()
)
ALONE = frozenset(
    "control no none nothing holdout baseline untreated placebo old 0 false n alone standard".split()
)
"""Words by which the arm left alone is known."""
