"""Locks, blueprints, rights and a layout's demands, as an administrator sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.control.requests import ControlError, answer, body_of, module_of, need, user_of
from zoho_sim.state.edits import Author, edit_record
from zoho_sim.state.protections import Right

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.simulator import Simulator
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.records import Record

_MODULE = r"/modules/{module:[A-Za-z]\w*}"
_RIGHTS = {right.value.lower(): right for right in Right}


class ProtectionControl:
    """Endpoints under ``/__sim__/modules/{module}`` that decide what the API user may write."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def add_to(self, app: web.Application) -> None:
        """Add the endpoints."""
        router = app.router
        router.add_post(f"{_MODULE}/records/lock", self.lock)
        router.add_post(f"{_MODULE}/records/blueprint", self.blueprint)
        router.add_post(f"{_MODULE}/records/editable", self.editable)
        router.add_post(f"{_MODULE}/rights", self.rights)
        router.add_post(f"{_MODULE}/layout", self.layout)

    async def lock(self, request: web.Request) -> web.Response:
        """Lock or unlock records: ``{"ids", "locked", "by"}``."""
        store, body = module_of(self._simulator, request), await body_of(request)
        locked, field = need(body, "locked", bool), store.by_role.get("Locked__s")
        if field is None:
            raise ControlError(f"{store.api_name} has no field for locks")
        records = _records(store, need(body, "ids", list))
        author = Author(user_of(self._simulator, body), "crm_ui")
        for record in records:
            if self._simulator.switches.locking_moves_modified_time:
                edit_record(self._simulator.organisation, store, record, {field: locked}, author)
            else:
                record.values[field.position] = locked
        return answer({"ids": [record.id for record in records], "locked": locked})

    async def blueprint(self, request: web.Request) -> web.Response:
        """Put records into a blueprint, which keeps their stage, or out: ``{"ids", "inside"}``."""
        inside = self._simulator.organisation.protections.in_blueprint
        return await self._mark(request, "inside", inside, marks=True)

    async def editable(self, request: web.Request) -> web.Response:
        """Take the right to edit single records, or give it back: ``{"ids", "editable"}``."""
        withheld = self._simulator.organisation.protections.not_editable
        return await self._mark(request, "editable", withheld, marks=False)

    async def rights(self, request: web.Request) -> web.Response:
        """Grant or withhold ``create``, ``edit`` and ``delete`` for a module."""
        store, body = module_of(self._simulator, request), await body_of(request)
        unknown = set(body) - set(_RIGHTS)
        if unknown:
            raise ControlError(f"unknown keys: {', '.join(sorted(unknown))}")
        withheld = self._simulator.organisation.protections.withheld
        mine = withheld.setdefault(store.api_name, set())
        for name in body:
            if need(body, name, bool):
                mine.discard(_RIGHTS[name])
            else:
                mine.add(_RIGHTS[name])
        return answer({name: right not in mine for name, right in _RIGHTS.items()})

    async def layout(self, request: web.Request) -> web.Response:
        """Make these fields mandatory in the layout, no others: ``{"required": [names]}``."""
        store, body = module_of(self._simulator, request), await body_of(request)
        names = need(body, "required", list)
        for name in names:
            if name not in store.fields:
                raise ControlError(f"required: {store.api_name} has no field {name}")
        demanded = self._simulator.organisation.protections.demanded
        demanded[store.api_name] = {store.fields[name].role for name in names}
        return answer({"required": names})

    async def _mark(
        self, request: web.Request, key: str, marked: set[str], *, marks: bool
    ) -> web.Response:
        store, body = module_of(self._simulator, request), await body_of(request)
        wanted = need(body, key, bool)
        ids = [record.id for record in _records(store, need(body, "ids", list))]
        if wanted is marks:
            marked.update(ids)
        else:
            marked.difference_update(ids)
        return answer({"ids": ids, key: wanted})


def _records(store: ModuleStore, ids: list[object]) -> list[Record]:
    """Return live records by id, or answer 404 for the first that is none."""
    found = []
    for record_id in map(str, ids):
        record = store.records.get(record_id) or store.hidden.get(record_id)
        if record is None:
            raise ControlError(f"ids: no live record {record_id}", 404)
        found.append(record)
    return found
