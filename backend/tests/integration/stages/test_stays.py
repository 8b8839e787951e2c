"""Stays never overlap and leave a gap only while a deal was deleted, whatever either side told."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulse.adapters.mirror import stays
from pulse.analytics.stages.spans import spans_of_deal
from pulse.db.engine import database
from support.deal_rows import insert

if TYPE_CHECKING:
    from pulse.analytics.stages.spans import StageSpan

BIRTH = datetime(2026, 1, 1, tzinfo=UTC)
STAGES = st.sampled_from(["A", "B", "C"])
# Hours after the birth; the first version, what follows it, and where a deletion lets a gap.
PIECES = st.lists(st.tuples(STAGES, st.integers(1, 9), st.booleans()), min_size=1, max_size=6)
TOLD = st.lists(st.tuples(STAGES, st.integers(1, 9)), max_size=6)


def hours(count: int) -> datetime:
    return BIRTH + timedelta(hours=count)


def at_moment(pieces: list[tuple[str, datetime, datetime]], at: datetime) -> str | None:
    return next((stage for stage, start, end in pieces if start <= at < end), None)


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(observed=PIECES, told=TOLD, first=st.integers(0, 20))
def test_stays_are_what_was_told_until_we_looked_and_what_we_saw_since(
    database_url: str,
    observed: list[tuple[str, int, bool]],
    told: list[tuple[str, int]],
    first: int,
) -> None:
    imported: list[tuple[str, datetime, datetime | None]] = []
    at = 0
    for place, (stage, length) in enumerate(told):
        end = None if place == len(told) - 1 else hours(at + length)
        imported.append((stage, hours(at), end))
        at += length
    versions: list[tuple[str, datetime, datetime]] = []
    at = first
    for stage, length, is_gone_then in observed:
        versions.append((stage, hours(at), hours(at + length)))
        at += length + (2 if is_gone_then else 0)

    spans = stored(database_url, imported, versions)

    seen_from = versions[0][1]
    pieces = [
        (stage, start, min(end or seen_from, seen_from))
        for stage, start, end in imported
        if start < seen_from
    ] + versions
    for hour in range(at + 2):
        moment = hours(hour) + timedelta(minutes=30)
        assert at_moment(
            [(str(each.stage), each.start, each.end or moment) for each in spans], moment
        ) == at_moment(pieces, moment)
    for one, other in pairwise(spans):
        assert one.end is not None
        assert one.end <= other.start
        assert one.stage != other.stage or one.end < other.start
        assert other.is_start_known is (one.end == other.start)
    assert spans[0].is_imported is any(
        (stage, start) == (spans[0].stage, spans[0].start) for stage, start, _ in imported
    )


def stored(
    url: str,
    imported: list[tuple[str, datetime, datetime | None]],
    versions: list[tuple[str, datetime, datetime]],
) -> list[StageSpan]:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DELETE FROM stage_history")
        connection.execute("DELETE FROM deal_versions")
        history: list[dict[str, Any]] = []
        for place, (stage, start, end) in enumerate(imported):
            repeats = place > 0 and imported[place - 1][0] == stage
            following = next(
                (each[1] for before, each in pairwise(imported[place:]) if before[0] != each[0]),
                None,
            )
            history.append(
                {
                    "id": place + 1,
                    "deal_id": 1,
                    "stage": stage,
                    "entered_at": start,
                    "is_start": not repeats,
                    "left_at": following if end is not None else None,
                }
            )
        if history:
            insert(connection, "stage_history", history)
        insert(
            connection,
            "deal_versions",
            [
                {"deal_id": 1, "stage": stage, "valid_from": start, "valid_to": end}
                for stage, start, end in versions
            ],
        )
        for statement in stays.REBUILD:
            connection.execute(statement)

    async def read() -> list[StageSpan]:
        async with database(url, pool_size=1) as open_db, open_db() as db:
            return await spans_of_deal(db, 1)

    return asyncio.run(read())
