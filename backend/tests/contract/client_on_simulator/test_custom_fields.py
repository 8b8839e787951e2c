"""The client's custom fields against the simulator, from creation to a value and to removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.crm_simulator import ids_of
from zoho_crm import (
    AnswerLost,
    BooleanField,
    CurrencyField,
    DateTimeField,
    DecimalField,
    FieldEdit,
    IntegerField,
    PickListField,
    PickOption,
    RecordError,
    RecordWritten,
    Refusal,
    TextField,
)

if TYPE_CHECKING:
    from support.simulator import SimulatorHandle
    from zoho_crm import ZohoClient

pytestmark = pytest.mark.anyio


async def test_five_fields_are_made_at_once_and_read_back(crm: ZohoClient) -> None:
    specs = [
        PickListField(label="O2R Phase", options=(PickOption("Order"), PickOption("Revenue"))),
        IntegerField(label="Health Score", length=3),
        DateTimeField(label="Last Sync"),
        CurrencyField(label="Billed", decimal_places=2),
        DecimalField(label="Weight", decimal_places=3),
    ]
    made = (await crm.custom_fields.create("Deals", specs)).rows
    fields = [await crm.metadata.field("Deals", row.id or "") for row in made]
    assert [field and (field.label, field.data_type, field.is_custom) for field in fields] == [
        ("O2R Phase", "picklist", True),
        ("Health Score", "integer", True),
        ("Last Sync", "datetime", True),
        ("Billed", "currency", True),
        ("Weight", "double", True),
    ]
    assert fields[0] is not None
    assert [option.actual_value for option in fields[0].pick_list_values][-2:] == [
        "Order",
        "Revenue",
    ]
    layouts = await crm.metadata.layouts("Deals")
    placed = layouts[0].field(fields[0].api_name)
    assert placed is not None
    assert placed.pick_list_values == fields[0].pick_list_values


async def test_a_label_that_is_taken_refuses_only_its_own_field(crm: ZohoClient) -> None:
    await crm.custom_fields.create("Deals", [TextField(label="Berth")])
    result = await crm.custom_fields.create(
        "Deals", [TextField(label="Berth"), BooleanField(label="Insured")]
    )
    taken, made = result.rows
    assert isinstance(taken, RecordError)
    assert (taken.refusal, taken.row_index) == (Refusal.DUPLICATE, 0)
    assert isinstance(made, RecordWritten)
    (alone,) = (await crm.custom_fields.create("Deals", [TextField(label="Berth")])).errors
    assert alone.refusal is Refusal.DUPLICATE


async def test_a_field_lives_from_creation_to_removal(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    (made,) = (
        await crm.custom_fields.create(
            "Deals", [PickListField(label="Sync Status", options=(PickOption("In sync"),))]
        )
    ).rows
    (field,) = await crm.custom_fields.find("Deals", "sync status")
    assert field.id == made.id
    edit = FieldEdit(id=field.id, label="Mirror Status", options=(PickOption("Pending"),))
    assert (await crm.custom_fields.update("Deals", [edit])).errors == ()
    changed = await crm.metadata.field("Deals", field.id)
    assert changed is not None
    assert (changed.label, changed.api_name) == ("Mirror Status", field.api_name)
    assert {"In sync", "Pending"} <= {option.actual_value for option in changed.pick_list_values}
    target = ids_of(sim.records())[0]
    row = {"id": target, field.api_name: "Pending"}
    assert (await crm.update("Deals", [row])).errors == ()
    assert (await crm.get_record("Deals", target) or {})[field.api_name] == "Pending"
    assert (await crm.custom_fields.delete("Deals", field.id)).errors == ()
    assert await crm.metadata.field("Deals", field.id) is None
    assert await crm.custom_fields.find("Deals", "Mirror Status") == []


async def test_a_field_of_the_crm_itself_is_not_deleted(crm: ZohoClient) -> None:
    stage = next(field for field in await crm.metadata.fields("Deals") if field.label == "Stage")
    (refused,) = (await crm.custom_fields.delete("Deals", stage.id)).errors
    assert refused.refusal is Refusal.NOT_ALLOWED


async def test_a_creation_whose_answer_is_lost_is_found_by_its_label(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    sim.fault("lost_answer", route="*/settings/fields", method="POST", count=1)
    with pytest.raises(AnswerLost) as caught:
        await crm.custom_fields.create("Deals", [TextField(label="Mooring")])
    (sent,) = caught.value.rows
    (found,) = await crm.custom_fields.find("Deals", sent["field_label"])
    assert (found.label, found.data_type) == ("Mooring", "text")
