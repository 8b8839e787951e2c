"""What happened to a record: its timeline, and a deal's stage history (zoho-crm-v8.md 4.7)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import orjson

from zoho_sim.query.history import entries_of
from zoho_sim.routes.call import respond, respond_empty
from zoho_sim.routes.errors import ApiError, ambiguous, pattern_not_matched
from zoho_sim.routes.params import choice, mandatory_fields, page_size, whole_number
from zoho_sim.routes.records_read import RECORD, missing_record
from zoho_sim.routes.shape import list_projection
from zoho_sim.routes.table import API, Routes, needs, needs_module
from zoho_sim.state.pages import ExpiredPageTokenError, UnknownPageTokenError
from zoho_sim.state.stages import HISTORY_MODULE, history_rows

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.query.history import Entry
    from zoho_sim.routes.call import Call
    from zoho_sim.state.fields import JsonObject, JsonValue

routes = Routes()

_FILTERS = ("filters", "filter")
_WALK_PARAMS = ("page", "page_token")
_RANGE = 2


@routes.on("GET", RECORD + "/__timeline", operation="records.timeline", scopes=needs_module("READ"))
async def timeline(call: Call) -> web.Response:
    """Answer a page of what was done to a record, the latest first unless asked otherwise."""
    module = call.module()
    record = module.records.get(call.path("id"))
    if record is None:
        raise ApiError(
            400, "INVALID_DATA", "the id given seems to be invalid", {"resource_path_index": 1}
        )
    if call.query.get("sort_by", "audited_time") != "audited_time":
        raise pattern_not_matched("sort_by")
    newest_first = choice(call, "sort_order", ("desc", "asc"), "desc") == "desc"
    since, until = _between(call)
    entries = [
        entry
        for entry in entries_of(call.organisation, module, record)
        if since <= entry.time <= until
    ]
    if newest_first:
        entries.reverse()
    size = page_size(call)
    page, start = _start(call, size)
    shown = entries[start : start + size]
    if not shown:
        return respond_empty()
    details = set(call.query.get("include_inner_details", "").split(","))
    info = _info(call, page, size, len(shown), has_more=start + size < len(entries))
    return respond({"__timeline": [_entry(entry, details) for entry in shown], "info": info})


@routes.on(
    "GET",
    API + r"/Deals/{id:\d+}/Stage_History",
    operation="records.stage_history",
    scopes=needs("ZohoCRM.modules.Deals.READ"),
)
async def stage_history(call: Call) -> web.Response:
    """Answer a deal's stays in stages, the latest first, with the fields asked for."""
    deal = call.module("Deals").records.get(call.path("id"))
    if deal is None:
        return missing_record(call)
    project = list_projection(call.module(HISTORY_MODULE), mandatory_fields(call))
    size = page_size(call)
    page = whole_number(call, "page", 1)
    rows = history_rows(call.organisation, deal.id)[::-1]
    start = (page - 1) * size
    shown = [project(row) for row in rows[start : start + size]]
    if not shown:
        return respond_empty()
    return respond(
        {
            "data": shown,
            "info": {
                "per_page": size,
                "count": len(shown),
                "page": page,
                "more_records": start + size < len(rows),
            },
        }
    )


def _between(call: Call) -> tuple[str, str]:
    """Return the wire times between which entries are wanted, both included."""
    name = next((name for name in _FILTERS if name in call.query), None)
    if name is None:
        return "", "~"
    try:
        given: JsonValue = orjson.loads(call.query[name])
        field = given["field"]["api_name"]
        comparator, value = given["comparator"], given["value"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise _invalid_filter(name) from None
    if field != "audited_time" or comparator != "between":
        raise ApiError(400, "NOT_SUPPORTED", "the filter is not supported", {"param_name": name})
    if not isinstance(value, list) or len(value) != _RANGE:
        raise _invalid_filter(name)
    since, until = (_wire_time(call, name, moment) for moment in value)
    return since, until


def _wire_time(call: Call, name: str, text: JsonValue) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise _invalid_filter(name) from None
    if moment.tzinfo is None:
        raise _invalid_filter(name)
    return call.organisation.wire_time(moment)


def _invalid_filter(name: str) -> ApiError:
    return ApiError(400, "INVALID_DATA", "invalid data", {"param_name": name})


def _start(call: Call, size: int) -> tuple[int, int]:
    """Return the page's number and the place of its first entry."""
    if "page_token" not in call.query:
        page = whole_number(call, "page", 1)
        return page, (page - 1) * size
    if "page" in call.query:
        raise ambiguous(*_WALK_PARAMS)
    try:
        position = call.simulator.page_tokens.position(call.query["page_token"], _binding(call))
    except (UnknownPageTokenError, ExpiredPageTokenError):
        raise pattern_not_matched("page_token") from None
    return position.page, position.rows_before


def _binding(call: Call) -> tuple[object, ...]:
    parameters = sorted(item for item in call.query.items() if item[0] not in _WALK_PARAMS)
    return (call.organisation.api_user_id, call.request.path, *parameters)


def _info(call: Call, page: int, size: int, count: int, *, has_more: bool) -> JsonObject:
    token = None
    if has_more:
        token, _ = call.simulator.page_tokens.issue(
            _binding(call), after=None, rows_before=page * size, page=page + 1
        )
    return {
        "per_page": size,
        "next_page_token": token,
        "count": count,
        "page": page,
        "previous_page_token": None,
        "more_records": has_more,
    }


def _entry(entry: Entry, details: set[str]) -> JsonObject:
    done_by: JsonObject = dict(entry.done_by)
    if "done_by.type__s" in details:
        done_by["type__s"] = "user"
    if "done_by.profile" in details:
        done_by["profile"] = entry.profile
    return {
        "id": entry.id,
        "audited_time": entry.time,
        "action": entry.action,
        "source": entry.source,
        "type": "timeline",
        "done_by": done_by,
        "record": entry.record,
        "related_record": None,
        "automation_details": None,
        "extension": None,
        "field_history": [
            {
                "id": change.id,
                "api_name": change.field.api_name,
                "field_label": change.field.label,
                **(
                    {"data_type": change.field.data_type.value}
                    if "field_history.data_type" in details
                    else {}
                ),
                "_value": {"old": _text(change.old), "new": _text(change.new)},
                "enable_colour_code": False,
                "pick_list_values": [],
            }
            for change in entry.changes
        ]
        or None,
    }


def _text(value: JsonValue) -> str | None:
    """Spell a value as the timeline does: as text, a lookup by its name."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return _text(value.get("name"))
    if isinstance(value, list):
        return ";".join(_text(each) or "" for each in value)
    return str(value)
