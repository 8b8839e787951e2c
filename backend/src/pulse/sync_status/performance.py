"""How fast, how cheap and how reliable syncing was, in equal parts of a range.

The parts are counted back from now, so that they add up to what health tells of the same range.
All sums are SQL; this module only lays two series side by side.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Integer, cast, func, literal, select, true

from pulse.models import CreditUse, SyncSession
from pulse.queries.credits import credit_state
from pulse.sync_status import repository
from pulse.sync_status.schemas import LENGTH_OF_RANGE, HealthRange

if TYPE_CHECKING:
    from pydantic.config import JsonDict
    from sqlalchemy import ColumnElement, Result, Row, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession
    from sqlalchemy.sql.selectable import LateralFromClause

PARTS: Final = {
    HealthRange.HOUR: 12,
    HealthRange.DAY: 24,
    HealthRange.WEEK: 28,
    HealthRange.MONTH: 30,
}
"""Five minutes, an hour, six hours, a day: each divides the rolling day that credits count in."""
_DAY: Final = timedelta(days=1)


class PerformanceFigures(BaseModel):
    """What the runs and calls of a time did; the definitions are those of health."""

    runs: int
    completed: int
    failed: int
    avg_sync_time: float | None = Field(description="Seconds, of completed runs.")
    records_per_minute: float | None = Field(
        description="Records received per minute of running time, of completed runs."
    )
    api_efficiency: float | None = Field(description="Records received per credit spent.")
    calls: int
    failed_calls: int
    error_rate: float | None = Field(description="Failed calls ÷ calls; null without calls.")
    avg_latency_ms: float | None = Field(description="Of a call.")
    credits: int = Field(description="Spent within this time.")


class PerformancePart(PerformanceFigures):
    """One part of the range."""

    since: datetime
    until: datetime
    credits_24h: int = Field(
        description="Spent by us in the 24 hours before the part's end: what counts against the "
        "limit."
    )


_FIGURES_EXAMPLE: Final[JsonDict] = {
    "runs": 4,
    "completed": 4,
    "failed": 0,
    "avg_sync_time": 0.8,
    "records_per_minute": 900.0,
    "api_efficiency": 6.2,
    "calls": 8,
    "failed_calls": 0,
    "error_rate": 0.0,
    "avg_latency_ms": 141.5,
    "credits": 8,
}


class Performance(BaseModel):
    """A range in equal parts, oldest first, and its sum."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "range": "1h",
                    "part_seconds": 300,
                    "total": _FIGURES_EXAMPLE,
                    "parts": [
                        {
                            "since": "2026-03-02T09:25:00Z",
                            "until": "2026-03-02T09:30:00Z",
                            **_FIGURES_EXAMPLE,
                            "credits_24h": 192,
                        }
                    ],
                    "used_24h": 192,
                    "limit_24h": 70000,
                    "remaining_24h": 69808,
                }
            ]
        }
    )

    range: HealthRange
    part_seconds: int
    total: PerformanceFigures
    parts: list[PerformancePart]
    used_24h: int = Field(description="Now; corrected by the CRM's own count where it gave one.")
    limit_24h: int | None = Field(description="Of the organisation; null until it was read.")
    remaining_24h: int | None


async def performance(db: AsyncSession, wanted: HealthRange, now: datetime) -> Performance:
    """Return how syncing performed in the `wanted` time before `now`."""
    length = LENGTH_OF_RANGE[wanted]
    number = PARTS[wanted]
    step = length / number
    since = now - length
    runs = await _runs_by_part(db, since, step, number)
    calls = await _calls_by_part(db, since, step, number)
    day = await credit_state(db, now)
    return Performance(
        range=wanted,
        part_seconds=int(step.total_seconds()),
        total=_figures(runs[None], calls[None]),
        parts=[
            PerformancePart(
                since=since + part * step,
                until=since + (part + 1) * step,
                credits_24h=calls[part].credits_24h,
                **_figures(runs.get(part), calls[part]).model_dump(),
            )
            for part in range(number)
        ],
        used_24h=day.used,
        limit_24h=day.limit,
        remaining_24h=day.remaining,
    )


# Any: rows of mixed columns.
async def _runs_by_part(
    db: AsyncSession, since: datetime, step: timedelta, number: int
) -> dict[int | None, Row[Any]]:
    """Return the sums over runs by part, and over all of them under None."""
    place = _place_of(SyncSession.created_at, since, step, number)
    rows: Result[Any] = await db.execute(
        select(place.c.part, *repository.session_sums())
        .select_from(SyncSession)
        .join(place, true())
        .where(SyncSession.created_at >= since)
        .group_by(func.rollup(place.c.part))
    )
    return {row.part: row for row in rows}


async def _calls_by_part(
    db: AsyncSession, since: datetime, step: timedelta, number: int
) -> dict[int | None, Row[Any]]:
    """Return the sums over calls by part, each with its rolling day, and of the range under None.

    Parts without calls are there as well, as their rolling day need not be empty. The day before
    the range is read for it, and left out of the answer.
    """
    a_day = int(_DAY / step)
    place = _place_of(CreditUse.minute, since, step, number)
    spent = (
        select(
            place.c.part,
            func.sum(CreditUse.calls).label("calls"),
            func.sum(CreditUse.failures).label("failures"),
            func.sum(CreditUse.credits).label("credits"),
            func.sum(CreditUse.latency_ms).label("latency_ms"),
        )
        .select_from(CreditUse)
        .join(place, true())
        .where(CreditUse.minute >= since - _DAY)
        .group_by(place.c.part)
        .subquery()
    )
    every = (
        func.generate_series(-a_day, number - 1).table_valued("part", name="every").render_derived()
    )
    sums = (
        select(
            every.c.part,
            *(_zero(spent.c[name]).label(name) for name in _CALL_SUMS),
            func.sum(_zero(spent.c.credits))
            .over(order_by=every.c.part, rows=(1 - a_day, 0))
            .label("credits_24h"),
        )
        .outerjoin_from(every, spent, spent.c.part == every.c.part)
        .subquery()
    )
    rows: Result[Any] = await db.execute(
        select(
            sums.c.part,
            *(func.sum(sums.c[name]).label(name) for name in _CALL_SUMS),
            func.max(sums.c.credits_24h).label("credits_24h"),
        )
        .where(sums.c.part >= 0)
        .group_by(func.rollup(sums.c.part))
    )
    return {row.part: row for row in rows}


_CALL_SUMS: Final = ("calls", "failures", "credits", "latency_ms")


def _zero(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.coalesce(column, 0)


def _place_of(
    at: SQLColumnExpression[datetime], since: datetime, step: timedelta, number: int
) -> LateralFromClause:
    """Return, for each row, the number of the part in which its moment lies.

    It is negative before the range. A row's clock may be a little ahead of ours: what lies behind
    the last part counts in it.
    """
    passed_s = func.extract("epoch", at - since)
    part = cast(func.floor(passed_s / literal(step.total_seconds())), Integer)
    place = select(func.least(part, number - 1).label("part"))
    return place.correlate(SyncSession, CreditUse).lateral("place")


def _figures(runs: Row[Any] | None, calls: Row[Any]) -> PerformanceFigures:
    totals = repository.totals_of(runs)
    return PerformanceFigures(
        runs=totals.total,
        completed=totals.completed,
        failed=totals.failed,
        avg_sync_time=totals.avg_seconds,
        records_per_minute=totals.records_per_minute,
        api_efficiency=totals.api_efficiency,
        calls=int(calls.calls),
        failed_calls=int(calls.failures),
        error_rate=calls.failures / calls.calls if calls.calls else None,
        avg_latency_ms=float(calls.latency_ms / calls.calls) if calls.calls else None,
        credits=int(calls.credits),
    )
