"""Serving the simulator on a socket: start, the address it got, orderly stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from aiohttp import web

from zoho_sim.app import SIMULATOR, create_app
from zoho_sim.control.view import describe

if TYPE_CHECKING:
    from types import TracebackType

    from zoho_sim.config import Config
    from zoho_sim.simulator import Simulator
    from zoho_sim.state.fields import JsonObject

_SHUTDOWN_S = 0.5


class SimulatorServer:
    """An asynchronous context manager: within it the simulator answers at ``url``.

    Port 0 picks a free one. Calls that were told never to answer end with their connection.
    """

    def __init__(self, config: Config, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self._app = create_app(config)
        self._host = host
        self._port = port
        self._runner = web.AppRunner(
            self._app, access_log=None, handler_cancellation=True, shutdown_timeout=_SHUTDOWN_S
        )

    @property
    def simulator(self) -> Simulator:
        """The simulator behind the server."""
        return self._app[SIMULATOR]

    @property
    def url(self) -> str:
        """The base address of API, accounts server and control plane alike."""
        return self.simulator.url

    @property
    def connection(self) -> JsonObject:
        """Return what a client needs to connect."""
        return describe(self.simulator)

    async def __aenter__(self) -> Self:
        """Bind and listen."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._port, backlog=512)
        await site.start()
        port = self._runner.addresses[0][1]
        self.simulator.url = f"http://{self._host}:{port}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop listening and end every open call."""
        await self._runner.cleanup()
