"""Timelines of the simulator as the client reads them: who changed a field last, was it us."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from support.crm_simulator import ids_of
from zoho_crm import AnswerLost, api_changes, last_change

if TYPE_CHECKING:
    from support.simulator import SimulatorHandle
    from zoho_crm import ZohoClient

pytestmark = pytest.mark.anyio


def version(sim: SimulatorHandle, identity: str) -> datetime:
    row = next(row for row in sim.records() if row["id"] == identity)
    return datetime.fromisoformat(row["Modified_Time"])


async def other_option(crm: ZohoClient, identity: str) -> str:
    """Return an option of Type that the deal does not have."""
    (field,) = [one for one in await crm.metadata.fields("Deals") if one.api_name == "Type"]
    now = (await crm.get_record("Deals", identity) or {})["Type"]
    return next(
        one.actual_value
        for one in field.pick_list_values
        if one.actual_value not in {now, "-None-"}
    )


@pytest.mark.parametrize(("kind", "arrived"), [("lost_answer", True), ("drop", False)])
async def test_a_lost_write_is_found_or_known_to_be_missing(
    crm: ZohoClient, sim: SimulatorHandle, kind: str, *, arrived: bool
) -> None:
    target = ids_of(sim.records())[2 if arrived else 3]
    (me,) = (await crm.metadata.users("CurrentUser")).users
    guard = version(sim, target)
    sim.advance(5)
    sim.fault(kind, route="*/Deals", method="PUT", count=1)
    row = {"id": target, "Next_Step": "Sign the lease"}
    with pytest.raises(AnswerLost) as caught:
        await crm.update("Deals", [row], if_unmodified_since=guard)
    lost = caught.value
    assert (lost.rows, lost.if_unmodified_since, lost.module) == ((row,), guard, "Deals")
    events = await crm.timeline_since("Deals", target, guard)
    found = api_changes(events, me.id, ["Next_Step"])
    assert [change.new for event in found for change in event.changes] == (
        ["Sign the lease"] if arrived else []
    )


async def test_the_last_change_of_a_field_is_found_beside_changes_of_others(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    target = ids_of(sim.records())[5]
    guard = version(sim, target)
    sim.advance(5)
    sim.edit({target: {"Next_Step": "Theirs"}})
    theirs_at = version(sim, target)
    sim.advance(5)
    await crm.update("Deals", [{"id": target, "Description": "Ours"}])
    sim.advance(5)
    await crm.mass_update.by_ids("Deals", [target], {"Type": await other_option(crm, target)})
    (me,) = (await crm.metadata.users("CurrentUser")).users
    events = await crm.timeline_since("Deals", target, guard)
    theirs, ours = last_change(events, "Next_Step"), last_change(events, "Description")
    in_bulk = last_change(events, "Type")
    assert in_bulk is not None
    assert (in_bulk.is_by_api, in_bulk.source) == (True, "mass_update")
    assert theirs is not None
    assert ours is not None
    assert (theirs.is_by_api, theirs.audited_time) == (False, theirs_at)
    assert (ours.is_by_api, ours.done_by_id, ours.done_by_name) == (True, me.id, me.full_name)
    assert theirs.done_by_id != me.id
    assert [event.audited_time for event in events] == sorted(
        (event.audited_time for event in events), reverse=True
    )
