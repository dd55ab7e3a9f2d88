"""All commands, and how an error leaves the house."""

from __future__ import annotations

import sys

import typer

from payoff.cli import (
    auditing,
    deciding,
    learning,
    looking,
    monitoring,
    people,
    setting_up,
    tables,
    widget,
    working,
)
from payoff.cli.output import MISUSE, complain
from payoff.errors import PayoffError

app = typer.Typer(
    name="payoff",
    help="Run a machine-learning model as a product, and prove whether it pays off.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for room in (auditing, setting_up, learning, deciding, looking, monitoring, people, widget, working, tables):
    room.add(app)


def main() -> None:
    """Run a command. Exit status 0: done; 1: a verdict that says no; 2: misuse."""
    try:
        app()
    except PayoffError as error:
        complain(error, "--json" in sys.argv)
        sys.exit(MISUSE)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:
        where = str(error.filename or "")
        complain(
            PayoffError(error.strerror or str(error), where=where, mend="Check the path."), "--json" in sys.argv
        )
        sys.exit(MISUSE)
