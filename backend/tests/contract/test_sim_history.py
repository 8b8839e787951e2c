"""Timelines, stage histories and DealHistory over HTTP (zoho-crm-v8.md section 4.7)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.simulator import Answer, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def simulator() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=60)) as handle:
        handle.freeze()
        yield handle


@pytest.fixture
def token(simulator: SimulatorHandle) -> str:
    # Every test makes a token; ten in ten minutes are allowed.
    simulator.advance(301)
    return simulator.access_token()


def get(simulator: SimulatorHandle, token: str, path: str, **parameters: str) -> Answer:
    return simulator.request(
        "GET",
        f"/crm/v8/{path}",
        params=parameters,
        headers={"Authorization": f"Zoho-oauthtoken {token}"},
    )


def timeline(
    simulator: SimulatorHandle, token: str, deal: str, **parameters: str
) -> list[dict[str, Any]]:
    return list(
        get(simulator, token, f"Deals/{deal}/__timeline", **parameters).json()["__timeline"]
    )


def test_an_edit_is_an_entry_with_the_old_and_the_new_value(
    simulator: SimulatorHandle, token: str
) -> None:
    deal = simulator.records()[0]
    simulator.edit({deal["id"]: {"Next_Step": "Sign the lease"}})
    fresh = get(simulator, token, f"Deals/{deal['id']}").json()["data"][0]
    entry = timeline(
        simulator,
        token,
        deal["id"],
        include_inner_details="field_history.data_type,done_by.type__s",
    )[0]
    step = entry["field_history"][0]
    assert entry["action"] == "updated"
    assert entry["audited_time"] == fresh["Modified_Time"]
    assert entry["done_by"] == {
        "id": fresh["Modified_By"]["id"],
        "name": fresh["Modified_By"]["name"],
        "type__s": "user",
    }
    assert entry["record"]["id"] == deal["id"]
    assert entry["record"]["name"] == deal["Deal_Name"]
    assert entry["record"]["module"]["api_name"] == "Deals"
    assert {key: step[key] for key in ("api_name", "field_label", "data_type", "_value")} == {
        "api_name": "Next_Step",
        "field_label": "Next Step",
        "data_type": "text",
        "_value": {"old": deal["Next_Step"], "new": "Sign the lease"},
    }


def test_values_are_spelled_as_text(simulator: SimulatorHandle, token: str) -> None:
    deal, *others = simulator.records()[4:]
    other = next(row for row in others if row["Account_Name"] != deal["Account_Name"])
    simulator.edit(
        {
            deal["id"]: {
                "Strategic_Deal": not deal["Strategic_Deal"],
                "Seats": 1234,
                "Account_Name": {"id": other["Account_Name"]["id"]},
            }
        }
    )
    entry = timeline(simulator, token, deal["id"])[0]
    new = {step["api_name"]: step["_value"]["new"] for step in entry["field_history"]}
    assert new["Strategic_Deal"] == ("false" if deal["Strategic_Deal"] else "true")
    assert new["Seats"] == "1234"
    assert new["Account_Name"] == other["Account_Name"]["name"]


def test_the_seeded_past_leads_from_the_creation_to_the_present_stage(
    simulator: SimulatorHandle, token: str
) -> None:
    for deal in simulator.records()[1:20]:
        entries = timeline(simulator, token, deal["id"], sort_order="asc")
        assert (entries[0]["action"], entries[0]["audited_time"]) == ("added", deal["Created_Time"])
        steps = [
            step["_value"]
            for entry in entries
            for step in entry["field_history"] or []
            if step["api_name"] == "Stage"
        ]
        assert [step["old"] for step in steps[1:]] == [step["new"] for step in steps[:-1]]
        if steps:
            assert steps[-1]["new"] == deal["Stage"]
        assert entries == timeline(simulator, token, deal["id"])[::-1]


def test_pages_by_number_and_by_token_are_the_same(simulator: SimulatorHandle, token: str) -> None:
    deal = max(
        (row["id"] for row in simulator.records()),
        key=lambda each: len(timeline(simulator, token, each)),
    )
    whole = timeline(simulator, token, deal)
    assert len(whole) >= 3
    path = f"Deals/{deal}/__timeline"
    first = get(simulator, token, path, per_page="2").json()
    info = first["info"]
    assert first["__timeline"] == whole[:2]
    assert (info["count"], info["page"], info["per_page"]) == (2, 1, 2)
    assert info["more_records"] is True
    by_token = get(simulator, token, path, per_page="2", page_token=info["next_page_token"]).json()
    by_number = get(simulator, token, path, per_page="2", page="2").json()
    assert by_token["__timeline"] == by_number["__timeline"] == whole[2:4]


@pytest.mark.parametrize("name", ["filter", "filters"])
def test_a_filter_keeps_the_entries_between_two_times(
    simulator: SimulatorHandle, token: str, name: str
) -> None:
    deal = simulator.records()[2]["id"]
    whole = timeline(simulator, token, deal)
    chosen = whole[-1]["audited_time"]
    given = {
        "comparator": "between",
        "field": {"api_name": "audited_time"},
        "value": [chosen, chosen],
    }
    kept = timeline(simulator, token, deal, **{name: json.dumps(given)})
    assert kept == [entry for entry in whole if entry["audited_time"] == chosen]
    later = {**given, "value": ["2099-01-01T00:00:00Z", "2099-01-02T00:00:00Z"]}
    path = f"Deals/{deal}/__timeline"
    assert get(simulator, token, path, **{name: json.dumps(later)}).status == 204


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ("{", "INVALID_DATA"),
        (
            {
                "comparator": "between",
                "field": {"api_name": "audited_time"},
                "value": ["2026-01-01", "2026-01-02"],
            },
            "INVALID_DATA",
        ),
        (
            {"comparator": "equal", "field": {"api_name": "source"}, "value": "crm_ui"},
            "NOT_SUPPORTED",
        ),
    ],
)
def test_a_filter_that_cannot_be_is_refused(
    simulator: SimulatorHandle, token: str, given: object, code: str
) -> None:
    deal = simulator.records()[0]["id"]
    text = given if isinstance(given, str) else json.dumps(given)
    answer = get(simulator, token, f"Deals/{deal}/__timeline", filters=text)
    assert answer.status == 400
    assert (answer.json()["code"], answer.json()["details"]) == (code, {"param_name": "filters"})


def test_an_unknown_record_has_no_timeline(simulator: SimulatorHandle, token: str) -> None:
    answer = get(simulator, token, "Deals/1/__timeline")
    assert (answer.status, answer.json()["details"]) == (400, {"resource_path_index": 1})


def test_stage_history_is_the_deals_part_of_the_history_module(
    simulator: SimulatorHandle, token: str
) -> None:
    deal = simulator.records()[3]
    stages = [
        option["actual_value"]
        for field in get(simulator, token, "settings/fields", module="Deals").json()["fields"]
        if field["api_name"] == "Stage"
        for option in field["pick_list_values"]
    ]
    other = next(stage for stage in stages if stage not in (deal["Stage"], "-None-"))
    fields = "Stage,Moved_To__s,Stage_Duration_Calendar_Days,Potential_Name"
    simulator.advance(3 * 86_400)
    token = simulator.access_token()
    simulator.edit({deal["id"]: {"Stage": other}})
    path = f"Deals/{deal['id']}/Stage_History"
    rows = get(simulator, token, path, fields=fields).json()["data"]
    assert (rows[0]["Stage"], rows[0]["Stage_Duration_Calendar_Days"]) == (other, None)
    assert (rows[1]["Stage"], rows[1]["Moved_To__s"]) == (deal["Stage"], other)
    ids = ",".join(row["id"] for row in rows)
    listed = get(simulator, token, "DealHistory", fields=fields, ids=ids).json()["data"]
    assert {row["Potential_Name"]["id"] for row in listed} == {deal["id"]}
    assert sorted(listed, key=_id) == sorted(rows, key=_id)


def _id(row: dict[str, Any]) -> str:
    return str(row["id"])


def test_stage_history_needs_fields(simulator: SimulatorHandle) -> None:
    deal = simulator.records()[3]["id"]
    answer = get(simulator, simulator.access_token(), f"Deals/{deal}/Stage_History")
    assert (answer.status, answer.json()) == (
        400,
        {
            "code": "REQUIRED_PARAM_MISSING",
            "details": {"param_name": "fields"},
            "message": "required param is missing",
            "status": "error",
        },
    )
