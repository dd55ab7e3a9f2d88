"""What a long command is doing, on a terminal's error stream; silent where nobody looks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType

from rich.status import Status

from payoff.cli.output import stderr
from payoff.texts import Texts


class Steps:
    """Called with the name of each step of an audit as it begins."""

    def __init__(self, texts: Texts, name: str) -> None:
        self._texts = texts
        self._shown: Status | None = None
        if sys.stderr.isatty():
            self._shown = stderr.status(self._escaped(texts.say("wizard.reading", name=name)))

    def __enter__(self) -> Steps:
        if self._shown:
            self._shown.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._shown:
            self._shown.stop()

    def __call__(self, step: str) -> None:
        """A step begins."""
        if self._shown:
            self._shown.update(self._escaped(self._words(step)))

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Out of the way while somebody is asked."""
        if not self._shown:
            yield
            return
        self._shown.stop()
        try:
            yield
        finally:
            self._shown.start()

    def _words(self, step: str) -> str:
        for key in (f"wizard.step_{step}", f"audit.{step}_title"):
            try:
                return self._texts.say(key)
            except KeyError:
                continue
        return step

    @staticmethod
    def _escaped(text: str) -> str:
        return text.replace("[", r"\[")
