"""Our own fields are made in the CRM and told apart from others; refusals name field and fix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from support.owned import OwningProduct

LIMIT_FIX = (
    "The edition's number of custom fields is used up: delete one in the CRM, or take a larger"
    " edition."
)
OURS = ["Health_Score", "Last_PP_Sync", "O2R_Phase", "PP_Sync_Status"]


def told(answer: dict[str, Any], *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(line[key] for key in keys) for line in answer["fields"]]


def custom_fields_made(owning: OwningProduct) -> list[Any]:
    rows = owning.engine.sql("SELECT name FROM audit_log WHERE action = 'custom_field.created'")
    return sorted(row["name"] for row in rows)


def test_what_the_edition_has_no_room_for_is_told_field_by_field_and_made_once_there_is(
    owning: OwningProduct,
) -> None:
    owning.crm.limits(edition="standard")

    refused = owning.create_fields()

    assert (refused["created"], refused["failed"]) == (0, 4)
    assert told(refused, "label", "status", "code", "message", "fix") == [
        (label, "failed", "LIMIT_EXCEEDED", "limit exceeded", LIMIT_FIX)
        for label in ("O2R Phase", "Health Score", "Last PP Sync", "PP Sync Status")
    ]
    assert len(owning.validate()["missing"]) == 4
    assert custom_fields_made(owning) == []

    owning.crm.limits(edition="enterprise")
    assert sorted(told(owning.create_fields(), "api_name", "status")) == [
        (name, "created") for name in OURS
    ]
    assert owning.validate()["validation_passed"] is True


def test_a_word_that_the_crm_keeps_for_itself_is_refused_and_its_neighbour_made(
    owning: OwningProduct,
) -> None:
    wanted = [
        {"label": "Module", "data_type": "text"},
        {"label": "Tender number", "data_type": "text"},
    ]

    answer = owning.client.post("/api/crm/fields/create", json={"fields": wanted}).json()

    assert (answer["created"], answer["failed"]) == (1, 1)
    assert told(answer, "label", "status", "api_name", "code", "message", "fix") == [
        (
            "Module",
            "failed",
            None,
            "RESERVED_KEYWORD_NOT_ALLOWED",
            "reserved keyword not allowed",
            "The CRM keeps this word for itself: choose another label.",
        ),
        ("Tender number", "created", "Tender_number", None, None, None),
    ]


def test_our_own_fields_are_no_news_and_stand_for_no_field_of_a_deal(
    owning: OwningProduct,
) -> None:
    before = owning.client.get("/api/crm/fields/map").json()
    owning.create_fields()
    other = {"fields": [{"label": "Tender number", "data_type": "text"}]}
    assert owning.client.post("/api/crm/fields/create", json=other).json()["created"] == 1

    events = owning.client.get("/api/crm/schema-events").json()
    shown = owning.client.get("/api/crm/fields/map").json()
    offered = {each["api_name"] for fitting in shown["candidates"].values() for each in fitting}

    assert (events["count"], [each["api_name"] for each in events["items"]]) == (
        1,
        ["Tender_number"],
    )
    assert offered.isdisjoint(OURS)
    assert "Tender_number" in offered
    assert shown["unmapped_custom_fields"] == before["unmapped_custom_fields"] + 1
    chosen = owning.client.put(
        "/api/crm/fields/map", json={"choices": {"Country": "PP_Sync_Status"}}
    )
    assert (chosen.status_code, chosen.json()["code"]) == (400, "invalid_field_map")
    assert chosen.json()["detail"] == (
        "Country: PP_Sync_Status is Pipeline Pulse's own field, which it writes itself."
    )

    # What becomes of one later is news: somebody else did it.
    owning.crm.control("DELETE", "/modules/Deals/fields/PP_Sync_Status")
    assert owning.validate()["missing"] == ["PP Sync Status"]
    latest = owning.client.get("/api/crm/schema-events").json()["items"][0]
    assert (latest["api_name"], latest["kind"]) == ("PP_Sync_Status", "removed")


def test_an_edit_goes_through_without_the_values_of_ours_that_the_crm_refuses(
    owning: OwningProduct,
) -> None:
    owning.create_fields()
    name = owning.field("sync_status")["api_name"]
    record_id = owning.crm.records()[0]["id"]
    # A colleague deletes the field, and the product has not read the fields since.
    owning.crm.control("DELETE", f"/modules/Deals/fields/{name}")
    owning.crm.switch(unknown_fields_are_refused=True)
    owning.edit(record_id, {"Next_Step": "Call the buyer"})
    calls = owning.crm.state()["calls"].get("records.update", 0)

    pushed = owning.push()

    assert pushed.refused == set()
    assert owning.crm.state()["calls"]["records.update"] - calls == 2
    assert owning.writes(record_id) == [{"Next_Step": "Call the buyer"}]
    assert owning.changes() == []
    assert owning.status(record_id) == "synced"
    assert owning.log(record_id) == [("updated", "Next_Step", "Call the buyer", "local", "Mei Tan")]
