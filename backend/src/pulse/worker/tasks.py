"""The tasks: payload in, one use case, done. Each opens one event loop and closes all it opened.

What can be expected to fail is recorded where people look (the session, the connection), and the
task ends well. Anything else is a fault: it is logged with its traceback and not tried again; the
session that it leaves open is taken over by a tick.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import psycopg
from sqlalchemy import func, select

from pulse.alerts.raising import raise_alerts, start_alerts
from pulse.analytics.stages.importing import tend_import
from pulse.bootstrap_opportunities import OpportunityList
from pulse.connection.write_back import start_write_back
from pulse.db.engine import database
from pulse.db.urls import libpq_url
from pulse.exports.making import Readers
from pulse.exports.running import make_exports, tend_exports
from pulse.jobs.catalogue import (
    ImportStageHistory,
    MailNotice,
    MailReview,
    MakeExports,
    PushChanges,
    RaiseAlerts,
    RefillDeals,
    RefreshConnection,
    RunSession,
    WriteBackValues,
)
from pulse.live_sync.tick import tick
from pulse.notices.telling import tell_of_conflicts
from pulse.review.mailing import start_weekly_mail
from pulse.worker.mailing import mail_notice, mail_review, mail_server
from pulse.worker.relay import send_due
from pulse.worker.slides import O2rSlides

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from celery import Celery

    from pulse.config import Settings
    from pulse.worker.relay import Send


@dataclass(frozen=True, slots=True)
class Work:
    """The use cases behind the tasks; each opens its own connections and closes them all.

    `prepare` is run once by the worker's main process, before it takes work.
    """

    prepare: Callable[[Settings], Awaitable[None]]
    run_session: Callable[[Settings, UUID], Awaitable[None]]
    refresh_connection: Callable[[Settings], Awaitable[None]]
    refill_deals: Callable[[Settings], Awaitable[None]]
    push_changes: Callable[[Settings, str], Awaitable[object]]
    write_back_values: Callable[[Settings], Awaitable[object]]
    import_stage_history: Callable[[Settings], Awaitable[object]]


def register_tasks(app: Celery, settings: Settings, work: Work, send: Send) -> None:
    """Give `app` the tasks; their names are those of the jobs in `pulse.jobs.catalogue`."""

    @app.task(name=RunSession.name)  # type: ignore[untyped-decorator] # Celery ships no types
    def run_session(session_id: str) -> None:
        """Run a session, or do nothing if another worker holds its lease."""
        asyncio.run(finish(work.run_session(settings, UUID(session_id))))

    @app.task(name=RefreshConnection.name)  # type: ignore[untyped-decorator] # as above
    def refresh_connection() -> None:
        """Read organisation, users, currencies and fields again."""
        asyncio.run(finish(work.refresh_connection(settings)))

    @app.task(name=RefillDeals.name)  # type: ignore[untyped-decorator] # as above
    def refill_deals() -> None:
        """Let the narrow columns follow the field map."""
        asyncio.run(finish(work.refill_deals(settings)))

    @app.task(name=PushChanges.name)  # type: ignore[untyped-decorator] # as above
    def push_changes(module: str) -> None:
        """Write the local changes that are due to the CRM, as far as no other push has them."""
        asyncio.run(finish(work.push_changes(settings, module)))

    @app.task(name=WriteBackValues.name)  # type: ignore[untyped-decorator] # as above
    def write_back_values() -> None:
        """Write the product's own fields of deals where they differ."""
        asyncio.run(finish(work.write_back_values(settings)))

    @app.task(name=RaiseAlerts.name)  # type: ignore[untyped-decorator] # as above
    def judge_changes() -> None:
        """Raise the alerts of changes that no rule has judged yet."""
        asyncio.run(_raise_alerts(settings))

    @app.task(name=MakeExports.name)  # type: ignore[untyped-decorator] # as above
    def run_exports() -> None:
        """Make the exports that wait, as far as no other worker does."""
        readers = Readers(O2rSlides(), OpportunityList())
        asyncio.run(finish(make_exports(settings.database_url.get_secret_value(), readers)))

    _register_imports(app, settings, work)
    _register_mail(app, settings)

    @app.task(name="tick")  # type: ignore[untyped-decorator] # as above
    def run_tick() -> None:
        """Do what is due, then send what a relay left behind."""
        asyncio.run(_tick(settings))
        with psycopg.connect(libpq_url(settings.database_url.get_secret_value())) as connection:
            send_due(connection, send)


def _register_imports(app: Celery, settings: Settings, work: Work) -> None:
    @app.task(name=ImportStageHistory.name)  # type: ignore[untyped-decorator] # Celery ships no types
    def import_stage_history() -> None:
        """Read the CRM's own stage history, if an import of it waits."""
        asyncio.run(finish(work.import_stage_history(settings)))


def _register_mail(app: Celery, settings: Settings) -> None:
    @app.task(name=MailNotice.name)  # type: ignore[untyped-decorator] # Celery ships no types
    def send_notice(notice_id: str) -> None:
        """Mail a notice, once, where there is a mail server."""
        asyncio.run(finish(mail_notice(settings, int(notice_id))))

    @app.task(name=MailReview.name)  # type: ignore[untyped-decorator] # as above
    def send_review(review_id: str) -> None:
        """Mail a weekly review, once, where there is a mail server."""
        asyncio.run(finish(mail_review(settings, int(review_id))))


async def finish(step: Awaitable[object]) -> None:
    """Await `step`: what `asyncio.run` takes is a coroutine, a use case may be any awaitable."""
    await step


async def _raise_alerts(settings: Settings) -> None:
    async with database(settings.database_url.get_secret_value(), pool_size=1) as open_db:
        await raise_alerts(open_db)


async def _tick(settings: Settings) -> None:
    async with (
        database(settings.database_url.get_secret_value(), pool_size=1) as open_db,
        open_db.begin() as db,
    ):
        # The database's clock: one for the workers of all machines.
        now = (await db.execute(select(func.now()))).scalar_one()
        summary = await tick(db, now)
        if not summary.is_skipped:
            # Under the tick's lock: of two ticks at once, one tells.
            await tell_of_conflicts(db, now)
            await start_write_back(db, now)
            await tend_exports(db, now)
            await start_alerts(db, now)
            await tend_import(db, now)
            await start_weekly_mail(db, now, is_set_up=mail_server(settings) is not None)
