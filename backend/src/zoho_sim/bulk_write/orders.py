"""What a job is to do: the body of the create call, checked against the file and the module."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoho_sim.bulk_write.cells import Column, pattern_of
from zoho_sim.bulk_write.uploads import BulkWriteRefusedError, table_of
from zoho_sim.state.fields import DataType

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zoho_sim.behaviour.switches import Switches
    from zoho_sim.bulk_write.uploads import Table, Upload
    from zoho_sim.state.fields import Field, JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation

COLUMNS_MAXIMUM = 200
OPERATIONS = ("insert", "update", "upsert")
_USUAL_ENCODING = "UTF-8"
_NEVER = (DataType.FORMULA, DataType.AUTONUMBER, DataType.SUBFORM, DataType.MULTI_LOOKUP)


@dataclass(frozen=True, slots=True)
class Order:
    """A job's operation, module, rows and columns. ``key`` is the column that finds records."""

    operation: str
    store: ModuleStore
    file_name: str
    table: Table
    columns: list[Column]
    key: Column | None
    ignore_empty: bool
    encoding: str
    mappings: list[JsonObject]


def need(body: JsonObject, name: str, path: str) -> JsonValue:
    """Return a mandatory key of the body."""
    if body.get(name) is None:
        raise BulkWriteRefusedError(
            "MISSING_REQUIRED_KEY",
            f"required key {name} is not found in request body.",
            {"json_path": f"{path}.{name}"},
        )
    return body[name]


def order_of(
    organisation: Organisation,
    uploads: Mapping[str, Upload],
    switches: Switches,
    body: JsonObject,
) -> Order:
    """Return what the body orders, or raise BulkWriteRefusedError."""
    operation = need(body, "operation", "$")
    if operation not in OPERATIONS:
        raise _invalid("operation", supported_values=list(OPERATIONS))
    resources = need(body, "resource", "$")
    if not isinstance(resources, list) or not resources or not isinstance(resources[0], dict):
        raise _invalid("resource", expected_data_type="jsonarray")
    if len(resources) > 1:
        # Several belong together only as a parent and its rows, which no module here has.
        raise BulkWriteRefusedError("COEXISTENCE_NOT_ALLOWED", "give one resource")
    resource = resources[0]
    if need(resource, "type", "$.resource[0]") != "data":
        raise _invalid("type", supported_values=["data"])
    store = _module(organisation, need(resource, "module", "$.resource[0]"))
    upload = _upload(uploads, resource)
    encoding = str(body.get("character_encoding") or _USUAL_ENCODING)
    table = table_of(upload, encoding)
    if len(table.header) > COLUMNS_MAXIMUM:
        raise BulkWriteRefusedError(
            "HEADER_LIMIT_EXCEEDED", "header limit exceeded", {"limit": COLUMNS_MAXIMUM}
        )
    if len(table.rows) > switches.bulk_write_rows_maximum:
        limit = {"limit": switches.bulk_write_rows_maximum}
        raise BulkWriteRefusedError("LIMIT_EXCEEDED", "row limit exceeded", limit)
    mappings = _mappings(resource, table)
    columns = [_column(organisation, store, table, mapping) for mapping in mappings]
    key = _key(store, columns, operation, resource.get("find_by"))
    _check_mandatory(store, columns, operation)
    ignore_empty = resource.get("ignore_empty", body.get("ignore_empty", False))
    if not isinstance(ignore_empty, bool):
        raise _invalid("ignore_empty", expected_data_type="boolean")
    return Order(
        operation, store, upload.name, table, columns, key, ignore_empty, encoding, mappings
    )


def _module(organisation: Organisation, given: JsonValue) -> ModuleStore:
    name = given.get("api_name") if isinstance(given, dict) else given
    store = organisation.modules.get(str(name))
    if store is None or not store.is_writable:
        raise BulkWriteRefusedError(
            "MODULE_NOT_AVAILABLE", f"Requested module '{name}' is not available."
        )
    return store


def _upload(uploads: Mapping[str, Upload], resource: JsonObject) -> Upload:
    upload = uploads.get(str(need(resource, "file_id", "$.resource[0]")))
    if upload is None:
        raise BulkWriteRefusedError("INVALID_FILE_ID", "improper file id")
    names = resource.get("file_names")
    if names is not None and names != [upload.name]:
        raise BulkWriteRefusedError(
            "FILE_NOT_SUPPORTED", "File not supported for bulk write", {"file_names": names}
        )
    return upload


def _mappings(resource: JsonObject, table: Table) -> list[JsonObject]:
    """Return the mappings given, or those that the names in the file's first line make."""
    given = resource.get("field_mappings")
    if given is None:
        return [_by_title(title, index) for index, title in enumerate(table.header)]
    if not isinstance(given, list) or not given or not all(isinstance(m, dict) for m in given):
        raise _invalid("field_mappings", expected_data_type="jsonarray")
    if len(given) > COLUMNS_MAXIMUM:
        raise BulkWriteRefusedError(
            "HEADER_LIMIT_EXCEEDED", "header limit exceeded", {"limit": COLUMNS_MAXIMUM}
        )
    return given


def _by_title(title: str, index: int) -> JsonObject:
    name, dot, key = title.partition(".")
    return {"api_name": name, "index": index, **({"find_by": key} if dot else {})}


def _column(
    organisation: Organisation, store: ModuleStore, table: Table, mapping: JsonObject
) -> Column:
    name, index = mapping.get("api_name"), mapping.get("index")
    field = store.fields.get(str(name))
    if field is None or (field.api_name != "id" and not _is_writable(field)):
        raise BulkWriteRefusedError("INVALID_FIELD", f"invalid mapping. invalid api_name {name}.")
    default = mapping.get("default_value")
    if default is not None and (not isinstance(default, dict) or "value" not in default):
        raise _invalid("default_value", expected_data_type="jsonobject")
    if index is None and default is None:
        raise BulkWriteRefusedError(
            "MISSING_REQUIRED_KEY",
            f"required key index for field {name} is not found in request body.",
            {"json_path": "$.resource[0].field_mappings"},
        )
    if index is not None and (isinstance(index, bool) or not isinstance(index, int)):
        raise _invalid("index", expected_data_type="integer")
    if index is not None and not 0 <= index < len(table.header):
        raise BulkWriteRefusedError(
            "COLUMN_INDEX_NOT_FOUND", f"column index {index} is not found", {"index": index}
        )
    return Column(
        field,
        index,
        title=field.api_name if index is None else table.header[index],
        pattern=pattern_of(field, mapping.get("format")),
        key=_lookup_key(organisation, field, mapping.get("find_by")),
        default=None if default is None else default["value"],
    )


def _is_writable(field: Field) -> bool:
    return not field.read_only and field.data_type not in _NEVER


def _lookup_key(organisation: Organisation, field: Field, given: JsonValue) -> Field | None:
    """Return the field by which a lookup names its record: a unique one, or the record's name."""
    if given in (None, "id"):
        return None
    target = organisation.modules.get(field.lookup_module or "")
    key = None if target is None else target.fields.get(str(given))
    if target is None or key is None or not (key.unique or key is target.name_field):
        raise _invalid("find_by", field=field.api_name)
    return key


def _key(
    store: ModuleStore, columns: list[Column], operation: str, find_by: JsonValue
) -> Column | None:
    """Return the column that finds records; an insert needs none."""
    if find_by is None:
        if operation == "insert":
            return None
        raise BulkWriteRefusedError("MANDATORY_NOT_FOUND", "Required key find_by is not available")
    field = store.fields.get(str(find_by))
    if field is None or not (field.api_name == "id" or field.unique):
        raise _invalid("find_by")
    column = next((column for column in columns if column.field is field), None)
    if column is None or column.index is None:
        raise BulkWriteRefusedError(
            "MANDATORY_FIELDS_NOT_MAPPED",
            "All mandatory fields are not mapped for the layout",
            {"api_name": field.api_name},
        )
    return column


def _check_mandatory(store: ModuleStore, columns: list[Column], operation: str) -> None:
    if operation == "update":
        return
    mapped = {column.field for column in columns}
    missing = [f.api_name for f in store.fields.values() if f.mandatory and f not in mapped]
    if missing:
        raise BulkWriteRefusedError(
            "MANDATORY_FIELDS_NOT_MAPPED",
            "All mandatory fields are not mapped for the layout",
            {"missing": missing},
        )


def _invalid(name: str, **details: object) -> BulkWriteRefusedError:
    return BulkWriteRefusedError("INVALID_DATA", "invalid data", {"api_name": name, **details})
