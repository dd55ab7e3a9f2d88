"""What will happen, kept until its moment has come: a product never hears of anything before it happened."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from payoff.simulate.world import Happening
from payoff.use_cases.product import Product


class Mailbag:
    """Letters to the product by their moment. `sent` counts what was delivered: kind → how many."""

    def __init__(self) -> None:
        self._letters: list[tuple[datetime, int, str, tuple[Any, ...]]] = []
        self._number = 0
        self.sent: Counter[str] = Counter()

    def outcome(self, happening: Happening) -> None:
        """Something that will happen to an account."""
        self._put(happening.at, "outcome", (happening.unit, happening.name, happening.amount, happening.at))

    def response(self, suggestion: str, what: str, at: datetime, more: Mapping[str, Any]) -> None:
        """What a worker will do with a suggestion."""
        self._put(at, "response", (suggestion, what, at, more))

    def feedback(self, suggestion: str, at: datetime, words: Mapping[str, Any]) -> None:
        """What a worker will say about a suggestion; `words` are the arguments of `Product.feedback`."""
        self._put(at, "feedback", (suggestion, at, words))

    def pulse(self, by: str, score: int | None, at: datetime) -> None:
        """A worker's answer to the weekly question."""
        self._put(at, "pulse", (by, score, at))

    def deliver(self, product: Product, now: datetime) -> None:
        """Hand over everything that has happened by now, oldest first."""
        due: dict[str, list[tuple[Any, ...]]] = {"outcome": [], "response": [], "feedback": [], "pulse": []}
        while self._letters and self._letters[0][0] <= now:
            _, _, kind, letter = heapq.heappop(self._letters)
            due[kind].append(letter)
            self.sent[letter[1] if kind in ("outcome", "response") else kind] += 1
        if due["outcome"]:
            product.outcomes(due["outcome"])
        if due["response"]:
            product.record_many(due["response"])
        if due["feedback"]:
            product.feedback_many(due["feedback"])
        if due["pulse"]:
            product.pulse_many(due["pulse"])

    def _put(self, at: datetime, kind: str, letter: tuple[Any, ...]) -> None:
        self._number += 1
        heapq.heappush(self._letters, (at, self._number, kind, letter))
