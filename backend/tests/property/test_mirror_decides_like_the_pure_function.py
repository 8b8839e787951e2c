"""The mirror's SQL and the pure functions are two forms of one rule, and must end up equal.

Random batches, deletions and returns, and between them random edits by people, some of which are
frozen as a push freezes them.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from pulse.adapters.mirror import PostgresMirror
from pulse.core.sync import Presence
from pulse.edits.authors import Author
from pulse.edits.connection import exact_cursor
from pulse.edits.store import change_record
from pulse.kit.errors import ConflictError, NotFoundError
from pulse.sync.domain.merge import Policy
from pulse.sync.domain.observation import (
    Observation,
    Step,
    StoredRecord,
    decide,
    merged_values,
)
from pulse.sync.ports import Absence, Batch, Mark
from support.edit_model import EditModel

START = datetime(2026, 8, 17, tzinfo=UTC)
GONE_AT = START + timedelta(seconds=2)
FIRST = (
    "later",
    [(record_id, {"Deal_Name": "A", "Amount": 2, "Stage": "Won"}) for record_id in (1, 2, 3)],
    False,
)
"""Three of the four records are there from the start."""
SEND = (
    "UPDATE pending_changes change SET state = 'sent', sent_at = now() WHERE state = 'queued'"
    " AND NOT EXISTS (SELECT FROM pending_changes sent WHERE sent.record_id = change.record_id"
    " AND sent.field = change.field AND sent.state = 'sent')"
)
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

edits = st.builds(
    lambda record_id, edited: ("edit", record_id, edited),
    st.integers(1, 4),
    st.dictionaries(st.sampled_from(FIELDS), st.sampled_from([0, 1, None]), min_size=1, max_size=2),
)
WANTED: Mapping[str, tuple[Any, Any]] = {
    "Deal_Name": ("A", "C"),
    "Amount": (Decimal("1.5"), 3),
    "Stage": ("Won", "Talk"),
    "Custom": (["b"], True),
}
"""Of each field a value that the CRM may show as well, and one that it never has."""
sends = st.just(("send",))
# Reads that are later than all before: what they show is taken over, and meets the edits.
later = st.builds(
    lambda rows, gone: ("later", rows, gone),
    st.lists(
        st.tuples(st.integers(1, 4), values), min_size=1, max_size=4, unique_by=lambda r: r[0]
    ),
    st.sampled_from([False, False, True]),
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


async def edit(
    pool: AsyncConnectionPool,
    model: Model,
    edits: EditModel,
    record_id: int,
    chosen: Mapping[str, int | None],
) -> None:
    wanted = {
        name: None if choice is None else WANTED[name][choice] for name, choice in chosen.items()
    }
    record = model.records.get(record_id)

    async def store() -> None:
        async with pool.connection() as connection, connection.transaction():
            await change_record(connection, "Deals", record_id, wanted, Author(None, "Mei Tan"))

    if record is None or record.presence is not Presence.LIVE:
        with pytest.raises((NotFoundError, ConflictError)) as refused:
            await store()
        assert refused.value.code == ("record_not_found" if record is None else "record_gone")
        return
    await store()
    for name, value in wanted.items():
        edits.edit(record, (record_id, name), value)


async def run(database_url: str, policy: Policy, actions: list[Any]) -> None:
    async with AsyncConnectionPool(
        database_url, min_size=1, max_size=2, kwargs={"autocommit": True}, open=False
    ) as pool:
        async with pool.connection() as connection:
            await connection.execute(
                "TRUNCATE crm_documents, record_sync_status, deals, deal_versions, stage_stays,"
                " change_log, pending_changes, settings, field_map"
            )
            await connection.execute(
                "INSERT INTO settings (key, value) VALUES ('conflicts.policy', %s)",
                (Jsonb(policy.value),),
            )
            for canonical_name, api_name in FIELD_MAP.items():
                await connection.execute(
                    "INSERT INTO field_map (module, canonical_name, api_name, is_chosen)"
                    " VALUES ('Deals', %s, %s, true)",
                    (canonical_name, api_name),
                )
        mirror = PostgresMirror(pool, "Deals", FIELD_MAP)
        model = Model()
        edits = EditModel(policy, GONE_AT)
        for turn, drawn in enumerate([FIRST, *actions], 31):
            action = taken_in_turn(drawn, turn)
            edits.judge(model.records)
            if action[0] == "edit":
                await edit(pool, model, edits, *action[1:])
                continue
            if action[0] == "send":
                async with pool.connection() as connection:
                    await connection.execute(SEND)
                edits.send()
                continue
            if action[0] == "bin":
                _, ids, number = action
                await mirror.register_gone(
                    [Absence(record_id, Presence.DELETED, GONE_AT) for record_id in ids], number
                )
                model.in_bin(ids, number)
                continue
            if action[0] == "gone":
                _, ids, number, presence = action
                await mirror.mark_gone(
                    [Absence(record_id, presence, GONE_AT) for record_id in ids], number, Mark()
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
        edits.judge(model.records)
        async with pool.connection() as connection:
            await compare(connection, model, edits)
            await edits_agree(connection, model, edits)


def taken_in_turn(action: Any, turn: int) -> Any:  # noqa: ANN401 - actions have many forms
    """Return a later read as the batch, or the absence, that it is when its turn comes."""
    if action[0] != "later":
        return action
    _, rows, is_gone = action
    if is_gone:
        return ("gone", [record_id for record_id, _ in rows[:1]], turn, Presence.DELETED)
    return ("batch", [(record_id, turn, seen) for record_id, seen in rows], turn, FIELDS, False)


async def edits_agree(
    connection: psycopg.AsyncConnection[Any], model: Model, edits: EditModel
) -> None:
    cursor = exact_cursor(connection)
    await cursor.execute(
        "SELECT record_id, field, base_value, new_value, state, crm_value, crm_modified_at,"
        " is_record_gone, awaits_timeline, is_skipped FROM pending_changes"
        " ORDER BY record_id, field, state <> 'sent'"
    )
    assert [tuple(row) for row in await cursor.fetchall()] == edits.rows()
    await cursor.execute("SELECT zoho_record_id, sync_status FROM record_sync_status")
    assert dict(await cursor.fetchall()) == {
        record_id: edits.status(record_id, record.presence)
        for record_id, record in model.records.items()
    }
    await cursor.execute(
        "SELECT record_id, field, old_value, new_value FROM change_log WHERE kind = 'dropped'"
    )
    assert sorted(map(repr, map(tuple, await cursor.fetchall()))) == sorted(
        map(repr, edits.dropped)
    )


async def compare(connection: psycopg.AsyncConnection[Any], model: Model, edits: EditModel) -> None:
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
    await narrow_rows_agree(connection, expected, edits)
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
    connection: psycopg.AsyncConnection[Any],
    expected: Mapping[int, StoredRecord],
    edits: EditModel,
) -> None:
    shown = {
        record_id: edits.shown(record_id, record.values or {})
        for record_id, record in expected.items()
    }
    cursor = await connection.execute("SELECT id, is_live, name, amount, stage FROM deals")
    assert {
        row[0]: (row[1], row[2], None if row[3] is None else float(row[3]), row[4])
        for row in await cursor.fetchall()
    } == {
        record_id: (
            record.presence is Presence.LIVE,
            shown[record_id].get("Deal_Name"),
            None if (amount := shown[record_id].get("Amount")) is None else float(amount),
            shown[record_id].get("Stage"),
        )
        for record_id, record in expected.items()
    }
    # A live deal has exactly one open version, and it says what the document says: no edit of ours.
    cursor = await connection.execute(
        "SELECT deal_id, name, amount::float8, stage FROM deal_versions WHERE valid_to = 'infinity'"
    )
    assert sorted(await cursor.fetchall()) == sorted(
        (
            record_id,
            record.values.get("Deal_Name"),
            record.values.get("Amount"),
            record.values.get("Stage"),
        )
        for record_id, record in expected.items()
        if record.presence is Presence.LIVE and record.values is not None
    )


@given(
    policy=st.sampled_from(Policy),
    actions=st.lists(
        st.one_of(batches, absences, binned, edits, edits, later, later, sends), max_size=12
    ),
)
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_random_batches_leave_sql_and_pure_function_equal(
    database_url: str, policy: Policy, actions: list[Any]
) -> None:
    asyncio.run(run(database_url, policy, actions))
