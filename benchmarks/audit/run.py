"""Everybody on the same rows, one after the other, as whole processes: CPU seconds and peak memory, as ratios.

python -m benchmarks.audit.run --rows 10_000_000 --scan-rows 100_000_000 --peers .venv-peers/bin/python
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.audit.rows import make

ASKED = {"evidently": (50.0, 8.0), "nannyml": (3.0, None), "fairlearn": (20.0, None)}
"""How many times faster, and how many times smaller, the audit is asked to be."""
SCAN_AT_MOST = 12.0
MEMORY_AT_MOST = 4_000


@dataclass(frozen=True, slots=True)
class Run:
    """A whole process: CPU seconds of all its threads, wall seconds, and the most memory it held (MB)."""

    cpu: float
    wall: float
    memory: float


def measured(*command: str) -> Run:
    """Run to the end; the operating system's own account of it. Raises when the process fails."""
    quiet = {**os.environ, "NML_DISABLE_USAGE_LOGGING": "1", "DO_NOT_TRACK": "1"}
    started = os.times().elapsed
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, env=quiet) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Run(used.ru_utime + used.ru_stime, os.times().elapsed - started, used.ru_maxrss / 1024)


def line(name: str, run: Run, ours: Run | None = None, asked: str = "") -> None:
    ratio = ""
    if ours is not None:
        ratio = f"{run.cpu / ours.cpu:8.1f} × the CPU {run.memory / ours.memory:7.1f} × the memory"
    print(
        f"{name:<32}{run.cpu:9.1f} s CPU {run.wall:9.1f} s wall {run.memory:9.0f} MB {ratio}  {asked}", flush=True
    )


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--rows", type=int, default=10_000_000)
    wanted.add_argument("--scan-rows", type=int, default=100_000_000, help="0 leaves the scan out")
    wanted.add_argument(
        "--peers", default=".venv-peers/bin/python", help="the peers' Python; empty leaves them out"
    )
    wanted.add_argument("--folder", default="", help="where the rows are kept for the next run")
    asked = wanted.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(asked.folder or temporary)
        ours = (sys.executable, "-m", "benchmarks.audit.ours")
        if asked.peers:
            path = made(folder, asked.rows)
            mine = measured(*ours, path)
            line(f"payoff audit, {asked.rows:,} rows", mine)
            for name, (faster, smaller) in ASKED.items():
                want = f"asked: {faster:g} × CPU" + (f", {smaller:g} × memory" if smaller else "")
                line(name, measured(asked.peers, "benchmarks/audit/peers.py", name, path), mine, want)
        if asked.scan_rows:
            path = made(folder, asked.scan_rows)
            tenth = measured(*ours, made(folder, asked.scan_rows // 10))
            scan = measured(sys.executable, "-m", "benchmarks.audit.scan", path)
            whole = measured(*ours, path)
            line(f"plain scan, {asked.scan_rows:,} rows", scan)
            line(f"payoff audit, {asked.scan_rows:,} rows", whole)
            print(f"{whole.cpu / scan.cpu:.1f} × the scan (at most {SCAN_AT_MOST:g})")
            print(f"{whole.memory:.0f} MB (at most {MEMORY_AT_MOST})")
            print(f"{whole.cpu / tenth.cpu:.1f} × the CPU of a tenth of the rows")


def made(folder: Path, rows: int) -> str:
    """The file with so many rows, made where it is not there yet."""
    path = folder / f"rows-{rows}.parquet"
    if not path.exists():
        make(rows, str(path))
    return str(path)


if __name__ == "__main__":
    main()
