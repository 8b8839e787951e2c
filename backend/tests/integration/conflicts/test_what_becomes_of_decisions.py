"""Decisions about conflicts afterwards: taken back, refused by the CRM; and what a page costs."""

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import event

from pulse.bootstrap_push import push_changes
from support.clashes import CONFLICTS, MEI, Clashes
from support.synced import Synced


@pytest.fixture
def clashes(synced: Synced) -> Clashes:
    return Clashes(synced)


def test_a_decision_for_the_crm_is_taken_back_with_base_author_and_age(clashes: Clashes) -> None:
    deal = clashes.new_deal(Next_Step="Agreed", Amount=1280000)
    clashes.between(deal, {"Next_Step": "Ours"}, {"Next_Step": "Theirs"})
    before = clashes.one(deal)
    clashes.resolve(deal, action="use_crm")

    back = clashes.undo(deal)

    assert (back["message"], back["new_status"]) == (
        "Next Step is in conflict again.",
        "conflict",
    )
    [field], [was] = clashes.one(deal)["fields"], before["fields"]
    told = ("base", "local_value", "crm_value", "local_modified_by", "is_base_known", "agreed_at")
    assert [field[name] for name in told] == [was[name] for name in told]
    assert field["local_modified_by"] == MEI.name
    assert datetime.fromisoformat(field["local_modified_at"]) == datetime.fromisoformat(
        was["local_modified_at"]
    )
    # An edit that is back was not given up, and is not told twice.
    assert clashes.dropped(deal) == []
    assert [action for action, _, _ in clashes.audited()] == [
        "conflict.resolved",
        "conflict.undone",
    ]
    assert clashes.undo(deal, 409)["code"] == "cannot_be_undone"

    # Only the last decision, by whoever made it, and over no newer edit.
    clashes.resolve(deal, action="use_crm")
    clashes.edit_here(deal, {"Next_Step": "Newer"})
    refused = clashes.undo(deal, 409)
    assert (refused["code"], refused["field"]) == ("edited_since", "Next_Step")
    assert clashes.waiting(deal) == [("Next_Step", "Newer", "queued")]
    assert len(clashes.dropped(deal)) == 1


def test_what_goes_to_the_crm_is_not_taken_back(clashes: Clashes) -> None:
    deal = clashes.new_deal(Next_Step="Agreed")
    clashes.between(deal, {"Next_Step": "Ours"}, {"Next_Step": "Theirs"})
    assert clashes.undo(deal, 409)["code"] == "cannot_be_undone"
    clashes.resolve(deal, action="use_local")

    assert clashes.undo(deal, 409)["code"] == "cannot_be_undone"
    assert clashes.waiting(deal) == [("Next_Step", "Ours", "queued")]


def test_a_resolution_that_the_crm_refuses_comes_back_with_its_words(clashes: Clashes) -> None:
    deal = clashes.new_deal(Next_Step="Agreed")
    clashes.between(deal, {"Next_Step": "Ours"}, {"Next_Step": "Theirs"})
    clashes.product.crm.lock(deal.deal_id)

    assert clashes.resolve(deal, action="use_local")["new_status"] == "pending"
    asyncio.run(push_changes(clashes.product.settings, "Deals"))

    [field] = clashes.one(deal)["fields"]
    assert (field["error_code"], field["error_message"]) == (
        "RECORD_LOCKED",
        "Sorry, you cannot perform this operation as the record is locked.",
    )
    assert clashes.waiting(deal) == [("Next_Step", "Ours", "conflict")]

    clashes.product.crm.lock(deal.deal_id, locked=False)
    clashes.resolve(deal, action="use_local")
    asyncio.run(push_changes(clashes.product.settings, "Deals"))

    assert clashes.product.api.client.get(f"{CONFLICTS}/{deal.deal_id}").status_code == 404
    [row] = [each for each in clashes.product.crm.records() if each["id"] == deal.deal_id]
    assert row["Next_Step"] == "Ours"


def test_a_page_takes_as_many_queries_for_many_conflicts_as_for_one(clashes: Clashes) -> None:
    said: list[str] = []

    def note(*call: object) -> None:
        said.append(str(call[2]))

    def queries_for(count: int) -> int:
        said.clear()
        assert clashes.listed()["count"] == count
        return len(said)

    deals = [clashes.new_deal(Next_Step="Agreed", Amount=1000) for _ in range(3)]
    first, *others = deals
    clashes.between(first, {"Next_Step": "Ours"}, {"Next_Step": "Theirs", "Description": "A"})
    clashes.listed()
    engine = clashes.product.api.app.state.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        for_one = queries_for(1)
        for deal in others:
            clashes.edit_here(deal, {"Next_Step": "Ours", "Amount": 2000})
            deal.edit(Next_Step="Theirs", Amount=3000, Description="B")
        first.pull()
        for_many = queries_for(3)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert for_one == for_many > 0
    status = clashes.product.api.client.get("/api/live-sync/status/current").json()
    assert status["conflicts"] == 3
