"""Mass update by ids, at once, or by custom view, as a job (zoho-crm-v8.md section 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from zoho_sim.mass_update.jobs import MassUpdateJob
from zoho_sim.mass_update.rules import (
    AUTOMATION_BELOW,
    IDS_MAXIMUM,
    MassUpdateRefusedError,
    refused_row,
    row_for,
)
from zoho_sim.routes.call import Call, respond
from zoho_sim.routes.errors import ApiError, error_body
from zoho_sim.routes.records_read import MODULE
from zoho_sim.routes.records_write import writable
from zoho_sim.routes.refusals import refusals
from zoho_sim.routes.row_results import Result, answer_rows, stamps
from zoho_sim.routes.table import Routes
from zoho_sim.state.edits import Author
from zoho_sim.state.protections import Right
from zoho_sim.state.writer import RecordWriter
from zoho_sim.state.writes import RowRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aiohttp import web

    from zoho_sim.state.fields import JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore

routes = Routes()

_PATH = MODULE + "/actions/mass_update"
_SOURCE = "mass_update"


def _scopes(operation: str) -> Callable[[Call], Iterable[str]]:
    return lambda call: (f"ZohoCRM.mass_update.{call.path('module')}.{operation}",)


def _ids_in(call: Call) -> int:
    """Count the ids for price and weight; a body that cannot be read counts as one."""
    try:
        ids = orjson.loads(call.body).get("ids")
    except (orjson.JSONDecodeError, AttributeError):
        return 1
    return max(1, len(ids)) if isinstance(ids, list) else 1


def _cost(call: Call) -> int:
    switches = call.simulator.switches
    if switches.mass_update_rows_per_credit > 0:
        return -(-_ids_in(call) // switches.mass_update_rows_per_credit)
    return switches.cost_mass_update


@routes.on(
    "POST",
    _PATH,
    operation="mass_update.create",
    scopes=_scopes("UPDATE"),
    cost=_cost,
    is_complex=lambda call: _ids_in(call) > call.simulator.switches.complex_write_rows_over,
)
async def mass_update(call: Call) -> web.Response:
    """Set the values in ``data`` in the records of ``ids`` now, or of ``cvid`` by a job."""
    store = writable(call, Right.EDIT)
    body = call.json()
    if ("ids" in body) is ("cvid" in body):
        if "ids" in body:
            raise _refused(
                call,
                ApiError(
                    400,
                    "AMBIGUITY_DURING_PROCESSING",
                    "ambiguity while processing the request",
                    {"ambiguity_due_to": [{"api_name": "ids"}, {"api_name": "cvid"}]},
                ),
            )
        raise _refused(call, ApiError(400, "MANDATORY_NOT_FOUND", "required field not found"))
    row = _row(call, store, body)
    return _by_ids(call, store, row) if "ids" in body else _by_view(call, store, row)


@routes.on("GET", _PATH, operation="mass_update.status", scopes=_scopes("READ"))
async def status(call: Call) -> web.Response:
    """Answer how far the job in ``job_id`` is."""
    module, job_id = call.module(), call.query.get("job_id")
    if not job_id:
        raise ApiError(400, "MANDATORY_NOT_FOUND", "required param is missing")
    if not job_id.isdigit():
        raise ApiError(400, "INVALID_DATA", "invalid data")
    job = call.simulator.mass_updates.by_id.get(job_id)
    if not isinstance(job, MassUpdateJob) or job.module != module.api_name:
        raise ApiError(404, "NOT_FOUND", "the given job id is not found")
    await call.simulator.mass_updates.asked(job)
    return respond({"data": [job.describe()]})


def _row(call: Call, store: ModuleStore, body: JsonObject) -> JsonObject:
    """Return what every record is to get; ``data`` holds exactly one object."""
    data: JsonValue = body.get("data")
    if data is None:
        raise _refused(call, ApiError(400, "MANDATORY_NOT_FOUND", "required field not found"))
    if not isinstance(data, list) or len(data) != 1 or not isinstance(data[0], dict):
        raise _refused(call, ApiError(400, "INVALID_DATA", "invalid data"))
    over_write = body.get("over_write", False)
    if not isinstance(over_write, bool):
        raise _refused(call, ApiError(400, "INVALID_DATA", "invalid data"))
    try:
        return row_for(
            call.organisation,
            store,
            call.simulator.switches,
            data[0],
            over_write=over_write,
        )
    except MassUpdateRefusedError as error:
        details: JsonObject = {**error.details}
        raise _refused(call, ApiError(400, error.code, error.message, details)) from None


def _by_ids(call: Call, store: ModuleStore, row: JsonObject) -> web.Response:
    ids = call.json()["ids"]
    if not isinstance(ids, list) or not ids:
        raise _refused(call, ApiError(400, "INVALID_DATA", "invalid data"))
    if len(ids) > IDS_MAXIMUM:
        limit = {"limit": IDS_MAXIMUM}
        raise _refused(call, ApiError(400, "LIMIT_EXCEEDED", "Record count exceeded", limit))
    writer = _writer(call, store, runs_workflow=True)
    with call.simulator.clock.held():
        results = [_update(store, writer, row, str(record_id)) for record_id in ids]
    return answer_rows(results, success_status=200)


def _update(store: ModuleStore, writer: RecordWriter, row: JsonObject, record_id: str) -> Result:
    record = store.records.get(record_id)
    if record is None:
        message, details = "the id given seems to be invalid", {"id": record_id}
        return Result(error_body("INVALID_DATA", message, details), 400)
    try:
        writer.change(record, row, 0)
    except RowRefusedError as refused:
        return Result(refused_row(store, refused.errors[0], record_id), 400)
    body = {
        "code": "SUCCESS",
        "details": stamps(record),
        "message": "record updated",
        "status": "success",
    }
    return Result(body, 200)


def _by_view(call: Call, store: ModuleStore, row: JsonObject) -> web.Response:
    simulator = call.simulator
    view = simulator.views.find(store, str(call.json()["cvid"]))
    if view is None:
        raise _refused(call, ApiError(400, "INVALID_DATA", "invalid data"))
    with refusals():
        ids = simulator.views.ids_in(store, view)
    if not ids:
        raise _refused(call, ApiError(400, "NO_RECORDS_FOUND", "no records found"))
    limit = simulator.switches.mass_update_view_maximum
    if len(ids) > limit:
        details = {"limit": limit}
        raise _refused(call, ApiError(400, "LIMIT_EXCEEDED", "Record count exceeded", details))
    if simulator.mass_updates.unfinished:
        message = "mass update is already scheduled"
        raise _refused(call, ApiError(202, "ALREADY_SCHEDULED", message))
    job = MassUpdateJob(
        call.organisation.ids.next(),
        simulator.clock.timestamp(),
        store=store,
        writer=_writer(call, store, runs_workflow=len(ids) < AUTOMATION_BELOW),
        row=row,
        ids=ids,
    )
    simulator.mass_updates.add(job)
    accepted = {
        "code": "SUCCESS",
        "details": {"job_id": job.id},
        "message": "mass update scheduled successfully",
        "status": "success",
    }
    return respond({"data": [accepted]})


def _writer(call: Call, store: ModuleStore, *, runs_workflow: bool) -> RecordWriter:
    return RecordWriter(
        call.organisation,
        store,
        call.simulator.switches,
        Author(call.organisation.api_user, _SOURCE),
        call.simulator.workflow.after_write if runs_workflow else None,
    )


def _refused(call: Call, error: ApiError) -> ApiError:
    """Return a refusal of the whole call, in ``data`` as the vendor's files have it, or bare."""
    if call.simulator.switches.mass_update_errors_are_wrapped:
        error.body = {"data": [error.body]}
    return error
