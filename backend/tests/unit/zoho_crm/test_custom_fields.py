"""Custom fields: what goes out for each kind, and how their results are read."""

from __future__ import annotations

import json

import pytest

from support.crm_client import ScriptedTransport, answer, client_over, sample
from zoho_crm import errors
from zoho_crm.protocol import custom_fields, metadata
from zoho_crm.protocol.custom_fields import (
    BigIntegerField,
    BooleanField,
    CurrencyField,
    DateField,
    DateTimeField,
    DecimalField,
    FieldEdit,
    FieldSpec,
    IntegerField,
    MultiSelectField,
    PercentField,
    PickListField,
    PickOption,
    Rounding,
    TextAreaField,
    TextField,
    TextSize,
)
from zoho_crm.protocol.outcomes import RecordError, RecordWritten, Refusal
from zoho_crm.protocol.wire import Request, Resend

FIELD = "5725767000000800001"
RED = PickOption("At risk", "risk", colour_code="#ff0000")


@pytest.mark.parametrize(
    ("spec", "body"),
    [
        (TextField(label="Code"), {"data_type": "text", "length": 255}),
        (
            TextField(label="Code", length=40, is_unique=True, tooltip="From the ERP"),
            {
                "data_type": "text",
                "length": 40,
                "unique": {"case_sensitive": False},
                "tooltip": {"name": "info_icon", "value": "From the ERP"},
            },
        ),
        (
            TextAreaField(label="Code", size=TextSize.RICH),
            {"data_type": "textarea", "textarea": {"type": "rich_text"}},
        ),
        (IntegerField(label="Code"), {"data_type": "integer", "length": 9}),
        (BigIntegerField(label="Code"), {"data_type": "bigint", "length": 18}),
        (
            DecimalField(label="Code", decimal_places=4),
            {"data_type": "double", "length": 16, "decimal_place": 4},
        ),
        (
            CurrencyField(label="Code", rounding=Rounding.UP, precision=1),
            {
                "data_type": "currency",
                "length": 16,
                "decimal_place": 2,
                "currency": {"rounding_option": "round_up", "precision": "1"},
            },
        ),
        (PercentField(label="Code"), {"data_type": "percent", "length": 5}),
        (BooleanField(label="Code"), {"data_type": "boolean"}),
        (DateField(label="Code"), {"data_type": "date"}),
        (DateTimeField(label="Code"), {"data_type": "datetime"}),
        (
            PickListField(label="Code", options=(PickOption("Fine"), RED), has_colours=True),
            {
                "data_type": "picklist",
                "pick_list_values": [
                    {"display_value": "Fine", "actual_value": "Fine"},
                    {
                        "display_value": "At risk",
                        "actual_value": "risk",
                        "colour_code": "#ff0000",
                    },
                ],
                "pick_list_values_sorted_lexically": False,
                "enable_colour_code": True,
            },
        ),
        (
            MultiSelectField(label="Code", options=(PickOption("Rail"),), is_sorted=True),
            {
                "data_type": "multiselectpicklist",
                "pick_list_values": [{"display_value": "Rail", "actual_value": "Rail"}],
                "pick_list_values_sorted_lexically": True,
                "enable_colour_code": False,
            },
        ),
    ],
)
def test_each_kind_of_field_goes_out_with_its_particulars(
    spec: FieldSpec, body: dict[str, object]
) -> None:
    call = custom_fields.create("Deals", [spec])
    assert (call.request.method, call.request.target) == ("POST", "/settings/fields?module=Deals")
    assert json.loads(call.request.body or b"") == {"fields": [{"field_label": "Code", **body}]}
    assert (call.resend, call.is_write) == (Resend.REFUSED_ONLY, True)


@pytest.mark.parametrize(
    ("specs", "problem"),
    [
        ([], "0 fields: one call takes 1 to 5"),
        ([DateField(label=f"F{n}") for n in range(6)], "6 fields: one call takes 1 to 5"),
        ([DateField(label=" ")], "a new date field has no label"),
        ([DateField(label="Seen"), TextField(label=" seen ")], "two new fields have one label"),
        ([TextField(label="a", length=256)], "length of text fields is 256: give 1 to 255"),
        ([IntegerField(label="a", length=10)], "length of integer fields is 10: give 1 to 9"),
        ([DecimalField(label="a", decimal_places=10)], "decimal_places is 10: give 1 to 9"),
        ([CurrencyField(label="a", precision=2)], "precision is 2: give fewer than"),
        ([CurrencyField(label="a", precision=-1)], "precision is -1: give fewer than"),
        ([PickListField(label="a", options=())], "a picklist has one option at least"),
        (
            [PickListField(label="a", options=(PickOption("b"), PickOption("c", "b")))],
            "each of them once",
        ),
        ([PickListField(label="a", options=(PickOption(""),))], "an option has no display value"),
    ],
)
def test_a_field_that_the_crm_would_refuse_is_not_sent(
    specs: list[FieldSpec], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        custom_fields.create("Deals", specs)


def test_each_new_field_has_its_result() -> None:
    call = custom_fields.create("Deals", [DateField(label="Seen"), DateField(label="Phase")])
    made, refused = call.decode(sample("fields_created_207")).rows
    assert isinstance(made, RecordWritten)
    assert (made.id, made.message, made.modified_time) == (FIELD, "field created", None)
    assert isinstance(refused, RecordError)
    assert (refused.refusal, refused.api_name, refused.row_index) == (
        Refusal.DUPLICATE,
        "field_label",
        1,
    )


def test_a_bare_refusal_of_the_only_field_is_its_result() -> None:
    (refused,) = (
        custom_fields.create("Deals", [TextField(label="a")])
        .decode(sample("field_created_bare_400"))
        .errors
    )
    assert (refused.refusal, refused.api_name) == (Refusal.MISMATCH, "length")
    missing = {
        "code": "EXPECTED_FIELD_MISSING",
        "details": {"expected_fields": [{"api_name": "pick_list_values"}]},
        "message": "",
        "status": "error",
    }
    with pytest.raises(errors.RequestRefused) as caught:
        custom_fields.create("Deals", [TextField(label="a")]).decode(answer(missing, 404))
    assert type(caught.value) is errors.RequestRefused


def test_a_change_says_only_what_changes() -> None:
    edits = [
        FieldEdit(id=FIELD, label="Health", tooltip="0 to 100"),
        FieldEdit(id="2", length=80, is_unique=True),
        FieldEdit(
            id="3",
            is_unique=False,
            options=(PickOption("Renamed", id="31"), PickOption("Moved", "m", id="32")),
        ),
    ]
    call = custom_fields.update("Deals", edits)
    assert (call.request.method, call.request.target) == ("PATCH", "/settings/fields?module=Deals")
    assert json.loads(call.request.body or b"") == {
        "fields": [
            {
                "id": FIELD,
                "field_label": "Health",
                "tooltip": {"name": "info_icon", "value": "0 to 100"},
            },
            {"id": "2", "length": 80, "unique": {"case_sensitive": False}},
            {
                "id": "3",
                "unique": {"_disable": None},
                "pick_list_values": [
                    {"display_value": "Renamed", "id": "31"},
                    {"display_value": "Moved", "id": "32", "actual_value": "m"},
                ],
            },
        ]
    }
    saved = {"code": "SUCCESS", "details": {"id": FIELD}, "message": "field updated"}
    result = custom_fields.update("Deals", edits[:1]).decode(answer({"fields": [saved]}))
    assert result.errors == ()


@pytest.mark.parametrize(
    ("edit", "problem"),
    [
        (FieldEdit(id=FIELD), f"field {FIELD}: nothing is to be changed"),
        (FieldEdit(id=FIELD, label=""), f"field {FIELD}: the new label is empty"),
        (FieldEdit(id=FIELD, length=0), "length is 0: give 1 to 50000"),
        (FieldEdit(id="x", label="a"), "'x' is no CRM id"),
    ],
)
def test_a_change_that_changes_nothing_is_not_sent(edit: FieldEdit, problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        custom_fields.update("Deals", [edit])


def test_a_field_is_deleted_by_its_id() -> None:
    call = custom_fields.delete("Deals", FIELD)
    assert call.request == Request("DELETE", f"/settings/fields/{FIELD}", (("module", "Deals"),))
    gone = {"code": "SUCCESS", "details": {"id": FIELD}, "message": "field deleted"}
    (row,) = call.decode(answer({"fields": [gone]})).rows
    assert isinstance(row, RecordWritten)
    used = {"code": "NOT_ALLOWED", "details": {}, "message": "in use", "status": "error"}
    for body in ({"fields": [used]}, used):
        (refused,) = call.decode(answer(body, 400)).errors
        assert (refused.refusal, refused.message) == (Refusal.NOT_ALLOWED, "in use")


def listed(label: str, **more: object) -> dict[str, object]:
    return {
        "id": FIELD,
        "api_name": "Health",
        "field_label": label,
        "data_type": "integer",
        "custom_field": True,
        **more,
    }


def test_a_field_is_read_back_by_its_id() -> None:
    call = metadata.field("Deals", FIELD)
    assert call.request.target == f"/settings/fields/{FIELD}?module=Deals"
    found = call.decode(
        answer(
            {
                "fields": [
                    listed(
                        "Health",
                        decimal_place=2,
                        unique={"case_sensitive": False},
                        operation_type={"api_update": False},
                        mass_update=True,
                    )
                ]
            }
        )
    )
    assert found is not None
    assert (found.api_name, found.decimal_places, found.is_unique) == ("Health", 2, True)
    assert (found.is_updatable, found.allows_mass_update) == (False, True)
    plain = call.decode(answer({"fields": [listed("Health", unique={})]}))
    assert plain is not None
    assert (plain.is_unique, plain.is_updatable, plain.allows_mass_update) == (False, True, False)


def test_a_field_that_is_not_there_is_none() -> None:
    call = metadata.field("Deals", FIELD)
    assert call.decode(sample("list_empty_204")) is None
    assert call.decode(sample("field_unknown_400")) is None
    missing = {"code": "RESOURCE_NOT_FOUND", "details": {}, "message": "", "status": "error"}
    assert call.decode(answer(missing, 404)) is None
    with pytest.raises(errors.RequestRefused):
        call.decode(sample("error_bare"))
    with pytest.raises(errors.UnexpectedAnswer, match="2 fields for one id"):
        call.decode(answer({"fields": [listed("a"), listed("b")]}))


@pytest.mark.anyio
async def test_fields_are_made_found_changed_and_deleted() -> None:
    saved = {"code": "SUCCESS", "details": {"id": FIELD}, "message": "", "status": "success"}
    rows = [listed("Health"), listed("Other"), listed(" HEALTH ", custom_field=False)]
    transport = ScriptedTransport(
        answer({"fields": [saved]}, 201),
        answer({"fields": rows}),
        answer({"fields": rows[:1]}),
        answer({"fields": [saved]}),
        answer({"fields": [saved]}),
    )
    crm = client_over(transport)
    (made,) = (await crm.custom_fields.create("Deals", [IntegerField(label="Health")])).rows
    (found,) = await crm.custom_fields.find("Deals", "health")
    assert made.id == found.id == FIELD
    assert await crm.metadata.field("Deals", FIELD) == found
    await crm.custom_fields.update("Deals", [FieldEdit(id=FIELD, label="Score")])
    await crm.custom_fields.delete("Deals", FIELD)
    assert [(one.method, one.url.partition("/crm/v8")[2]) for one in transport.requests] == [
        ("POST", "/settings/fields?module=Deals"),
        ("GET", "/settings/fields?module=Deals&type=all"),
        ("GET", f"/settings/fields/{FIELD}?module=Deals"),
        ("PATCH", "/settings/fields?module=Deals"),
        ("DELETE", f"/settings/fields/{FIELD}?module=Deals"),
    ]


@pytest.mark.anyio
async def test_a_creation_without_an_answer_is_lost_and_never_repeated() -> None:
    transport = ScriptedTransport(sample("proxy_html_502"), sample("fields_created_207"))
    with pytest.raises(errors.AnswerLost) as caught:
        await client_over(transport).custom_fields.create("Deals", [DateField(label="Seen")])
    assert caught.value.rows == ({"field_label": "Seen", "data_type": "date"},)
    assert len(transport.requests) == 1


def test_a_layout_says_what_it_requires_and_offers() -> None:
    option = {"display_value": "Open", "actual_value": "open"}
    sections = [
        {
            "fields": [
                {"api_name": "Deal_Name", "required": False, "system_mandatory": True},
                {"api_name": "Stage", "required": True, "pick_list_values": [option]},
            ]
        },
        {"fields": [{"api_name": "Next_Step", "required": False}]},
    ]
    body = {"layouts": [{"id": "1", "name": "Standard", "sections": sections}]}
    (layout,) = metadata.layouts("Deals").decode(answer(body))
    assert layout.mandatory == ("Deal_Name", "Stage")
    stage = layout.field("Stage")
    assert stage is not None
    assert [option.actual_value for option in stage.pick_list_values] == ["open"]
    assert layout.field("Amount") is None


def test_a_pipeline_knows_its_stages_by_what_records_carry() -> None:
    stage = {
        "id": "11",
        "display_value": "Won",
        "actual_value": "Closed Won",
        "forecast_type": "Closed Won",
    }
    row = {"id": "1", "display_value": "S", "actual_value": "S", "maps": [stage]}
    (pipeline,) = metadata.pipelines("1").decode(answer({"pipeline": [row]}))
    found = pipeline.stage("Closed Won")
    assert found is not None
    assert (found.display_value, found.forecast_type) == ("Won", "Closed Won")
    assert pipeline.stage("Won") is None
