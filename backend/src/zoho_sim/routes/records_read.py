"""Get Records and the single record."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from sortedcontainers import SortedList

from zoho_sim.routes.call import Call, respond, respond_empty
from zoho_sim.routes.errors import (
    ApiError,
    ambiguous,
    invalid_param,
    limit_exceeded,
    pattern_not_matched,
    required_param_missing,
)
from zoho_sim.routes.params import (
    choice,
    header_time,
    mandatory_fields,
    names,
    page_size,
    whole_number,
)
from zoho_sim.routes.refusals import refusals
from zoho_sim.routes.shape import list_projection, some_fields, whole_record
from zoho_sim.routes.table import API, Routes, needs_module
from zoho_sim.state.pages import ExpiredPageTokenError, UnknownPageTokenError
from zoho_sim.state.records import CREATED_TIME, MODIFIED_TIME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aiohttp import web

    from zoho_sim.state.fields import JsonObject
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.pages import PagePosition
    from zoho_sim.state.records import Record

routes = Routes()

MODULE = API + r"/{module:[A-Za-z]\w*}"
RECORD = MODULE + r"/{id:\d+}"
DISCRETE_ROWS = 2_000
TOKEN_ROWS = 100_000
_SORTABLE = ("id", "Created_Time", "Modified_Time")
_WALK_PARAMS = ("page", "page_token")


class Walk(NamedTuple):
    """The order of a list call and where in it the page begins."""

    keys: SortedList
    descending: bool
    after: Any  # the last key handed out, of whatever type the order has; None at the start
    rows_before: int
    page: int


def _list_cost(call: Call) -> int:
    switches = call.simulator.switches
    if "cvid" in call.query:
        return switches.cost_list_page_with_cvid
    if "sort_by" in call.query:
        return switches.cost_list_page_with_sort
    return switches.cost_list_page


def _list_is_complex(call: Call) -> bool:
    return "cvid" in call.query or (
        "sort_by" in call.query and call.simulator.switches.sort_is_complex
    )


@routes.on(
    "GET",
    MODULE,
    operation="records.list",
    scopes=needs_module("READ"),
    cost=_list_cost,
    is_complex=_list_is_complex,
)
async def list_records(call: Call) -> web.Response:
    """Answer one page of a module's records."""
    store = call.module()
    project = list_projection(store, mandatory_fields(call))
    size = page_size(call)
    sort_by, descending = _order(call, store)
    since = header_time(call, "If-Modified-Since")
    keys = _keys(call, store, sort_by, since)
    if since is not None and not keys:
        return respond_empty(call.simulator.switches.not_modified_status)
    walk = _walk(call, keys, size, descending=descending)
    page_keys = list(islice(_from(walk), size + 1))
    if not page_keys:
        return respond_empty()
    shown = page_keys[:size]
    rows = [project(record) for record in _records(store, shown, sort_by)]
    info: JsonObject = {
        "call": False,
        "per_page": size,
        "next_page_token": None,
        "count": len(rows),
        "sort_by": sort_by,
        "page": walk.page,
        "previous_page_token": None,
        "page_token_expiry": None,
        "sort_order": "desc" if descending else "asc",
        "email": False,
        "more_records": len(page_keys) > size,
    }
    if info["more_records"]:
        token, expires_at = call.simulator.page_tokens.issue(
            _binding(call),
            after=shown[-1],
            rows_before=walk.rows_before + len(rows),
            page=walk.page + 1,
            previous=call.query.get("page_token"),
        )
        info["next_page_token"] = token
        info["page_token_expiry"] = call.organisation.wire_time(expires_at)
    if "page_token" in call.query:
        info["previous_page_token"] = _position(call).previous
    return respond({"data": rows, "info": info})


@routes.on("GET", RECORD, operation="records.get", scopes=needs_module("READ"))
async def get_record(call: Call) -> web.Response:
    """Answer one record with all its fields, subform rows and many-to-many links."""
    store = call.module()
    record = store.records.get(call.path("id"))
    if record is None:
        return missing_record(call)
    chosen = names(call, "fields")
    shape = (
        some_fields(call.organisation, store, chosen)
        if chosen
        else whole_record(call.organisation, store)
    )
    return respond({"data": [shape(record)]})


@routes.on(
    "GET",
    RECORD + "/actions/fetch_full_data",
    operation="records.full_data",
    scopes=needs_module("READ"),
)
async def fetch_full_data(call: Call) -> web.Response:
    """Answer the uncut text of rich-text fields of one record."""
    store = call.module()
    record = store.records.get(call.path("id"))
    if record is None:
        return missing_record(call)
    wanted = [name for name in names(call, "fields") if name in store.fields]
    if not wanted:
        raise required_param_missing("fields")
    row = {name: record.values[store.fields[name].position] for name in wanted}
    return respond({"data": [{**row, "id": record.id}]})


def missing_record(call: Call) -> web.Response:
    """Answer for an id that is unknown, deleted or hidden."""
    if call.simulator.switches.unknown_id_status == 204:  # noqa: PLR2004 - HTTP's No Content
        return respond_empty()
    raise ApiError(
        400,
        "INVALID_DATA",
        "the id given seems to be invalid",
        {"id": call.path("id")},
    )


def _order(call: Call, store: ModuleStore) -> tuple[str, bool]:
    if "cvid" in call.query:
        if "sort_by" in call.query:
            raise ambiguous("cvid", "sort_by")
        if call.simulator.views.find(store, call.query["cvid"]) is None:
            raise invalid_param("cvid")
    sort_by = call.query.get("sort_by", "id")
    if sort_by not in _SORTABLE:
        raise invalid_param("sort_by", supported_values=list(_SORTABLE))
    return sort_by, choice(call, "sort_order", ("desc", "asc"), "desc") == "desc"


def _keys(call: Call, store: ModuleStore, sort_by: str, since: str | None) -> SortedList:
    """Return the sorted keys of the order, narrowed by view, ``ids`` and If-Modified-Since."""
    keys = _known_keys(call, store, sort_by, since)
    view = call.simulator.views.find(store, call.query.get("cvid", ""))
    if view is None or view.shows_everything:
        return keys
    # A view excludes sort_by, so that the keys are ids.
    with refusals():
        shown = set(call.simulator.views.ids_in(store, view))
    return SortedList(key for key in keys if key in shown)


def _known_keys(call: Call, store: ModuleStore, sort_by: str, since: str | None) -> SortedList:
    key = _KEY_OF[sort_by]
    if "ids" in call.query:
        ids = names(call, "ids")
        limit = call.simulator.switches.ids_maximum
        if len(ids) > limit:
            raise limit_exceeded("ids", limit)
        if not all(id_.isdigit() for id_ in ids):
            raise pattern_not_matched("ids")
        found = [store.records[id_] for id_ in dict.fromkeys(ids) if id_ in store.records]
        return SortedList(
            key(record) for record in found if since is None or _is_newer(call, record, since)
        )
    if since is None:
        return {
            "id": store.by_id,
            "Created_Time": store.by_created,
            "Modified_Time": store.by_modified,
        }[sort_by]
    # ";" follows every id, so that the pair stands after all records of that second.
    edge = (since, "" if call.simulator.switches.if_modified_since_is_inclusive else ";")
    newer = store.by_modified.irange(edge)
    return SortedList(key(store.records[record_id]) for _, record_id in newer)


def _is_newer(call: Call, record: Record, since: str) -> bool:
    if call.simulator.switches.if_modified_since_is_inclusive:
        return record.modified_time >= since
    return record.modified_time > since


def _walk(call: Call, keys: SortedList, size: int, *, descending: bool) -> Walk:
    if "page_token" in call.query:
        if "page" in call.query:
            raise ambiguous(*_WALK_PARAMS)
        position = _position(call)
        if position.rows_before >= TOKEN_ROWS:
            raise ApiError(
                400,
                "PAGINATION_LIMIT_EXCEEDED",
                "You can only get upto 100000 records using page_token param",
                {"param_name": "page_token"},
            )
        return Walk(keys, descending, position.after, position.rows_before, position.page)
    page = whole_number(call, "page", 1)
    if page * size > DISCRETE_ROWS:
        raise ApiError(
            400,
            "DISCRETE_PAGINATION_LIMIT_EXCEEDED",
            "You can only get the first 2000 records without using page_token param",
            {"limit": DISCRETE_ROWS},
        )
    return Walk(keys, descending, None, (page - 1) * size, page)


def _from(walk: Walk) -> Iterable[Any]:
    """Yield the keys from where the page begins."""
    if walk.after is None:
        if walk.descending:
            return islice(reversed(walk.keys), walk.rows_before, None)
        return walk.keys.islice(walk.rows_before)  # type: ignore[no-any-return]  # untyped library
    if walk.descending:
        return walk.keys.irange(None, walk.after, (True, False), reverse=True)  # type: ignore[no-any-return]  # untyped library
    return walk.keys.irange(walk.after, None, (False, True))  # type: ignore[no-any-return]  # untyped library


def _records(store: ModuleStore, keys: list[Any], sort_by: str) -> Iterable[Record]:
    if sort_by == "id":
        return (store.records[key] for key in keys)
    return (store.records[key[1]] for key in keys)


def _position(call: Call) -> PagePosition:
    try:
        return call.simulator.page_tokens.position(call.query["page_token"], _binding(call))
    except UnknownPageTokenError:
        raise ApiError(
            400,
            "TOKEN_BOUND_DATA_MISMATCH",
            "The page_token given seems to be invalid"
            " or input param is added or altered or deleted",
            {"param_name": "page_token"},
        ) from None
    except ExpiredPageTokenError:
        raise ApiError(
            400,
            "EXPIRED_VALUE",
            "Page token expired",
            {"api_name": "page_token", "json_path": "$.query.page_token"},
        ) from None


def _binding(call: Call) -> tuple[object, ...]:
    """A page token belongs to a user, a module and every other parameter of the call."""
    parameters = sorted(item for item in call.query.items() if item[0] not in _WALK_PARAMS)
    since = call.request.headers.get("If-Modified-Since")
    return (call.organisation.api_user_id, call.path("module"), since, *parameters)


def _by_id(record: Record) -> str:
    return record.id


def _by_created(record: Record) -> tuple[str, str]:
    return record.values[CREATED_TIME], record.id


def _by_modified(record: Record) -> tuple[str, str]:
    return record.values[MODIFIED_TIME], record.id


_KEY_OF: dict[str, Callable[[Record], object]] = {
    "id": _by_id,
    "Created_Time": _by_created,
    "Modified_Time": _by_modified,
}
