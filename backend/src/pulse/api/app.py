"""The application factory: `uvicorn pulse.api.app:create_app --factory`."""

from __future__ import annotations

import random
import secrets
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

import redis.asyncio
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError

from pulse.accounts.auth_router import router as auth_router
from pulse.accounts.passwords import Passwords
from pulse.accounts.tokens_router import router as tokens_router
from pulse.accounts.users_router import router as users_router
from pulse.alerts.router import router as alerts_router
from pulse.analysis.movement_router import router as movement_router
from pulse.analysis.router import router as analysis_router
from pulse.analysis.slips_router import router as slips_router
from pulse.analysis.stages_router import router as stages_router
from pulse.analysis.views_router import router as views_router
from pulse.api import description, health
from pulse.api.app_files import AppFiles
from pulse.api.headers import SecurityHeaders
from pulse.api.openapi import install_openapi, operation_id
from pulse.api.shutdown import streams_end_on_signals
from pulse.api.version import VERSION
from pulse.audit.router import router as audit_router
from pulse.bootstrap import crm_records, look_ahead, prepare, refresh_now
from pulse.bootstrap_bulk import bulk_crm
from pulse.bootstrap_connection import connecting, refresh_rates, validate_connection
from pulse.bootstrap_opportunities import OpportunityList
from pulse.bootstrap_owned import FieldMaking
from pulse.bootstrap_push import record_push
from pulse.bulk.router import router as bulk_router
from pulse.config import Settings, load_settings
from pulse.conflicts.router import router as conflicts_router
from pulse.connection.connect_router import router as connect_router
from pulse.connection.custom_fields_router import router as custom_fields_router
from pulse.connection.router import router as connection_router
from pulse.currency.router import router as currency_router
from pulse.dashboard.router import router as dashboard_router
from pulse.db.errors import database_problem
from pulse.deals.detail_router import router as deal_router
from pulse.deals.editing_router import router as deal_editing_router
from pulse.deals.recent_router import router as recent_changes_router
from pulse.deals.table.router import router as deal_table_router
from pulse.exports.router import router as exports_router
from pulse.kit.clock import Clock, SystemClock, system_sleep
from pulse.kit.logging import configure_logging, get_logger
from pulse.kit.memory import settle
from pulse.live_sync.router import router as live_sync_router
from pulse.notices.router import router as notices_router
from pulse.o2r.dashboard_router import router as o2r_dashboard_router
from pulse.o2r.detail_notes_router import router as opportunity_notes_router
from pulse.o2r.opportunities_router import router as opportunities_router
from pulse.records.router import router as records_router
from pulse.records.search_router import router as search_router
from pulse.review.mail_router import router as review_mail_router
from pulse.review.router import router as review_router
from pulse.settings.router import router as settings_router
from pulse.sync_status.router import router as sync_status_router
from pulse.web.database import Database
from pulse.web.errors import install_error_handlers
from pulse.web.events import EventHub
from pulse.web.origin import RequestGuard
from pulse.web.sizes import BodyLimit

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import ASGIApp

HEARTBEAT_S: Final = 10.0
"""Seconds of silence after which an event stream gets a comment; FastAPI adds its own after 15."""
_BROKER_TIMEOUT_S: Final = 2.0

_log = get_logger(__name__)


class Application(FastAPI):
    """FastAPI whose every answer carries the security headers."""

    def build_middleware_stack(self) -> ASGIApp:
        """Put the headers around everything: `add_middleware` leaves failures of ours bare."""
        return SecurityHeaders(super().build_middleware_stack())


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock | None = None,
    heartbeat_s: float = HEARTBEAT_S,
) -> FastAPI:
    """Return the application; without `settings` it reads the environment and sets up logging.

    It starts whether or not database, broker and CRM are there: `/health/ready` says what is
    missing, and each request that needs a missing part is answered with a problem.
    """
    if settings is None:
        settings = load_settings(Settings)
        configure_logging(settings.log_level, settings.log_format)
    app = Application(
        title="Pipeline Pulse",
        summary="Zoho CRM deals in a local PostgreSQL mirror, live.",
        version=VERSION,
        lifespan=_lifespan,
        generate_unique_id_function=operation_id,
        # The app has a page for it, and the document itself is not for everybody.
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    app.add_middleware(BodyLimit)
    # The first to be added is the innermost, so refusals get the headers of all other answers.
    app.add_middleware(RequestGuard, hosts=settings.host_names)
    database_url = settings.database_url.get_secret_value()
    app.state.settings = settings
    app.state.clock = clock or SystemClock()
    app.state.heartbeat_s = heartbeat_s
    # Tells a browser's last event id of this process from one of another.
    app.state.process = secrets.token_hex(4)
    app.state.database = Database(database_url)
    app.state.events = EventHub(
        database_url,
        sleep=system_sleep,
        rng=random.Random(),  # noqa: S311 - jitter needs no secrecy
    )
    app.state.passwords = Passwords()
    app.state.public_url = settings.public_url
    app.state.sends_mail = settings.pulse_smtp_host is not None
    app.state.check_connection = partial(validate_connection, settings)
    app.state.look_ahead = partial(look_ahead, settings)
    app.state.read_fields = partial(refresh_now, settings)
    app.state.refresh_rates = partial(refresh_rates, settings)
    app.state.field_maker = FieldMaking(settings)
    app.state.opportunity_list = OpportunityList()
    app.state.broker = redis.asyncio.from_url(
        settings.redis_url.get_secret_value(),
        socket_connect_timeout=_BROKER_TIMEOUT_S,
        socket_timeout=_BROKER_TIMEOUT_S,
    )
    install_error_handlers(app)
    for router in (
        # Before the route of one deal: `summary` is no id.
        deal_table_router,
        live_sync_router,
        sync_status_router,
        conflicts_router,
        connection_router,
        custom_fields_router,
        connect_router,
        search_router,
        records_router,
        bulk_router,
        dashboard_router,
        recent_changes_router,
        deal_editing_router,
        deal_router,
        auth_router,
        users_router,
        tokens_router,
        settings_router,
        audit_router,
        notices_router,
        opportunities_router,
        opportunity_notes_router,
        exports_router,
        analysis_router,
        movement_router,
        slips_router,
        stages_router,
        views_router,
        alerts_router,
        currency_router,
        o2r_dashboard_router,
        review_router,
        review_mail_router,
        health.router,
        description.router,
    ):
        app.include_router(router)
    install_openapi(app)
    app.router.default = AppFiles(app.router.default)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    events: EventHub = app.state.events
    await _prepare(app.state.settings)
    await events.start()
    settle()
    try:
        async with (
            crm_records(app.state.settings) as app.state.crm_records,
            bulk_crm(app.state.settings) as app.state.bulk_crm,
            record_push(app.state.settings) as app.state.record_push,
            connecting(app.state.settings, app.state.clock) as app.state.connecting,
        ):
            with streams_end_on_signals(events):
                yield
    finally:
        await events.stop()
        await app.state.broker.aclose()
        await app.state.database.close()


async def _prepare(settings: Settings) -> None:
    """Bring the environment into the database, unless it is away: the worker does so as well."""
    try:
        await prepare(settings)
    except DBAPIError as error:
        problem = database_problem(error)
        if problem is None:
            raise
        _log.warning("api.prepare.put_off", code=problem.code, detail=problem.detail)
