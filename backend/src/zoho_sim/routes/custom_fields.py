"""Fields made, changed and removed: up to five a call, each with a result of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.custom_fields.changing import change_field
from zoho_sim.custom_fields.making import make_field
from zoho_sim.custom_fields.refusals import FieldRefusedError, Row
from zoho_sim.routes.call import Call, respond
from zoho_sim.routes.errors import ApiError, error_body
from zoho_sim.routes.metadata import field_in_path, module_param
from zoho_sim.routes.row_results import Result, answer_rows
from zoho_sim.routes.table import API, Routes, needs

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.state.fields import Field, JsonObject
    from zoho_sim.state.modules import ModuleStore

routes = Routes()

FIELDS_PER_CALL = 5
_LIST = API + "/settings/fields"
_ONE = _LIST + r"/{id:\d+}"


@routes.on("POST", _LIST, operation="fields.create", scopes=needs("ZohoCRM.settings.fields.CREATE"))
async def create_fields(call: Call) -> web.Response:
    """Make custom fields; they are in every answer from now on."""
    store = _module(call)
    results = [_make(call, store, row, at) for at, row in enumerate(_rows(call))]
    return answer_rows(results, success_status=201, key="fields")


@routes.on(
    "PATCH", _LIST, operation="fields.update", scopes=needs("ZohoCRM.settings.fields.UPDATE")
)
async def update_fields(call: Call) -> web.Response:
    """Change fields by the ``id`` in each row."""
    store = _module(call)
    by_id = {field.id: field for field in store.fields.values()}
    results = []
    for at, given in enumerate(_rows(call)):
        row = Row(given, at)
        field = by_id.get(str(given.get("id")))
        if "id" not in given:
            results.append(_refusal(row.missing("id")))
        elif field is None:
            results.append(_refusal(row.invalid("id")))
        else:
            results.append(_change(call, store, field, row))
    return answer_rows(results, success_status=200, key="fields")


@routes.on(
    "PATCH", _ONE, operation="fields.update_one", scopes=needs("ZohoCRM.settings.fields.UPDATE")
)
async def update_field(call: Call) -> web.Response:
    """Change the field that the path names."""
    store = _module(call)
    field, rows = field_in_path(call, store), _rows(call)
    if len(rows) > 1:
        raise _too_many(1)
    return answer_rows(
        [_change(call, store, field, Row(rows[0], 0))], success_status=200, key="fields"
    )


@routes.on(
    "DELETE", _ONE, operation="fields.delete", scopes=needs("ZohoCRM.settings.fields.DELETE")
)
async def delete_field(call: Call) -> web.Response:
    """Remove a custom field that nothing uses, with its values."""
    store = _module(call)
    field = field_in_path(call, store)
    switches = call.simulator.switches
    in_use = field.api_name == switches.automation_touches_field or call.simulator.views.use(
        store, field.api_name
    )
    if not field.custom or in_use:
        message = "the field is in use" if field.custom else "the field cannot be deleted"
        raise ApiError(400, "NOT_ALLOWED", message, {"resource_path_index": 2})
    store.remove_field(field.api_name)
    return respond({"fields": [_success(field, "field deleted")]})


def _module(call: Call) -> ModuleStore:
    store = module_param(call)
    if store.api_name not in call.organisation.layouts:
        raise ApiError(
            403,
            "NOT_SUPPORTED",
            "the module does not support custom fields",
            {"param_name": "module"},
        )
    return store


def _rows(call: Call) -> list[JsonObject]:
    fields = call.json().get("fields")
    where: JsonObject = {"api_name": "fields", "json_path": "$.fields"}
    if fields is None:
        raise ApiError(400, "MANDATORY_NOT_FOUND", "required field not found", where)
    if not isinstance(fields, list) or not fields or not all(isinstance(f, dict) for f in fields):
        details = {**where, "expected_data_type": "jsonarray"}
        raise ApiError(400, "INVALID_DATA", "invalid data", details)
    if len(fields) > FIELDS_PER_CALL:
        raise _too_many(FIELDS_PER_CALL)
    return fields


def _too_many(limit: int) -> ApiError:
    due_to = [{"api_name": "fields", "json_path": "$.fields"}]
    details = {"limit": limit, "limit_due_to": due_to}
    return ApiError(400, "LIMIT_EXCEEDED", "limit exceeded", details)


def _make(call: Call, store: ModuleStore, given: JsonObject, at: int) -> Result:
    try:
        field = make_field(call.organisation, store, Row(given, at))
    except FieldRefusedError as refused:
        return _refusal(refused)
    return Result(_success(field, "field created"), 201)


def _change(call: Call, store: ModuleStore, field: Field, row: Row) -> Result:
    try:
        change_field(call.organisation, store, field, row)
    except FieldRefusedError as refused:
        return _refusal(refused)
    return Result(_success(field, "field updated"), 200)


def _refusal(refused: FieldRefusedError) -> Result:
    return Result(error_body(refused.code, refused.message, refused.details), 400)


def _success(field: Field, message: str) -> JsonObject:
    return {
        "code": "SUCCESS",
        "details": {"id": field.id},
        "message": message,
        "status": "success",
    }
