"""The long run: random schedules with kills, restarts and faults of every kind (`make soak`).

MINUTES and SEED come from the environment; what happened is printed as tables.
"""

import os
from dataclasses import dataclass, field
from random import SystemRandom
from time import monotonic

import pytest
from rich.console import Console
from rich.table import Table

from support.schedules import Schedule, open_schedule, random_round
from support.trouble import MENU
from support.waiting import wait_until

_DEALS = "2600"  # more than one query holds
_SHOWN_SAMPLES = 12
_WARM_SHARE = 4
"""Memory is compared from this part of the run on: caches fill first."""
_GROWTH = 1.15
_MEBIBYTE = 1 << 20


@dataclass
class Footprint:
    """What the worker that lives through the whole soak holds, after each round."""

    samples: list[tuple[float, int, int, int, int]] = field(default_factory=list)

    def take(self, schedule: Schedule, minute: float) -> None:
        wait_until(lambda: schedule.postgres.connections() == 0)
        worker = schedule.worker
        self.samples.append(
            (
                minute,
                worker.runs,
                worker.memory_bytes,
                worker.open_files,
                schedule.postgres.connections(),
            )
        )

    def assert_flat(self) -> None:
        warm = self.samples[len(self.samples) // _WARM_SHARE :]
        half = len(warm) // 2
        earlier, later = (
            sorted(sample[2] for sample in part)[len(part) // 2]
            for part in (warm[:half], warm[half:])
        )
        assert later <= earlier * _GROWTH, f"memory grew from {earlier:,} to {later:,} bytes"
        files = [sample[3] for sample in warm]
        assert max(files[half:]) <= max(files[:half]), f"open files grew: {files}"


def _counts(title: str, counts: dict[str, int]) -> Table:
    table = Table(title=title, title_justify="left")
    table.add_column("what")
    table.add_column("count", justify="right")
    for name, count in sorted(counts.items(), key=lambda item: -item[1]):
        table.add_row(name, f"{count:,}")
    return table


def _footprints(footprint: Footprint) -> Table:
    table = Table(title="the worker, after a round", title_justify="left")
    for name in ("minute", "runs", "memory MiB", "open files", "database connections"):
        table.add_column(name, justify="right")
    step = max(1, len(footprint.samples) // _SHOWN_SAMPLES)
    for minute, runs, memory, files, connections in footprint.samples[::step]:
        table.add_row(
            f"{minute:.1f}", str(runs), f"{memory / _MEBIBYTE:.1f}", str(files), str(connections)
        )
    return table


def _show(schedule: Schedule, footprint: Footprint, minutes: float, seed: int) -> None:
    tally = schedule.tally
    screen = Console(width=100)
    screen.print(
        f"\nSEED={seed}: {sum(tally.rounds.values())} rounds in {minutes:.1f} minutes,"
        f" {tally.quick_syncs} quick syncs to quiet, {tally.takeovers} takeovers"
    )
    screen.print(_counts("rounds", dict(tally.rounds)))
    screen.print(_counts("faults fired", {name: schedule.trouble.fired[name] for name in MENU}))
    struck = dict(tally.endings)
    struck |= {f"{name}, in mid-run": count for name, count in tally.hits.items()}
    screen.print(_counts("workers killed, PostgreSQL restarted", struck))
    screen.print(_counts("in the CRM", dict(schedule.colleagues.done)))
    screen.print(_counts("single reads beside the runs", dict(tally.forced_reads)))
    rows = schedule.engine.sql(
        "SELECT sync_type || ' ' || status || coalesce(' ' || error_code, '') AS ending,"
        " count(*) FROM crm_sync_sessions GROUP BY 1"
    )
    screen.print(_counts("sessions", {row["ending"]: row["count"] for row in rows}))
    screen.print(_footprints(footprint))
    screen.print(
        f"credits while quiet: the CRM counts {tally.crm_credits:,},"
        f" the ledger {tally.ledger_credits:,}; in all, lost answers and kills included:"
        f" {schedule.engine.credits_spent():,} and {schedule.booked_credits():,}"
    )


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_nothing_is_lost_for_long(redis_url: str) -> None:
    minutes = float(os.environ.get("MINUTES", "20"))
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(10**6))
    footprint = Footprint()
    with open_schedule(redis_url, seed, "--deals", _DEALS) as schedule:
        began = monotonic()
        try:
            while monotonic() - began < minutes * 60:
                schedule.play(random_round(schedule.rng))
                footprint.take(schedule, (monotonic() - began) / 60)
        finally:
            _show(schedule, footprint, (monotonic() - began) / 60, seed)
        assert schedule.unexpected_endings() == []
        assert {name for name in MENU if schedule.trouble.fired[name]} == set(MENU)
        assert all(schedule.tally.hits[ending] for ending in ("kill", "restart"))
        assert abs(schedule.tally.ledger_credits - schedule.tally.crm_credits) <= (
            schedule.tally.crm_credits / 100
        )
        footprint.assert_flat()
