"""Custom views of a module: the list, and one by id."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.routes.call import Call, respond, respond_empty
from zoho_sim.routes.errors import invalid_module, required_param_missing
from zoho_sim.routes.params import page_size, whole_number
from zoho_sim.routes.table import API, Routes, needs

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.state.fields import JsonObject
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.views.custom_views import CustomView

routes = Routes()

_SCOPE = needs("ZohoCRM.settings.custom_views.READ")
_TRANSLATION = {
    "public_views": "Public Views",
    "other_users_views": "Other Users Views",
    "shared_with_me": "Shared With Me",
    "created_by_me": "Created By Me",
}


@routes.on("GET", API + "/settings/custom_views", operation="custom_views.list", scopes=_SCOPE)
async def list_views(call: Call) -> web.Response:
    """Answer a page of the module's views; ``module`` is mandatory."""
    store = _module(call)
    views, size, page = (
        call.simulator.views.of(store),
        page_size(call),
        whole_number(call, "page", 1),
    )
    start = (page - 1) * size
    shown = views[start : start + size]
    if not shown:
        return respond_empty()
    info: JsonObject = {
        "per_page": size,
        "default": views[0].id,
        "count": len(shown),
        "page": page,
        "more_records": start + size < len(views),
        "translation": _TRANSLATION,
    }
    return respond({"custom_views": [_view(call, store, view) for view in shown], "info": info})


@routes.on(
    "GET",
    API + r"/settings/custom_views/{id:\d+}",
    operation="custom_views.get",
    scopes=_SCOPE,
)
async def get_view(call: Call) -> web.Response:
    """Answer one view of the module; 204 if there is none of that id."""
    store = _module(call)
    view = call.simulator.views.find(store, call.path("id"))
    if view is None:
        return respond_empty()
    return respond({"custom_views": [_view(call, store, view)]})


def _module(call: Call) -> ModuleStore:
    name = call.query.get("module")
    if not name:
        raise required_param_missing("module")
    if name not in call.organisation.modules:
        error = invalid_module()
        error.body["details"] = {"param_name": "module"}
        raise error
    return call.organisation.modules[name]


def _view(call: Call, store: ModuleStore, view: CustomView) -> JsonObject:
    system_name = view.name.upper().replace(" ", "_")
    author = None if view.is_system else call.organisation.api_user.reference
    return {
        "id": view.id,
        "name": view.name,
        "display_value": view.name,
        "system_name": system_name if view.is_system else None,
        "system_defined": view.is_system,
        "category": "public_views",
        "access_type": "public",
        "shared_to": None,
        "default": view.shows_everything,
        "favorite": None,
        "offline": False,
        "locked": False,
        "module": {"api_name": store.api_name, "id": store.id},
        "criteria": view.criteria,
        "fields": call.simulator.views.fields_of(store),
        "sort_by": None,
        "sort_order": None,
        "created_by": author,
        "modified_by": author,
        "created_time": None,
        "modified_time": None,
        "last_accessed_time": call.organisation.now(),
    }
