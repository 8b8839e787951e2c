"""The search form: straight to the CRM, typed by its fields, and what it finds in the mirror."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.engine import Engine

if TYPE_CHECKING:
    from support.synced import Synced


def search(synced: Synced, **asked: object) -> dict[str, Any]:
    answer = synced.api.client.post("/api/records/search", json=asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def criterion(field: str, operator: str, *values: str) -> dict[str, object]:
    return {"field": field, "operator": operator, "values": list(values)}


def test_found_deals_say_how_they_stood_to_the_mirror_and_refresh_it(synced: Synced) -> None:
    synced.crm.switch(search_index_lag_s=0)
    known, newer = synced.crm.records()[:2]
    synced.crm.advance(5)
    synced.crm.edit({newer["id"]: {"Amount": 31_337_000}})
    [new] = synced.crm.create(
        {
            "Deal_Name": "Quayside (phase 2), lots",
            "Stage": known["Stage"],
            "Pipeline": known["Pipeline"],
            "Amount": 31_337_000,
        }
    )
    asked = {
        "match": "any",
        "criteria": [
            criterion("Amount", "equals", "31337000"),
            criterion("Deal_Name", "equals", str(known["Deal_Name"])),
        ],
        "per_page": 200,
    }

    found = search(synced, **asked)

    marks = {item["id"]: item["mark"] for item in found["items"]}
    assert (marks[known["id"]], marks[newer["id"]], marks[new["id"]]) == ("known", "newer", "new")
    assert found["refreshed"] is True
    held = synced.api.client.get(f"/api/records/{newer['id']}").json()["record"]
    assert held["Amount"] == 31_337_000
    again = search(synced, **asked)
    assert {item["mark"] for item in again["items"] if item["id"] in marks} == {"known"}
    # Brackets and commas are the CRM's own signs: they are escaped.
    name = search(
        synced, criteria=[criterion("Deal_Name", "starts_with", "Quayside (phase 2), lots")]
    )
    assert [item["id"] for item in name["items"]] == [new["id"]]
    assert name["expression"] == "(Deal_Name:starts_with:Quayside \\(phase 2\\)\\, lots)"


def test_in_the_mode_local_to_crm_the_mirror_takes_nothing_over(synced: Synced) -> None:
    engine = Engine(synced.crm, synced.settings)
    engine.sql("INSERT INTO settings (key, value) VALUES ('sync.mode', '\"local_to_crm\"')")
    synced.crm.switch(search_index_lag_s=0)
    first = synced.crm.records()[0]
    synced.crm.advance(5)
    synced.crm.edit({first["id"]: {"Next_Step": "Call"}})

    found = search(synced, criteria=[criterion("Deal_Name", "equals", str(first["Deal_Name"]))])

    assert found["refreshed"] is False
    assert [item["mark"] for item in found["items"] if item["id"] == first["id"]] == ["newer"]
    held = synced.api.client.get(f"/api/records/{first['id']}").json()["record"]
    assert held.get("Next_Step") != "Call"


@pytest.mark.parametrize(
    ("asked", "field", "words"),
    [
        (criterion("Amount", "starts_with", "3"), "Amount", "cannot be compared with starts_with"),
        (criterion("Amount", "equals", "much"), "Amount", "much is not a number"),
        (criterion("Closing_Date", "between", "2026-01-01"), "Closing_Date", "takes 2 values"),
        (criterion("Closing_Date", "equals", "soon"), "Closing_Date", "is not a day"),
        (criterion("Revenue", "equals", "3"), "Revenue", "no field of this name"),
    ],
)
def test_a_criterion_that_the_crm_would_not_take_names_its_field(
    synced: Synced, asked: dict[str, object], field: str, words: str
) -> None:
    answer = synced.api.client.post("/api/records/search", json={"criteria": [asked]})

    assert answer.status_code == 400
    problem = answer.json()
    assert (problem["code"], problem["field"]) == ("criterion_refused", field)
    assert words in problem["detail"]


def test_the_form_knows_operators_and_options_of_every_field(synced: Synced) -> None:
    fields = synced.api.client.get("/api/records/search/fields").json()["fields"]

    by_name = {field["api_name"]: field for field in fields}
    assert by_name["Deal_Name"]["operators"] == ["equals", "not_equal", "starts_with", "in"]
    assert by_name["Closing_Date"]["operators"][-2:] == ["between", "in"]
    assert "Closed Won" in {option["value"] for option in by_name["Stage"]["options"]}
    # What neither list nor index holds cannot be asked for.
    assert not {"subform", "fileupload"} & {field["data_type"] for field in fields}
