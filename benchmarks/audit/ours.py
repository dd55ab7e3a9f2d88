"""The whole audit of one file: nine sections, every column.

python -m benchmarks.audit.ours rows.parquet [figures.json]
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import payoff

COLUMNS = {
    "score": "p_churn",
    "label": "churned",
    "unit": "account_id",
    "time": "predicted_at",
    "treated": "called",
    "decision": "flagged",
    "segments": ["role", "industry", "region"],
    "protected": ["sex"],
}

if __name__ == "__main__":
    report = payoff.audit(sys.argv[1], **COLUMNS)
    if len(sys.argv) > 2:
        Path(sys.argv[2]).write_text(json.dumps(report.as_dict()), "utf-8")
