"""Custom fields made, changed and removed through the API, against the simulator."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from support.crm_calls import CrmCalls
from support.simulator import Answer, Json, SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

NEW_DEAL = {"Deal_Name": "Fresh", "Stage": "Qualification", "Pipeline": "Standard (Standard)"}
PHASES = [
    {"display_value": "Phase I - Opportunity", "actual_value": "phase_1"},
    {"display_value": "Phase II - Proposal", "actual_value": "phase_2"},
]


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=10)) as handle:
        yield handle


@pytest.fixture
def crm(running: SimulatorHandle) -> SimulatorHandle:
    running.reset(deals=10)
    running.freeze()
    return running


@pytest.fixture
def calls(crm: SimulatorHandle) -> CrmCalls:
    return CrmCalls(crm)


def create(calls: CrmCalls, *rows: Json, module: str = "Deals") -> Answer:
    return calls.call("POST", "/settings/fields", body={"fields": list(rows)}, module=module)


def made(calls: CrmCalls, **row: Json) -> Json:
    answer = create(calls, row)
    assert answer.status == 201, answer.body
    return definition(calls, answer.json()["fields"][0]["details"]["id"])


def definition(calls: CrmCalls, field_id: str) -> Json:
    return calls.get(f"/settings/fields/{field_id}", module="Deals").json()["fields"][0]


def patch(calls: CrmCalls, field_id: str, **changes: Json) -> Answer:
    path = f"/settings/fields/{field_id}"
    return calls.call("PATCH", path, body={"fields": [changes]}, module="Deals")


def remove(calls: CrmCalls, field_id: str) -> Answer:
    return calls.call("DELETE", f"/settings/fields/{field_id}", module="Deals")


def seeded(calls: CrmCalls, api_name: str) -> Json:
    fields = calls.get("/settings/fields", module="Deals").json()["fields"]
    return next(field for field in fields if field["api_name"] == api_name)


def test_a_call_makes_up_to_five_fields_named_after_their_labels(calls: CrmCalls) -> None:
    answer = create(
        calls,
        {"field_label": "O2R Phase", "data_type": "picklist", "pick_list_values": PHASES},
        {"field_label": "Health Score", "data_type": "integer", "length": 3, "default_value": "0"},
        {"field_label": "Last PP Sync", "data_type": "datetime"},
        {"field_label": "PP Sync Status", "data_type": "picklist", "pick_list_values": PHASES},
    )
    assert answer.status == 201
    results = answer.json()["fields"]
    assert [(row["code"], row["message"]) for row in results] == [("SUCCESS", "field created")] * 4
    fields = [definition(calls, row["details"]["id"]) for row in results]
    assert [(field["api_name"], field["data_type"], field["length"]) for field in fields] == [
        ("O2R_Phase", "picklist", 120),
        ("Health_Score", "integer", 3),
        ("Last_PP_Sync", "datetime", 120),
        ("PP_Sync_Status", "picklist", 120),
    ]
    assert all(field["custom_field"] for field in fields)
    assert [option["actual_value"] for option in fields[0]["pick_list_values"]] == [
        "phase_1",
        "phase_2",
    ]
    six = create(calls, *({"field_label": f"F{n}", "data_type": "text"} for n in range(6)))
    assert (six.status, six.json()["details"]) == (
        400,
        {"limit": 5, "limit_due_to": [{"api_name": "fields", "json_path": "$.fields"}]},
    )


@pytest.mark.parametrize(
    ("labels", "names"),
    [
        (("O2R Phase", "O2R-Phase", "O2R_Phase"), ["O2R_Phase", "O2RPhase", "O2R_Phase1"]),
        (("Margin (%)", "Margin"), ["Margin", "Margin1"]),
        (("2nd  Review!",), ["nd_Review"]),
        (("港",), ["Custom_Field"]),
    ],
)
def test_a_name_is_made_of_the_label_and_a_digit_if_it_is_taken(
    calls: CrmCalls, labels: tuple[str, ...], names: list[str]
) -> None:
    fields = [made(calls, field_label=label, data_type="text") for label in labels]
    assert [field["api_name"] for field in fields] == names


def test_a_new_field_is_everywhere_at_once(calls: CrmCalls, crm: SimulatorHandle) -> None:
    field = made(calls, field_label="Health Score", data_type="integer", default_value="0")
    assert field["default_value"] == 0
    layout = calls.get("/settings/layouts", module="Deals").json()["layouts"][0]
    assert field["id"] in {f["id"] for f in layout["sections"][0]["fields"]}
    old = crm.records()[0]["id"]
    assert calls.record(old)["Health_Score"] is None
    inserted = calls.call("POST", "/Deals", body={"data": [NEW_DEAL]}).json()["data"][0]
    assert calls.record(inserted["details"]["id"])["Health_Score"] == 0
    calls.call("PUT", "/Deals", body={"data": [{"id": old, "Health_Score": 88}]})
    query = "select Health_Score from Deals where Health_Score > 80"
    found = calls.call("POST", "/coql", body={"select_query": query}).json()["data"]
    assert found == [{"Health_Score": 88, "id": old}]
    page = calls.get("/Deals", fields="Health_Score", ids=old).json()["data"]
    assert page == [{"id": old, "Health_Score": 88}]
    assert "Health_Score" in exported(calls, crm)


def exported(calls: CrmCalls, crm: SimulatorHandle) -> str:
    """Return the header of a bulk read of every field."""
    headers = {
        "Authorization": f"Zoho-oauthtoken {calls.token}",
        "Content-Type": "application/json",
    }
    body = {"query": {"module": {"api_name": "Deals"}}}
    created = crm.request("POST", "/crm/bulk/v8/read", body=body, headers=headers).json()
    job = f"/crm/bulk/v8/read/{created['data'][0]['details']['id']}"
    for _ in range(200):
        if crm.request("GET", job, headers=headers).json()["data"][0]["state"] == "COMPLETED":
            break
    packed = zipfile.ZipFile(io.BytesIO(crm.request("GET", job + "/result", headers=headers).body))
    return packed.read(packed.namelist()[0]).decode().splitlines()[0]


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        ({"data_type": "text", "length": 40}, {"length": 40}),
        ({"data_type": "text"}, {"length": 255}),
        ({"data_type": "textarea", "textarea": {"type": "large"}},
         {"length": 32_000, "textarea": {"type": "large"}}),
        ({"data_type": "email", "unique": {"case_sensitive": False}},
         {"length": 100, "unique": {"case_sensitive": False}}),
        ({"data_type": "double", "decimal_place": 4}, {"decimal_place": 4, "length": 16}),
        ({"data_type": "currency", "decimal_place": 3, "length": 9,
          "currency": {"rounding_option": "normal", "precision": "2"}},
         {"decimal_place": 3, "length": 9}),
        ({"data_type": "multiselectpicklist", "pick_list_values": PHASES}, {"length": 765}),
        ({"data_type": "lookup", "lookup": {"module": {"api_name": "Accounts"}}},
         {"json_type": "jsonobject"}),
        ({"data_type": "userlookup"}, {"json_type": "jsonobject"}),
        ({"data_type": "boolean", "default_value": "true"}, {"default_value": True}),
        ({"data_type": "date", "tooltip": {"name": "info_icon", "value": "When?"}},
         {"tooltip": {"name": "info_icon", "value": "When?"}}),
        ({"data_type": "double", "default_value": "1.5"}, {"default_value": 1.5}),
        ({"data_type": "picklist", "pick_list_values": PHASES, "default_value": "phase_2"},
         {"default_value": "phase_2"}),
        ({"data_type": "multiselectpicklist", "pick_list_values": PHASES,
          "default_value": "phase_1;phase_2"}, {"default_value": ["phase_1", "phase_2"]}),
    ],
)  # fmt: skip
def test_each_type_has_its_own_keys(calls: CrmCalls, row: Json, shown: Json) -> None:
    field = made(calls, field_label="Measure", **row)
    assert field["data_type"] == row["data_type"]
    assert {key: field[key] for key in shown} == shown


TEXT = {"field_label": "Measure", "data_type": "text"}


def test_the_edition_limits_custom_fields_and_the_module_unique_ones(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    unique = {"unique": {"case_sensitive": False}}
    made(calls, field_label="First", data_type="text", **unique)
    (third,) = create(calls, {**TEXT, **unique}).json()["fields"]
    assert (third["code"], third["details"]["limit"]) == ("LIMIT_EXCEEDED", 2)
    crm.limits(edition="standard", licences=5)
    mixed = create(calls, TEXT)
    assert (mixed.status, mixed.json()["fields"][0]["details"]["limit"]) == (400, 10)


def test_rows_are_judged_one_by_one(calls: CrmCalls) -> None:
    answer = create(calls, TEXT, {**TEXT, "field_label": "measure"})
    assert answer.status == 207
    assert [row["code"] for row in answer.json()["fields"]] == ["SUCCESS", "DUPLICATE_DATA"]


def test_a_field_is_changed_by_itself_or_in_a_list(calls: CrmCalls) -> None:
    field = made(calls, field_label="Measure", data_type="picklist", pick_list_values=PHASES)
    choices = [
        {"id": field["pick_list_values"][0]["id"], "display_value": "First"},
        {"actual_value": "phase_2", "display_value": "Second"},
        {"display_value": "Third"},
    ]
    answer = patch(calls, field["id"], field_label="Course", pick_list_values=choices)
    assert answer.json()["fields"] == [
        {
            "code": "SUCCESS",
            "details": {"id": field["id"]},
            "message": "field updated",
            "status": "success",
        }
    ]
    changed = definition(calls, field["id"])
    assert (changed["field_label"], changed["api_name"]) == ("Course", "Measure")
    shown = [(o["display_value"], o["actual_value"]) for o in changed["pick_list_values"]]
    assert shown == [("First", "phase_1"), ("Second", "phase_2"), ("Third", "Third")]
    text = made(calls, field_label="Text", data_type="text", unique={"case_sensitive": False})
    rows = [
        {"id": text["id"], "length": 50, "unique": {"_disable": None}, "default_value": "none"},
        {"id": "1"},
        {"length": 5},
    ]
    listed = calls.call("PATCH", "/settings/fields", body={"fields": rows}, module="Deals")
    assert listed.status == 207
    assert [row["code"] for row in listed.json()["fields"]] == [
        "SUCCESS",
        "INVALID_DATA",
        "MANDATORY_NOT_FOUND",
    ]
    now = definition(calls, text["id"])
    assert (now["length"], now["unique"], now["default_value"]) == (50, {}, "none")


@pytest.mark.parametrize(
    ("field", "changes", "code"),
    [
        ("Next_Step", {"field_label": "Other"}, "NOT_ALLOWED"),
        ("Next_Step", {"length": 5}, "NOT_ALLOWED"),
        ("Stage", {"pick_list_values": PHASES}, "NOT_ALLOWED"),
        ("Country", {"data_type": "text"}, "NOT_ALLOWED"),
        ("Country", {"api_name": "Land"}, "NOT_ALLOWED"),
        ("Seats", {"pick_list_values": PHASES}, "NOT_ALLOWED"),
        ("Seats", {"length": 10}, "DEPENDENT_MISMATCH"),
        ("Seats", {"field_label": "Next Step"}, "DUPLICATE_DATA"),
        ("Country", {"pick_list_values": [{"id": "1"}]}, "INVALID_DATA"),
        ("Country", {"pick_list_values": [{"display_value": "Kenya"}, {"display_value": "Kenya"}]},
         "DUPLICATE_DATA"),
    ],
)  # fmt: skip
def test_what_cannot_be_changed_stays_as_it_was(
    calls: CrmCalls, field: str, changes: Json, code: str
) -> None:
    before = seeded(calls, field)
    answer = patch(calls, before["id"], **changes)
    assert (answer.status, answer.json()["fields"][0]["code"]) == (400, code)
    assert seeded(calls, field) == before


def test_a_custom_field_goes_with_its_values_unless_it_is_used(
    calls: CrmCalls, crm: SimulatorHandle
) -> None:
    field = made(calls, field_label="Measure", data_type="integer")
    test = {"field": {"api_name": "Measure"}, "comparator": "equal", "value": 1}
    crm.view("By measure", criteria={"group_operator": "and", "group": [test, test]})
    used = remove(calls, field["id"])
    assert (used.status, used.json()["code"], used.json()["message"]) == (
        400,
        "NOT_ALLOWED",
        "the field is in use",
    )
    other = made(calls, field_label="Other", data_type="integer")
    crm.switch(automation_touches_field="Other")
    assert remove(calls, other["id"]).json()["code"] == "NOT_ALLOWED"
    crm.switch(automation_touches_field="")
    assert remove(calls, other["id"]).json() == {
        "fields": [
            {
                "code": "SUCCESS",
                "details": {"id": other["id"]},
                "message": "field deleted",
                "status": "success",
            }
        ]
    }
    assert "Other" not in crm.records()[0]
    assert remove(calls, other["id"]).json()["details"] == {"resource_path_index": 2}
    system = remove(calls, seeded(calls, "Next_Step")["id"])
    assert system.json()["message"] == "the field cannot be deleted"


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("CREATE", "POST", "/settings/fields"),
        ("UPDATE", "PATCH", "/settings/fields"),
        ("UPDATE", "PATCH", "/settings/fields/1"),
        ("DELETE", "DELETE", "/settings/fields/1"),
    ],
)
def test_each_call_needs_its_scope(
    calls: CrmCalls, crm: SimulatorHandle, scope: str, method: str, path: str
) -> None:
    calls.token = crm.access_token("ZohoCRM.settings.fields.READ")
    assert calls.call(method, path, body={}, module="Deals").status == 401
    calls.token = crm.access_token(f"ZohoCRM.settings.fields.{scope}")
    assert calls.call(method, path, body={}, module="Deals").status == 400


@pytest.mark.parametrize(
    ("module", "body", "status", "code"),
    [
        (None, {"fields": [TEXT]}, 400, "REQUIRED_PARAM_MISSING"),
        ("Nowhere", {"fields": [TEXT]}, 400, "INVALID_MODULE"),
        ("DealHistory", {"fields": [TEXT]}, 403, "NOT_SUPPORTED"),
        ("Deals", {}, 400, "MANDATORY_NOT_FOUND"),
        ("Deals", {"fields": []}, 400, "INVALID_DATA"),
    ],
)
def test_a_call_that_names_no_module_or_no_fields_is_refused(
    calls: CrmCalls, module: str | None, body: Json, status: int, code: str
) -> None:
    params = {} if module is None else {"module": module}
    answer = calls.call("POST", "/settings/fields", body=body, **params)
    assert (answer.status, answer.json()["code"]) == (status, code)
