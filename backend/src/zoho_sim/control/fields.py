"""Fields added, renamed and removed, as an administrator does it in the CRM's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.control.requests import ControlError, answer, body_of, module_of, need
from zoho_sim.state.fields import DataType, Field, Option
from zoho_sim.state.modules import ModuleStore, UnknownFieldError

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.simulator import Simulator

_FIELDS = r"/modules/{module:[A-Za-z]\w*}/fields"
_LENGTHS = {DataType.INTEGER: 9, DataType.BIGINT: 18, DataType.DOUBLE: 16, DataType.CURRENCY: 16,
            DataType.PERCENT: 5, DataType.EMAIL: 100, DataType.PHONE: 30, DataType.WEBSITE: 450,
            DataType.TEXTAREA: 2000}  # fmt: skip
_ADDABLE = (*_LENGTHS, DataType.TEXT, DataType.BOOLEAN, DataType.DATE, DataType.DATETIME,
            DataType.PICKLIST, DataType.MULTISELECT)  # fmt: skip


class FieldControl:
    """Endpoints under ``/__sim__/modules/{module}/fields``."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def add_to(self, app: web.Application) -> None:
        """Add the endpoints."""
        app.router.add_post(_FIELDS, self.add)
        app.router.add_post(_FIELDS + r"/{field}/rename", self.rename)
        app.router.add_delete(_FIELDS + r"/{field}", self.remove)

    async def add(self, request: web.Request) -> web.Response:
        """Add a custom field: ``{"api_name", "label", "data_type", "length", "choices"}``."""
        organisation = self._simulator.organisation
        store, body = module_of(self._simulator, request), await body_of(request)
        api_name = need(body, "api_name", str)
        if api_name in store.fields:
            raise ControlError(f"api_name: {store.api_name} already has a field {api_name}")
        kind = body.get("data_type", "text")
        if kind not in _ADDABLE:
            raise ControlError(f"data_type must be one of {', '.join(_ADDABLE)}")
        data_type = DataType(kind)
        now = organisation.now()
        field = Field(
            id=organisation.ids.next(),
            api_name=api_name,
            label=str(body.get("label", api_name.replace("_", " "))),
            data_type=data_type,
            position=store.width,
            role=f"{api_name}#{store.width}",
            length=int(body.get("length", _LENGTHS.get(data_type, 255))),
            custom=True,
            decimal_places=2 if data_type in (DataType.DOUBLE, DataType.CURRENCY) else None,
            textarea_type="small" if data_type is DataType.TEXTAREA else None,
            options=[
                Option(organisation.ids.next(), choice, choice)
                for choice in body.get("choices", [])
            ],
            created_time=now,
            modified_time=now,
        )
        store.add_field(field)
        return answer({"id": field.id, "api_name": api_name}, 201)

    async def rename(self, request: web.Request) -> web.Response:
        """Give a field another API name: ``{"api_name"}``; values and id stay."""
        store, body = module_of(self._simulator, request), await body_of(request)
        new_name = need(body, "api_name", str)
        if new_name in store.fields:
            raise ControlError(f"api_name: {store.api_name} already has a field {new_name}")
        field = _field(store, request)
        store.rename_field(field.api_name, new_name)
        field.modified_time = self._simulator.organisation.now()
        return answer({"id": field.id, "api_name": new_name})

    async def remove(self, request: web.Request) -> web.Response:
        """Remove a field with its values; system columns cannot go."""
        store = module_of(self._simulator, request)
        field = _field(store, request)
        if field.position <= store.by_role["Owner"].position:
            raise ControlError(f"{field.api_name} is a system field and cannot be removed")
        store.remove_field(field.api_name)
        return answer({"id": field.id, "api_name": field.api_name})


def _field(store: ModuleStore, request: web.Request) -> Field:
    try:
        return store.field(request.match_info["field"])
    except UnknownFieldError as error:
        raise ControlError(f"{store.api_name} has no field {error}", 404) from None
