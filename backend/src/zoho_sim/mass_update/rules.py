"""What a mass update may set, and how it words what a record refuses (zoho-crm-v8.md section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.state.fields import DataType
from zoho_sim.state.values import Given, ValueRefusedError, wire_value

if TYPE_CHECKING:
    from zoho_sim.behaviour.switches import Switches
    from zoho_sim.state.fields import Field, JsonObject
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation
    from zoho_sim.state.writes import RowError

IDS_MAXIMUM = 500
AUTOMATION_BELOW = 1_000
_FIELDS_MAXIMUM = {"Deals": 3}
_NEVER = frozenset(
    {
        DataType.EMAIL,
        DataType.LOOKUP,
        DataType.USER,
        DataType.MULTI_LOOKUP,
        DataType.LAYOUT,
        DataType.TEXTAREA,
        DataType.SUBFORM,
        DataType.TAG,
        DataType.FORMULA,
        DataType.AUTONUMBER,
        DataType.SYSTEM_ID,
    }
)
_KEPT_DETAILS = ("maximum_length",)
_MISMATCH = "Pipeline doesn't contain the Stage"


class MassUpdateRefusedError(Exception):
    """The values cannot be set in any record; code, message and details are the answer's."""

    def __init__(self, message: str, **details: object) -> None:
        super().__init__(message)
        self.code = "INVALID_DATA"
        self.message = message
        self.details = details


def allows(field: Field, switches: Switches) -> bool:
    """Whether mass update may set the field, which is what its metadata say too."""
    if field.data_type is DataType.OWNER:
        return not field.read_only and switches.mass_update_takes_owner
    return not (field.read_only or field.unique or field.data_type in _NEVER)


def row_for(
    organisation: Organisation,
    store: ModuleStore,
    switches: Switches,
    values: JsonObject,
    *,
    over_write: bool,
) -> JsonObject:
    """Return the row that every record gets, or raise MassUpdateRefusedError.

    Without ``over_write`` choices are added to those of a multi-select.
    """
    fields = [store.fields[name] for name in values if name in store.fields]
    if not fields or len(fields) < len(values):
        raise MassUpdateRefusedError("No field found")
    limit = _FIELDS_MAXIMUM.get(store.api_name, 1)
    if len(fields) > limit:
        raise MassUpdateRefusedError("Max field limit exceeded", limit=limit)
    for field in fields:
        if not allows(field, switches):
            raise MassUpdateRefusedError(
                f"the field {field.api_name} is not supported in mass update"
            )
        _check(organisation, field, switches, values)
    appended = [field for field in fields if field.data_type is DataType.MULTISELECT]
    if over_write or not appended:
        return values
    return {**values, "$append_values": {field.api_name: True for field in appended}}


def refused_row(store: ModuleStore, error: RowError, record_id: str) -> JsonObject:
    """Return the result of a record that refused the values."""
    if error.message == _MISMATCH:
        details: JsonObject = {
            "mapped_field": store.by_role["Pipeline"].api_name,
            "api_name": error.details["api_name"],
            "json_path": error.details["json_path"],
        }
        code = "MAPPING_MISMATCH"
    else:
        kept = {name: error.details[name] for name in _KEPT_DETAILS if name in error.details}
        code, details = error.code, {"id": record_id, **kept}
    return {"code": code, "details": details, "message": error.message, "status": "error"}


def _check(
    organisation: Organisation, field: Field, switches: Switches, values: JsonObject
) -> None:
    given = Given(
        organisation,
        field,
        values[field.api_name],
        None,
        new_options=switches.new_picklist_values_are_accepted,
    )
    try:
        wire_value(given)
    except ValueRefusedError as refused:
        kept = {name: refused.details[name] for name in _KEPT_DETAILS if name in refused.details}
        raise MassUpdateRefusedError(refused.message, **kept) from None
