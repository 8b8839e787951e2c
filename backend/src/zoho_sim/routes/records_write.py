"""Insert, update, upsert and delete: up to 100 rows, each with a result of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from zoho_sim.routes.call import Call, respond
from zoho_sim.routes.errors import (
    ApiError,
    error_body,
    invalid_module,
    limit_exceeded,
    no_permission,
    required_param_missing,
    unparsable_body,
)
from zoho_sim.routes.params import header_time, names
from zoho_sim.routes.records_read import MODULE, RECORD
from zoho_sim.routes.row_results import (
    Result,
    already_modified,
    answer_rows,
    bad_id,
    refusal,
    written,
)
from zoho_sim.routes.table import Routes, needs_module
from zoho_sim.state.edits import Author, delete_record
from zoho_sim.state.protections import Right, is_locked
from zoho_sim.state.writer import LOCKED_TEXT, RecordWriter
from zoho_sim.state.writes import RowRefusedError

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.state.fields import Field, JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.records import Record

routes = Routes()

ROWS_MAXIMUM = 100
_TRIGGERS = {"workflow", "approval", "blueprint", "pathfinder", "orchestration"}
# The field by which an upsert recognises a record when no list is given.
_SYSTEM_CHECK = {"Deals": "Deal_Name", "Accounts": "Account_Name", "Contacts": "Email"}


def _rows_in(call: Call) -> int:
    """Count the rows for the price; a body that cannot be read costs as one row."""
    try:
        data = orjson.loads(call.body).get("data")
    except (orjson.JSONDecodeError, AttributeError):
        return 1
    return max(1, len(data)) if isinstance(data, list) else 1


def _write_cost(call: Call) -> int:
    return -(-_rows_in(call) // call.simulator.switches.write_rows_per_credit)


def _write_is_complex(call: Call) -> bool:
    return _rows_in(call) > call.simulator.switches.complex_write_rows_over


def _delete_cost(call: Call) -> int:
    count = max(1, len(names(call, "ids")))
    return -(-count // call.simulator.switches.delete_rows_per_credit)


@routes.on(
    "POST",
    MODULE,
    operation="records.insert",
    scopes=needs_module("CREATE"),
    cost=_write_cost,
    is_complex=_write_is_complex,
)
async def insert_records(call: Call) -> web.Response:
    """Add records; unique fields are checked for every row."""
    store = writable(call, Right.CREATE)
    rows = _rows(call)
    writer = _writer(call, store, None)
    with call.simulator.clock.held():
        results = [_insert(writer, row, place) for place, row in enumerate(rows)]
    return answer_rows(results, success_status=201)


@routes.on(
    "PUT",
    MODULE,
    operation="records.update",
    scopes=needs_module("UPDATE"),
    cost=_write_cost,
    is_complex=_write_is_complex,
)
async def update_records(call: Call) -> web.Response:
    """Change records by the ``id`` in each row."""
    return _update(call, _rows(call))


@routes.on("PUT", RECORD, operation="records.update_one", scopes=needs_module("UPDATE"))
async def update_record(call: Call) -> web.Response:
    """Change the record that the path names."""
    rows = _rows(call)
    if len(rows) > 1:
        raise _too_many_rows(1)
    return _update(call, [{**rows[0], "id": call.path("id")}])


@routes.on(
    "POST",
    MODULE + "/upsert",
    operation="records.upsert",
    scopes=needs_module("CREATE"),
    cost=_write_cost,
    is_complex=_write_is_complex,
)
async def upsert_records(call: Call) -> web.Response:
    """Change the record that a row matches, or add one."""
    store = writable(call, Right.CREATE, Right.EDIT)
    rows = _rows(call)
    unless_since = header_time(call, "If-Unmodified-Since")
    writer = _writer(call, store, unless_since)
    checks = _duplicate_checks(call, store)
    results = []
    with call.simulator.clock.held():
        for place, row in enumerate(rows):
            existing, field = _match(store, checks, row)
            if existing is None:
                result = _insert(writer, row, place)
                action = "insert"
            else:
                result = _change(writer, existing, row, place, unless_since)
                action = "update"
            if result.is_success:
                result.body["action"] = action
                result.body["duplicate_field"] = field.api_name if field else None
            results.append(result)
    return answer_rows(results, success_status=200)


@routes.on(
    "DELETE",
    MODULE,
    operation="records.delete",
    scopes=needs_module("DELETE"),
    cost=_delete_cost,
)
async def delete_records(call: Call) -> web.Response:
    """Move records to the recycle bin: ``ids``, 100 at most."""
    ids = names(call, "ids")
    if not ids:
        raise required_param_missing("ids")
    if len(ids) > ROWS_MAXIMUM:
        raise limit_exceeded("ids", ROWS_MAXIMUM)
    return _delete(call, ids)


@routes.on("DELETE", RECORD, operation="records.delete_one", scopes=needs_module("DELETE"))
async def delete_one(call: Call) -> web.Response:
    """Move the record that the path names to the recycle bin."""
    return _delete(call, [call.path("id")])


def writable(call: Call, *rights: Right) -> ModuleStore:
    """Return the module in the path if the user may write to it so; else refuse the call."""
    store = call.module()
    if not store.is_writable:
        raise invalid_module()
    for right in rights:
        if not call.organisation.protections.grants(store.api_name, right):
            raise no_permission(f"Crm_Implied_{right}_{store.api_name}")
    return store


def _writer(call: Call, store: ModuleStore, guard: str | None) -> RecordWriter:
    trigger = call.json().get("trigger")
    runs_workflow = trigger is None or "workflow" in trigger
    simulator = call.simulator
    return RecordWriter(
        call.organisation,
        store,
        simulator.switches,
        Author(call.organisation.api_user, guard=guard),
        simulator.workflow.after_write if runs_workflow else None,
    )


def _rows(call: Call) -> list[JsonObject]:
    """Return the rows in ``data``: 1 to 100 objects; the automation keys are checked too."""
    body = call.json()
    data = body.get("data")
    if data is None:
        raise ApiError(
            400,
            "MANDATORY_NOT_FOUND",
            "required field not found",
            {"api_name": "data", "json_path": "$.data"},
        )
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise ApiError(
            400,
            "INVALID_DATA",
            "invalid data",
            {"expected_data_type": "jsonarray", "api_name": "data", "json_path": "$.data"},
        )
    if not data:
        raise unparsable_body()
    if len(data) > ROWS_MAXIMUM:
        raise _too_many_rows(ROWS_MAXIMUM)
    trigger = body.get("trigger") or []
    if not isinstance(trigger, list) or not _TRIGGERS.issuperset(map(str, trigger)):
        raise ApiError(
            400,
            "INVALID_DATA",
            "invalid data",
            {
                "expected_data_type": "jsonarray",
                "supported_values": sorted(_TRIGGERS),
                "api_name": "trigger",
                "json_path": "$.trigger",
            },
        )
    return data


def _too_many_rows(limit: int) -> ApiError:
    return ApiError(
        400,
        "LIMIT_EXCEEDED",
        "count of records in your request exceeds the limit",
        {"maximum_length": limit, "api_name": "data"},
    )


def _update(call: Call, rows: list[JsonObject]) -> web.Response:
    store = writable(call, Right.EDIT)
    unless_since = header_time(call, "If-Unmodified-Since")
    writer = _writer(call, store, unless_since)
    found = [store.records.get(str(row.get("id"))) for row in rows]
    if call.simulator.switches.one_lost_race_fails_the_call:
        for record in found:
            if record is not None and _is_late(record, unless_since):
                return respond({"data": [already_modified(record).body]}, 412)
    results = []
    with call.simulator.clock.held():
        for place, (row, record) in enumerate(zip(rows, found, strict=True)):
            if "id" not in row:
                details = {"api_name": "id", "json_path": f"$.data[{place}].id"}
                message = "required field not found"
                results.append(Result(error_body("MANDATORY_NOT_FOUND", message, details), 400))
            elif record is None:
                results.append(bad_id(place))
            else:
                results.append(_change(writer, record, row, place, unless_since))
    return answer_rows(results, success_status=200)


def _insert(writer: RecordWriter, row: JsonObject, place: int) -> Result:
    try:
        return written(writer.insert(row, place), "record added")
    except RowRefusedError as refused:
        return refusal(refused)


def _change(
    writer: RecordWriter, record: Record, row: JsonObject, place: int, unless_since: str | None
) -> Result:
    if _is_late(record, unless_since):
        return already_modified(record)
    try:
        return written(writer.change(record, row, place), "record updated")
    except RowRefusedError as refused:
        return refusal(refused)


def _delete(call: Call, ids: list[str]) -> web.Response:
    store = writable(call, Right.DELETE)
    return answer_rows([_delete_one(call, store, each) for each in ids], success_status=200)


def _delete_one(call: Call, store: ModuleStore, record_id: str) -> Result:
    record = store.records.get(record_id)
    details: JsonObject = {"id": record_id}
    if record is None:
        return Result(error_body("INVALID_DATA", "record not deleted", details), 400)
    if is_locked(store, record):
        details["action"] = "record_locking"
        return Result(error_body("RECORD_LOCKED", LOCKED_TEXT, details), 400)
    delete_record(call.organisation, store, record, Author(call.organisation.api_user))
    return Result(
        {
            "code": "SUCCESS",
            "details": details,
            "message": "record deleted",
            "status": "success",
        },
        200,
    )


def _is_late(record: Record, unless_since: str | None) -> bool:
    return unless_since is not None and record.modified_time > unless_since


def _duplicate_checks(call: Call, store: ModuleStore) -> list[Field]:
    """Return the fields by which rows are matched, in order of precedence."""
    listed = call.json().get("duplicate_check_fields")
    system = store.by_role.get(_SYSTEM_CHECK.get(store.api_name, store.name_role))
    unique = [field for field in store.fields.values() if field.unique]
    usable = [field for field in (system, *unique) if field is not None]
    if listed is None:
        return list(dict.fromkeys(usable))
    if not isinstance(listed, list):
        raise _bad_checks("jsonarray", None)
    chosen: list[Field] = []
    for place, name in enumerate(listed):
        field = store.fields.get(str(name))
        if field is None or field not in usable:
            raise _bad_checks(None, place)
        chosen.append(field)
    return list(dict.fromkeys([*chosen, *unique]))


def _bad_checks(expected: str | None, place: int | None) -> ApiError:
    path = "$.duplicate_check_fields" + ("" if place is None else f"[{place}]")
    details: JsonObject = {"api_name": "duplicate_check_fields", "json_path": path}
    if expected is not None:
        details["expected_data_type"] = expected
    return ApiError(400, "INVALID_DATA", "invalid data", details)


def _match(
    store: ModuleStore, checks: list[Field], row: JsonObject
) -> tuple[Record | None, Field | None]:
    """Return the record that an upserted row means, and the field that matched, if one did."""
    given: JsonValue = row.get("id")
    if given is not None:
        return store.records.get(str(given)), None
    for field in checks:
        value = row.get(field.api_name)
        existing = None if value is None else store.find(field, value)
        if existing is not None:
            return existing, field
    return None, None
