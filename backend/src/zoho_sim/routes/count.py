"""``GET /{module}/actions/count``: a number that may be minutes old (zoho-crm-v8.md 4.6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.query.planner import matching, plan_for
from zoho_sim.query.search import SEARCHES, conditions_of
from zoho_sim.routes.call import respond
from zoho_sim.routes.errors import ApiError, invalid_param
from zoho_sim.routes.records_read import MODULE
from zoho_sim.routes.refusals import refusals
from zoho_sim.routes.table import Routes
from zoho_sim.views.custom_views import all_view_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import web

    from zoho_sim.routes.call import Call

routes = Routes()


def _scopes(call: Call) -> Iterable[str]:
    return (
        f"ZohoCRM.modules.{call.path('module')}.READ",
        "ZohoSearch.securesearch.READ",
        "ZohoCRM.settings.layouts.READ",
    )


@routes.on(
    "GET",
    MODULE + "/actions/count",
    operation="records.count",
    scopes=_scopes,
    cost=lambda call: call.simulator.switches.cost_count,
)
async def count(call: Call) -> web.Response:
    """Count the records that meet the parameters, as of up to ``count_staleness_s`` ago."""
    module = call.module()
    searches = [name for name in SEARCHES if name in call.query]
    if "cvid" in call.query and searches:
        raise ApiError(
            400,
            "AMBIGUITY_DURING_PROCESSING",
            "Please use either Cvid or Search Params."
            " Combination of both the params is not allowed",
            {"ambiguity_due_to": [{"param_name": "cvid"}, {"param_name": searches[0]}]},
        )
    simulator = call.simulator
    view = simulator.views.find(module, call.query.get("cvid", all_view_id(module)))
    if view is None:
        raise invalid_param("cvid")
    now = simulator.clock.timestamp()
    key = f"{module.api_name}?{call.request.query_string}"
    counted = simulator.counts.get(key)
    if counted is None or now - counted[0] >= simulator.switches.count_staleness_s:
        with refusals():
            parts = conditions_of(call.organisation, module, call.query) if searches else []
        plan = plan_for(module, parts)
        is_exact = plan.ids is None and plan.residual is None
        total = plan.size if is_exact else sum(1 for _ in matching(module, plan))
        if not view.shows_everything:
            with refusals():
                total = len(simulator.views.ids_in(module, view))
        counted = (now, total)
        simulator.counts[key] = counted
    return respond({"count": counted[1]})
