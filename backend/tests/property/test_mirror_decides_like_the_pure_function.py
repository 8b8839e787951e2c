"""The mirror's SQL and `decide` are two forms of one rule: random batches must leave both equal."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from pulse.adapters.mirror import PostgresMirror
from pulse.core.sync import Presence
from pulse.sync.domain.observation import (
    Observation,
    Step,
    StoredRecord,
    decide,
    merged_values,
)
from pulse.sync.ports import Absence, Batch, Mark

START = datetime(2026, 8, 17, tzinfo=UTC)
FIELD_MAP = {"Opportunity_Name": "Deal_Name", "OCH_Revenue": "Amount", "Stage": "Stage"}
FIELDS = ("Deal_Name", "Amount", "Stage", "Custom")
values = st.fixed_dictionaries(
    {},
    optional={
        "Deal_Name": st.sampled_from(["A", "B", 'tab\t "quoted" \\ back\nline', "日本\u0000x"]),
        "Amount": st.sampled_from([Decimal("1.50"), Decimal("1.5"), 2, Decimal("12345678.123456")]),
        "Stage": st.sampled_from(["Won", "Lost"]),
        "Custom": st.sampled_from([True, ["a", "b"], ["b"]]),
    },
)
seconds = st.integers(0, 3)
batches = st.builds(
    lambda rows, number, covered, partial: ("batch", rows, number, covered, partial),
    st.lists(st.tuples(st.integers(1, 4), seconds, values), max_size=5, unique_by=lambda r: r[0]),
    st.integers(1, 30),
    st.sampled_from([FIELDS, FIELDS[:2]]),
    st.booleans(),
)
absences = st.builds(
    lambda ids, number, presence: ("gone", ids, number, presence),
    st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True),
    st.integers(1, 30),
    st.sampled_from([Presence.DELETED, Presence.INVISIBLE]),
)

binned = st.builds(
    lambda ids, number: ("bin", ids, number),
    st.lists(st.integers(1, 4), min_size=1, max_size=3, unique=True),
    st.integers(1, 30),
)


def clean(seen: Mapping[str, Any], covered: tuple[str, ...]) -> dict[str, Any]:
    return {
        name: value.replace("\u0000", "") if isinstance(value, str) else value
        for name, value in seen.items()
        if name in covered
    }


class Model:
    def __init__(self) -> None:
        self.records: dict[int, StoredRecord] = {}

    def apply(self, batch: Batch) -> list[Step]:
        steps = []
        for seen in batch.observations:
            stored = self.records.get(seen.record_id)
            step = decide(stored, seen, batch.number, batch.covered, is_partial=batch.is_partial)
            steps.append(step)
            if step is Step.IGNORE:
                continue
            kept = merged_values((stored and stored.values) or {}, seen.values, batch.covered)
            stamp = stored.stamp if stored and batch.is_partial else seen.stamp
            if stored and stored.values is not None:
                stamp = max(stamp, stored.stamp)
            number = max(batch.number, stored.number if stored else 0)
            self.records[seen.record_id] = StoredRecord(Presence.LIVE, stamp, number, kept)
        return steps

    def in_bin(self, ids: list[int], number: int) -> None:
        for record_id in ids:
            self.records.setdefault(record_id, StoredRecord(Presence.DELETED, START, number, None))

    def gone(self, ids: list[int], number: int, presence: Presence) -> None:
        for record_id in ids:
            stored = self.records.get(record_id)
            if stored and stored.presence is not presence and stored.number < number:
                self.records[record_id] = StoredRecord(
                    presence, stored.stamp, number, stored.values
                )


async def run(database_url: str, actions: list[Any]) -> None:
    async with AsyncConnectionPool(
        database_url, min_size=1, max_size=2, kwargs={"autocommit": True}, open=False
    ) as pool:
        async with pool.connection() as connection:
            await connection.execute(
                "TRUNCATE crm_documents, record_sync_status, deals, deal_versions, change_log"
            )
        mirror = PostgresMirror(pool, "Deals", FIELD_MAP)
        model = Model()
        for action in actions:
            if action[0] == "bin":
                _, ids, number = action
                at = START + timedelta(seconds=2)
                await mirror.register_gone(
                    [Absence(record_id, Presence.DELETED, at) for record_id in ids], number
                )
                model.in_bin(ids, number)
                continue
            if action[0] == "gone":
                _, ids, number, presence = action
                at = START + timedelta(seconds=2)
                await mirror.mark_gone(
                    [Absence(record_id, presence, at) for record_id in ids], number, Mark()
                )
                model.gone(ids, number, presence)
                continue
            _, rows, number, covered, partial = action
            batch = Batch(
                [
                    Observation(i, START + timedelta(seconds=second), clean(seen, covered))
                    for i, second, seen in rows
                ],
                number,
                frozenset(covered),
                is_partial=partial,
            )
            applied = await mirror.apply(batch, Mark())
            steps = model.apply(batch)
            assert applied.created == steps.count(Step.CREATE)
            assert applied.changed == steps.count(Step.CHANGE)
            assert applied.restored == steps.count(Step.RESTORE)
            assert applied.touched == steps.count(Step.TOUCH)
            assert applied.same == steps.count(Step.SAME)
            assert applied.ignored == steps.count(Step.IGNORE)
        async with pool.connection() as connection:
            await compare(connection, model)


async def compare(connection: psycopg.AsyncConnection[Any], model: Model) -> None:
    cursor = await connection.execute(
        "SELECT zoho_record_id, presence, crm_modified_at, observed_number, document"
        " FROM record_sync_status JOIN crm_documents ON record_id = zoho_record_id"
    )
    stored = {
        row[0]: StoredRecord(Presence(row[1]), row[2], row[3], row[4])
        for row in await cursor.fetchall()
    }
    expected = {
        record_id: StoredRecord(
            record.presence,
            record.stamp,
            record.number,
            {
                name: float(value) if isinstance(value, Decimal) else value
                for name, value in record.values.items()
            },
        )
        for record_id, record in model.records.items()
        if record.values is not None
    }
    assert stored == expected
    await narrow_rows_agree(connection, expected)
    cursor = await connection.execute(
        "SELECT count(*) FROM change_log WHERE kind = 'updated' AND old_value = new_value"
    )
    assert await cursor.fetchone() == (0,)
    cursor = await connection.execute(
        "SELECT count(*) FROM deal_versions a JOIN deal_versions b USING (deal_id)"
        " WHERE a.valid_from >= a.valid_to"
        " OR (a.valid_from < b.valid_from AND a.valid_to > b.valid_from)"
    )
    assert await cursor.fetchone() == (0,)


async def narrow_rows_agree(
    connection: psycopg.AsyncConnection[Any], expected: Mapping[int, StoredRecord]
) -> None:
    cursor = await connection.execute("SELECT id, is_live, name, amount, stage FROM deals")
    assert {
        row[0]: (row[1], row[2], None if row[3] is None else float(row[3]), row[4])
        for row in await cursor.fetchall()
    } == {
        record_id: (
            record.presence is Presence.LIVE,
            record.values.get("Deal_Name"),
            record.values.get("Amount"),
            record.values.get("Stage"),
        )
        for record_id, record in expected.items()
    }
    # A live deal has exactly one open version, and it says what the narrow row says.
    cursor = await connection.execute(
        "SELECT deal_id, v.name, v.amount, v.stage FROM deal_versions v"
        " JOIN deals ON deals.id = v.deal_id"
        " WHERE v.valid_to = 'infinity'"
        " AND (v.name, v.amount, v.stage)"
        " IS NOT DISTINCT FROM (deals.name, deals.amount, deals.stage)"
    )
    assert sorted(row[0] for row in await cursor.fetchall()) == sorted(
        record_id for record_id, record in expected.items() if record.presence is Presence.LIVE
    )


@given(actions=st.lists(st.one_of(batches, batches, absences, binned), max_size=8))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_random_batches_leave_sql_and_pure_function_equal(
    database_url: str, actions: list[Any]
) -> None:
    asyncio.run(run(database_url, actions))
