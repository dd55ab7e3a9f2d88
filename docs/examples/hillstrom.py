"""Judge an experiment that somebody else ran: 64,000 people, two e-mails, one control.

    python docs/examples/hillstrom.py path/to/hillstrom.parquet [--json]

Every figure equals the plain difference of means and its standard error; what Payoff adds is the interval, the
verdict and the words.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path

import payoff
from payoff.configuration.starting import read_table

BRIEF = """
schema = 1
[product]
name = "hillstrom"
currency = "USD"
[unit]
name = "customer"
[outcomes.visit]
meaning = "came to the shop within two weeks"
source = "api"
[outcomes.conversion]
meaning = "bought within two weeks"
source = "api"
[outcomes.spend]
meaning = "spent within two weeks"
measure = "money"
source = "api"
[[metrics]]
name = "visit"
kind = "outcome_rate"
outcome = "visit"
purpose = "goal"
[[metrics]]
name = "conversion"
kind = "outcome_rate"
outcome = "conversion"
[[metrics]]
name = "spend"
kind = "outcome_sum"
outcome = "spend"
"""


def judged(file: Path) -> dict[str, dict[str, dict[str, object]]]:
    """Each action's effect on each outcome against no e-mail, as {action: {metric: figures}}."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "payoff.toml").write_text(BRIEF, "utf-8")
        product = payoff.open(folder)
        product.import_trial(
            "hillstrom",
            read_table(file),
            action="segment",
            propensity="1/3",
            outcomes=["visit", "conversion", "spend"],
            control="No E-Mail",
        )
        card = product.experiment("hillstrom", "nothing")
        found: dict[str, dict[str, dict[str, object]]] = {}
        for action in card.card.challengers:
            rows = card.card.pair(action).rows
            found[action] = {
                row.metric: {
                    "effect": row.difference.value,
                    "standard_error": row.difference.se,
                    "low": row.difference.low,
                    "high": row.difference.high,
                    "status": row.status,
                }
                for row in rows
                if row.difference is not None
            }
        found["verdict"] = {"hillstrom": card.verdict.as_dict()}
        product.close()
        return found


def main() -> None:
    given = [word for word in sys.argv[1:] if not word.startswith("-")]
    default = Path(os.environ.get("PAYOFF_DATA", "../shared/data")) / "hillstrom" / "hillstrom.parquet"
    found = judged(Path(given[0]) if given else default)
    if "--json" in sys.argv:
        sys.stdout.write(json.dumps(found, indent=2) + "\n")
        return
    verdict = found.pop("verdict")["hillstrom"]
    for action, metrics in found.items():
        for metric, f in metrics.items():
            sys.stdout.write(
                f"{action:14} {metric:11} {f['effect']:+.5f}  ({f['low']:+.5f} to {f['high']:+.5f})\n"
            )
    sys.stdout.write(f"{verdict['word']}: {verdict['because']}\n")


if __name__ == "__main__":
    main()
