"""Conflicts over a mirror of a running simulator: the queue, and what people decide."""

from datetime import datetime
from decimal import Decimal

import pytest

from support.clashes import CONFLICTS, Clashes
from support.synced import Synced


@pytest.fixture
def clashes(synced: Synced) -> Clashes:
    return Clashes(synced)


def money(amount: str) -> dict[str, object]:
    return {"kind": "money", "amount": amount, "currency": "SGD"}


def text(words: str) -> dict[str, object]:
    return {"kind": "text", "text": words}


def test_a_conflict_is_listed_with_both_values_times_and_people(clashes: Clashes) -> None:
    deal = clashes.new_deal(Amount=1280000, Currency="SGD", Next_Step="Send revised terms")
    agreed_at = deal.stamp()
    clashes.between(
        deal,
        {"Amount": Decimal(1350000), "Next_Step": "Legal review", "Probability": 30},
        {"Amount": 1310000, "Next_Step": "Board date", "Description": "Their words"},
    )
    person = deal.colleague()

    page = clashes.listed()

    assert (page["count"], page["field_count"], page["skipped_count"]) == (1, 2, 0)
    assert (page["limit"], page["offset"], page["has_more"]) == (50, 0, False)
    [item] = page["items"]
    assert (item["id"], item["zoho_record_id"]) == (deal.deal_id, deal.deal_id)
    assert item["record_name"] == deal.read()["name"]
    assert (item["is_record_gone"], item["is_skipped"]) == (False, False)
    # Edits lie over what the mirror holds, in conflict or not.
    assert (Decimal(item["value"]), item["currency"]) == (Decimal(1350000), "SGD")
    amount, step = item["fields"]
    assert amount["field"] == "Amount"
    assert (amount["label"], amount["data_type"], amount["is_custom"]) == (
        "Amount",
        "currency",
        False,
    )
    assert (amount["base"], amount["local_value"], amount["crm_value"]) == (
        money("1280000"),
        money("1350000"),
        money("1310000"),
    )
    assert (amount["local_modified_by"], amount["crm_modified_by"]) == ("Mei Tan", person["name"])
    assert datetime.fromisoformat(amount["crm_modified_at"]) == deal.stamp()
    assert datetime.fromisoformat(amount["agreed_at"]) == agreed_at
    assert (step["base"], step["local_value"], step["crm_value"]) == (
        text("Send revised terms"),
        text("Legal review"),
        text("Board date"),
    )
    assert [(each["field"], each["side"], each["value"]) for each in item["merged"]] == [
        ("Description", "crm", {"kind": "paragraph", "text": "Their words"})
    ]
    assert clashes.one(deal) == item


def test_filters_and_pages_choose_among_conflicts(clashes: Clashes) -> None:
    first, second = clashes.new_deal(), clashes.new_deal()
    owner = first.colleague(3)
    second.edit(Owner={"id": owner["id"]})
    second.pull()
    clashes.between(first, {"Next_Step": "Ours"}, {"Next_Step": "Theirs"})
    clashes.between(second, {"Description": "Ours"}, {"Description": "Theirs"})

    def ids(**params: object) -> list[str]:
        return [item["id"] for item in clashes.listed(**params)["items"]]

    assert ids() == [second.deal_id, first.deal_id]
    assert ids(limit=1, offset=1) == [first.deal_id]
    assert clashes.listed(limit=1)["has_more"] is True
    assert ids(field="Next_Step") == [first.deal_id]
    assert ids(owner=owner["id"]) == [second.deal_id]
    assert ids(field="Next_Step", owner=owner["id"]) == []
    assert ids(skipped=True) == []
    clashes.resolve(first, action="skip")
    assert (ids(), ids(skipped=True)) == ([second.deal_id], [first.deal_id])
    assert clashes.listed()["skipped_count"] == 1
    clashes.resolve(first, action="unskip")
    assert ids() == [second.deal_id, first.deal_id]
    assert [action for action, *_ in clashes.audited()] == [
        "conflict.skipped",
        "conflict.unskipped",
    ]


def test_a_merge_takes_a_decision_for_every_field(clashes: Clashes) -> None:
    deal = clashes.new_deal(Amount=100, Next_Step="Agreed", Description="Agreed")
    clashes.between(
        deal,
        {"Amount": Decimal(200), "Next_Step": "Ours", "Description": "Ours"},
        {"Amount": 300, "Next_Step": "Theirs", "Description": "Theirs"},
    )
    version = clashes.one(deal)["version"]
    local, crm = {"use": "local"}, {"use": "crm"}

    left = clashes.resolve(deal, 400, action="merge", fields={"Amount": local})
    assert (left["code"], left["fields"]) == ("undecided_fields", "Description, Next_Step")
    listed = clashes.resolve(deal, 400, action="merge", fields=["Amount"])
    assert listed["code"] == "invalid_fields"
    wrong = clashes.resolve(
        deal,
        400,
        action="merge",
        fields={"Amount": {"value": "much"}, "Description": crm, "Next_Step": local},
    )
    assert wrong["code"] == "invalid_fields"
    assert [each["field"] for each in wrong["errors"]] == ["Amount"]
    unknown = clashes.resolve(deal, 404, action="merge", fields={"Stage": crm})
    assert (unknown["code"], unknown["field"]) == ("conflict_not_found", "Stage")
    assert clashes.one(deal)["version"] == version

    done = clashes.resolve(
        deal,
        action="merge",
        fields={"Amount": local, "Description": crm, "Next_Step": {"value": "Both"}},
        version=version,
    )

    assert (done["conflict_id"], done["new_status"]) == (deal.deal_id, "pending")
    assert done["message"] == "Amount, Description and Next Step: decided field by field."
    assert done["resolved_at"] == "2026-03-02T09:30:00Z"
    assert clashes.waiting(deal) == [("Amount", 200, "queued"), ("Next_Step", "Both", "queued")]
    assert clashes.audited() == [
        (
            "conflict.resolved",
            deal.deal_id,
            {"Amount": "use_local", "Description": "use_crm", "Next_Step": {"value": "Both"}},
        )
    ]
    gone = clashes.resolve(deal, 404, action="use_crm")
    assert gone["code"] == "conflict_not_found"


def test_a_decision_about_values_that_are_not_there_any_more_is_refused(clashes: Clashes) -> None:
    deal = clashes.new_deal(Next_Step="Agreed")
    clashes.between(deal, {"Next_Step": "Ours"}, {"Next_Step": "Theirs"})
    seen = clashes.one(deal)["version"]
    deal.edit(Next_Step="Theirs again")
    deal.pull()

    late = clashes.resolve(deal, 409, action="use_local", version=seen)
    assert late["code"] == "conflict_moved_on"
    many = clashes.resolve_all(
        action="use_local", ids=[deal.deal_id], versions={deal.deal_id: seen}
    )

    assert [each["code"] for each in many["results"]] == ["conflict_moved_on"]
    assert clashes.waiting(deal) == [("Next_Step", "Ours", "conflict")]


def test_a_selection_is_settled_record_by_record(clashes: Clashes) -> None:
    deals = [clashes.new_deal(Next_Step="Agreed") for _ in range(3)]
    for deal in deals:
        clashes.between(deal, {"Next_Step": "Ours"}, {"Next_Step": "Theirs"})
    first, second, third = deals

    some = clashes.resolve_all(action="use_crm", ids=[first.deal_id, "999"])

    assert (some["resolved"], some["failed"], some["remaining"]) == (1, 1, 0)
    assert some["message"] == "1 conflict was resolved. 1 could not be and stays open."
    by_id = {each["id"]: (each["code"], each["new_status"]) for each in some["results"]}
    assert by_id == {first.deal_id: (None, "synced"), "999": ("record_not_found", None)}
    assert clashes.waiting(first) == []

    rest = clashes.resolve_all(action="use_local", filter={"field": "Next_Step"})

    assert (rest["resolved"], rest["message"]) == (2, "2 conflicts were resolved.")
    for deal in (second, third):
        assert clashes.waiting(deal) == [("Next_Step", "Ours", "queued")]
    assert {subject for _, subject, _ in clashes.audited()} == {deal.deal_id for deal in deals}
    neither = clashes.resolve_all(400, action="skip")
    both = clashes.resolve_all(400, action="skip", ids=["1"], filter={})
    assert [neither["code"], both["code"]] == ["no_selection", "no_selection"]


def test_a_deal_deleted_in_the_crm_is_dropped_or_restored(clashes: Clashes) -> None:
    dropped, restored = clashes.new_deal(Next_Step="Agreed"), clashes.new_deal(Next_Step="Agreed")
    for deal in (dropped, restored):
        clashes.edit_here(deal, {"Next_Step": "Ours"})
        deal.act("delete", by=deal.colleague()["id"])
    dropped.pull()

    [field] = clashes.one(dropped)["fields"]
    assert clashes.one(dropped)["is_record_gone"] is True
    assert (field["local_value"], field["crm_value"]) == (text("Ours"), None)
    assert field["crm_modified_by"] == dropped.colleague()["name"]

    assert clashes.resolve(dropped, action="use_crm")["message"] == (
        "Next Step: the edits of the deleted record are dropped."
    )
    done = clashes.resolve(restored, action="use_local")

    assert done["message"] == "The record is restored in the CRM with Next Step."
    assert done["new_status"] == "pending"
    assert clashes.waiting(dropped) == []
    assert clashes.waiting(restored) == [("Next_Step", "Ours", "queued")]


def test_while_nothing_may_be_written_only_the_crm_can_win(clashes: Clashes) -> None:
    deal = clashes.new_deal(Next_Step="Agreed")
    clashes.between(deal, {"Next_Step": "Ours"}, {"Next_Step": "Theirs"})
    clashes.product.api.client.put(
        "/api/settings", json={"changes": {"sync.mode": "crm_to_local"}}
    ).raise_for_status()

    refused = clashes.resolve(deal, 409, action="use_local")

    assert refused["code"] == "crm_is_read_only"
    assert clashes.resolve(deal, action="use_crm")["new_status"] == "synced"
    assert clashes.product.api.client.get(f"{CONFLICTS}/{deal.deal_id}").status_code == 404
