"""Bulk Write: upload, job, state and results (zoho-crm-v8.md section 8)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from aiohttp import web

from zoho_sim.bulk_write.jobs import BulkWriteJob
from zoho_sim.bulk_write.orders import order_of
from zoho_sim.bulk_write.uploads import BulkWriteRefusedError, file_in, unpacked
from zoho_sim.routes.bulk_read import callback_url, json_body
from zoho_sim.routes.call import Call, respond
from zoho_sim.routes.errors import ApiError, no_permission
from zoho_sim.routes.shape import plain_name
from zoho_sim.routes.table import API, BULK_API, Routes, needs
from zoho_sim.state.edits import Author
from zoho_sim.state.protections import Right
from zoho_sim.state.writer import RecordWriter

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zoho_sim.bulk_write.orders import Order
    from zoho_sim.state.fields import JsonObject

routes = Routes()

FEATURE = "bulk-write"
_SOURCE = "bulkapi"
_JOBS = BULK_API + "/write"
_JOB = _JOBS + r"/{id:\d+}"
_DAY_S = 86_400
_RIGHTS = {
    "insert": (Right.CREATE,),
    "update": (Right.EDIT,),
    "upsert": (Right.CREATE, Right.EDIT),
}


@routes.on(
    "POST",
    API + "/upload",
    operation="bulk_write.upload",
    scopes=needs("ZohoFiles.files.ALL"),
    cost=lambda call: call.simulator.switches.cost_bulk_write_upload,
)
async def upload(call: Call) -> web.Response:
    """Take a ZIP with one CSV; the headers say for what, and for which organisation."""
    headers = call.request.headers
    for name in ("feature", "X-CRM-ORG"):
        if name not in headers:
            raise ApiError(
                400, "MANDATORY_NOT_FOUND", "required header not found", {"header_name": name}
            )
    if headers["feature"] != FEATURE:
        raise ApiError(400, "NOT_SUPPORTED_FEATURE", "the feature is not supported")
    if headers["X-CRM-ORG"] != call.organisation.facts.zgid:
        raise ApiError(400, "INVALID_DATA", "invalid data", {"header_name": "X-CRM-ORG"})
    try:
        packed = file_in(headers.get("Content-Type", ""), call.body)
        file = unpacked(call.organisation.ids.next(), packed)
    except BulkWriteRefusedError as refused:
        raise _error(refused) from None
    call.simulator.uploads[file.file_id] = file
    details = {"file_id": file.file_id, "created_time": call.organisation.now()}
    return respond(
        {
            "status": "success",
            "code": "FILE_UPLOAD_SUCCESS",
            "message": "file uploaded.",
            "details": details,
        }
    )


def _create_scopes(call: Call) -> Iterable[str]:
    yield "ZohoCRM.bulk.CREATE"
    try:
        module = orjson.loads(call.body)["resource"][0]["module"]["api_name"]
    except (orjson.JSONDecodeError, LookupError, TypeError):
        return
    yield f"ZohoCRM.modules.{module}.CREATE"


@routes.on(
    "POST",
    _JOBS,
    operation="bulk_write.create",
    scopes=_create_scopes,
    cost=lambda call: call.simulator.switches.cost_bulk_write_create,
)
async def create(call: Call) -> web.Response:
    """Accept a job over an uploaded file: 201 with its id."""
    body = json_body(call)
    callback_url(body.get("callback"))
    simulator, organisation = call.simulator, call.organisation
    try:
        order = order_of(organisation, simulator.uploads, simulator.switches, body)
    except BulkWriteRefusedError as refused:
        raise _error(refused) from None
    _check_rights(call, order)
    fails = simulator.switches.bulk_write_failures > 0
    simulator.switches.bulk_write_failures -= fails
    runs_workflow = simulator.switches.bulk_write_runs_automation
    writer = RecordWriter(
        organisation,
        order.store,
        simulator.switches,
        Author(organisation.api_user, _SOURCE),
        simulator.workflow.after_write if runs_workflow else None,
    )
    job = BulkWriteJob(
        organisation.ids.next(),
        simulator.clock.timestamp(),
        order=order,
        organisation=organisation,
        switches=simulator.switches,
        writer=writer,
        fails=fails,
    )
    simulator.bulk_writes.add(job)
    details = {"id": job.id, "created_by": plain_name(organisation.api_user.owner_reference)}
    accepted = {"status": "success", "code": "SUCCESS", "message": "success", "details": details}
    return respond(accepted, 201)


@routes.on(
    "GET",
    _JOB,
    operation="bulk_write.status",
    scopes=needs("ZohoCRM.bulk.CREATE"),
    cost=lambda call: call.simulator.switches.cost_bulk_write_status,
)
async def status(call: Call) -> web.Response:
    """Answer how far a job is, and where its results are once it has ended."""
    job = _job(call)
    await call.simulator.bulk_writes.asked(job)
    return respond(_described(call, job))


@routes.on(
    "GET",
    r"/v8/crm/org{zgid:\d+}/bulk-write/{id:\d+}/{file:\d+}.zip",
    operation="bulk_write.download",
    scopes=needs("ZohoCRM.bulk.CREATE"),
    cost=lambda call: call.simulator.switches.cost_bulk_write_download,
)
async def download(call: Call) -> web.Response:
    """Answer the ZIP with what became of each row, for as long as it is kept."""
    job = _job(call)
    kept_s = call.simulator.switches.bulk_write_result_days * _DAY_S
    is_kept = job.ended_at is not None and call.simulator.clock.timestamp() - job.ended_at < kept_s
    is_named = call.path("file") == job.id and call.path("zgid") == call.organisation.facts.zgid
    if not is_kept or not is_named:
        raise _no_such_job(job.id)
    return web.Response(
        body=job.file,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{job.id}.zip"'},
    )


def _described(call: Call, job: BulkWriteJob) -> JsonObject:
    order, state = job.order, job.state
    described: JsonObject = {
        "status": state,
        "character_encoding": order.encoding,
        "resource": [
            {
                "status": state,
                "type": "data",
                "module": {"api_name": order.store.api_name, "id": order.store.id},
                "ignore_empty": order.ignore_empty,
                "field_mappings": [
                    {"format": None, "find_by": None, "module": None, **mapping}
                    for mapping in order.mappings
                ],
                "file": {
                    "status": state,
                    "name": order.file_name,
                    "added_count": job.counts["added"],
                    "skipped_count": job.counts["skipped"],
                    "updated_count": job.counts["updated"],
                    "total_count": job.total,
                },
            }
        ],
        "id": job.id,
        "operation": order.operation,
        "created_by": plain_name(call.organisation.api_user.owner_reference),
        "created_time": job.created_time,
    }
    if job.ended_at is not None:
        path = f"/v8/crm/org{call.organisation.facts.zgid}/bulk-write/{job.id}/{job.id}.zip"
        is_absolute = call.simulator.switches.bulk_write_result_url_is_absolute
        described["result"] = {"download_url": call.simulator.url + path if is_absolute else path}
    return described


def _check_rights(call: Call, order: Order) -> None:
    for right in _RIGHTS[order.operation]:
        if not call.organisation.protections.grants(order.store.api_name, right):
            raise no_permission(f"Crm_Implied_{right}_{order.store.api_name}")


def _job(call: Call) -> BulkWriteJob:
    job = call.simulator.bulk_writes.by_id.get(call.path("id"))
    if not isinstance(job, BulkWriteJob):
        raise _no_such_job(call.path("id"))
    return job


def _no_such_job(job_id: str) -> ApiError:
    return ApiError(
        404, "RESOURCE_NOT_FOUND", "The requested resource doesn't exist.", {"resource": job_id}
    )


def _error(refused: BulkWriteRefusedError) -> ApiError:
    return ApiError(refused.status, refused.code, refused.message, refused.details)
