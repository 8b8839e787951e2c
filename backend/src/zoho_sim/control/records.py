"""Changing records from the control plane, as another user at a screen would, and dumping them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from aiohttp import web

from zoho_sim.control.requests import ControlError, answer, body_of, module_of, need, user_of
from zoho_sim.routes.shape import whole_record
from zoho_sim.state.edits import (
    Author,
    age_bins,
    create_record,
    delete_record,
    edit_record,
    hide_record,
    purge_record,
    restore_record,
    unhide_record,
)
from zoho_sim.state.writes import RowReader, RowRefusedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zoho_sim.simulator import Simulator
    from zoho_sim.state.fields import Field, JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.records import Record

_MODULE = r"/modules/{module:[A-Za-z]\w*}"
_CHUNK_BYTES = 256 * 1024
_SOURCE = "crm_ui"


class RecordControl:
    """Endpoints under ``/__sim__/modules/{module}``."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def add_to(self, app: web.Application) -> None:
        """Add the endpoints."""
        router = app.router
        router.add_get(f"{_MODULE}/records", self.dump)
        router.add_get(f"{_MODULE}/deleted", self.deleted)
        router.add_post(f"{_MODULE}/records/create", self.create)
        router.add_post(f"{_MODULE}/records/edit", self.edit)
        router.add_post(f"{_MODULE}/records/{{action:delete|purge|restore|hide|unhide}}", self.act)

    async def dump(self, request: web.Request) -> web.StreamResponse:
        """Stream every live record as NDJSON, as the single-record call gives it, by id.

        ``include=hidden`` adds those that the API user may not see.
        """
        store = module_of(self._simulator, request)
        shape = whole_record(self._simulator.organisation, store)
        stream = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await stream.prepare(request)
        chunk = bytearray()
        with_hidden = request.query.get("include") == "hidden"
        for record in _snapshot(store, with_hidden=with_hidden):
            chunk += orjson.dumps(shape(record), option=orjson.OPT_APPEND_NEWLINE)
            if len(chunk) >= _CHUNK_BYTES:
                await stream.write(bytes(chunk))
                chunk.clear()
        await stream.write(bytes(chunk))
        await stream.write_eof()
        return stream

    async def deleted(self, request: web.Request) -> web.Response:
        """List the bin and the permanent deletions that are still known."""
        store = module_of(self._simulator, request)
        age_bins(self._simulator.organisation)
        rows = [
            {
                "id": tombstone.id,
                "type": kind,
                "display_name": tombstone.display_name,
                "deleted_time": tombstone.deleted_time,
                "deleted_by": tombstone.deleted_by,
            }
            for kind, graves in (("recycle", store.bin), ("permanent", store.purged))
            for tombstone in graves.values()
        ]
        return answer({"deleted": rows})

    async def create(self, request: web.Request) -> web.Response:
        """Create records: ``{"by", "records": [values]}``; all or none."""
        store, body = module_of(self._simulator, request), await body_of(request)
        author = self._author(body)
        rows = need(body, "records", list)
        reader = self._reader(store)
        checked = [_checked(reader, row, place, None) for place, row in enumerate(rows)]
        made = [
            create_record(self._simulator.organisation, store, values, author) for values in checked
        ]
        return self._answer(store, made)

    async def edit(self, request: web.Request) -> web.Response:
        """Edit records in one second: ``{"by", "edits": [{"id", "values"}]}``; all or none."""
        store, body = module_of(self._simulator, request), await body_of(request)
        author = self._author(body)
        reader = self._reader(store)
        checked = []
        for place, edit in enumerate(need(body, "edits", list)):
            record_id = need(edit, "id", str)
            record = store.records.get(record_id) or store.hidden.get(record_id)
            if record is None:
                raise ControlError(f"edits[{place}].id: no live record {record_id}", 404)
            checked.append((record, _checked(reader, need(edit, "values", dict), place, record)))
        with self._simulator.clock.held():
            for record, values in checked:
                edit_record(self._simulator.organisation, store, record, values, author)
        return self._answer(store, [record for record, _ in checked])

    async def act(self, request: web.Request) -> web.Response:
        """Delete, purge, restore, hide or unhide: ``{"by", "ids": [...]}``; all or none."""
        store, body = module_of(self._simulator, request), await body_of(request)
        author = self._author(body)
        action = request.match_info["action"]
        ids = [str(record_id) for record_id in need(body, "ids", list)]
        for record_id in ids:
            if not _can(store, action, record_id):
                raise ControlError(f"ids: cannot {action} {record_id}", 404)
        for record_id in ids:
            self._act(store, action, record_id, author)
        return answer({action: ids})

    def _act(self, store: ModuleStore, action: str, record_id: str, author: Author) -> None:
        organisation = self._simulator.organisation
        match action:
            case "delete":
                record = store.records.get(record_id) or store.hidden[record_id]
                delete_record(organisation, store, record, author)
            case "purge":
                purge_record(organisation, store, record_id, author)
            case "restore":
                moves = self._simulator.switches.restore_moves_modified_time
                restore_record(organisation, store, record_id, author, moves_modified_time=moves)
            case "hide":
                hide_record(organisation, store, store.records[record_id], author)
            case _:
                unhide_record(organisation, store, record_id, author)

    def _author(self, body: JsonObject) -> Author:
        source = body.get("source", _SOURCE)
        return Author(user_of(self._simulator, body), str(source))

    def _reader(self, store: ModuleStore) -> RowReader:
        return RowReader(self._simulator.organisation, store, self._simulator.switches)

    def _answer(self, store: ModuleStore, records: list[Record]) -> web.Response:
        shape = whole_record(self._simulator.organisation, store)
        return answer({"records": [shape(record) for record in records]})


def _snapshot(store: ModuleStore, *, with_hidden: bool) -> Iterator[Record]:
    """Yield the records by id; ids are copied first, so that edits meanwhile do no harm."""
    for record_id in list(store.by_id):
        record = store.records.get(record_id)
        if record is not None:
            yield record
    if with_hidden:
        yield from list(store.hidden.values())


def _checked(
    reader: RowReader, row: JsonObject, place: int, current: Record | None
) -> dict[Field, JsonValue]:
    try:
        return reader.read(row, place, current)
    except RowRefusedError as refused:
        reasons = [
            {"code": error.code, "message": error.message, "details": error.details}
            for error in refused.errors
        ]
        raise ControlError(f"row {place} is refused", errors=reasons) from None


def _can(store: ModuleStore, action: str, record_id: str) -> bool:
    is_live = record_id in store.records
    match action:
        case "restore":
            return record_id in store.bin
        case "unhide":
            return record_id in store.hidden
        case "hide":
            return is_live
        case "purge":
            return is_live or record_id in store.hidden or record_id in store.bin
        case _:
            return is_live or record_id in store.hidden
