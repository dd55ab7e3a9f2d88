"""Pages generated from the code: `python -m tests.documents --write` renews them, a test compares them."""

from __future__ import annotations

import sys
from pathlib import Path

from payoff.brief.reference import reference as brief
from payoff.metrics.reference import reference as metrics

DOCS = Path(__file__).parents[1] / "docs"
PAGES = {"brief.md": brief, "metrics.md": metrics}

if __name__ == "__main__":
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if "--write" in sys.argv:
            path.write_text(text, "utf-8")
        sys.stdout.write(f"{path.name}: {'current' if path.read_text('utf-8') == text else 'out of date'}\n")
