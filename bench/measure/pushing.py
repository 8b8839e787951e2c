"""The row of the push: many pending changes, at a latency as the CRM has it."""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING, Final

from measure.ours import run_ours, run_push
from measure.servers import simulator

if TYPE_CHECKING:
    from measure.rows import Bench

_CHANGES: Final = 5_000
_LATENCY_MS: Final = 150
_MOST_S: Final = 10.0


def push_many(bench: Bench) -> None:
    """Measure the push of 5,000 pending changes at 150 ms a call: guards, writes, settling."""
    row = f"push {_CHANGES:,}, {_LATENCY_MS} ms"
    runs = []
    for _ in range(bench.repeats):
        with simulator(_CHANGES, latency_ms=_LATENCY_MS) as crm, bench.servers.database() as url:
            run_ours(bench.servers, crm, url)
            runs.append(run_push(bench.servers, crm, url, _CHANGES))
        bench.say(f"{row}: {runs[-1].seconds:.2f} s")
    middle = sorted(runs, key=lambda run: run.seconds)[len(runs) // 2]
    seconds = median(run.seconds for run in runs)
    bench.figure(
        row,
        "ours",
        seconds,
        _CHANGES / seconds,
        ratio="1",
        note=f"{middle.spent.calls} calls, {middle.spent.credits} credits, "
        f"{middle.cpu_s:.1f} s CPU, peak {middle.peak_mb:.0f} MB; {middle.source}",
    )
    bench.goal(
        row,
        "all pending changes pushed",
        f"< {_MOST_S:g} s",
        f"{seconds:.2f} s",
        is_reached=seconds < _MOST_S,
    )
