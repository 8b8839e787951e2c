"""Mass updates against the simulator: outcomes by id, jobs over a view, lost answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.crm_simulator import ids_of
from zoho_crm import (
    AlreadyScheduled,
    AnswerLost,
    MassUpdateState,
    NotFound,
    RecordWritten,
    Refusal,
    RequestRefused,
)

if TYPE_CHECKING:
    from support.simulator import SimulatorHandle
    from zoho_crm import ZohoClient

pytestmark = pytest.mark.anyio

UNKNOWN = "9999999999999999999"


def next_steps(sim: SimulatorHandle, ids: list[str]) -> list[object]:
    by_id = {str(row["id"]): row for row in sim.records()}
    return [by_id[identity]["Next_Step"] for identity in ids]


async def test_each_id_has_its_outcome_in_order(crm: ZohoClient, sim: SimulatorHandle) -> None:
    one, two = ids_of(sim.records())[:2]
    result = await crm.mass_update.by_ids("Deals", [two, UNKNOWN, one], {"Next_Step": "Call"})
    first, refused, last = result.rows
    assert isinstance(first, RecordWritten)
    assert isinstance(last, RecordWritten)
    assert (first.id, last.id) == (two, one)
    assert refused in result.errors
    assert (result.errors[0].id, result.errors[0].refusal) == (UNKNOWN, Refusal.GONE)
    assert next_steps(sim, [one, two]) == ["Call", "Call"]


@pytest.mark.parametrize(("rows_per_credit", "charged"), [(0, 1), (10, 3)])
async def test_a_mass_update_never_costs_more_than_was_set_aside(
    crm: ZohoClient, sim: SimulatorHandle, rows_per_credit: int, charged: int
) -> None:
    ids = ids_of(sim.records())[:25]
    sim.switch(mass_update_rows_per_credit=rows_per_credit)
    try:
        before = sim.state()["credits"]["used"]
        result = await crm.mass_update.by_ids("Deals", ids, {"Next_Step": f"{rows_per_credit}"})
        spent = sim.state()["credits"]["used"] - before
    finally:
        sim.switch(mass_update_rows_per_credit=0)
    assert (spent, result.meta.credits) == (charged, 3)


async def test_a_record_that_may_not_be_written_says_why(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    free, locked, owned = sim.records()[3:6]
    (layout,) = await crm.metadata.layouts("Deals")
    pipelines = await crm.metadata.pipelines(layout.id)
    (pipeline,) = [one for one in pipelines if one.actual_value == owned["Pipeline"]]
    elsewhere = next(one for one in pipeline.stages if one.actual_value != owned["Stage"])
    sim.lock(locked["id"])
    sim.blueprint(owned["id"])
    try:
        rows = [
            {"id": free["id"], "Next_Step": "x"},
            {"id": locked["id"], "Next_Step": "x"},
            {"id": owned["id"], "Stage": elsewhere.actual_value},
        ]
        mixed = await crm.update("Deals", rows)
        (alone,) = (await crm.update("Deals", rows[1:2])).errors
    finally:
        sim.lock(locked["id"], locked=False)
        sim.blueprint(owned["id"], inside=False)
    written, *refused = mixed.rows
    assert isinstance(written, RecordWritten)
    (me,) = (await crm.metadata.users("CurrentUser")).users
    assert (written.modified_by_id, written.modified_by_name) == (me.id, me.full_name)
    assert [error.refusal for error in mixed.errors] == [Refusal.LOCKED, Refusal.IN_BLUEPRINT]
    assert refused == list(mixed.errors)
    assert [error.row_index for error in mixed.errors] == [1, 2]
    assert alone.refusal is Refusal.LOCKED


async def test_a_custom_view_is_updated_by_a_job(crm: ZohoClient, sim: SimulatorHandle) -> None:
    ids = ids_of(sim.records())[10:20]
    view_id = sim.view("Ten harbours", ids=ids)
    (view,) = [view for view in await crm.mass_update.custom_views("Deals") if view.id == view_id]
    assert (view.name, view.is_system_defined) == ("Ten harbours", False)
    sim.switch(bulk_job_polls=2)
    try:
        job_id = await crm.mass_update.by_view(
            "Deals", view.id, {"Next_Step": "By view"}, records=len(ids)
        )
        with pytest.raises(AlreadyScheduled):
            await crm.mass_update.by_view("Deals", view.id, {"Next_Step": "Late"}, records=10)
        seen = [await crm.mass_update.status("Deals", job_id)]
        while not seen[-1].state.is_final:
            seen.append(await crm.mass_update.status("Deals", job_id))
    finally:
        sim.switch(bulk_job_polls=0)
    assert [one.state for one in seen] == [MassUpdateState.RUNNING, MassUpdateState.COMPLETED]
    assert (seen[-1].total, seen[-1].updated, seen[-1].failed) == (10, 10, 0)
    assert next_steps(sim, ids) == ["By view"] * 10


async def test_a_mass_update_whose_answer_is_lost_happened_once(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    (target,) = ids_of(sim.records())[21:22]
    sim.fault("lost_answer", route="*/mass_update", method="POST")
    with pytest.raises(AnswerLost) as caught:
        await crm.mass_update.by_ids("Deals", [target], {"Next_Step": "Once"})
    assert caught.value.rows == ({"id": target, "Next_Step": "Once"},)
    assert next_steps(sim, [target]) == ["Once"]
    written = sim.writes(record_id=target)["writes"]
    assert [write["fields"]["Next_Step"]["new"] for write in written].count("Once") == 1


@pytest.mark.parametrize("wrapped", [False, True])
async def test_a_refused_mass_update_is_an_error_in_both_of_its_clothes(
    crm: ZohoClient, sim: SimulatorHandle, *, wrapped: bool
) -> None:
    one, two = ids_of(sim.records())[:2]
    sim.switch(mass_update_errors_are_wrapped=wrapped)
    try:
        with pytest.raises(RequestRefused):
            await crm.mass_update.by_ids("Deals", [one, two], {"Nobody_Knows": "x"})
        with pytest.raises(RequestRefused):
            await crm.mass_update.by_view("Deals", UNKNOWN, {"Next_Step": "x"}, records=1)
        with pytest.raises(NotFound):
            await crm.mass_update.status("Deals", UNKNOWN)
    finally:
        sim.switch(mass_update_errors_are_wrapped=True)
