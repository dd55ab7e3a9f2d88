"""What the peers do with the same rows, each by its own presets. Runs in their environment.

python benchmarks/audit/peers.py evidently|nannyml|fairlearn rows.parquet [figures.json]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pandas as pd

NUMBERS = [*(f"x{k}" for k in range(9)), "seats"]
WORDS = ["role", "industry", "region", "sex"]


def halves(path: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The earlier and the later half, with the hard prediction the presets ask for."""
    frame = pd.read_parquet(path).drop(columns=["account_id"])
    for name in WORDS:
        frame[name] = frame[name].astype(str)
    frame["said"] = (frame["p_churn"] >= 0.5).astype(int)
    middle = frame["predicted_at"].median()
    return frame[frame["predicted_at"] < middle], frame[frame["predicted_at"] >= middle]


def evidently(path: str) -> object:
    """Classification and drift presets, the later half against the earlier."""
    from evidently import BinaryClassification, DataDefinition, Dataset, Report
    from evidently.presets import ClassificationPreset, DataDriftPreset

    columns = DataDefinition(
        classification=[
            BinaryClassification(target="churned", prediction_labels="said", prediction_probas="p_churn")
        ],
        numerical_columns=[*NUMBERS, "p_churn"],
        categorical_columns=[*WORDS, "called", "flagged", "churned"],
    )
    earlier, later = (Dataset.from_pandas(part, data_definition=columns) for part in halves(path))
    return json.loads(Report([ClassificationPreset(), DataDriftPreset()]).run(later, earlier).json())


def nannyml(path: str) -> object:
    """Estimated performance (CBPE) and drift of every column, six chunks."""
    import nannyml as nml

    earlier, later = halves(path)
    estimator = nml.CBPE(
        y_pred_proba="p_churn",
        y_pred="said",
        y_true="churned",
        problem_type="classification_binary",
        metrics=["roc_auc", "accuracy"],
        chunk_number=6,
    )
    estimated = estimator.fit(earlier).estimate(later.drop(columns=["churned"]))
    drift = nml.UnivariateDriftCalculator(column_names=[*NUMBERS, *WORDS, "p_churn"], chunk_number=6)
    moved = drift.fit(earlier).calculate(later)
    return {"estimated": len(estimated.to_df()), "drift": len(moved.to_df())}


def fairlearn(path: str) -> object:
    """Seven figures for each group of four columns."""
    import fairlearn.metrics as fair
    from sklearn.metrics import accuracy_score

    frame = pd.read_parquet(path, columns=[*WORDS, "flagged", "churned"])
    figures = {
        "selection_rate": fair.selection_rate,
        "false_positive_rate": fair.false_positive_rate,
        "false_negative_rate": fair.false_negative_rate,
        "true_positive_rate": fair.true_positive_rate,
        "true_negative_rate": fair.true_negative_rate,
        "accuracy": accuracy_score,
        "count": fair.count,
    }
    told = {}
    for name in WORDS:
        made = fair.MetricFrame(
            metrics=figures,
            y_true=frame["churned"],
            y_pred=frame["flagged"],
            sensitive_features=frame[name].astype(str),
        )
        told[name] = made.by_group.to_dict("index")
    return told


if __name__ == "__main__":
    found = {"evidently": evidently, "nannyml": nannyml, "fairlearn": fairlearn}[sys.argv[1]](sys.argv[2])
    if len(sys.argv) > 3:
        Path(sys.argv[3]).write_text(json.dumps(found, default=float), "utf-8")
