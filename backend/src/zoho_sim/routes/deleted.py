"""The list of deleted records, and the recycle bin."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from zoho_sim.routes.call import Call, respond, respond_empty
from zoho_sim.routes.errors import ApiError, error_body, required_param_missing
from zoho_sim.routes.params import choice, header_time, names, page_size, whole_number
from zoho_sim.routes.records_read import MODULE
from zoho_sim.routes.shape import plain_name
from zoho_sim.routes.table import API, Routes, needs, needs_module
from zoho_sim.state.edits import Author, age_bins, purge_record, restore_record
from zoho_sim.state.records import OWNER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aiohttp import web

    from zoho_sim.state.fields import JsonObject
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.records import Tombstone

routes = Routes()

_BIN = API + "/settings/recycle_bin"
_BIN_READ = needs("ZohoCRM.settings.recycle_bin.READ")
_BIN_UPDATE = needs("ZohoCRM.settings.recycle_bin.UPDATE")
_BIN_DELETE = needs("ZohoCRM.settings.recycle_bin.DELETE")


@routes.on("GET", MODULE + "/deleted", operation="records.deleted", scopes=needs_module("READ"))
async def list_deleted(call: Call) -> web.Response:
    """Answer a page of deleted records, latest first; those purged have lost name and people."""
    store = call.module()
    age_bins(call.organisation)
    kind = choice(call, "type", ("all", "recycle", "permanent"), "all")
    since = header_time(call, "If-Modified-Since")
    switches = call.simulator.switches
    size, page = page_size(call), whole_number(call, "page", 1)
    if switches.deleted_list_page_cap and page > switches.deleted_list_page_cap:
        raise ApiError(400, "LIMIT_REACHED", "limit reached", {"param_name": "page"})
    graves: list[tuple[str, Tombstone]] = []
    if kind != "permanent":
        graves += [("recycle", tombstone) for tombstone in store.bin.values()]
    if kind != "recycle":
        graves += [("permanent", tombstone) for tombstone in store.purged.values()]
    if since is not None and switches.deleted_list_filters_by_time:
        graves = [entry for entry in graves if entry[1].deleted_time > since]
        if not graves:
            return respond_empty(switches.not_modified_status)
    graves.sort(key=lambda entry: (entry[1].deleted_time, entry[1].id), reverse=True)
    rows = [
        {
            "deleted_by": tombstone.deleted_by,
            "id": tombstone.id,
            "display_name": tombstone.display_name,
            "type": grave_kind,
            "created_by": tombstone.created_by,
            "deleted_time": tombstone.deleted_time,
        }
        for grave_kind, tombstone in graves
    ]
    return _page("data", rows, size, page)


def _page(key: str, rows: list[JsonObject], size: int, page: int) -> web.Response:
    shown = list(islice(rows, (page - 1) * size, page * size))
    if not shown:
        return respond_empty()
    info = {
        "per_page": size,
        "count": len(shown),
        "page": page,
        "more_records": len(rows) > page * size,
    }
    return respond({key: shown, "info": info})


@routes.on("GET", _BIN, operation="recycle_bin.list", scopes=_BIN_READ)
async def list_bin(call: Call) -> web.Response:
    """Answer a page of what lies in the bin, of every module, latest first."""
    age_bins(call.organisation)
    as_object = call.simulator.switches.recycle_bin_lists_module_as_object
    rows = [
        _bin_row(store, tombstone, _module(store) if as_object else store.api_name)
        for store, tombstone in _in_bins(call)
    ]
    rows.sort(key=lambda row: (row["deleted_time"], row["id"]), reverse=True)
    return _page("recycle_bin", rows, page_size(call), whole_number(call, "page", 1))


@routes.on("GET", _BIN + "/actions/count", operation="recycle_bin.count", scopes=_BIN_READ)
async def count_bin(call: Call) -> web.Response:
    """Answer how many records lie in the bin."""
    age_bins(call.organisation)
    return respond({"count": sum(1 for _ in _in_bins(call))})


@routes.on("GET", _BIN + r"/{id:\d+}", operation="recycle_bin.get", scopes=_BIN_READ)
async def get_binned(call: Call) -> web.Response:
    """Answer one record in the bin."""
    age_bins(call.organisation)
    for store, tombstone in _in_bins(call):
        if tombstone.id == call.path("id"):
            row = _bin_row(store, tombstone, _module(store))
            info = {"per_page": 200, "count": 1, "page": 1, "more_records": False}
            return respond({"recycle_bin": [row], "info": info})
    raise ApiError(
        400, "INVALID_DATA", "the id given seems to be invalid", {"resource_path_index": 2}
    )


@routes.on("POST", _BIN + "/actions/restore", operation="recycle_bin.restore", scopes=_BIN_UPDATE)
async def restore_many(call: Call) -> web.Response:
    """Bring back the records in ``ids``."""
    ids = _ids_in_body(call)
    return _on_each(call, ids, _restore, "record restored")


@routes.on(
    "POST",
    _BIN + r"/{id:\d+}/actions/restore",
    operation="recycle_bin.restore_one",
    scopes=_BIN_UPDATE,
)
async def restore_one(call: Call) -> web.Response:
    """Bring back one record."""
    return _on_each(call, [call.path("id")], _restore, "record restored")


@routes.on("DELETE", _BIN, operation="recycle_bin.delete", scopes=_BIN_DELETE)
async def purge_many(call: Call) -> web.Response:
    """Delete the records in ``ids`` for good."""
    ids = names(call, "ids")
    if not ids:
        raise required_param_missing("ids")
    return _on_each(call, ids, _purge, "record deleted permanently")


@routes.on("DELETE", _BIN + r"/{id:\d+}", operation="recycle_bin.delete_one", scopes=_BIN_DELETE)
async def purge_one(call: Call) -> web.Response:
    """Delete one record for good."""
    return _on_each(call, [call.path("id")], _purge, "record deleted permanently")


@routes.on("POST", _BIN + "/actions/empty", operation="recycle_bin.empty", scopes=_BIN_UPDATE)
async def empty_bin(call: Call) -> web.Response:
    """Delete everything in the bin for good."""
    for store, tombstone in list(_in_bins(call)):
        _purge(call, store, tombstone.id)
    return respond(
        {
            "code": "SUCCESS",
            "details": {},
            "message": "recycle bin emptied successfully",
            "status": "success",
        }
    )


def _in_bins(call: Call) -> Iterator[tuple[ModuleStore, Tombstone]]:
    for store in call.organisation.modules.values():
        for tombstone in store.bin.values():
            yield store, tombstone


def _module(store: ModuleStore) -> JsonObject:
    return {"api_name": store.api_name, "id": store.id}


def _bin_row(store: ModuleStore, tombstone: Tombstone, module: object) -> JsonObject:
    owner = None
    if tombstone.record is not None and "Owner" in store.by_role:
        owner = plain_name(tombstone.record.values[OWNER])
    return {
        "display_name": tombstone.display_name,
        "deleted_time": tombstone.deleted_time,
        "owner": owner,
        "module": module,
        "deleted_by": tombstone.deleted_by,
        "id": tombstone.id,
    }


def _ids_in_body(call: Call) -> list[str]:
    ids: Any = call.json().get("ids")  # checked on the next lines
    if not isinstance(ids, list) or not ids:
        raise ApiError(
            400,
            "MANDATORY_NOT_FOUND",
            "required field not found",
            {"api_name": "ids", "json_path": "$.ids"},
        )
    return [str(record_id) for record_id in ids]


def _restore(call: Call, store: ModuleStore, record_id: str) -> None:
    moves = call.simulator.switches.restore_moves_modified_time
    author = Author(call.organisation.api_user)
    restore_record(call.organisation, store, record_id, author, moves_modified_time=moves)


def _purge(call: Call, store: ModuleStore, record_id: str) -> None:
    purge_record(call.organisation, store, record_id, Author(call.organisation.api_user))


def _on_each(
    call: Call,
    ids: list[str],
    act: Callable[[Call, ModuleStore, str], None],
    message: str,
) -> web.Response:
    age_bins(call.organisation)
    results: list[JsonObject] = []
    for record_id in ids:
        store = next(
            (store for store in call.organisation.modules.values() if record_id in store.bin),
            None,
        )
        if store is None:
            results.append(
                error_body("INVALID_DATA", "the id given seems to be invalid", {"id": record_id})
            )
            continue
        act(call, store, record_id)
        results.append(
            {
                "code": "SUCCESS",
                "details": {"id": record_id},
                "message": message,
                "status": "success",
            }
        )
    good = sum(result["status"] == "success" for result in results)
    if not good:
        return respond(results[0], 400)
    if good == len(results):
        return respond({"recycle_bin": results})
    # Only a mixed answer repeats the id beside the details.
    rows = [{"id": row["details"]["id"], **row} for row in results]
    return respond({"recycle_bin": rows}, 207)
