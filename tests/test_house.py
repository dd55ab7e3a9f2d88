"""The house itself: sizes, names, and nothing of a workplace in it."""

from __future__ import annotations

import statistics
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
CODE = [p for p in (ROOT / "src" / "payoff").rglob("*.py") if p.name != "__init__.py"]


def lines(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def test_no_file_is_longer_than_five_hundred_lines():
    assert {str(p.relative_to(ROOT)): lines(p) for p in CODE if lines(p) > 500} == {}


def test_half_of_the_files_are_short():
    assert statistics.median(lines(p) for p in CODE) <= 160


def test_nothing_is_called_utils_helpers_or_manager():
    assert [p for p in CODE if p.stem in ("utils", "helpers", "common", "misc")] == []
    assert [p for p in CODE if "Manager" in p.read_text("utf-8")] == []


def test_no_registry_address_is_in_a_file():
    hosts = ["py" + "pi.org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian"]
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.split("\n")
    found = []
    for name in filter(None, listed):
        path = ROOT / name
        if path.suffix in (".png", ".parquet") or not path.is_file():
            continue
        text = path.read_text("utf-8", errors="ignore")
        found += [(name, host) for host in hosts if host in text]
    assert found == []
