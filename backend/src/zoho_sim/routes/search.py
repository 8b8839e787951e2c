"""``GET /{module}/search``: up to 2,000 rows from an index that lags (zoho-crm-v8.md section 5)."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from zoho_sim.query.search import conditions_of, found
from zoho_sim.routes.call import respond, respond_empty
from zoho_sim.routes.errors import ApiError, limit_exceeded
from zoho_sim.routes.params import FIELDS_MAXIMUM, names, page_size, whole_number
from zoho_sim.routes.records_read import MODULE
from zoho_sim.routes.refusals import refusals
from zoho_sim.routes.shape import some_fields, whole_record
from zoho_sim.routes.table import Routes, always

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import web

    from zoho_sim.routes.call import Call

ROWS_MAXIMUM = 2_000

routes = Routes()


def _scopes(call: Call) -> Iterable[str]:
    return f"ZohoCRM.modules.{call.path('module')}.READ", "ZohoSearch.securesearch.READ"


@routes.on(
    "GET",
    MODULE + "/search",
    operation="records.search",
    scopes=_scopes,
    cost=lambda call: call.simulator.switches.cost_search,
    is_complex=always,
)
async def search(call: Call) -> web.Response:
    """Answer a page of what the search index holds; 204 where that is nothing."""
    module = call.module()
    size, page = page_size(call), whole_number(call, "page", 1)
    fields = names(call, "fields")
    if len(fields) > FIELDS_MAXIMUM:
        raise limit_exceeded("fields", FIELDS_MAXIMUM)
    with refusals():
        parts = conditions_of(call.organisation, module, call.query)
    if page * size > ROWS_MAXIMUM:
        raise ApiError(
            400,
            "LIMIT_REACHED",
            "maximum response iteration limit reached",
            {"limit": str(ROWS_MAXIMUM)},
        )
    images = call.simulator.search_index.images(module.api_name)
    start = (page - 1) * size
    hits = list(islice(found(module, parts, images), start, start + size + 1))
    if not hits:
        return respond_empty()
    shape = (
        some_fields(call.organisation, module, fields)
        if fields
        else whole_record(call.organisation, module)
    )
    rows = [shape(record) for record in hits[:size]]
    return respond(
        {
            "data": rows,
            "info": {
                "per_page": size,
                "count": len(rows),
                "page": page,
                "more_records": len(hits) > size,
            },
        }
    )
