"""The history of one deal, over a mirror of a running simulator."""

import asyncio
from datetime import datetime

import pytest

from pulse.bootstrap_connection import refresh_connection
from support.deal_page import DealPage, told
from support.synced import Synced


@pytest.fixture
def page(synced: Synced) -> DealPage:
    return DealPage.of_new_deal(synced)


def money(amount: str, currency: str | None = None) -> dict[str, object]:
    return {"kind": "money", "amount": amount, "currency": currency}


def text(words: str) -> dict[str, object]:
    return {"kind": "text", "text": words}


def choice(value: str, label: str | None = None) -> dict[str, object]:
    return {"kind": "choice", "choice": {"value": value, "label": label or value}}


def kinds(page: DealPage, kind: str) -> list[str]:
    return [entry["kind"] for entry in page.entries(kind)]


def test_an_edit_of_several_fields_is_one_entry_with_its_author_and_named_values(
    page: DealPage,
) -> None:
    user = page.colleague()
    page.edit(Amount=1280000, Currency="SGD", Next_Step="Send revised terms")
    page.pull()
    page.product.crm.advance(60)
    page.edit(by=user["id"], Amount=1310000.5, Next_Step="Waiting", Stage="Id. Decision Makers")
    stamp = page.stamp()
    page.pull()

    entry = page.entries()[0]

    assert (entry["kind"], entry["side"], entry["by"]) == ("changed", "crm", user)
    assert datetime.fromisoformat(entry["at"]) == stamp
    changes = {label: (old, new) for label, old, new in told(entry)}
    assert changes["Amount"] == (money("1280000", "SGD"), money("1310000.5", "SGD"))
    assert changes["Next Step"] == (text("Send revised terms"), text("Waiting"))
    assert changes["Stage"] == (
        choice("Qualification"),
        choice("Id. Decision Makers", "Identify Decision Makers"),
    )
    assert "Modified By" not in changes


def test_a_new_owner_is_told_by_name_on_both_sides(page: DealPage) -> None:
    first, second = page.colleague(2), page.colleague(3)
    page.edit(Owner={"id": first["id"]})
    page.pull()
    page.edit(Owner={"id": second["id"]})
    page.pull()

    [change] = [each for each in page.entries()[0]["changes"] if each["api_name"] == "Owner"]

    assert change["label"] == "Owner"
    assert (change["old"]["record"], change["new"]["record"]) == (first, second)


def test_two_edits_of_one_second_by_two_people_are_two_entries(page: DealPage) -> None:
    first, second = page.colleague(2), page.colleague(3)
    page.product.crm.freeze()
    page.edit(by=first["id"], Next_Step="One")
    page.product.api.client.post(f"/api/records/{page.deal_id}/sync")
    page.edit(by=second["id"], Next_Step="Two")
    page.product.api.client.post(f"/api/records/{page.deal_id}/sync")

    newest, older = page.entries()[:2]

    assert newest["at"] == older["at"]
    assert (newest["by"], older["by"]) == (second, first)
    assert ("Next Step", text("One"), text("Two")) in told(newest)
    assert ("Next Step", None, text("One")) in told(older)


def test_edits_of_one_second_by_one_person_that_two_reads_saw_are_one_entry(
    page: DealPage,
) -> None:
    page.product.crm.freeze()
    page.edit(Next_Step="One")
    page.product.api.client.post(f"/api/records/{page.deal_id}/sync")
    page.edit(Next_Step="Two")
    page.product.api.client.post(f"/api/records/{page.deal_id}/sync")

    entry = page.entries()[0]

    steps = [
        (each["old"], each["new"]) for each in entry["changes"] if each["label"] == "Next Step"
    ]
    assert steps == [(None, text("One")), (text("One"), text("Two"))]
    assert [each["sync"]["session_id"] for each in page.entries("sync")[:2]] == [None, None]


def test_creation_is_the_oldest_entry_and_names_its_author(page: DealPage) -> None:
    history = page.timeline(kind="changes")

    assert [entry["kind"] for entry in history["items"]] == ["created"]
    assert history["items"][0]["at"] == history["created_at"]
    assert history["items"][0]["by"] == history["created_by"]
    assert history["created_by"]["name"]
    assert (history["has_more"], history["before"]) == (False, None)


def test_a_deal_that_was_there_before_us_begins_with_our_first_reading(synced: Synced) -> None:
    deal = next(
        each for each in synced.crm.records() if each["Modified_Time"] != each["Created_Time"]
    )
    history = DealPage(synced, deal["id"]).timeline(kind="changes")

    [entry] = history["items"]
    assert (entry["kind"], entry["changes"]) == ("first_read", [])
    assert entry["by"] == {name: deal["Modified_By"][name] for name in ("id", "name")}
    assert datetime.fromisoformat(entry["at"]) == datetime.fromisoformat(deal["Modified_Time"])
    assert history["created_by"] == {name: deal["Created_By"][name] for name in ("id", "name")}


def test_a_deletion_and_a_restore_stand_with_who_and_when(page: DealPage) -> None:
    user = page.colleague()
    page.product.crm.advance(60)
    page.act("delete", by=user["id"])
    page.pull()
    [grave] = [each for each in page.product.crm.deleted() if each["id"] == page.deal_id]
    page.product.crm.advance(60)
    page.act("restore", by=user["id"])
    page.pull()

    entries = {entry["kind"]: entry for entry in page.entries()}

    assert entries["deleted"]["by"] == user
    assert datetime.fromisoformat(entries["deleted"]["at"]) == datetime.fromisoformat(
        grave["deleted_time"]
    )
    assert "restored" in entries
    assert page.read()["sync"]["presence"] == "live"


def test_a_change_of_a_field_that_was_renamed_later_stands_under_its_present_name(
    page: DealPage,
) -> None:
    page.edit(Seats=12)
    page.pull()
    page.product.crm.control("POST", "/modules/Deals/fields/Seats/rename", {"api_name": "Chairs"})
    asyncio.run(refresh_connection(page.product.settings))
    page.product.crm.control(
        "POST",
        "/modules/Deals/fields",
        {"api_name": "Seats", "label": "Seats again", "data_type": "text"},
    )
    asyncio.run(refresh_connection(page.product.settings))

    [change] = [
        each
        for entry in page.entries()
        for each in entry["changes"]
        if each["new"] == {"kind": "number", "number": "12"}
    ]

    assert (change["api_name"], change["label"], change["is_removed"]) == (
        "Chairs",
        "Seats",
        False,
    )


def test_a_change_of_a_field_that_is_gone_is_still_told(page: DealPage) -> None:
    page.edit(Seats=12)
    page.pull()
    page.product.crm.control("DELETE", "/modules/Deals/fields/Seats")
    asyncio.run(refresh_connection(page.product.settings))

    [change] = [
        each for entry in page.entries() for each in entry["changes"] if each["api_name"] == "Seats"
    ]

    assert (change["label"], change["is_removed"]) == ("Seats", True)
    assert change["new"] == {"kind": "number", "number": "12"}


def test_sync_tells_which_run_brought_how_many_fields(page: DealPage) -> None:
    page.edit(Next_Step="Legal review", Seats=3)
    page.product.crm.advance(5)
    ended = page.product.sync("incremental")

    newest = next(entry for entry in page.entries("sync") if entry["kind"] == "sync")

    assert newest["sync"] == {
        "session_id": ended["session"]["id"],  # type: ignore[index] # an answer's JSON
        "sync_type": "incremental",
        "requested_by": ended["session"]["requested_by"],  # type: ignore[index] # as above
        "changed_fields": 2,
    }
    assert (newest["changes"], newest["side"], newest["by"]) == ([], None, None)


def test_changes_and_sync_together_are_all_of_it(page: DealPage) -> None:
    page.edit(Next_Step="Legal review")
    page.pull()

    everything = [entry["id"] for entry in page.entries("all")]
    changes = [entry["id"] for entry in page.entries("changes")]
    syncs = [entry["id"] for entry in page.entries("sync")]

    assert sorted(everything) == sorted(changes + syncs)
    assert set(kinds(page, "changes")) == {"changed", "created"}
    assert set(kinds(page, "sync")) <= {"sync", "learned"}


def test_parts_follow_each_other_without_gap_or_repeat_while_changes_arrive(
    page: DealPage,
) -> None:
    for step in ("One", "Two", "Three"):
        page.product.crm.advance(60)
        page.edit(Next_Step=step)
        page.pull()
    whole = [entry["id"] for entry in page.entries("changes")]

    first = page.timeline(kind="changes", limit=2)
    page.product.crm.advance(60)
    page.edit(Next_Step="Four")
    page.pull()
    seen = [entry["id"] for entry in first["items"]]
    part = first
    while part["has_more"]:
        part = page.timeline(kind="changes", limit=2, before=part["before"])
        seen += [entry["id"] for entry in part["items"]]

    assert seen == whole
    assert len(whole) == 4
    assert part["before"] is None


@pytest.mark.parametrize(
    "before", ["", "yesterday", "2026-03-02T09:30:00_0_1", "2026-03-02T09:30:00Z_9_1"]
)
def test_a_place_that_no_answer_gave_is_refused_and_named(page: DealPage, before: str) -> None:
    answer = page.product.api.client.get(
        f"/api/deals/{page.deal_id}/timeline", params={"before": before}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable_place")
    assert answer.json()["field"] == "before"
