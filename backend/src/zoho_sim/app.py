"""The simulator as a web application: accounts server, API and control plane on one port."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from email.utils import format_datetime
from typing import TYPE_CHECKING

from aiohttp import web

from zoho_sim.control.plane import add_control_routes
from zoho_sim.routes import (
    bulk_read,
    bulk_write,
    coql,
    count,
    custom_fields,
    custom_views,
    deleted,
    mass_update,
    metadata,
    org,
    records_read,
    records_write,
    related_lists,
    search,
    timeline,
)
from zoho_sim.routes.call import respond
from zoho_sim.routes.errors import invalid_method, invalid_url
from zoho_sim.routes.oauth import add_oauth_routes
from zoho_sim.sales_team import SalesTeam
from zoho_sim.simulator import Simulator

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from zoho_sim.config import Config
    from zoho_sim.routes.table import Routes

SIMULATOR = web.AppKey("simulator", Simulator)
MAXIMUM_BODY_BYTES = 64 * 1024 * 1024

# Fixed paths come before those that begin with a module's name.
_FAMILIES: tuple[Routes, ...] = (
    org.routes,
    metadata.routes,
    custom_fields.routes,
    custom_views.routes,
    related_lists.routes,
    coql.routes,
    bulk_read.routes,
    bulk_write.routes,
    deleted.routes,
    search.routes,
    count.routes,
    timeline.routes,
    mass_update.routes,
    records_write.routes,
    records_read.routes,
)


def create_app(config: Config) -> web.Application:
    """Return the application with a freshly seeded organisation.

    ``app[SIMULATOR].url`` must be set to the address that it is served at before the first call.
    """
    simulator = Simulator(config)
    app = web.Application(client_max_size=MAXIMUM_BODY_BYTES, middlewares=[_unknown_paths])
    app[SIMULATOR] = simulator
    add_oauth_routes(app, simulator)
    add_control_routes(app, simulator)
    for family in _FAMILIES:
        family.add_to(app, simulator)
    app.cleanup_ctx.append(_sales_team)
    app.on_cleanup.append(_end_work)
    app.on_cleanup.append(_end_exports)
    return app


async def _sales_team(app: web.Application) -> AsyncIterator[None]:
    """Keep the sales team at work for as long as the server runs."""
    work = asyncio.create_task(SalesTeam(app[SIMULATOR]).work())
    yield
    work.cancel()
    with suppress(asyncio.CancelledError):
        await work


async def _end_work(app: web.Application) -> None:
    """End the calls whose callers have gone and that are still waiting."""
    left = list(app[SIMULATOR].work)
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def _end_exports(app: web.Application) -> None:
    await app[SIMULATOR].exports.close()
    await app[SIMULATOR].mass_updates.close()
    await app[SIMULATOR].bulk_writes.close()


@web.middleware
async def _unknown_paths(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer for paths and methods that no route serves as the CRM does."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        error = invalid_url()
    except web.HTTPMethodNotAllowed:
        error = invalid_method()
    response = respond(error.body, error.status)
    clock = request.app[SIMULATOR].clock
    response.headers["Date"] = format_datetime(clock.now(), usegmt=True)
    return response
