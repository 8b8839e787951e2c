"""Somebody else changes the record while an edit is on its way: nothing is written over unseen."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest

from pulse.sync.pushing.guards import read_guards
from support.engine import QUICK

if TYPE_CHECKING:
    from collections.abc import Collection

    from pulse.sync.pushing.context import PushContext
    from pulse.sync.pushing.guards import Guarded
    from support.pushing import Meddler, PushingProduct


@pytest.mark.parametrize("whole_call_fails", [False, True])
def test_a_write_that_a_colleague_overtakes_goes_round_again(
    product: PushingProduct, meddler: type[Meddler], *, whole_call_fails: bool
) -> None:
    product.crm.switch(one_lost_race_fails_the_call=whole_call_fails)
    merged, clashing, quiet = (row["id"] for row in product.crm.records()[:3])
    for record_id in (merged, clashing, quiet):
        product.edit(record_id, {"Next_Step": "Ours", "Description": "Typed here"})
    # In the very moment between the read of the guards and the write.
    meddler.before.append(
        lambda: product.crm.edit(
            {merged: {"Lead_Source": "Web Download"}, clashing: {"Next_Step": "Theirs"}}
        )
    )

    told = product.push()

    assert told.moved_on == (3 if whole_call_fails else 2)
    shown = {
        record_id: (
            product.record(record_id)["Next_Step"],
            product.record(record_id)["Description"],
        )
        for record_id in (merged, clashing, quiet)
    }
    assert shown == {
        merged: ("Ours", "Typed here"),
        clashing: ("Theirs", "Typed here"),
        quiet: ("Ours", "Typed here"),
    }
    assert product.record(merged)["Lead_Source"] == "Web Download"
    assert product.document(merged)["Lead_Source"] == "Web Download"
    assert product.changes("record_id::text", "field", "base_value", "new_value", "crm_value") == [
        (clashing, "Next_Step", _base(product, clashing), "Ours", "Theirs")
    ]
    assert [product.status(each) for each in (merged, clashing, quiet)] == [
        "synced",
        "conflict",
        "synced",
    ]
    assert [len(product.writes(each)) for each in (merged, clashing, quiet)] == [1, 1, 1]
    assert product.differences() == [f"{clashing}: live, yet conflict (None)"]


def _base(product: PushingProduct, record_id: str) -> Any:  # noqa: ANN401 - a value of the CRM
    rows = product.engine.sql(
        "SELECT old_value FROM change_log WHERE record_id = %s AND field = 'Next_Step'"
        " ORDER BY id LIMIT 1",
        int(record_id),
    )
    return rows[0]["old_value"]


def test_an_edit_made_while_its_predecessor_is_on_its_way_follows_it(
    product: PushingProduct, meddler: type[Meddler]
) -> None:
    follows, goes_back, refused = (row["id"] for row in product.crm.records()[:3])
    before = product.record(goes_back)["Next_Step"]
    for record_id in (follows, goes_back, refused):
        product.edit(record_id, {"Next_Step": "First"})
    product.crm.editable(refused, editable=False)

    def edit_again() -> None:
        product.crm.editable(refused, editable=True)
        product.edit(follows, {"Next_Step": "Second"})
        product.edit(goes_back, {"Next_Step": before})
        product.edit(refused, {"Next_Step": "Second"})

    meddler.after.append(edit_again)

    product.push()

    assert product.writes(follows) == [{"Next_Step": "First"}, {"Next_Step": "Second"}]
    assert product.writes(goes_back) == [{"Next_Step": "First"}, {"Next_Step": before}]
    # What the CRM refused was folded into the newer edit, which stands on the older base.
    assert product.writes(refused) == [{"Next_Step": "Second"}]
    assert product.changes() == []
    assert [row[2] for row in product.log(follows)] == ["First", "Second"]
    assert product.differences() == []


def test_what_automation_changes_beside_our_write_arrives_as_the_crms_change(
    product: PushingProduct,
) -> None:
    product.crm.switch(automation_touches_field="Description")
    ran, silent = (row["id"] for row in product.crm.records()[:2])
    product.edit(ran, {"Next_Step": "Ours"})
    product.push()
    product.set(push__run_automation=False)
    product.edit(silent, {"Next_Step": "Ours"})
    product.push()

    product.engine.completed(QUICK)
    by_workflow = product.record(ran)["Description"]
    assert by_workflow.startswith("Workflow run")
    assert [row[:4] for row in product.log(ran)] == [
        ("updated", "Next_Step", "Ours", "local"),
        ("updated", "Description", by_workflow, "crm"),
    ]
    assert [row[1] for row in product.log(silent)] == ["Next_Step"]
    assert product.differences() == []


def test_a_read_that_shows_our_write_under_a_colleagues_name_is_told_right_in_the_end(
    product: PushingProduct, meddler: type[Meddler]
) -> None:
    record_id = product.crm.records()[0]["id"]
    product.edit(record_id, {"Next_Step": "Ours"})

    def read_before_the_answer() -> None:
        product.crm.edit({record_id: {"Description": "Theirs"}})
        product.engine.completed(QUICK)

    meddler.after.append(read_before_the_answer)

    product.push()

    assert sorted(row[1:4] for row in product.log(record_id)) == [
        ("Description", "Theirs", "crm"),
        ("Next_Step", "Ours", "local"),
    ]
    assert product.differences() == []


def test_an_edit_made_during_the_guard_read_is_not_written_unseen_while_pulls_pause(
    product: PushingProduct, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_id = product.crm.records()[0]["id"]
    product.set(sync__mode="local_to_crm")
    product.edit(record_id, {"Description": "Ours"})
    product.crm.edit({record_id: {"Next_Step": "Theirs"}})
    product.crm.advance(2)
    waiting = [lambda: product.edit(record_id, {"Next_Step": "Ours"})]

    async def reading(context: PushContext, record_ids: Collection[int]) -> Guarded:
        if waiting:
            await asyncio.to_thread(waiting.pop())
        return await read_guards(context, record_ids)

    monkeypatch.setattr("pulse.sync.push.read_guards", reading)

    product.push()

    assert product.writes(record_id) == [{"Description": "Ours"}]
    assert product.record(record_id)["Next_Step"] == "Theirs"
    assert product.changes("field", "state", "crm_value") == [("Next_Step", "conflict", "Theirs")]
