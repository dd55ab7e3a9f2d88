"""Who the customers are: everything about an account that does not change from week to week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from payoff.simulate.luck import Floats, Luck

ROLES = ("payroll lead", "finance lead", "HR manager", "IT admin", "founder")
ROLE_SHARES = (0.30, 0.21, 0.22, 0.12, 0.15)
INDUSTRIES = ("retail", "healthcare", "construction", "hospitality", "software", "logistics")
INDUSTRY_SHARES = (0.22, 0.17, 0.16, 0.17, 0.15, 0.13)
LANGUAGES = ("en", "de", "es", "fr")
LANGUAGE_SHARES = (0.62, 0.15, 0.13, 0.10)
PLANS = ("starter", "team", "business")
OWNERS = ("ana", "ben", "chloe", "dev", "elif", "femi")

_FIRST = (
    "Ada Amir Ana Beate Bruno Carla Chen Dana Diego Elena Emil Farah Felix Grace Hana Hugo Ines Ivan Jonas Julia "
    "Kofi Lara Lena Luis Maja Marek Mina Nadia Nils Noor Olga Omar Paula Pedro Priya Rafael Rosa Sami Sofia Tariq "
    "Tessa Tomas Uma Vera Victor Wanda Yara Yusuf Zoe Zoran"
).split()
_LAST = (
    "Abara Almeida Bauer Becker Bianchi Castro Costa Diaz Dubois Eriksen Farouk Fischer Garcia Haddad Hansen Ito "
    "Jansen Kaya Keller Kim Kowalski Laurent Lopez Martin Mensah Meyer Moreau Nagy Novak Okafor Olsen Patel Perez "
    "Petit Rao Ricci Rossi Roy Ruiz Sato Schmid Silva Singh Sousa Tanaka Torres Vogel Weber Wong Yilmaz"
).split()
_HEADS = (
    "Acorn Alder Amber Anchor Apex Arbor Aster Aurora Beacon Birch Blue Bridge Cedar Cobalt Coral Crest Delta "
    "Dune Elm Ember Falcon Fern Fjord Forge Garnet Glen Granite Harbor Hazel Heron Indigo Iris Ivory Jade Kite "
    "Lark Linden Lotus Maple Marble Meadow Mill North Oak Olive Onyx Opal Orchard Otter Pearl Pine Prairie Quartz "
    "Raven Reed Ridge River Rowan Saffron Sage Sierra Silver Slate Spruce Stone Summit Teal Thistle Tidal Umber "
    "Vale Violet Walnut Willow Wren Yarrow Zephyr"
).split()
_TAILS = {
    "retail": ("Stores", "Market", "Outfitters"),
    "healthcare": ("Clinics", "Care", "Dental"),
    "construction": ("Builders", "Roofing", "Works"),
    "hospitality": ("Hotels", "Kitchens", "Cafés"),
    "software": ("Labs", "Systems", "Cloud"),
    "logistics": ("Freight", "Couriers", "Depots"),
}


@dataclass(frozen=True, slots=True)
class Company:
    """The accounts of one made-up business, also those that will only sign up later.

    Arrays have one entry an account. `born` is the week of signing up (negative: before the story), `term` the
    weekday-less phase of its 13-week contract, `mrr` money a month in major units.
    """

    id: NDArray[np.str_]
    name: NDArray[np.str_]
    contact: NDArray[np.str_]
    role: NDArray[np.int64]
    industry: NDArray[np.int64]
    language: NDArray[np.int64]
    plan: NDArray[np.int64]
    owner: NDArray[np.int64]
    seats: NDArray[np.int64]
    mrr: Floats
    born: NDArray[np.int64]
    term: NDArray[np.int64]
    review: NDArray[np.int64]
    temper: Floats

    @property
    def n(self) -> int:
        return int(self.id.size)


def found(luck: Luck, accounts: int, newcomers: NDArray[np.int64]) -> Company:
    """The accounts there are at the start, then those that sign up; `newcomers` holds their weeks."""
    n = accounts + newcomers.size
    unit = np.arange(n)
    industry = luck.pick("industry", unit, INDUSTRY_SHARES)
    plan = luck.pick("plan", unit, (0.45, 0.38, 0.17))
    seats = np.maximum(3, np.round(np.exp(2.6 + 0.75 * plan + 0.5 * luck.normal("seats", unit)))).astype(np.int64)
    price = np.array([9.0, 14.0, 19.0])[plan]
    first = luck.pick("first name", unit, np.ones(len(_FIRST)))
    last = luck.pick("last name", unit, np.ones(len(_LAST)))
    head = luck.pick("head", unit, np.ones(len(_HEADS)))
    tail = luck.pick("tail", unit, np.ones(3))
    born = np.concatenate([-1 - (luck.uniform("born", unit[:accounts]) ** 1.5 * 180).astype(np.int64), newcomers])
    return Company(
        id=np.array([f"acct-{i:05d}" for i in unit]),
        name=np.array(
            [f"{_HEADS[h]} {_TAILS[INDUSTRIES[i]][t]}" for h, i, t in zip(head, industry, tail, strict=True)]
        ),
        contact=np.array([f"{_FIRST[f]} {_LAST[s]}" for f, s in zip(first, last, strict=True)]),
        role=luck.pick("role", unit, ROLE_SHARES),
        industry=industry,
        language=luck.pick("language", unit, LANGUAGE_SHARES),
        plan=plan,
        owner=luck.pick("owner", unit, np.ones(len(OWNERS))),
        seats=seats,
        mrr=np.round(40.0 + price * seats * np.exp(0.15 * luck.normal("price", unit)), 2),
        born=born.astype(np.int64),
        term=luck.pick("term", unit, np.ones(13)),
        review=luck.pick("review", unit, np.ones(4)),
        temper=luck.normal("temper", unit),
    )
