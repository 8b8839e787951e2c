"""A simulator with one deliberate bug, put in from outside.

The product's simulator has no such switches. ``TamperedSimulator`` stands in front of its routes
and changes what goes in or comes out; a fault may also replace a function of the simulator while
it lasts. At most one fault is planted at a time.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from unittest import mock

from aiohttp import web

from support.simulator import simulator_in_thread
from zoho_sim.server import SimulatorServer

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

    from support.simulator import SimulatorHandle
    from zoho_sim.config import Config

    Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

Json: TypeAlias = Any  # whatever an answer holds


@dataclass(frozen=True)
class Fault:
    """A bug: on which calls, and what it does to the request or to the answer.

    ``path`` is a regular expression for the whole path under ``/crm``.
    """

    method: str
    path: str
    on_request: Callable[[web.Request], web.Request] | None = None
    on_answer: Callable[[web.Response], web.Response] | None = None
    replaced: tuple[object, str, object] | None = None

    def concerns(self, request: web.Request) -> bool:
        """Whether the fault strikes this call."""
        path = request.path.removeprefix("/crm")
        return request.method == self.method and re.fullmatch(self.path, path) is not None


class TamperedSimulator:
    """A running simulator; ``planted`` makes it faulty for a while."""

    def __init__(self) -> None:
        self.sim: SimulatorHandle
        self.fired = 0
        self._fault: Fault | None = None

    @contextmanager
    def planted(self, fault: Fault) -> Iterator[None]:
        """Plant a fault; ``fired`` counts how often it struck."""
        self.fired, self._fault = 0, fault
        try:
            if fault.replaced is None:
                yield
                return
            with mock.patch.object(*fault.replaced):
                yield
        finally:
            self._fault = None

    @web.middleware
    async def tamper(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Pass a call through the planted fault."""
        fault = self._fault
        if fault is None or not fault.concerns(request):
            return await handler(request)
        if fault.on_request is not None:
            request = fault.on_request(request)
        response = await handler(request)
        if fault.on_answer is not None and isinstance(response, web.Response):
            response = fault.on_answer(response)
        # Not before: a fault that itself breaks must not pass for one that was noticed.
        self.fired += 1
        return response


@contextmanager
def tampered_simulator(config: Config) -> Iterator[TamperedSimulator]:
    """Run a simulator in a thread, open to faults and without any at first."""
    tampered = TamperedSimulator()

    class Server(SimulatorServer):
        def __init__(self, config: Config) -> None:
            super().__init__(config)
            self._app.middlewares.append(tampered.tamper)

    with (
        mock.patch("support.simulator.SimulatorServer", Server),
        simulator_in_thread(config) as handle,
    ):
        tampered.sim = handle
        yield tampered


def answered(response: web.Response, body: bytes | None, status: int | None = None) -> web.Response:
    """Return the answer with another body, and another status if given."""
    kept = {
        name: value
        for name, value in response.headers.items()
        if name not in ("Content-Length", "Content-Type")
    }
    return web.Response(
        body=body,
        status=status or response.status,
        headers=kept,
        content_type="application/json" if body is not None else "application/octet-stream",
    )


def in_json(change: Callable[[Json], None]) -> Callable[[web.Response], web.Response]:
    """Return a fault that changes the answer's JSON in place; answers without a body pass."""

    def tampered(response: web.Response) -> web.Response:
        if not response.body:
            return response
        assert isinstance(response.body, bytes)
        parsed = json.loads(response.body)
        change(parsed)
        return answered(response, json.dumps(parsed).encode())

    return tampered


def in_rows(change: Callable[[Json], None]) -> Callable[[web.Response], web.Response]:
    """Return a fault that changes every row of ``data`` in place; refusals pass."""

    def rows(body: Json) -> None:
        for row in body.get("data", []):
            change(row)

    return in_json(rows)


def without_header(name: str) -> Callable[[web.Request], web.Request]:
    """Return a fault that overlooks a header."""

    def deaf(request: web.Request) -> web.Request:
        heard = request.headers.copy()
        heard.popall(name, None)
        return request.clone(headers=heard)

    return deaf


def without_parameter(name: str) -> Callable[[web.Request], web.Request]:
    """Return a fault that overlooks a query parameter."""

    def deaf(request: web.Request) -> web.Request:
        return request.clone(rel_url=request.rel_url.without_query_params(name))

    return deaf
