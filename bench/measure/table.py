"""The table of all deals: how long its first rows take, in orders and filters that people use."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

import psycopg
from pulse.asking.scope import read_scope
from pulse.core.deal_filters import DealFilter, Dimension, ProbabilityBand
from pulse.core.periods import Period, days_of
from pulse.deals.table.rows import DEFAULT_SORT, TableRequest, deal_window
from pulse.queries.stages import read_sales_process
from pulse.web.database import Database
from pulse.web.paging import PageRequest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

_ROWS: Final = 100
_RUNS: Final = 20
_PERCENT: Final = 95


@dataclass(frozen=True, slots=True)
class View:
    """One way to look at the table."""

    wanted: DealFilter = field(default_factory=DealFilter)
    sort: str = DEFAULT_SORT
    offset: int = 0


def views(today: date, deals: int) -> Mapping[str, View]:
    """Return the ways that are measured."""
    quarter = DealFilter(
        closing=days_of(Period.CURRENT_QUARTER, today), bands=(ProbabilityBand.PRESALES,)
    )
    return {
        "last change": View(),
        "last change, from the middle": View(offset=deals // 2),
        "by value": View(sort="-value"),
        "by name": View(sort="name"),
        "this quarter, presales": View(quarter),
        "two countries": View(
            DealFilter(choices={Dimension.COUNTRY: ("Singapore", "India")}), sort="closing_date"
        ),
        "words": View(DealFilter(text="cloud pte")),
        "over a million, by owner": View(DealFilter(least_value=Decimal(1_000_000)), sort="owner"),
    }


def first_rows_s(database_url: str, today: date, deals: int) -> Mapping[str, float]:
    """Return by view the time, in 95 of 100 runs, from the request's parameters to its JSON."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        # What autovacuum does within the minute after a load.
        connection.execute("VACUUM ANALYZE")
    return asyncio.run(_measured(database_url, views(today, deals)))


async def _measured(database_url: str, wanted: Mapping[str, View]) -> Mapping[str, float]:
    database = Database(database_url)
    try:
        return {
            name: _slow_s([await _once(database, view) for _ in range(_RUNS)])
            for name, view in wanted.items()
        }
    finally:
        await database.close()


async def _once(database: Database, view: View) -> float:
    begun = time.perf_counter()
    async with database.reading.begin() as db:
        scope = await read_scope(db)
        process = await read_sales_process(db)
        page = PageRequest(limit=_ROWS, offset=view.offset)
        asked = TableRequest(view.wanted, view.sort, (), page)
        window = await deal_window(db, asked, scope, process)
        window.model_dump_json()
    return time.perf_counter() - begun


def _slow_s(times: Sequence[float]) -> float:
    return sorted(times)[len(times) * _PERCENT // 100 - 1]
