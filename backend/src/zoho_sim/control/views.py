"""Custom views added by an administrator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.control.requests import ControlError, answer, body_of, module_of, need
from zoho_sim.query.errors import QueryError

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.simulator import Simulator


class ViewControl:
    """The endpoint ``/__sim__/modules/{module}/views``."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def add_to(self, app: web.Application) -> None:
        """Add the endpoint."""
        app.router.add_post(r"/modules/{module:[A-Za-z]\w*}/views", self.add)

    async def add(self, request: web.Request) -> web.Response:
        """Add a view: ``{"name"}`` with ``criteria`` (as bulk read takes them) or ``ids``."""
        store, body = module_of(self._simulator, request), await body_of(request)
        name = need(body, "name", str)
        if ("criteria" in body) is ("ids" in body):
            raise ControlError("give either criteria or ids")
        criteria = need(body, "criteria", dict) if "criteria" in body else None
        ids = frozenset(map(str, need(body, "ids", list))) if "ids" in body else None
        try:
            view = self._simulator.views.add(store, name, criteria=criteria, ids=ids)
        except QueryError as error:
            raise ControlError(f"criteria: {error.message}", details=error.details) from error
        return answer({"id": view.id, "name": view.name}, 201)
