"""Changes of all deals as they arrive, against what was done in the simulator."""

from datetime import UTC, datetime
from typing import Any

import pytest

from support.api import HandClock
from support.simulator import SimulatorHandle
from support.synced import Synced


@pytest.fixture
def clock() -> HandClock:
    return HandClock(datetime.now(UTC))


def recent(product: Synced, **params: object) -> dict[str, Any]:
    answer = product.api.client.get(
        "/api/changes/recent", params={name: str(value) for name, value in params.items()}
    )
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def quick_sync(product: Synced) -> None:
    session: Any = product.sync("incremental")["session"]
    assert session["status"] == "completed"


@pytest.fixture(autouse=True)
def _two_at_the_start(crm: SimulatorHandle) -> None:
    """See to it that two deals are in the first stage before anything is mirrored."""
    first, second = [each["id"] for each in crm.records()][:2]
    crm.edit({first: {"Stage": "Qualification"}, second: {"Stage": "Qualification"}})


def open_deals(product: Synced) -> list[dict[str, Any]]:
    return [each for each in product.crm.records() if each["Stage"] == "Qualification"]


def test_a_first_load_is_no_change(synced: Synced) -> None:
    assert recent(synced) == {"items": [], "before": None, "has_more": False}


def test_an_edit_is_one_entry_with_its_weightiest_field_first(synced: Synced) -> None:
    deal = open_deals(synced)[0]
    synced.crm.advance(5)
    [edited] = synced.crm.edit(
        {
            deal["id"]: {
                "Next_Step": "Call the CFO",
                "Closing_Date": "2031-01-01",
                "Amount": 1234.5,
                "Stage": "Id. Decision Makers",
            }
        }
    )
    quick_sync(synced)

    [entry] = recent(synced)["items"]

    assert entry["kind"] == "changed"
    assert entry["deal"] == {"id": deal["id"], "name": deal["Deal_Name"]}
    assert entry["account"] == deal["Account_Name"]["name"]
    assert entry["side"] == "crm"
    assert entry["by"]["id"] == edited["Modified_By"]["id"]
    assert datetime.fromisoformat(entry["at"]) == datetime.fromisoformat(edited["Modified_Time"])
    by_name = {change["api_name"]: change for change in entry["changes"]}
    assert list(by_name)[:3] == ["Stage", "Amount", "Closing_Date"]
    assert by_name["Stage"]["old"]["choice"]["label"] == "Qualification"
    assert by_name["Stage"]["new"]["choice"]["label"] == "Identify Decision Makers"
    assert by_name["Amount"]["new"] == {
        "kind": "money",
        "amount": "1234.5",
        "currency": deal["Currency"],
    }
    assert by_name["Closing_Date"]["new"] == {"kind": "date", "date": "2031-01-01"}
    assert by_name["Next_Step"]["new"] == {"kind": "text", "text": "Call the CFO"}
    assert "Modified_By" not in by_name
    assert "Last_Activity_Time" not in by_name
    assert list(by_name)[-1] == "Expected_Revenue"  # follows from the others


def test_each_edit_of_a_deal_is_an_entry_and_the_newest_comes_first(synced: Synced) -> None:
    first, second = open_deals(synced)[:2]
    for record, amount in ((first, 10), (second, 20), (first, 30)):
        synced.crm.advance(5)
        synced.crm.edit({record["id"]: {"Amount": amount}})
        quick_sync(synced)

    items = recent(synced)["items"]

    shown = [(item["deal"]["id"], item["changes"][0]["new"]["amount"]) for item in items]
    assert shown == [(first["id"], "30"), (second["id"], "20"), (first["id"], "10")]


def test_creation_deletion_and_restore_are_entries_without_fields(synced: Synced) -> None:
    gone = open_deals(synced)[0]
    [made] = synced.crm.create(
        {
            "Deal_Name": "New",
            "Stage": "Qualification",
            "Pipeline": gone["Pipeline"],
            "Closing_Date": "2031-01-01",
        }
    )
    quick_sync(synced)
    synced.crm.delete(gone["id"])
    quick_sync(synced)
    synced.crm.restore(gone["id"])
    quick_sync(synced)

    items = recent(synced)["items"]

    assert [(item["kind"], item["deal"]["id"], item["changes"]) for item in items] == [
        ("restored", gone["id"], []),
        ("deleted", gone["id"], []),
        ("created", made["id"], []),
    ]


def test_parts_follow_each_other_without_gap_or_overlap(synced: Synced) -> None:
    deals = open_deals(synced)
    for place, deal in enumerate(deals * 3):
        synced.crm.advance(2)
        synced.crm.edit({deal["id"]: {"Amount": 100 + place}})
    quick_sync(synced)
    for place, deal in enumerate(deals):
        synced.crm.advance(2)
        synced.crm.edit({deal["id"]: {"Amount": 500 + place, "Next_Step": str(place)}})
        quick_sync(synced)
    whole = recent(synced, limit=100)
    assert whole["has_more"] is False

    parts: list[Any] = []
    page = recent(synced, limit=2)
    parts += page["items"]
    while page["has_more"]:
        page = recent(synced, limit=2, before=page["before"])
        parts += page["items"]

    assert len(whole["items"]) == 2 * len(deals)
    assert parts == whole["items"]
    ids = [int(item["id"]) for item in parts]
    assert ids == sorted(ids, reverse=True)


def test_a_field_that_is_read_for_the_first_time_is_no_change(synced: Synced) -> None:
    deal = open_deals(synced)[0]
    synced.api.sql(
        "INSERT INTO change_log (module, record_id, kind, field, new_value, changed_at)"
        " VALUES ('Deals', %(id)s, 'learned', 'Partners', '[]', now())",
        id=int(deal["id"]),
    )

    assert recent(synced)["items"] == []


def test_a_place_that_no_row_can_have_is_refused(synced: Synced) -> None:
    answer = synced.api.client.get("/api/changes/recent", params={"before": 2**63})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "query.before"
