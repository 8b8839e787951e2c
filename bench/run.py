"""Measure first loads against peers and floors, and print what was reached.

`make bench`, or `make bench BENCH_ARGS="--quick"`; `README.md` beside this file explains it.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from measure.peers import environment_of
from measure.pushing import push_many
from measure.report import new_report
from measure.rows import (
    Bench,
    analytics,
    deals_table,
    hundred_thousand,
    million,
    ten_thousand,
)
from measure.servers import servers

if TYPE_CHECKING:
    from collections.abc import Callable

_BUSY_LOAD = 0.5
_FILE_WIDTH = 150
_RESULTS = Path(__file__).resolve().parent / "results"
_ROWS: dict[str, Callable[[Bench], None]] = {
    "10k": lambda bench: ten_thousand(bench, latency_ms=0, most_s=1.5, least_ratio=2.5),
    "10k-150ms": lambda bench: ten_thousand(bench, latency_ms=150, most_s=3, least_ratio=4),
    "100k": hundred_thousand,
    "table": deals_table,
    "analytics": analytics,
    "push": push_many,
    "1M": million,
}


def main() -> int:
    """Run the rows that were asked for; the exit status tells whether all goals were reached."""
    options = _parser().parse_args()
    wanted = options.only or [row for row in _ROWS if not (options.quick and row == "1M")]
    console = Console(width=None if sys.stdout.isatty() else _FILE_WIDTH)
    if os.getloadavg()[0] > _BUSY_LOAD:
        console.print("The machine is busy: figures in seconds will be worse than they could be.")
    if {"10k", "10k-150ms"} & set(wanted):
        for peer in ("dlt", "sdk"):
            environment_of(peer)
    with servers() as running:
        report = new_report(running.version())
        bench = Bench(running, report, options.repeats, lambda line: console.print(f"  {line}"))
        for row in wanted:
            _ROWS[row](bench)
    report.print(console)
    console.print(f"Kept in {report.save(_RESULTS)}")
    return 0 if all(goal.is_reached for goal in report.goals) else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out the million")
    parser.add_argument(
        "--only", type=_rows, metavar="ROWS", help=f"some of {', '.join(_ROWS)}, with commas"
    )
    parser.add_argument(
        "--repeats", type=int, default=3, help="runs of ours and dlt, in turn; the median counts"
    )
    return parser


def _rows(text: str) -> list[str]:
    wanted = text.split(",")
    for row in wanted:
        if row not in _ROWS:
            raise argparse.ArgumentTypeError(f"there is no row {row!r}: take {', '.join(_ROWS)}")
    return wanted


if __name__ == "__main__":
    raise SystemExit(main())
