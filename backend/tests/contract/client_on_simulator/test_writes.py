"""The client's writes against the simulator: results by row, races, and answers that get lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from support.crm_simulator import client_of, ids_of
from zoho_crm import (
    AnswerLost,
    InvalidModule,
    NoPermission,
    RecordError,
    RecordWritten,
    RequestRefused,
    ScopeMissing,
    Throttled,
)

if TYPE_CHECKING:
    from support.simulator import SimulatorHandle
    from zoho_crm import ZohoClient

pytestmark = pytest.mark.anyio


def new_deal(sim: SimulatorHandle, name: str) -> dict[str, object]:
    like = sim.records()[0]
    return {
        "Deal_Name": name,
        "Stage": like["Stage"],
        "Pipeline": like["Pipeline"],
        "Closing_Date": "2026-12-31",
    }


def without(row: dict[str, object], field: str) -> dict[str, object]:
    return {name: value for name, value in row.items() if name != field}


def record(sim: SimulatorHandle, identity: str) -> dict[str, object]:
    return next(row for row in sim.records() if row["id"] == identity)


def stamp(row: dict[str, object]) -> datetime:
    return datetime.fromisoformat(str(row["Modified_Time"]))


def named(sim: SimulatorHandle, name: str) -> list[dict[str, object]]:
    return [row for row in sim.records() if row["Deal_Name"] == name]


async def test_each_row_of_an_insert_has_its_own_result(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    rows = [
        new_deal(sim, "Pier lights"),
        without(new_deal(sim, "No stage"), "Stage"),
        {**new_deal(sim, "Wrong amount"), "Amount": "a lot"},
    ]
    first, second, third = (await crm.insert("Deals", rows, trigger=[])).rows
    assert isinstance(first, RecordWritten)
    made = record(sim, first.id)
    assert made["Deal_Name"] == "Pier lights"
    assert first.modified_time == stamp(made).astimezone(UTC)
    assert isinstance(second, RecordError)
    assert (second.code, second.api_name) == ("MANDATORY_NOT_FOUND", "Stage")
    assert isinstance(third, RecordError)
    assert (third.code, third.api_name) == ("INVALID_DATA", "Amount")
    assert named(sim, "No stage") + named(sim, "Wrong amount") == []


async def test_a_row_that_fails_for_several_reasons_names_each(crm: ZohoClient) -> None:
    result = await crm.insert("Deals", [{"Deal_Name": "a"}, {"Deal_Name": "b"}])
    assert len(result.errors) == 2
    for row in result.errors:
        found = {(part.code, part.api_name) for part in row.parts}
        assert {("MANDATORY_NOT_FOUND", "Stage"), ("MANDATORY_NOT_FOUND", "Pipeline")} <= found


async def test_an_update_returns_the_new_version_stamp(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    one, two = ids_of(sim.records())[:2]
    sim.advance(5)
    result = await crm.update(
        "Deals",
        [
            {"id": one, "Next_Step": "Call"},
            {"id": "9999999999999999999", "Next_Step": "Nobody"},
            {"id": two, "Next_Step": "Write"},
        ],
    )
    assert [type(row) for row in result.rows] == [RecordWritten, RecordError, RecordWritten]
    assert result.errors[0].code == "INVALID_DATA"
    for identity, row, text in ((one, result.rows[0], "Call"), (two, result.rows[2], "Write")):
        now = record(sim, identity)
        assert now["Next_Step"] == text
        assert isinstance(row, RecordWritten)
        assert (row.id, row.modified_time) == (identity, stamp(now).astimezone(UTC))


async def test_a_guarded_update_loses_to_a_newer_edit(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    target = ids_of(sim.records())[4]
    read_at = stamp(record(sim, target))
    sim.advance(5)
    sim.edit({target: {"Next_Step": "Somebody else's"}})
    result = await crm.update(
        "Deals", [{"id": target, "Next_Step": "Mine"}], if_unmodified_since=read_at
    )
    (refused,) = result.errors
    assert refused.is_already_modified
    assert refused.details["id"] == target
    assert record(sim, target)["Next_Step"] == "Somebody else's"
    again = await crm.update(
        "Deals",
        [{"id": target, "Next_Step": "Mine"}],
        if_unmodified_since=stamp(record(sim, target)),
    )
    assert again.errors == ()
    assert record(sim, target)["Next_Step"] == "Mine"


@pytest.mark.parametrize("whole_call", [False, True])
async def test_one_lost_race_in_a_batch_is_found_in_either_reading_of_the_protocol(
    crm: ZohoClient, sim: SimulatorHandle, *, whole_call: bool
) -> None:
    sim.switch(one_lost_race_fails_the_call=whole_call)
    try:
        mine = f"Mine, whole_call={whole_call}"
        quiet, busy = ids_of(sim.records())[6:8]
        guard = max(stamp(record(sim, quiet)), stamp(record(sim, busy)))
        sim.advance(5)
        sim.edit({busy: {"Next_Step": "Newer"}})
        result = await crm.update(
            "Deals",
            [{"id": quiet, "Next_Step": mine}, {"id": busy, "Next_Step": mine}],
            if_unmodified_since=guard,
        )
    finally:
        sim.switch(one_lost_race_fails_the_call=False)
    assert [row.is_already_modified for row in result.errors] == [True] * (2 if whole_call else 1)
    assert record(sim, busy)["Next_Step"] == "Newer"
    assert (record(sim, quiet)["Next_Step"] == mine) is not whole_call


async def test_an_upsert_creates_then_updates(crm: ZohoClient, sim: SimulatorHandle) -> None:
    row = new_deal(sim, "Dry dock gates")
    (made,) = (await crm.upsert("Deals", [row], duplicate_check_fields=["Deal_Name"])).rows
    (changed,) = (
        await crm.upsert(
            "Deals", [{**row, "Next_Step": "Sign"}], duplicate_check_fields=["Deal_Name"]
        )
    ).rows
    assert isinstance(made, RecordWritten)
    assert isinstance(changed, RecordWritten)
    assert (made.action, changed.action, changed.id) == ("insert", "update", made.id)
    assert [deal["Next_Step"] for deal in named(sim, "Dry dock gates")] == ["Sign"]


async def test_deleted_records_go_to_the_bin_and_come_back(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    one, two = ids_of(sim.records())[10:12]
    result = await crm.delete("Deals", [one, two])
    assert [row.id for row in result.rows if isinstance(row, RecordWritten)] == [one, two]
    assert await crm.get_record("Deals", one) is None
    (gone,) = (await crm.delete("Deals", [one])).rows
    assert isinstance(gone, RecordError)
    restored = await crm.restore([one, two])
    assert restored.errors == ()
    assert (await crm.get_record("Deals", two) or {})["id"] == two


async def test_credits_of_a_batch_are_one_for_ten_rows(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    rows = [{"id": identity, "Next_Step": "Batch"} for identity in ids_of(sim.records())[:25]]
    before = sim.state()["credits"]["used"]
    result = await crm.update("Deals", rows, trigger=[])
    assert sim.state()["credits"]["used"] - before == result.meta.credits == 3


async def test_an_insert_whose_answer_is_lost_is_not_repeated(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    sim.fault("lost_answer", route="*/Deals", method="POST")
    with pytest.raises(AnswerLost):
        await crm.insert("Deals", [new_deal(sim, "Buoy chain")])
    assert len(named(sim, "Buoy chain")) == 1


async def test_a_guarded_update_whose_answer_is_lost_does_not_meet_itself(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    target = ids_of(sim.records())[14]
    guard = stamp(record(sim, target))
    sim.advance(5)
    sim.fault("lost_answer", route="*/Deals", method="PUT", count=1)
    with pytest.raises(AnswerLost):
        await crm.update("Deals", [{"id": target, "Next_Step": "Once"}], if_unmodified_since=guard)
    assert record(sim, target)["Next_Step"] == "Once"


@pytest.mark.parametrize("kind", ["drop", "lost_answer", "cut_body", "status"])
async def test_an_unguarded_update_is_repeated(
    crm: ZohoClient, sim: SimulatorHandle, kind: str
) -> None:
    target = ids_of(sim.records())[15]
    sim.fault(kind, route="*/Deals", method="PUT", count=1)
    result = await crm.update("Deals", [{"id": target, "Next_Step": f"After {kind}"}])
    assert (result.errors, result.meta.attempts) == ((), 2)
    assert record(sim, target)["Next_Step"] == f"After {kind}"


async def test_a_throttled_insert_is_the_callers_to_repeat(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    sim.fault("status", status=429, route="*/Deals", method="POST", count=1)
    with pytest.raises(Throttled):
        await crm.insert("Deals", [new_deal(sim, "Throttled")])
    assert named(sim, "Throttled") == []


async def test_a_token_that_dies_before_an_insert_costs_one_refresh_and_no_duplicate(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    sim.expire_tokens()
    result = await crm.insert("Deals", [new_deal(sim, "Slipway")])
    assert (result.errors, result.meta.attempts) == ((), 2)
    assert len(named(sim, "Slipway")) == 1


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_refused_request_is_an_error_in_both_of_its_clothes(
    crm: ZohoClient, sim: SimulatorHandle, *, wrapped: bool
) -> None:
    sim.switch(write_errors_are_wrapped=wrapped)
    try:
        with pytest.raises(InvalidModule):
            await crm.insert("Dealz", [{"Deal_Name": "x"}])
        narrow = sim.control("POST", "/tokens/refresh", {"scope": "ZohoCRM.modules.deals.READ"})
        async with client_of(sim, refresh_token=narrow["refresh_token"]) as reader:
            with pytest.raises((ScopeMissing, NoPermission)):
                await reader.update("Deals", [{"id": ids_of(sim.records())[0], "Next_Step": "x"}])
    finally:
        sim.switch(write_errors_are_wrapped=False)


async def test_a_guard_of_tomorrow_hinders_nothing(crm: ZohoClient, sim: SimulatorHandle) -> None:
    target = ids_of(sim.records())[16]
    tomorrow = stamp(record(sim, target)) + timedelta(days=1)
    result = await crm.update(
        "Deals", [{"id": target, "Next_Step": "Free"}], if_unmodified_since=tomorrow
    )
    assert result.errors == ()


async def test_a_delete_in_a_module_that_is_none_is_refused(crm: ZohoClient) -> None:
    with pytest.raises(RequestRefused):
        await crm.delete("Dealz", ["1"])
