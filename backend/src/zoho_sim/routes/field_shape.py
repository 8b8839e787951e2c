"""A field's definition as the fields metadata gives it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.mass_update.rules import allows
from zoho_sim.routes.shape import json_type
from zoho_sim.state.fields import DataType
from zoho_sim.state.records import ID

if TYPE_CHECKING:
    from zoho_sim.routes.call import Call
    from zoho_sim.state.fields import Field, JsonObject, Option
    from zoho_sim.state.modules import ModuleStore

_UI_TYPES = {
    DataType.TEXT: 1, DataType.PICKLIST: 2, DataType.TEXTAREA: 3, DataType.LOOKUP: 4,
    DataType.OWNER: 8, DataType.MULTISELECT: 14, DataType.WEBSITE: 21, DataType.DATE: 24,
    DataType.EMAIL: 25, DataType.INTEGER: 32, DataType.PHONE: 33, DataType.PERCENT: 34,
    DataType.CURRENCY: 36, DataType.DOUBLE: 38, DataType.BIGINT: 39, DataType.FORMULA: 40,
    DataType.BOOLEAN: 301, DataType.DATETIME: 200, DataType.AUTONUMBER: 128, DataType.USER: 133,
    DataType.SUBFORM: 140, DataType.LAYOUT: 167, DataType.MULTI_LOOKUP: 170, DataType.TAG: 209,
    DataType.SYSTEM_ID: 395,
}  # fmt: skip
# Types that the simulator tells apart and the CRM does not.
_WIRE_TYPES = {DataType.SYSTEM_ID: "bigint", DataType.TAG: "text"}
_NOT_FILTERABLE = (DataType.SUBFORM, DataType.MULTI_LOOKUP, DataType.TEXTAREA, DataType.TAG)
_HISTORY_ROLES = ("Stage",)


def plain_option_json(option: Option, place: int) -> JsonObject:
    """Return one picklist value."""
    row: JsonObject = {
        "display_value": option.display_value,
        "sequence_number": place + 1,
        "reference_value": option.actual_value,
        "actual_value": option.actual_value,
        "id": option.id,
        "type": "used",
    }
    if option.colour_code is not None:
        row["colour_code"] = option.colour_code
    return row


def option_json(call: Call, option: Option, place: int) -> JsonObject:
    """Return one picklist value; those of Stage also say probability and forecast."""
    row = plain_option_json(option, place)
    if option.forecast_type is not None and call.simulator.switches.stage_metadata_in_fields:
        row["probability"] = option.probability
        row["forecast_category"] = _forecast_category(call, option)
        row["forecast_type"] = option.forecast_type
    return row


def _forecast_category(call: Call, option: Option) -> JsonObject | None:
    for pipeline in call.organisation.pipelines:
        for entry in pipeline.stages:
            if entry.stage == option.actual_value:
                return entry.forecast_category.reference
    return None


def field_json(call: Call, store: ModuleStore, field: Field) -> JsonObject:
    """Return a field's definition with every key that the fields call documents."""
    is_picklist = field.data_type in (DataType.PICKLIST, DataType.MULTISELECT)
    is_decimal = field.data_type in (DataType.DOUBLE, DataType.CURRENCY)
    writable = not field.read_only
    layout = call.organisation.layouts.get(store.api_name)
    definition: JsonObject = {
        "associated_module": _rows_of(call, field),
        "webhook": field.position != ID,
        "operation_type": {
            "web_update": writable,
            "api_create": writable,
            "web_create": writable,
            "api_update": writable,
        },
        "colour_code_enabled_by_system": field.role == "Stage",
        "field_label": field.label,
        "tooltip": field.tooltip,
        "type": "used",
        "field_read_only": field.read_only,
        "customizable_properties": None,
        "display_label": field.label,
        "read_only": field.read_only,
        "association_details": None,
        "businesscard_supported": True,
        "multi_module_lookup": {},
        "id": field.id,
        "created_time": field.created_time,
        "modified_time": field.modified_time,
        "filterable": field.data_type not in _NOT_FILTERABLE,
        "visible": True,
        "profiles": [
            {
                **profile.reference,
                "permission_type": "read_write" if writable else "read_only",
            }
            for profile in call.organisation.profiles
        ],
        "view_type": {
            "view": field.position != ID,
            "edit": writable,
            "quick_create": field.mandatory,
            "create": writable,
        },
        "separator": field.data_type in (DataType.INTEGER, DataType.BIGINT, DataType.CURRENCY),
        "searchable": field.data_type not in _NOT_FILTERABLE,
        "history_tracking_enabled": field.role in _HISTORY_ROLES,
        "external": None,
        "api_name": field.api_name,
        "parent_field": None,
        "child_fields": None,
        "unique": {"case_sensitive": False} if field.unique else {},
        "enable_colour_code": False,
        "pick_list_values": [
            option_json(call, option, place) for place, option in enumerate(field.options)
        ]
        if is_picklist
        else [],
        "pick_list_values_sorted_lexically": False,
        "system_mandatory": field.mandatory,
        "private": None,
        "virtual_field": False,
        "json_type": json_type(field),
        "crypt": None,
        "range": None,
        "created_source": "default",
        "display_type": -1,
        "ui_type": _UI_TYPES[field.data_type],
        "public": False,
        "email_parser": {
            "fields_update_supported": False,
            "record_operations_supported": False,
        },
        "currency": {"rounding_option": "normal", "precision": field.decimal_places}
        if field.data_type is DataType.CURRENCY
        else {},
        "custom_field": field.custom,
        "lookup": _lookup(call, field),
        "hipaa_compliance": None,
        "hipaa_compliance_enabled": False,
        "convert_mapping": {"Contacts": None, "Deals": None, "Accounts": None},
        "address": None,
        "rollup_summary": {},
        "length": field.length,
        "column_name": f"COLUMN{field.position}",
        "display_field": field is store.name_field,
        "sortable": field.is_listed and field.data_type is not DataType.TEXTAREA,
        "global_picklist": None,
        "display_format": None,
        "display_format_properties": None,
        "history_tracking": None,
        "data_type": _WIRE_TYPES.get(field.data_type, field.data_type.value),
        "formula": {"return_type": field.formula_type, "dynamic": False}
        if field.formula_type is not None
        else {},
        "additional_column": None,
        "decimal_place": field.decimal_places if is_decimal or field.formula_type else None,
        "mass_update": allows(field, call.simulator.switches),
        "multiselectlookup": _multi_lookup(call, store, field),
        "auto_number": {"prefix": "D-", "start_number": 1, "suffix": ""}
        if field.data_type is DataType.AUTONUMBER
        else {},
        "layout_associations": []
        if layout is None
        else [{**layout.reference, "api_name": f"{layout.name}__s"}],
        "blueprint_supported": field.role == "Stage",
    }
    if field.default is not None:
        definition["default_value"] = field.default
    if field.textarea_type is not None:
        definition["textarea"] = {"type": field.textarea_type}
    if field.subform_module is not None:
        definition["subform"] = {
            "module": field.subform_module,
            "id": call.organisation.row_modules[field.subform_module].id,
        }
    return definition


def _rows_of(call: Call, field: Field) -> JsonObject | None:
    if field.subform_module is None:
        return None
    rows = call.organisation.row_modules[field.subform_module]
    return {"module": rows.api_name, "id": rows.id}


def _lookup(call: Call, field: Field) -> JsonObject:
    if field.data_type is not DataType.LOOKUP or field.lookup_module is None:
        return {}
    module = call.organisation.modules[field.lookup_module]
    return {
        "display_label": field.label,
        "revalidate_filter_during_edit": False,
        "api_name": field.api_name,
        "module": {"crypt": False, "api_name": module.api_name, "id": module.id},
        "id": str(int(field.id) + 200_000_000_000),
        "query_details": {"system_query_id": None},
    }


def _multi_lookup(call: Call, store: ModuleStore, field: Field) -> JsonObject:
    if field.data_type is not DataType.MULTI_LOOKUP or field.lookup_module is None:
        return {}
    connected = call.organisation.modules[field.lookup_module]
    linking = call.organisation.row_modules[f"{store.api_name}_X_{connected.api_name}"]
    return {
        "linking_details": {
            "module": {
                "plural_label": linking.plural,
                "api_name": linking.api_name,
                "visibility": 4,
                "id": linking.id,
            },
            "lookup_field": {
                "api_name": store.api_name,
                "field_label": store.plural,
                "id": str(int(field.id) + 220_000_000_000),
            },
            "connected_lookup_field": {
                "api_name": field.api_name,
                "field_label": field.label,
                "id": str(int(field.id) + 230_000_000_000),
            },
        },
        "connected_details": {
            "field": {"api_name": field.api_name, "field_label": field.label, "id": field.id},
            "module": {
                "plural_label": connected.plural,
                "api_name": connected.api_name,
                "id": connected.id,
            },
            "layouts": [],
        },
        "related_list": {
            "display_label": connected.plural,
            "api_name": f"{field.api_name}_related",
            "id": str(int(field.id) + 240_000_000_000),
        },
    }
