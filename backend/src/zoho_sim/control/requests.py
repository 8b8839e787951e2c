"""Reading control requests: a wrong one is answered 400 with what to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import orjson
from aiohttp import web

from zoho_sim.state.organisation import UnknownModuleError

if TYPE_CHECKING:
    from zoho_sim.simulator import Simulator
    from zoho_sim.state.fields import JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import User

Kind = TypeVar("Kind")


class ControlError(Exception):
    """The request cannot be carried out; the message names the key and the fix."""

    def __init__(self, message: str, status: int = 400, **facts: JsonValue) -> None:
        super().__init__(message)
        self.status = status
        self.body: JsonObject = {"error": message, **facts}


def answer(body: JsonValue, status: int = 200) -> web.Response:
    """Answer with JSON."""
    return web.Response(
        body=orjson.dumps(body), status=status, content_type="application/json", charset="utf-8"
    )


async def body_of(request: web.Request) -> JsonObject:
    """Return the JSON object in the body; an empty body is an empty object."""
    raw = await request.read()
    if not raw:
        return {}
    try:
        parsed: JsonValue = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise ControlError(f"the body is no JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise ControlError("the body must be a JSON object")
    return parsed


def need(body: JsonObject, key: str, kind: type[Kind]) -> Kind:
    """Return a mandatory key of a type."""
    value = body.get(key)
    if isinstance(value, bool) is not (kind is bool) or not isinstance(value, kind):
        raise ControlError(f"{key} must be given, as {kind.__name__}; got {value!r}")
    return value


def number(body: JsonObject, key: str, default: float | None = None) -> float:
    """Return a number; mandatory unless there is a default."""
    value = body.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ControlError(f"{key} must be a number; got {value!r}")
    return float(value)


def module_of(simulator: Simulator, request: web.Request) -> ModuleStore:
    """Return the module that the path names, or answer 404."""
    name = request.match_info["module"]
    try:
        return simulator.organisation.module(name)
    except UnknownModuleError:
        known = ", ".join(simulator.organisation.modules)
        raise ControlError(f"no module {name}; known: {known}", 404) from None


def user_of(simulator: Simulator, body: JsonObject) -> User:
    """Return the user in ``by`` (id or e-mail), or the first active user who is not the API's."""
    organisation = simulator.organisation
    wanted = body.get("by")
    for user in organisation.users.values():
        if wanted in (user.id, user.email):
            return user
        if wanted is None and user.is_active and user.id != organisation.api_user_id:
            return user
    if wanted is None:
        return organisation.api_user
    raise ControlError(f"by: no user has the id or e-mail {wanted!r}")
