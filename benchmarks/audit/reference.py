"""What Evidently says of a small table anybody can make again: the figures the tests hold the audit against.

    .venv-peers/bin/python benchmarks/audit/reference.py tests/audit/evidently.json

Only NumPy is needed to make the table, so that the tests make the same one.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

ROWS, DAYS = 6000, 96


def table(rows: int = ROWS, seed: int = 20) -> dict[str, Any]:
    """A score with ties, an outcome, a decision, groups of which one is small and one grows, and a moment."""
    rng = np.random.default_rng(seed)
    place = np.arange(rows) / rows
    score = np.round(rng.beta(1.2, 3.0, rows), 3)
    industry = np.array(["health", "retail", "energy", "public"])[
        np.minimum((rng.random(rows) * (3.0 + place)).astype(int), 3)
    ]
    sex = np.where(rng.random(rows) < 0.45, "f", "m")
    happened = rng.random(rows) < np.clip(score + 0.1 * (sex == "f") - 0.05, 0, 1)
    return {
        "score": score,
        "churned": happened.astype(int),
        "flagged": ((score + rng.normal(0, 0.1, rows)) > 0.4).astype(int),
        "industry": industry,
        "sex": sex,
        "region": np.array(["north", "south", "west"])[rng.integers(0, 3, rows)],
        "at": 1_767_225_600 + (place * DAYS * 86_400).astype(int),
    }


def main(target: str) -> None:
    import evidently
    import pandas as pd
    from evidently import BinaryClassification, DataDefinition, Dataset, Report
    from evidently.metrics import ValueDrift
    from evidently.presets import ClassificationPreset

    made = table()
    frame = pd.DataFrame(made)
    frame["said"] = (frame["score"] >= 0.5).astype(int)
    words = ["industry", "sex", "region"]
    columns = DataDefinition(
        classification=[
            BinaryClassification(target="churned", prediction_labels="said", prediction_probas="score")
        ],
        numerical_columns=["score"],
        categorical_columns=[*words, "churned", "said"],
    )
    early = frame["at"] < made["at"].min() + DAYS // 2 * 86_400
    whole = Dataset.from_pandas(frame, data_definition=columns)
    before, after = (Dataset.from_pandas(frame[here], data_definition=columns) for here in (early, ~early))
    figures: dict[str, float] = {}
    for metric in json.loads(Report([ClassificationPreset()]).run(whole, None).json())["metrics"]:
        if isinstance(metric["value"], (int, float)):
            figures[metric["metric_name"].partition("(")[0]] = metric["value"]
    for how in ("psi", "jensenshannon"):
        asked = [ValueDrift(column=name, method=how) for name in words]
        for name, metric in zip(
            words, json.loads(Report(asked).run(after, before).json())["metrics"], strict=True
        ):
            figures[f"{how}:{name}"] = metric["value"]
    told = {"evidently": evidently.__version__, "rows": ROWS, "figures": figures}
    Path(target).write_text(json.dumps(told, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
