"""Rows from which the CRM makes no custom field, and how it says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.crm_calls import CrmCalls
from support.simulator import Answer, Json, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

PHASES = [
    {"display_value": "Phase I - Opportunity", "actual_value": "phase_1"},
    {"display_value": "Phase II - Proposal", "actual_value": "phase_2"},
]


@pytest.fixture(scope="module")
def calls() -> Iterator[CrmCalls]:
    with simulator_in_thread(Config(deals=5)) as crm:
        yield CrmCalls(crm)


def create(calls: CrmCalls, *rows: Json) -> Answer:
    return calls.call("POST", "/settings/fields", body={"fields": list(rows)}, module="Deals")


DEPENDEE = {"dependee": {"api_name": "data_type", "json_path": "$.fields[0].data_type"}}
SIZES = {"supported_values": ["small", "large", "rich_text"]}
ROUNDINGS = {"supported_values": ["normal", "round_off", "round_up", "round_down"]}
TEXT = {"field_label": "Measure", "data_type": "text"}
PICKLIST = {"field_label": "Measure", "data_type": "picklist"}
MONEY = {"field_label": "Measure", "data_type": "currency"}


@pytest.mark.parametrize(
    ("row", "code", "key", "details"),
    [
        ({"data_type": "text"}, "MANDATORY_NOT_FOUND", "field_label", {}),
        ({"field_label": "Measure"}, "MANDATORY_NOT_FOUND", "data_type", {}),
        ({**TEXT, "field_label": 5}, "INVALID_DATA", "field_label",
         {"expected_data_type": "text"}),
        ({**TEXT, "field_label": "x" * 26}, "INVALID_DATA", "field_label",
         {"maximum_length": 25}),
        ({**TEXT, "field_label": "next step"}, "DUPLICATE_DATA", "field_label", {}),
        ({**TEXT, "field_label": "Module"}, "RESERVED_KEYWORD_NOT_ALLOWED", "field_label", {}),
        ({**TEXT, "length": 256}, "DEPENDENT_MISMATCH", "length",
         {**DEPENDEE, "range": {"from": 1, "to": 255}}),
        ({**TEXT, "length": "9"}, "INVALID_DATA", "length", {"expected_data_type": "integer"}),
        ({**TEXT, "unique": {}}, "INVALID_DATA", "unique.case_sensitive",
         {"expected_data_type": "boolean"}),
        ({**TEXT, "tooltip": {"name": "x", "value": "y"}}, "INVALID_DATA", "tooltip.name",
         {"supported_values": ["static_text", "info_icon"]}),
        ({**TEXT, "data_type": "integer", "default_value": "many"}, "INVALID_DATA",
         "default_value", {}),
        ({**TEXT, "data_type": "textarea"}, "DEPENDENT_FIELD_MISSING", "textarea", DEPENDEE),
        ({**TEXT, "data_type": "textarea", "textarea": {"type": "x"}}, "INVALID_DATA",
         "textarea.type", SIZES),
        (MONEY, "DEPENDENT_FIELD_MISSING", "currency", DEPENDEE),
        ({**MONEY, "currency": {"rounding_option": "x", "precision": "1"}}, "INVALID_DATA",
         "currency.rounding_option", ROUNDINGS),
        ({**MONEY, "currency": {"rounding_option": "normal", "precision": "2"}},
         "DEPENDENT_MISMATCH", "currency.precision",
         {"dependee": {"api_name": "decimal_place", "json_path": "$.fields[0].decimal_place"}}),
        ({**TEXT, "data_type": "double", "decimal_place": 10}, "DEPENDENT_MISMATCH",
         "decimal_place", {**DEPENDEE, "range": {"from": 0, "to": 9}}),
        ({**TEXT, "data_type": "lookup"}, "DEPENDENT_FIELD_MISSING", "lookup", DEPENDEE),
        ({**TEXT, "data_type": "lookup", "lookup": {"module": {"api_name": "Nowhere"}}},
         "INVALID_DATA", "lookup.module.api_name", {}),
        ({**PICKLIST, "pick_list_values": [{"display_value": "A"}]}, "MANDATORY_NOT_FOUND",
         "pick_list_values[0].actual_value", {}),
        ({**PICKLIST, "pick_list_values": [PHASES[0], PHASES[0]]}, "DUPLICATE_DATA",
         "pick_list_values[1].display_value", {}),
        ({**PICKLIST, "pick_list_values": []}, "INVALID_DATA", "pick_list_values",
         {"expected_data_type": "jsonarray"}),
        ({**PICKLIST, "global_picklist": {"id": "5"}}, "INVALID_DATA", "global_picklist.id", {}),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_is_refused_by_its_key(
    calls: CrmCalls, row: Json, code: str, key: str, details: Json
) -> None:
    answer = create(calls, row)
    (refused,) = answer.json()["fields"]
    where = {"api_name": key.rpartition(".")[2], "json_path": f"$.fields[0].{key}"}
    assert (answer.status, refused["code"], refused["details"]) == (400, code, {**details, **where})


def test_an_unknown_type_is_answered_with_those_that_can_be_made(calls: CrmCalls) -> None:
    (refused,) = create(calls, {**TEXT, "data_type": "subform"}).json()["fields"]
    assert refused["details"]["json_path"] == "$.fields[0].data_type"
    assert {"text", "picklist", "currency"} < set(refused["details"]["supported_values"])


def test_a_picklist_needs_choices_of_one_kind(calls: CrmCalls) -> None:
    kinds = [
        {"api_name": key, "json_path": f"$.fields[0].{key}"}
        for key in ("pick_list_values", "global_picklist")
    ]
    (none,) = create(calls, PICKLIST).json()["fields"]
    assert none["code"] == "EXPECTED_DEPENDENT_FIELD_MISSING"
    assert none["details"] == {**DEPENDEE, "expected_fields": kinds}
    both = {**PICKLIST, "pick_list_values": PHASES, "global_picklist": {"id": "5"}}
    (two,) = create(calls, both).json()["fields"]
    assert two["code"] == "AMBIGUITY_DURING_PROCESSING"
    assert two["details"] == {"ambiguity_due_to": kinds}
