"""The real server over a made-up log, with a clock that walks on from the log's end.

python -m benchmarks.pages.serve FOLDER PORT MOMENT
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import uvicorn

from payoff.configuration import open_product
from payoff.demo.clock import StoryClock
from payoff.http.app import create_app


def main(folder: str, port: str, moment: str) -> None:
    clock = StoryClock(datetime.fromisoformat(moment))
    clock.walk()
    product = open_product(Path(folder), clock=clock)
    uvicorn.run(create_app(product, mode="demo"), port=int(port), log_level="error", access_log=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
