"""The rows of the benchmark. Each starts its own simulator and fills the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import median
from typing import TYPE_CHECKING, Final

from measure.analytics import RUNS, Family, add_history, answers_of, multiply
from measure.copying import copy_floor
from measure.fetching import fetch_floor
from measure.ours import refresh_directory, run_ours
from measure.peers import run_dlt, run_sdk
from measure.report import Figure, Goal
from measure.servers import simulator
from measure.table import first_rows_s

if TYPE_CHECKING:
    from collections.abc import Callable

    from measure.analytics import Answer
    from measure.ours import OurRun
    from measure.report import Report
    from measure.servers import Crm, Servers

SOURCES: Final = ("coql", "pages", "bulk_read")


@dataclass(frozen=True, slots=True)
class Bench:
    """What a row works with."""

    servers: Servers
    report: Report
    repeats: int
    say: Callable[[str], None]

    def ours(self, row: str, crm: Crm, source: str = "planned") -> OurRun:
        """Run one first full sync into a fresh database and note its figures."""
        with self.servers.database() as url:
            run = run_ours(self.servers, crm, url, source=source)
        self.say(f"{row}: ours by {run.source} {run.seconds:.2f} s")
        return run

    def figure(
        self, row: str, who: str, seconds: float, rate: float, *, ratio: str = "", note: str = ""
    ) -> None:
        """Add a measurement to the report."""
        self.report.figures.append(
            Figure(row, who, f"{seconds:.2f}", f"{rate:,.0f}/s", ratio, note)
        )

    def goal(self, row: str, what: str, target: str, figure: str, *, is_reached: bool) -> None:
        """Add a goal to the report."""
        self.report.goals.append(Goal(row, what, target, figure, is_reached))
        self.say(f"{row}: {what}: {figure} (target {target}): {'yes' if is_reached else 'NO'}")


def _note(run: OurRun) -> str:
    return (
        f"{run.spent.calls} calls, {run.spent.credits} credits, "
        f"{run.cpu_s:.1f} s CPU, peak {run.peak_mb:.0f} MB"
    )


def ten_thousand(bench: Bench, latency_ms: float, most_s: float, least_ratio: float) -> None:
    """Measure a first full sync of 10,000 deals against dlt, the SDK, and the floors."""
    row = "10k" if latency_ms == 0 else f"10k, {latency_ms:g} ms"
    with simulator(10_000, latency_ms=latency_ms) as crm:
        # One after the other, again and again: what else the machine does meets both.
        warm = bench.ours(row, crm)
        fields = (warm.load or {})["fields"]
        ours, dlts = [], []
        for _ in range(bench.repeats):
            ours.append(bench.ours(row, crm))
            dlts.append(run_dlt(bench.servers, crm, fields))
            bench.say(f"{row}: dlt {dlts[-1].seconds:.2f} s")
        best = sorted(ours, key=lambda run: run.seconds)[len(ours) // 2]
        dlt_s = median(run.seconds for run in dlts)
        ratio = dlt_s / best.seconds
        bench.figure(
            row,
            f"ours, planned ({best.source})",
            best.seconds,
            best.rate,
            ratio="1",
            note=_note(best),
        )
        for source in SOURCES:
            run = best if source == best.source else bench.ours(row, crm, source)
            bench.figure(
                row,
                f"ours, {source}",
                run.seconds,
                run.rate,
                ratio=f"{run.seconds / best.seconds:.2f}",
                note=_note(run),
            )
        bench.figure(
            row,
            "dlt, rest_api → PostgreSQL",
            dlt_s,
            10_000 / dlt_s,
            ratio=f"{ratio:.2f}",
            note=f"median of {len(dlts)}",
        )
        sdk = run_sdk(crm, fields)
        bench.figure(
            row,
            "official SDK, parse only",
            sdk.seconds,
            sdk.rate,
            ratio=f"{sdk.seconds / best.seconds:.2f}",
        )
        fetched = fetch_floor(crm, best.load or {}, best.records)
        bench.figure(
            row,
            "floor: the same calls, bytes thrown away",
            fetched.seconds,
            fetched.rate,
            ratio=f"{fetched.seconds / best.seconds:.2f}",
            note=f"{fetched.size_bytes / 1e6:.0f} MB",
        )
        if latency_ms == 0:
            with bench.servers.database() as url:
                run_ours(bench.servers, crm, url)
                copied = copy_floor(bench.servers, url)
            bench.figure(
                row,
                "floor: raw COPY of the same rows",
                copied.seconds,
                copied.rate,
                ratio=f"{copied.seconds / best.seconds:.2f}",
            )
        note = f"dlt's configuration: {dlts[0].configuration}"
        if note not in bench.report.notes:
            bench.report.notes.append(note)
    bench.goal(
        row,
        "first full sync",
        f"< {most_s:g} s",
        f"{best.seconds:.2f} s",
        is_reached=best.seconds < most_s,
    )
    bench.goal(
        row,
        "as fast as dlt",
        f"≥ {least_ratio:g} ×",
        f"{ratio:.1f} ×",
        is_reached=ratio >= least_ratio,
    )


def hundred_thousand(bench: Bench) -> None:
    """Measure credits of 100,000 deals, every source, the simulator's speed, and an idle sync."""
    row = "100k"
    with simulator(100_000) as crm:
        with bench.servers.database() as url:
            # Its credits belong to the hour, not to the load.
            refresh_directory(bench.servers, crm, url)
            planned = run_ours(bench.servers, crm, url)
            copied = copy_floor(bench.servers, url)
            idle = [run_ours(bench.servers, crm, url, "incremental") for _ in range(bench.repeats)]
        bench.figure(
            row,
            f"ours, planned ({planned.source})",
            planned.seconds,
            planned.rate,
            ratio="1",
            note=_note(planned),
        )
        by_source = {planned.source: planned}
        for source in SOURCES:
            if source != planned.source:
                run = by_source[source] = bench.ours(row, crm, source)
                bench.figure(
                    row,
                    f"ours, {source}",
                    run.seconds,
                    run.rate,
                    ratio=f"{run.seconds / planned.seconds:.2f}",
                    note=_note(run),
                )
        bench.figure(
            row,
            "floor: raw COPY of the same rows",
            copied.seconds,
            copied.rate,
            ratio=f"{copied.seconds / planned.seconds:.2f}",
        )
        for source in SOURCES:
            fetched = fetch_floor(crm, by_source[source].load or {}, planned.records)
            bench.figure(
                row,
                f"floor: calls of {source}, bytes thrown away",
                fetched.seconds,
                fetched.rate,
                ratio=f"{fetched.seconds / planned.seconds:.2f}",
                note=f"{fetched.size_bytes / 1e6:.0f} MB, the simulator's own speed",
            )
        quick = sorted(idle, key=lambda run: run.seconds)[len(idle) // 2]
        bench.report.figures.append(
            Figure("idle", "ours, quick sync", f"{quick.seconds:.3f}", note=_note(quick))
        )
    bench.goal(
        row,
        "credits of a full sync (hourly refresh apart)",
        "≤ 60",
        str(planned.spent.credits),
        is_reached=planned.spent.credits <= 60,
    )
    calls = max(run.spent.calls for run in idle)
    bench.goal("idle", "calls of a quick sync", "≤ 2", str(calls), is_reached=calls <= 2)


def deals_table(bench: Bench) -> None:
    """Measure the first rows of the table over 100,000 deals, in several orders and filters."""
    row, deals = "table", 100_000
    with simulator(deals) as crm, bench.servers.database() as url:
        run_ours(bench.servers, crm, url)
        times = first_rows_s(url, datetime.now(UTC).date(), deals)
    for view, seconds in times.items():
        bench.report.figures.append(
            Figure(row, view, f"{seconds:.3f}", note="p95 of 20, 100 rows as JSON")
        )
    slowest, seconds = max(times.items(), key=lambda view: view[1])
    bench.goal(
        row,
        "first rows of the deals table at 100,000 (p95)",
        "< 200 ms",
        f"{seconds * 1000:.0f} ms ({slowest})",
        is_reached=seconds < 0.2,
    )


def analytics(bench: Bench) -> None:
    """Measure the answers of analytics over 100,000 deals, and over ten copies of them."""
    with simulator(100_000) as crm, bench.servers.database() as url:
        run_ours(bench.servers, crm, url)
        add_history(url)
        for row, copies, most_ms in (("analytics 100k", 1, 50), ("analytics 1M", 10, 250)):
            if copies > 1:
                multiply(url, copies)
            answers = answers_of(url, bench.servers.redis_url)
            for answer in answers:
                bench.report.figures.append(
                    Figure(row, answer.name, f"{answer.slow_s:.3f}", note=_medians(answer))
                )
            for family in Family:
                goal_ms = 300 if family is Family.PAST else most_ms
                slowest = max(
                    (each for each in answers if each.family is family),
                    key=lambda each: each.slow_s,
                )
                # Of the past, only 100,000 deals have a goal.
                if copies == 1 or family is not Family.PAST:
                    bench.goal(
                        row,
                        family,
                        f"< {goal_ms} ms",
                        f"{slowest.slow_s * 1000:.0f} ms ({slowest.name})",
                        is_reached=slowest.slow_s * 1000 < goal_ms,
                    )


def _medians(answer: Answer) -> str:
    return (
        f"p95 of {RUNS} requests by HTTP; half of them under {answer.usual_s * 1000:.0f} ms; "
        f"CPU of the database {answer.database_cpu_s * 1000:.0f} ms"
    )


def million(bench: Bench) -> None:
    """Measure 250,000 and 1,000,000 deals: rate, share of the COPY floor, memory."""
    peaks: dict[int, float] = {}
    for deals in (250_000, 1_000_000):
        row = "250k" if deals == 250_000 else "1M"
        with simulator(deals) as crm, bench.servers.database() as url:
            bench.say(f"{row}: the simulator is up")
            run = run_ours(bench.servers, crm, url)
            bench.say(f"{row}: ours by {run.source} {run.seconds:.1f} s, {run.rate:,.0f}/s")
            fetched = fetch_floor(crm, run.load or {}, run.records)
            copied = copy_floor(bench.servers, url)
        peaks[deals] = run.peak_mb
        share = run.rate / copied.rate
        bench.figure(
            row, f"ours, planned ({run.source})", run.seconds, run.rate, ratio="1", note=_note(run)
        )
        bench.figure(
            row,
            "floor: the same calls, bytes thrown away",
            fetched.seconds,
            fetched.rate,
            ratio=f"{fetched.seconds / run.seconds:.2f}",
            note=f"{fetched.size_bytes / 1e6:.0f} MB",
        )
        bench.figure(
            row,
            "floor: raw COPY of the same rows",
            copied.seconds,
            copied.rate,
            ratio=f"{copied.seconds / run.seconds:.2f}",
            note=f"{copied.size_bytes / 1e6:,.0f} MB",
        )
    bench.goal("1M", "rate", "≥ 8,000/s", f"{run.rate:,.0f}/s", is_reached=run.rate >= 8_000)
    bench.goal("1M", "share of the COPY floor", "≥ 60 %", f"{share:.0%}", is_reached=share >= 0.6)
    most = peaks[1_000_000]
    bench.goal(
        "1M", "peak memory of the worker", "< 300 MB", f"{most:.0f} MB", is_reached=most < 300
    )
    growth = most / peaks[250_000]
    bench.goal(
        "1M", "peak memory over that at 250k", "≤ 1.15", f"{growth:.2f}", is_reached=growth <= 1.15
    )
