"""How every command speaks: words for people, `--json` for programs, one exit status for each kind of end."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Annotated, Any

import typer
from rich.console import Console

from payoff.errors import PayoffError

DONE, NO, MISUSE = 0, 1, 2
"""Exit status: done · a verdict that says no · misuse."""

console = Console(highlight=False, soft_wrap=True)
stderr = Console(stderr=True, highlight=False, soft_wrap=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON for programs instead of words.")]
ProductOption = Annotated[
    str, typer.Option("--product", "-p", help="The product's folder or name.", envvar="PAYOFF_PRODUCT")
]
DatabaseOption = Annotated[
    str | None, typer.Option("--database", help="A path or a database address.", envvar="PAYOFF_DATABASE")
]
By = Annotated[str, typer.Option("--by", help="Who does it; kept on the record.", envvar="PAYOFF_BY")]


def say(as_json: bool, value: Any, words: Callable[[], str]) -> None:
    """One result, for programs or for people."""
    if as_json:
        sys.stdout.write(json.dumps(value, indent=2, default=str, ensure_ascii=False) + "\n")
    else:
        console.print(words(), markup=False)


def complain(error: PayoffError, as_json: bool) -> None:
    """One error: what, where, the mend."""
    if as_json:
        sys.stdout.write(json.dumps(error.as_dict(), indent=2, ensure_ascii=False) + "\n")
    else:
        stderr.print(str(error), markup=False, style="red")
