"""The control plane's endpoints for the organisation and for the server's behaviour."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from zoho_sim.behaviour.limits import Edition
from zoho_sim.behaviour.switches import UnknownSwitchError
from zoho_sim.config import Config, Naming
from zoho_sim.control.fields import FieldControl
from zoho_sim.control.people import PeopleControl
from zoho_sim.control.protections import ProtectionControl
from zoho_sim.control.records import RecordControl
from zoho_sim.control.requests import ControlError, answer, body_of, need, number
from zoho_sim.control.view import describe, describe_state
from zoho_sim.control.views import ViewControl
from zoho_sim.control.writes import WriteControl
from zoho_sim.sales_team import SalesTeam
from zoho_sim.state.tokens import parse_scopes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from zoho_sim.simulator import Simulator
    from zoho_sim.state.fields import JsonObject

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

PREFIX = "/__sim__"


def add_control_routes(app: web.Application, simulator: Simulator) -> None:
    """Add every control endpoint; a refused request is answered with its reason."""

    @web.middleware
    async def on_time(request: web.Request, handler: Handler) -> web.StreamResponse:
        """Have done what is due before the request, and what it makes due by moving the clock."""
        simulator.agenda.run_due()
        response = await handler(request)
        simulator.agenda.run_due()
        return response

    control = web.Application(middlewares=[_reasons, on_time])
    Control(simulator).add_to(control)
    RecordControl(simulator).add_to(control)
    FieldControl(simulator).add_to(control)
    PeopleControl(simulator).add_to(control)
    ProtectionControl(simulator).add_to(control)
    WriteControl(simulator).add_to(control)
    ViewControl(simulator).add_to(control)
    app.add_subapp(PREFIX, control)


@web.middleware
async def _reasons(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    try:
        return await handler(request)
    except ControlError as error:
        return answer(error.body, error.status)


class Control:
    """State, clock, latency, faults, switches, tokens, limits and the sales team."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._team = _team_of(simulator)

    def add_to(self, app: web.Application) -> None:
        """Add the endpoints."""
        router = app.router
        router.add_get("/state", self.state)
        router.add_get("/connection", self.connection)
        router.add_post("/reset", self.reset)
        router.add_post("/clock/{step:freeze|thaw|advance|set}", self.clock)
        router.add_post("/latency", self.latency)
        router.add_get("/faults", self.list_faults)
        router.add_post("/faults", self.add_faults)
        router.add_delete("/faults", self.clear_faults)
        router.add_delete(r"/faults/{id:\d+}", self.remove_fault)
        router.add_get("/switches", self.list_switches)
        router.add_post("/switches", self.set_switches)
        router.add_post("/limits", self.set_limits)
        router.add_post("/client", self.register)
        router.add_post("/tokens/expire", self.expire_tokens)
        router.add_post("/page-tokens/expire", self.expire_page_tokens)
        router.add_post("/tokens/grant", self.grant)
        router.add_post("/tokens/refresh", self.new_refresh_token)
        router.add_post("/activity", self.activity)
        router.add_post("/activity/work", self.work)

    async def state(self, _request: web.Request) -> web.Response:
        """Answer counts, calls, credits, faults, clock and switches."""
        return answer(describe_state(self._simulator))

    async def connection(self, _request: web.Request) -> web.Response:
        """Answer what the server printed when it was ready."""
        return answer(describe(self._simulator))

    async def reset(self, request: web.Request) -> web.Response:
        """Seed anew with the given options; others stay as they were. Access tokens are void."""
        body = await body_of(request)
        self._simulator.reset(_config(self._simulator.config, body))
        self._team = _team_of(self._simulator)
        return answer(describe(self._simulator))

    async def clock(self, request: web.Request) -> web.Response:
        """Freeze, thaw, advance by ``seconds``, or set to ``time`` (ISO 8601 with offset)."""
        clock, body = self._simulator.clock, await body_of(request)
        match request.match_info["step"]:
            case "freeze":
                clock.freeze()
            case "thaw":
                clock.thaw()
            case "advance":
                seconds = number(body, "seconds")
                if seconds < 0:
                    raise ControlError("seconds must not be negative; use clock/set to go back")
                clock.advance(timedelta(seconds=seconds))
            case _:
                clock.set(_moment(need(body, "time", str)))
        return answer({"now": clock.now().isoformat(), "is_frozen": clock.is_frozen})

    async def latency(self, request: web.Request) -> web.Response:
        """Set ``base_ms`` and ``jitter_ms`` for the calls to come."""
        body, latency = await body_of(request), self._simulator.latency
        latency.base_ms = number(body, "base_ms", 0.0)
        latency.jitter_ms = number(body, "jitter_ms", 0.0)
        return answer({"base_ms": latency.base_ms, "jitter_ms": latency.jitter_ms})

    async def list_faults(self, _request: web.Request) -> web.Response:
        """Answer the standing orders, and how often each kind has struck."""
        faults = self._simulator.faults
        orders = [order.as_dict() for order in faults.orders]
        return answer({"faults": orders, "fired": dict(faults.fired)})

    async def add_faults(self, request: web.Request) -> web.Response:
        """Add one order, or several as ``{"faults": [...]}``."""
        body = await body_of(request)
        orders = need(body, "faults", list) if "faults" in body else [body]
        try:
            added = [self._simulator.faults.add(order) for order in orders]
        except ValueError as error:
            raise ControlError(str(error)) from error
        return answer({"faults": [order.as_dict() for order in added]}, 201)

    async def clear_faults(self, _request: web.Request) -> web.Response:
        """Remove every order; the counts stay."""
        self._simulator.faults.clear()
        return answer({"faults": []})

    async def remove_fault(self, request: web.Request) -> web.Response:
        """Remove one order."""
        if not self._simulator.faults.remove(int(request.match_info["id"])):
            raise ControlError("no fault of that id", 404)
        return answer({})

    async def list_switches(self, _request: web.Request) -> web.Response:
        """Answer every switch with its value."""
        return answer(self._simulator.switches.as_dict())

    async def set_switches(self, request: web.Request) -> web.Response:
        """Set switches by name."""
        for name, value in (await body_of(request)).items():
            try:
                self._simulator.switches.set(name, value)
            except UnknownSwitchError:
                known = ", ".join(self._simulator.switches.as_dict())
                raise ControlError(f"no switch {name}; known: {known}") from None
            except ValueError as error:
                raise ControlError(str(error)) from error
        return answer(self._simulator.switches.as_dict())

    async def set_limits(self, request: web.Request) -> web.Response:
        """Set ``edition`` and ``licences``, or ``credit_budget``, ``calls_at_once`` outright.

        ``spend`` books credits as if another application had used them.
        """
        body, simulator = await body_of(request), self._simulator
        if "edition" in body or "licences" in body:
            facts = simulator.organisation.facts
            simulator.change_edition(
                _edition(body.get("edition", facts.edition)),
                int(number(body, "licences", facts.licences)),
            )
        if "credit_budget" in body:
            simulator.credits.budget = int(number(body, "credit_budget"))
        if "calls_at_once" in body:
            simulator.slots.limit = int(number(body, "calls_at_once"))
        if "complex_calls_at_once" in body:
            simulator.slots.complex_limit = int(number(body, "complex_calls_at_once"))
        if "spend" in body:
            simulator.credits.spend(int(number(body, "spend")))
        return answer(describe_state(simulator)["limits"])

    async def register(self, request: web.Request) -> web.Response:
        """Register ``redirect_uris`` with the client in place of those it had."""
        given = need(await body_of(request), "redirect_uris", list)
        if not all(isinstance(uri, str) and urlsplit(uri).netloc for uri in given):
            raise ControlError("redirect_uris must be addresses such as http://127.0.0.1:8000/back")
        self._simulator.redirect_uris = frozenset(given)
        return answer({"redirect_uris": sorted(given)})

    async def expire_tokens(self, _request: web.Request) -> web.Response:
        """Expire every access token now."""
        return answer({"expired": self._simulator.tokens.expire_all()})

    async def expire_page_tokens(self, _request: web.Request) -> web.Response:
        """Expire every page token now."""
        return answer({"expired": self._simulator.page_tokens.expire_all()})

    async def grant(self, request: web.Request) -> web.Response:
        """Issue a self-client's grant code for ``scope``, as the API console does."""
        scope = need(await body_of(request), "scope", str)
        code = self._simulator.tokens.grant(parse_scopes(scope), None)
        return answer({"code": code.code, "expires_at": code.expires_at})

    async def new_refresh_token(self, request: web.Request) -> web.Response:
        """Make a refresh token with ``scope``, without the consent page."""
        scope = need(await body_of(request), "scope", str)
        token = self._simulator.tokens.new_refresh_token(parse_scopes(scope))
        return answer({"refresh_token": token.token})

    async def activity(self, request: web.Request) -> web.Response:
        """Let the sales team make ``edits_per_minute`` edits; 0 stops it."""
        rate = number(await body_of(request), "edits_per_minute")
        if rate < 0:
            raise ControlError("edits_per_minute must not be negative; 0 stops the team")
        self._simulator.config = replace(self._simulator.config, activity=rate)
        self._simulator.activity_changed.set()
        return answer({"edits_per_minute": rate})

    async def work(self, request: web.Request) -> web.Response:
        """Have the team make ``edits`` between ``begin`` and ``end``, where the clock then is.

        Both are ISO 8601 with an offset; the clock must be free to move and not be later yet.
        """
        body, clock = await body_of(request), self._simulator.clock
        begin, end = (_moment(need(body, name, str)) for name in ("begin", "end"))
        edits = int(number(body, "edits"))
        if edits < 0:
            raise ControlError("edits must not be negative")
        if clock.is_frozen:
            raise ControlError("the clock is frozen; POST /clock/thaw first")
        if not clock.now() <= end or int(begin.timestamp()) >= int(end.timestamp()):
            raise ControlError(f"begin and end must be in order, and end not before {clock.now()}")
        self._team.work_through(int(begin.timestamp()), int(end.timestamp()), edits)
        return answer({"now": clock.now().isoformat(), "edits": edits})


def _team_of(simulator: Simulator) -> SalesTeam:
    """Return who works when told to; the team that works at its own pace has its own chances."""
    return SalesTeam(simulator, place=2)


def _config(config: Config, body: JsonObject) -> Config:
    numbers = {"deals": int, "seed": int, "users": int, "latency_ms": float, "jitter_ms": float,
               "activity": float, "seeded_at": int}  # fmt: skip
    changes: JsonObject = {}
    for key in body:
        if key in numbers:
            changes[key] = numbers[key](number(body, key))
        elif key == "edition":
            changes[key] = _edition(body[key])
        elif key == "naming":
            if body[key] not in list(Naming):
                raise ControlError(f"naming must be one of {', '.join(Naming)}")
            changes[key] = Naming(body[key])
        else:
            known = ", ".join([*numbers, "edition", "naming"])
            raise ControlError(f"unknown option {key}; known: {known}")
    return replace(config, **changes)


def _edition(value: object) -> Edition:
    if value not in list(Edition):
        raise ControlError(f"edition must be one of {', '.join(Edition)}")
    return Edition(str(value))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ControlError(f"time is not ISO 8601: {text!r}") from None
    if moment.tzinfo is None:
        raise ControlError("time must carry an offset, such as 2026-01-31T09:00:00+08:00")
    return moment
