"""One API call from arrival to answer: tokens, scopes, slots, credits, latency, faults.

The order is that of a gateway: faults that precede the work, then authentication, scopes,
simultaneous calls, credits, the work itself, and the faults that spoil the answer.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from email.utils import format_datetime
from typing import TYPE_CHECKING

import orjson
from aiohttp import web

from zoho_sim.behaviour.faults import Fault, FaultKind
from zoho_sim.routes.errors import ApiError, invalid_module, unparsable_body
from zoho_sim.state.organisation import UnknownModuleError
from zoho_sim.state.tokens import covers

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable

    from multidict import MultiMapping

    from zoho_sim.simulator import Simulator
    from zoho_sim.state.fields import JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation

_TOKEN_SCHEME = "zoho-oauthtoken "  # noqa: S105 - the name of a scheme
_SLOW_CHUNKS = 20
_LOOK_AGAIN_S = 0.02

_DEFAULT_CODES = {
    401: ("INVALID_TOKEN", "invalid oauth token"),
    429: ("TOO_MANY_REQUESTS", "Too many requests. Please try again later."),
    500: ("INTERNAL_ERROR", "Internal Server Error"),
    502: ("BAD_GATEWAY", "Bad Gateway"),
    503: ("SERVICE_UNAVAILABLE", "Service Unavailable"),
}


@dataclass(slots=True)
class Call:
    """A call that may go ahead: the simulator, the request, and its body, already read."""

    simulator: Simulator
    request: web.Request
    body: bytes

    @property
    def organisation(self) -> Organisation:
        """The organisation that the access token belongs to."""
        return self.simulator.organisation

    @property
    def query(self) -> MultiMapping[str]:
        """The query parameters."""
        return self.request.query

    def path(self, name: str) -> str:
        """Return a variable part of the path."""
        return self.request.match_info[name]

    def module(self, name: str | None = None) -> ModuleStore:
        """Return the module that the path (or ``name``) names; INVALID_MODULE if there is none."""
        try:
            return self.organisation.module(name or self.path("module"))
        except UnknownModuleError:
            raise invalid_module() from None

    def json(self) -> JsonObject:
        """Return the body as a JSON object, whatever its Content-Type says."""
        try:
            parsed: JsonValue = orjson.loads(self.body)
        except orjson.JSONDecodeError:
            raise unparsable_body() from None
        if not isinstance(parsed, dict):
            raise unparsable_body()
        return parsed


@dataclass(frozen=True, slots=True)
class Operation:
    """What a route is called, which scopes it needs (all of them), its price and its weight."""

    name: str
    scopes: Callable[[Call], Iterable[str]]
    cost: Callable[[Call], int]
    is_complex: Callable[[Call], bool]


def respond(body: JsonValue, status: int = 200) -> web.Response:
    """Answer with JSON."""
    return web.Response(
        body=orjson.dumps(body), status=status, content_type="application/json", charset="utf-8"
    )


def respond_empty(status: int = 204) -> web.Response:
    """Answer without a body: nothing found, or nothing newer."""
    return web.Response(status=status)


async def serve(
    simulator: Simulator,
    request: web.Request,
    operation: Operation,
    handler: Callable[[Call], Awaitable[web.Response]],
) -> web.StreamResponse:
    """Take one API call through the gateway, to its handler and back."""

    async def work() -> web.Response:
        call = Call(simulator, request, await request.read())
        try:
            response = await _admitted(call, operation, handler)
        except ApiError as error:
            response = respond(error.body, error.status)
        if simulator.credits.is_announced:
            response.headers["X-API-CREDITS-REMAINING"] = str(simulator.credits.left)
        return response

    return await under_faults(simulator, request, operation.name, work)


async def under_faults(
    simulator: Simulator,
    request: web.Request,
    name: str,
    work: Callable[[], Awaitable[web.Response]],
) -> web.StreamResponse:
    """Count a call, let the faults that strike it do so, and date the answer."""
    simulator.calls[name] += 1
    struck = simulator.faults.strike(name, request.path, request.method)
    refusal = await _strike_before(simulator, request, struck)
    if refusal is not None:
        return _dated(simulator, refusal)
    late = next((fault for fault in struck if fault.kind is FaultKind.LATE_WRITE), None)
    if late is not None:
        await request.read()  # before the connection goes
        _keep(simulator, asyncio.ensure_future(_later(simulator, late.duration_s, work)))
        _hang_up(request)
        return web.Response()
    # A caller who hangs up does not stop the CRM: what was asked for is done all the same.
    task = asyncio.ensure_future(work())
    _keep(simulator, task)
    response = await asyncio.shield(task)
    return await _strike_after(request, _dated(simulator, response), struck)


def _keep(simulator: Simulator, task: asyncio.Future[web.Response]) -> None:
    simulator.work.add(task)
    task.add_done_callback(simulator.work.discard)


async def _later(
    simulator: Simulator, delay_s: float, work: Callable[[], Awaitable[web.Response]]
) -> web.Response:
    """Do the work ``delay_s`` simulated seconds from now, for a caller who is long gone."""
    due = simulator.clock.timestamp() + delay_s
    while simulator.clock.timestamp() < due:  # noqa: ASYNC110 - that clock stands still and jumps
        await asyncio.sleep(_LOOK_AGAIN_S)
    return await work()


async def _admitted(
    call: Call, operation: Operation, handler: Callable[[Call], Awaitable[web.Response]]
) -> web.Response:
    simulator = call.simulator
    _authorise(call, operation)
    is_complex = operation.is_complex(call)
    if not simulator.slots.take(is_complex=is_complex):
        return _throttled(simulator)
    try:
        price = operation.cost(call)
        if not simulator.credits.can_spend(price):
            simulator.slots.refused["credits"] += 1
            return _throttled(simulator)
        delay_s = simulator.latency.draw_s(simulator.chance)
        if delay_s:
            await asyncio.sleep(delay_s)
        simulator.agenda.run_due()
        try:
            response = await handler(call)
        except ApiError as error:
            response = _refused(call, operation, error)
        _charge(simulator, operation, price, response)
        return response
    finally:
        simulator.slots.release(is_complex=is_complex)


def _refused(call: Call, operation: Operation, error: ApiError) -> web.Response:
    """Answer a refused call; a write's refusal may be wrapped like the results of its rows."""
    is_write = operation.name.startswith("records.") and call.request.method != "GET"
    if is_write and call.simulator.switches.write_errors_are_wrapped:
        return respond({"data": [error.body]}, error.status)
    return respond(error.body, error.status)


def _charge(simulator: Simulator, operation: Operation, price: int, answer: web.Response) -> None:
    if answer.status in (204, 304):
        due = price if simulator.switches.empty_calls_are_charged else 0
    elif answer.status >= 400:  # noqa: PLR2004 - HTTP's border between success and failure
        due = simulator.switches.failed_calls_cost
    else:
        due = price
    simulator.credits.spend(due)
    simulator.credits_by_operation[operation.name] += due


def _authorise(call: Call, operation: Operation) -> None:
    header = call.request.headers.get("Authorization", "")
    if not header.lower().startswith(_TOKEN_SCHEME):
        raise ApiError(401, "AUTHENTICATION_FAILURE", "Authentication failed")
    token = call.simulator.tokens.access(header[len(_TOKEN_SCHEME) :].strip())
    if token is None:
        raise ApiError(401, "INVALID_TOKEN", "invalid oauth token")
    for scope in operation.scopes(call):
        if not covers(token.scopes, scope):
            raise ApiError(
                call.simulator.switches.scope_mismatch_status,
                "OAUTH_SCOPE_MISMATCH",
                "Unauthorized",
            )


def _throttled(simulator: Simulator) -> web.Response:
    code = simulator.switches.throttle_code
    response = respond(
        {
            "code": code,
            "details": {},
            "message": "Too many requests. Please try again later.",
            "status": "error",
        },
        429,
    )
    if simulator.switches.sends_retry_after:
        response.headers["Retry-After"] = "1"
    return response


def _dated(simulator: Simulator, response: web.Response) -> web.Response:
    response.headers["Date"] = format_datetime(simulator.clock.now(), usegmt=True)
    return response


async def _strike_before(
    simulator: Simulator, request: web.Request, struck: list[Fault]
) -> web.Response | None:
    for fault in struck:
        match fault.kind:
            case FaultKind.STATUS:
                return _failed(fault)
            case FaultKind.TIMEOUT:
                await asyncio.Event().wait()  # until the client gives up
            case FaultKind.DROP:
                _hang_up(request)
                return web.Response()
            case FaultKind.EXPIRE_TOKENS:
                simulator.tokens.expire_all()
            case FaultKind.EXPIRE_PAGE_TOKENS:
                simulator.page_tokens.expire_all()
            case _:
                pass  # they strike later
    return None


async def _strike_after(
    request: web.Request, response: web.Response, struck: list[Fault]
) -> web.StreamResponse:
    for fault in struck:
        if fault.kind is FaultKind.LOST_ANSWER:
            _hang_up(request)
            return response
        if fault.kind is FaultKind.LATE_ANSWER:
            await asyncio.sleep(fault.duration_s)
        if fault.kind in (FaultKind.CUT_BODY, FaultKind.SLOW_BODY):
            return await _spoil_body(request, response, fault)
    return response


def _failed(fault: Fault) -> web.Response:
    code, message = _DEFAULT_CODES.get(fault.status, ("INTERNAL_ERROR", "Internal Server Error"))
    response = respond(
        {"code": fault.code or code, "details": {}, "message": message, "status": "error"},
        fault.status,
    )
    if fault.retry_after_s is not None:
        response.headers["Retry-After"] = str(fault.retry_after_s)
    return response


async def _spoil_body(
    request: web.Request, response: web.Response, fault: Fault
) -> web.StreamResponse:
    body = response.body if isinstance(response.body, bytes) else b""
    stream = web.StreamResponse(status=response.status, headers=response.headers)
    stream.content_length = len(body)
    await stream.prepare(request)
    if fault.kind is FaultKind.CUT_BODY:
        await stream.write(body[: int(len(body) * fault.body_fraction)])
        _hang_up(request, after_sending=True)
        return stream
    step = max(1, -(-len(body) // _SLOW_CHUNKS))
    starts = range(0, len(body), step)
    for start in starts:
        await asyncio.sleep(fault.duration_s / len(starts))
        await stream.write(body[start : start + step])
    await stream.write_eof()
    return stream


def _hang_up(request: web.Request, *, after_sending: bool = False) -> None:
    transport = request.transport
    if transport is None:
        return
    if after_sending:
        transport.close()
    else:
        transport.abort()
