"""``POST /coql``: queries in the CRM's own language (zoho-crm-v8.md section 6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.query.columns import BoundColumn
from zoho_sim.query.coql_parser import parse
from zoho_sim.query.coql_rules import DEFAULT_LIMIT, bind_query
from zoho_sim.query.coql_run import run
from zoho_sim.query.errors import QueryError
from zoho_sim.routes.call import respond, respond_empty
from zoho_sim.routes.errors import ApiError
from zoho_sim.routes.field_shape import field_json
from zoho_sim.routes.refusals import refusals
from zoho_sim.routes.table import API, Routes, always
from zoho_sim.state.organisation import UnknownModuleError
from zoho_sim.views.custom_views import all_view_id

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aiohttp import web

    from zoho_sim.query.coql_ast import Query
    from zoho_sim.routes.call import Call
    from zoho_sim.state.fields import JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore

# Credits by the LIMIT that the query states: up to so many rows, so many credits.
_PRICES = ((200, 1), (1_000, 2))
_TOP_PRICE = 3

routes = Routes()


def _price(call: Call) -> int:
    try:
        limit = _query(call).limit or DEFAULT_LIMIT
    except ApiError:
        return 1
    return next((price for rows, price in _PRICES if limit <= rows), _TOP_PRICE)


def _scopes(call: Call) -> Iterable[str]:
    yield "ZohoCRM.coql.READ"
    try:
        module = _query(call).module
    except ApiError:
        return
    yield f"ZohoCRM.modules.{module}.READ"
    if call.json().get("include_meta"):
        yield "ZohoCRM.settings.fields.READ"


@routes.on(
    "POST",
    f"{API}/coql",
    operation="coql.query",
    scopes=_scopes,
    cost=_price,
    is_complex=always,
)
async def query(call: Call) -> web.Response:
    """Run a query; 204 where it finds nothing."""
    parsed = _query(call)
    meta = _meta(call.json())
    module = _module(call, parsed)
    with refusals():
        bound = bind_query(call.organisation, module, parsed, call.simulator.switches)
    answer = run(call.organisation, bound)
    if not answer.rows:
        return respond_empty()
    body: JsonObject = {"data": answer.rows}
    if meta:
        body["fields"] = {
            item.key: field_json(call, module, item.value.field)
            for item in bound.select
            if isinstance(item.value, BoundColumn) and item.value.position is not None
        }
    body["info"] = {"count": len(answer.rows), "more_records": answer.more_records}
    return respond(body)


def _query(call: Call) -> Query:
    text = call.json().get("select_query")
    if text is None:
        raise ApiError(
            400, "MANDATORY_NOT_FOUND", "mandatory key not found", {"api_name": "select_query"}
        )
    if not isinstance(text, str):
        raise _invalid("select_query", "$.select_query", expected_data_type="text")
    try:
        return parse(text)
    except QueryError as error:
        raise ApiError(error.status, error.code, error.message, error.details) from None


def _meta(body: JsonObject) -> list[str]:
    """Return the metadata asked for: ``fields`` is all that there is."""
    wanted = body.get("include_meta", [])
    if not isinstance(wanted, list):
        raise _invalid("include_meta", "$.include_meta", expected_data_type="jsonarray")
    for at, name in enumerate(wanted):
        path = f"$.include_meta[{at}]"
        if not isinstance(name, str):
            raise _invalid(
                "include_meta", path, expected_data_type="text", supported_values=["fields"]
            )
        if name != "fields":
            raise _invalid("include_meta", path, supported_values=["fields"])
    return wanted


def _module(call: Call, parsed: Query) -> ModuleStore:
    try:
        module = call.organisation.module(parsed.module)
    except UnknownModuleError:
        raise ApiError(400, "INVALID_MODULE", "the given module is not supported in api") from None
    if parsed.cvid is not None and parsed.cvid != all_view_id(module):
        raise ApiError(
            400, "INVALID_QUERY", "custom view given seems to be invalid", {"cvid": parsed.cvid}
        )
    return module


def _invalid(api_name: str, json_path: str, **details: JsonValue) -> ApiError:
    return ApiError(
        400,
        "INVALID_DATA",
        "invalid data",
        {"api_name": api_name, "json_path": json_path, **details},
    )
