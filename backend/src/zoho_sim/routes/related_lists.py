"""``GET /settings/related_lists``: which lists of other records a module's records have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.routes.call import respond, respond_empty
from zoho_sim.routes.errors import invalid_module, required_param_missing
from zoho_sim.routes.table import API, Routes, needs
from zoho_sim.state.organisation import UnknownModuleError
from zoho_sim.state.stages import HISTORY_MODULE

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.routes.call import Call

routes = Routes()


@routes.on(
    "GET",
    API + "/settings/related_lists",
    operation="related_lists.list",
    scopes=needs("ZohoCRM.settings.related_lists.READ"),
)
async def list_related_lists(call: Call) -> web.Response:
    """Answer the related lists of a module that this organisation serves: a deal's stages."""
    name = call.query.get("module")
    if not name:
        raise required_param_missing("module")
    try:
        store = call.organisation.definition(name)
    except UnknownModuleError:
        error = invalid_module()
        error.body["details"] = {"param_name": "module"}
        raise error from None
    if store.api_name != "Deals":
        return respond_empty()
    history = call.organisation.definition(HISTORY_MODULE)
    stages = {
        "id": str(int(store.id) + 400_000_000_000),
        "sequence_number": "1",
        "display_label": "Stage History",
        "api_name": "Stage_History",
        "name": "Stage History",
        "module": {"api_name": history.api_name, "id": history.id},
        "action": None,
        "href": "Deals/{ENTITYID}/Stage_History",
        "type": "default",
        "connectedmodule": None,
        "linkingmodule": None,
        "customize_fields": False,
        "customize_sort": False,
        "customize_display_label": False,
        "visible": True,
        "status": "visible",
    }
    return respond({"related_lists": [stages]})
