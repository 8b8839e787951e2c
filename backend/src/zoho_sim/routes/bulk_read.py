"""Bulk Read: jobs that export a module as a ZIP with a CSV inside (zoho-crm-v8.md section 7)."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson
from aiohttp import web

from zoho_sim.bulk_read.criteria import echo
from zoho_sim.bulk_read.exports import TOKEN_BINDING, bind_export
from zoho_sim.bulk_read.jobs import BulkReadJob, JobState
from zoho_sim.routes.call import respond
from zoho_sim.routes.errors import ApiError
from zoho_sim.routes.refusals import refusals
from zoho_sim.routes.shape import plain_name
from zoho_sim.routes.table import BULK_API, Routes, needs
from zoho_sim.state.pages import ExpiredPageTokenError, UnknownPageTokenError
from zoho_sim.views.custom_views import all_view_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from zoho_sim.routes.call import Call
    from zoho_sim.simulator import Simulator
    from zoho_sim.state.fields import JsonObject, JsonValue

JOBS = BULK_API + "/read"
JOB = JOBS + r"/{id:\w+}"
PAGES_MAXIMUM = 500

routes = Routes()


def _create_scopes(call: Call) -> Iterable[str]:
    yield "ZohoCRM.bulk.READ"
    module = _peek_module(call)
    if module is not None:
        yield f"ZohoCRM.modules.{module}.READ"


@routes.on(
    "POST",
    JOBS,
    operation="bulk_read.create",
    scopes=_create_scopes,
    cost=lambda call: call.simulator.switches.cost_bulk_read_create,
)
async def create(call: Call) -> web.Response:
    """Accept a job: 201 with its id and the state ADDED."""
    body = json_body(call)
    simulator, organisation = call.simulator, call.organisation
    callback = callback_url(body.get("callback"))
    file_type = _file_type(body)
    wanted = body.get("query")
    if not isinstance(wanted, dict):
        raise ApiError(400, "INVALID_REQUEST", "query is missing", {"api_name": "query"})
    query, page, after_id = _query(call, wanted)
    with refusals():
        bind_export(organisation, query, simulator.switches)
    job = BulkReadJob(
        id=organisation.ids.next(),
        query=query,
        file_type=file_type,
        page=page,
        after_id=after_id,
        callback_url=callback,
        created_by=plain_name(organisation.api_user.owner_reference),
        created_time=organisation.now(),
        created_at=simulator.clock.timestamp(),
    )
    simulator.bulk_reads.add(job)
    answer = respond(
        {
            "data": [
                {
                    "status": "success",
                    "code": "ADDED_SUCCESSFULLY",
                    "message": "Added successfully.",
                    "details": {
                        "id": job.id,
                        "operation": "read",
                        "state": job.state.value,
                        "created_by": job.created_by,
                        "created_time": job.created_time,
                    },
                }
            ],
            "info": {},
        },
        201,
    )
    simulator.exports.look_after(job)
    if callback is not None:
        simulator.exports.announce(job, lambda: describe(simulator, job))
    return answer


@routes.on(
    "GET",
    JOB,
    operation="bulk_read.status",
    scopes=needs("ZohoCRM.bulk.READ"),
    cost=lambda call: call.simulator.switches.cost_bulk_read_status,
)
async def status(call: Call) -> web.Response:
    """Answer a job's state and, once it is completed, what it holds."""
    job = _job(call)
    job.polls += 1
    call.simulator.exports.look_after(job)
    return respond(describe(call.simulator, job))


@routes.on(
    "GET",
    JOB + "/result",
    operation="bulk_read.download",
    scopes=needs("ZohoCRM.bulk.READ"),
    cost=lambda call: call.simulator.switches.cost_bulk_read_download,
)
async def download(call: Call) -> web.Response:
    """Answer the ZIP of a completed job, ten times a minute and for 24 hours."""
    job = _job(call)
    file = call.simulator.bulk_reads.file_of(job)
    if file is None:
        raise _no_such_job(job.id)
    if not call.simulator.bulk_reads.admit_download():
        raise ApiError(
            429,
            call.simulator.switches.throttle_code,
            "Too many requests. Please try again later.",
        )
    return web.Response(
        body=file,
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{job.id}.zip"'},
    )


def describe(simulator: Simulator, job: BulkReadJob) -> JsonObject:
    """Return a job as the status call and the callback show it."""
    entry: JsonObject = {
        "id": job.id,
        "operation": "read",
        "state": job.state.value,
        "query": _echo(simulator, job),
        "created_by": job.created_by,
        "created_time": job.created_time,
        "file_type": job.file_type,
    }
    if job.state is JobState.COMPLETED and job.result is not None:
        more = job.result.next_token is not None
        entry["result"] = {
            "page": job.page,
            "per_page": simulator.switches.bulk_read_rows_maximum,
            "count": job.result.count,
            "download_url": f"{JOBS}/{job.id}/result",
            "more_records": more,
        }
        if more:
            entry["result"]["next_page_token"] = job.result.next_token
    elif job.error_message is not None:
        entry["result"] = {"error_message": job.error_message}
    return {"data": [entry]}


def _echo(simulator: Simulator, job: BulkReadJob) -> JsonObject:
    query: JsonObject = {**job.query, "page": job.page}
    module = simulator.organisation.modules.get(job.query["module"]["api_name"])
    if "criteria" in query and module is not None:
        query["criteria"] = echo(module, query["criteria"])
    return query


def _job(call: Call) -> BulkReadJob:
    job_id = call.path("id")
    job = call.simulator.bulk_reads.by_id.get(job_id)
    if job is None:
        raise _no_such_job(job_id)
    return job


def _no_such_job(job_id: str) -> ApiError:
    return ApiError(
        404, "RESOURCE_NOT_FOUND", "The requested resource doesn't exist.", {"resource": job_id}
    )


def json_body(call: Call) -> JsonObject:
    """Return the body of a bulk call, which must say that it is JSON."""
    if call.request.content_type != "application/json":
        raise ApiError(415, "MEDIA_TYPE_NOT_SUPPORTED", "Content-Type must be application/json")
    if not call.body.strip():
        raise ApiError(400, "REQUEST_BODY_IS_EMPTY", "the request body is empty")
    try:
        body: JsonValue = orjson.loads(call.body)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, dict):
        raise ApiError(
            400, "REQUEST_BODY_NOT_READABLE", "the request body is not a readable JSON object"
        )
    return body


def _peek_module(call: Call) -> str | None:
    """Return the module that the body names; what is wrong with the body is said later."""
    try:
        query = orjson.loads(call.body)["query"]
        name = query["module"]["api_name"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return name if isinstance(name, str) else None


def callback_url(callback: JsonValue) -> str | None:
    """Return where a job that has ended is to be told of, or refuse the call."""
    if callback is None:
        return None
    given = callback if isinstance(callback, dict) else {}
    parts = urlsplit(str(given.get("url", "")))
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ApiError(400, "INVALID_CALLBACK_URL", "the callback url is not valid")
    if given.get("method") != "post":
        raise ApiError(
            400,
            "INVALID_CALLBACK_METHOD",
            "the callback method is not supported",
            {"supported_callback_methods": ["post"]},
        )
    return parts.geturl()


def _file_type(body: JsonObject) -> str:
    file_type = body.get("file_type", "csv")
    if file_type != "csv":
        # ics exists for the Events module alone, which this organisation does not use.
        raise ApiError(
            400,
            "INVALID_DATA",
            "invalid data",
            {"api_name": "file_type", "supported_values": ["ics", "csv"]},
        )
    return "csv"


def _query(call: Call, wanted: JsonObject) -> tuple[JsonObject, int, str | None]:
    """Return the query to run, its page, and the id behind which it begins."""
    if "page_token" in wanted:
        if len(wanted) > 1:
            raise ApiError(400, "QUERY_NOT_SUPPORTED", "page_token stands alone in the query")
        return _continued(call, str(wanted["page_token"]))
    module = wanted.get("module")
    name = module.get("api_name") if isinstance(module, dict) else module
    if not isinstance(name, str):
        raise ApiError(400, "MODULE_NOT_AVAILABLE", "the module is missing", {"api_name": "module"})
    fields = wanted.get("fields") or []
    if not isinstance(fields, list) or not all(isinstance(field, str) for field in fields):
        raise ApiError(
            400, "INVALID_REQUEST", "fields must be a list of API names", {"api_name": "fields"}
        )
    store = call.organisation.modules.get(name)
    query: JsonObject = {"module": {"api_name": name, "id": None if store is None else store.id}}
    if fields:
        query["fields"] = fields
    if wanted.get("criteria") is not None:
        query["criteria"] = wanted["criteria"]
    if wanted.get("cvid") is not None:
        if store is None or str(wanted["cvid"]) != all_view_id(store):
            raise ApiError(400, "CVID_NOT_SUPPORTED", "the custom view is not supported")
        query["cvid"] = str(wanted["cvid"])
    return query, _page(call, wanted.get("page", 1)), None


def _page(call: Call, page: JsonValue) -> int:
    if isinstance(page, bool) or not isinstance(page, int) or page < 1:
        raise ApiError(400, "INVALID_REQUEST", "page must be a number", {"api_name": "page"})
    if page > PAGES_MAXIMUM:
        raise ApiError(
            400, "PAGE_RANGE_EXCEEDED", "page range exceeded", {"max_limit": PAGES_MAXIMUM}
        )
    if page > 1 and not call.simulator.switches.bulk_read_allows_page:
        raise ApiError(400, "PAGE_NOT_SUPPORTED", "use page_token for further records")
    return page


def _continued(call: Call, token: str) -> tuple[JsonObject, int, str]:
    binding = (TOKEN_BINDING, call.organisation.api_user_id)
    try:
        position = call.simulator.page_tokens.position(token, binding)
    except UnknownPageTokenError:
        raise ApiError(
            400, "INVALID_TOKEN", "the page token is not valid", {"api_name": "page_token"}
        ) from None
    except ExpiredPageTokenError:
        raise ApiError(
            400,
            "EXPIRED_VALUE",
            "Page token expired",
            {"api_name": "page_token", "json_path": "$.query.page_token"},
        ) from None
    if not isinstance(position.after, tuple):  # pragma: no cover - bulk read issues pairs
        raise TypeError(position.after)
    job_id, last_id = position.after
    return call.simulator.bulk_reads.by_id[job_id].query, position.page, last_id
