"""Records as JSON: the list call's projection, and the single record with its system keys."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING

from zoho_sim.state.fields import DataType, Field
from zoho_sim.state.protections import Right, is_locked
from zoho_sim.state.records import ID

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from zoho_sim.state.fields import JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation
    from zoho_sim.state.records import Record

RICH_TEXT_PREVIEW = 500

_APPROVAL = {"delegate": False, "takeover": False, "approve": False, "reject": False,
             "resubmit": False}  # fmt: skip
_SYSTEM_KEYS: JsonObject = {
    "$approved": True,
    "$approval": _APPROVAL,
    "$approval_state": "approved",
    "$editable": True,
    "$field_states": None,
    "$in_merge": False,
    "$is_duplicate": False,
    "$locked_for_me": False,
    "$orchestration": None,
    "$pathfinder": None,
    "$process_flow": False,
    "$review": None,
    "$review_process": {"approve": False, "reject": False, "resubmit": False},
    "$sharing_permission": "full_access",
    "$state": "save",
    "$wizard_connection_path": None,
    "$zia_owner_assignment": "owner_recommendation_unavailable",
    "$zia_visions": None,
}


def list_projection(store: ModuleStore, names: Sequence[str]) -> Callable[[Record], JsonObject]:
    """Return what turns a record into a row of the list call.

    The row has ``id`` and those named fields that exist and that the list call returns; names that
    do not exist are passed over. Rich text is cut to 500 characters.
    """
    wanted = [store.fields[name] for name in dict.fromkeys(names) if name in store.fields]
    fields = [field for field in wanted if field.is_listed and field.position != ID]
    keys = ("id", *(field.api_name for field in fields))
    # A second id column keeps itemgetter returning a tuple when no other field is wanted.
    pick = itemgetter(ID, *(field.position for field in fields), ID)
    long_texts = [field.api_name for field in fields if field.textarea_type == "rich_text"]

    def plain(record: Record) -> JsonObject:
        return dict(zip(keys, pick(record.values), strict=False))

    def cut(record: Record) -> JsonObject:
        row = plain(record)
        for name in long_texts:
            text = row[name]
            if text is not None:
                row[name] = text[:RICH_TEXT_PREVIEW]
        return row

    return cut if long_texts else plain


def whole_record(organisation: Organisation, store: ModuleStore) -> Callable[[Record], JsonObject]:
    """Return what turns a record into the single-record call's row: every field and ``$`` keys."""
    names = tuple(store.fields)
    positions = [field.position for field in store.fields.values()]
    pick = itemgetter(*positions)
    rows = [name for name, field in store.fields.items() if not field.is_listed]
    subforms = [name for name, field in store.fields.items() if field.data_type is DataType.SUBFORM]
    currency = store.by_role.get("Currency")
    symbols = {code: known.symbol for code, known in organisation.currencies.items()}
    home = symbols[organisation.facts.home_currency]
    protections = organisation.protections
    may_edit = protections.grants(store.api_name, Right.EDIT)

    def shape(record: Record) -> JsonObject:
        row: JsonObject = dict(zip(names, pick(record.values), strict=True))
        for name in rows:
            if row[name] is None:
                row[name] = []
        row.update(_SYSTEM_KEYS)
        row["$locked_for_me"] = is_locked(store, record)
        row["$editable"] = may_edit and record.id not in protections.not_editable
        row["$process_flow"] = record.id in protections.in_blueprint
        code = None if currency is None else record.values[currency.position]
        row["$currency_symbol"] = symbols.get(code or "", home)
        if subforms:
            row["$has_more"] = dict.fromkeys(subforms, False)
        return row

    return shape


def some_fields(
    organisation: Organisation, store: ModuleStore, names: Sequence[str]
) -> Callable[[Record], JsonObject]:
    """Return what shapes a single record down to named fields, its ``id`` and ``$`` keys."""
    whole = whole_record(organisation, store)
    keep = {"id", *names}

    def shape(record: Record) -> JsonObject:
        return {
            key: value for key, value in whole(record).items() if key in keep or key.startswith("$")
        }

    return shape


def json_type(field: Field) -> str:
    """Return the ``json_type`` that the fields metadata gives for a field."""
    return _JSON_TYPES.get(field.value_type, "string")


_JSON_TYPES = {
    DataType.INTEGER: "integer",
    DataType.PERCENT: "double",
    DataType.DOUBLE: "double",
    DataType.CURRENCY: "double",
    DataType.BOOLEAN: "boolean",
    DataType.LOOKUP: "jsonobject",
    DataType.OWNER: "jsonobject",
    DataType.USER: "jsonobject",
    DataType.LAYOUT: "jsonobject",
    DataType.MULTISELECT: "jsonarray",
    DataType.MULTI_LOOKUP: "jsonarray",
    DataType.SUBFORM: "jsonarray",
    DataType.TAG: "jsonarray",
}


def plain_name(value: JsonValue) -> JsonValue:
    """Return ``{"name", "id"}`` of an owner that also carries an e-mail address."""
    return None if value is None else {"name": value["name"], "id": value["id"]}
