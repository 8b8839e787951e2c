"""The schedule: what is due when, and the reason when nothing is."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pulse.core.sync import SyncType
from pulse.db.engine import database
from pulse.live_sync.schedule import (
    Hold,
    NextSync,
    is_refresh_due,
    next_accounts_sync,
    next_reconcile,
    next_sync,
)
from pulse.live_sync.tick import TickSummary, tick

T = TypeVar("T")

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def connection(database_url: str) -> Iterator[psycopg.Connection]:
    """A plain connection to a database where Deals were loaded two hours ago."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        _load_deals(connection)
        yield connection


def _load_deals(connection: psycopg.Connection) -> None:
    connection.execute(
        "INSERT INTO crm_connection (id, accounts_url, base_url, client_id,"
        " client_secret_encrypted, refresh_token_encrypted)"
        " VALUES (1, 'https://accounts.zoho.in', 'https://www.zohoapis.in/crm/v8', 'c', 's', 'r')"
    )
    connection.execute(
        "INSERT INTO sync_cursors (module, changed_since, deleted_since, full_sync_at)"
        " VALUES ('Deals', %(at)s, %(at)s, %(at)s)",
        {"at": NOW - timedelta(hours=2)},
    )
    connection.execute(
        "INSERT INTO crm_organisation (id, company_name, edition, users_licensed, document,"
        " refreshed_at) VALUES (9, 'Acme', 'free', 3, '{}', %s)",
        [NOW - 10 * MINUTE],
    )
    add_session(connection, "full_sync", NOW - timedelta(hours=2), "completed")
    add_session(connection, "incremental", NOW - 10 * MINUTE, "completed")


def add_session(
    connection: psycopg.Connection,
    sync_type: str,
    started: datetime,
    status: str,
    module: str = "Deals",
) -> str:
    row = connection.execute(
        "INSERT INTO crm_sync_sessions (module, sync_type, status, created_at, started_at)"
        " VALUES (%s, %s, %s, %s, %s) RETURNING id::text",
        [module, sync_type, status, started, None if status == "pending" else started],
    ).fetchone()
    assert row is not None
    return str(row[0])


def ask(connection: psycopg.Connection, question: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async def run() -> T:
        async with database(_url(connection)) as open_db, open_db.begin() as db:
            return await question(db)

    return asyncio.run(run())


def _url(connection: psycopg.Connection) -> str:
    facts = connection.info
    return f"postgresql://{facts.user}@/{facts.dbname}?host={facts.host}&port={facts.port}"


def set_value(connection: psycopg.Connection, key: str, value: str) -> None:
    connection.execute(
        "INSERT INTO settings (key, value) VALUES (%(key)s, %(value)s)"
        " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        {"key": key, "value": value},
    )


def run_tick(connection: psycopg.Connection, now: datetime) -> TickSummary:
    return ask(connection, lambda db: tick(db, now))


def test_the_next_sync_is_one_interval_after_the_start_of_the_last(
    connection: psycopg.Connection,
) -> None:
    found = ask(connection, lambda db: next_sync(db, NOW))

    assert found == NextSync(NOW + 5 * MINUTE)
    assert not found.is_due(NOW + 5 * MINUTE - timedelta(microseconds=1))
    assert found.is_due(NOW + 5 * MINUTE)


def test_a_changed_interval_holds_at_once(connection: psycopg.Connection) -> None:
    set_value(connection, "sync.interval_minutes", "30")

    assert ask(connection, lambda db: next_sync(db, NOW)) == NextSync(NOW + 20 * MINUTE)


@pytest.mark.parametrize(
    ("change", "hold"),
    [
        (
            "INSERT INTO settings (key, value) VALUES ('sync.interval_minutes', 'null')",
            Hold.MANUAL_ONLY,
        ),
        (
            "INSERT INTO settings (key, value) VALUES ('sync.mode', '\"local_to_crm\"')",
            Hold.PULLS_PAUSED,
        ),
        ("DELETE FROM crm_connection", Hold.NOT_CONNECTED),
        ("UPDATE crm_connection SET refresh_token_encrypted = NULL", Hold.NOT_CONNECTED),
        ("UPDATE crm_connection SET refused_at = now()", Hold.SIGN_IN_REFUSED),
        ("DELETE FROM sync_cursors", Hold.FULL_SYNC_NEEDED),
    ],
)
def test_each_hold_is_named_and_keeps_the_schedule_quiet(
    connection: psycopg.Connection, change: str, hold: Hold
) -> None:
    connection.execute(
        "DELETE FROM crm_sync_sessions WHERE sync_type = 'full_sync'"  # one open run a module
    )
    connection.execute(change)

    found = ask(connection, lambda db: next_sync(db, NOW))

    assert found == NextSync(None, hold)
    assert found.reason is not None
    assert not found.is_due(NOW + timedelta(days=9))
    run_tick(connection, NOW + 5 * MINUTE)
    assert connection.execute(
        "SELECT count(*) FROM crm_sync_sessions WHERE module = 'Deals' AND status = 'pending'"
    ).fetchone() == (0,)


def test_while_a_sync_runs_the_next_is_timed_from_its_start_and_does_not_begin(
    connection: psycopg.Connection,
) -> None:
    connection.execute("DELETE FROM crm_sync_sessions WHERE sync_type = 'full_sync'")
    connection.execute("UPDATE crm_sync_sessions SET status = 'in_progress'")

    assert ask(connection, lambda db: next_sync(db, NOW)) == NextSync(
        NOW + 5 * MINUTE, Hold.RUNNING
    )
    # A run that takes longer than the interval is followed at once.
    late = NOW + 9 * MINUTE
    found = ask(connection, lambda db: next_sync(db, late))
    assert found == NextSync(late, Hold.RUNNING)
    assert not found.is_due(late)


def test_scheduled_work_waits_until_its_share_of_the_credits_is_back(
    connection: psycopg.Connection,
) -> None:
    # Free: 5,000 a day, of which 80 % are 4,000.
    for minutes_ago, spent in [(600, 100), (300, 3_000), (100, 950)]:
        connection.execute(
            "INSERT INTO credit_ledger (minute, operation, session_id, credits) VALUES"
            " (%s, 'coql.query', '00000000-0000-0000-0000-000000000000', %s)",
            [NOW - minutes_ago * MINUTE, spent],
        )

    found = ask(connection, lambda db: next_sync(db, NOW))

    # 4,050 used: the oldest hundred bring it to 3,950.
    back_at = NOW - 600 * MINUTE + timedelta(hours=24)
    assert found == NextSync(back_at, Hold.BUDGET_SPENT)
    assert run_tick(connection, NOW + 5 * MINUTE).started == []


def test_a_due_sync_starts_once_however_often_one_looks(connection: psycopg.Connection) -> None:
    add_session(connection, "full_sync", NOW - 5 * MINUTE, "completed", module="Accounts")
    connection.execute("UPDATE sync_cursors SET module = 'Deals'")
    due = NOW + 5 * MINUTE

    first, second = run_tick(connection, due), run_tick(connection, due)

    assert len(first.started) == 1
    assert second.started == []
    assert connection.execute(
        "SELECT module, sync_type, requested_by FROM crm_sync_sessions WHERE status = 'pending'"
    ).fetchall() == [("Deals", "incremental", "schedule")]
    assert connection.execute("SELECT count(*) FROM outbox").fetchone() == (1,)


def test_two_ticks_at_once_do_the_work_of_one(connection: psycopg.Connection) -> None:
    async def both() -> list[TickSummary]:
        due = NOW + 5 * MINUTE
        async with (
            database(_url(connection)) as open_db,
            open_db.begin() as one,
            open_db.begin() as other,
        ):
            return [await tick(one, due), await tick(other, due)]

    first, second = asyncio.run(both())

    assert (first.is_skipped, second.is_skipped) == (False, True)
    assert second == TickSummary(is_skipped=True)


def test_accounts_are_loaded_whole_first_and_then_hourly(connection: psycopg.Connection) -> None:
    assert ask(connection, lambda db: next_accounts_sync(db, NOW)) == (SyncType.FULL, NextSync(NOW))

    add_session(connection, "full_sync", NOW, "completed", module="Accounts")
    connection.execute(
        "INSERT INTO sync_cursors (module, changed_since, deleted_since) VALUES"
        " ('Accounts', now(), now())"
    )

    assert ask(connection, lambda db: next_accounts_sync(db, NOW)) == (
        SyncType.INCREMENTAL,
        NextSync(NOW + timedelta(hours=1)),
    )


def test_the_nightly_reconcile_comes_once_a_night(connection: psycopg.Connection) -> None:
    # Loaded at 10:00 today, after tonight's hour: the next night is the first.
    assert ask(connection, lambda db: next_reconcile(db, NOW)) == NextSync(
        datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    )

    # Half a day later it is due, and it goes before the quick sync.
    slept = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
    assert ask(connection, lambda db: next_reconcile(db, slept)).is_due(slept)
    run_tick(connection, slept)
    assert connection.execute(
        "SELECT sync_type FROM crm_sync_sessions WHERE status = 'pending' AND module = 'Deals'"
    ).fetchall() == [("reconcile",)]

    connection.execute(
        "UPDATE crm_sync_sessions SET status = 'completed', created_at = %(at)s,"
        " started_at = %(at)s WHERE sync_type = 'reconcile'",
        {"at": slept},
    )
    assert ask(connection, lambda db: next_reconcile(db, slept)) == NextSync(
        datetime(2026, 11, 25, 2, 0, tzinfo=UTC)
    )


def test_metadata_is_refreshed_hourly_even_when_syncs_start_by_hand(
    connection: psycopg.Connection,
) -> None:
    set_value(connection, "sync.interval_minutes", "null")
    read_at = NOW - 10 * MINUTE

    def due(now: datetime) -> bool:
        return ask(connection, lambda db: is_refresh_due(db, now))

    assert not due(read_at + timedelta(minutes=59))
    assert due(read_at + timedelta(hours=1))


def test_a_refresh_that_failed_is_asked_for_again_five_minutes_later(
    connection: psycopg.Connection,
) -> None:
    connection.execute("DELETE FROM crm_organisation")
    assert run_tick(connection, NOW).is_refresh_started
    connection.execute("UPDATE outbox SET created_at = %s WHERE job = 'refresh_connection'", [NOW])

    assert not run_tick(connection, NOW + 4 * MINUTE).is_refresh_started
    assert run_tick(connection, NOW + 5 * MINUTE).is_refresh_started


def test_a_run_without_heartbeat_for_thirty_seconds_is_enqueued_again_once(
    connection: psycopg.Connection,
) -> None:
    dead = add_session(connection, "incremental", NOW, "in_progress")
    connection.execute(
        "INSERT INTO sync_leases (module, session_id, owner, heartbeat_at)"
        " VALUES ('Deals', %s, 'worker-1', %s)",
        [dead, NOW],
    )

    def revived(now: datetime) -> list[str]:
        return [str(session_id) for session_id in run_tick(connection, now).revived]

    assert revived(NOW + timedelta(seconds=29)) == []
    assert revived(NOW + timedelta(seconds=30)) == [dead]
    assert revived(NOW + timedelta(seconds=35)) == []  # its message still waits
    connection.execute("UPDATE outbox SET sent_at = %s", [NOW + timedelta(seconds=40)])
    assert revived(NOW + timedelta(seconds=45)) == []  # it was sent just now
    assert revived(NOW + timedelta(seconds=70)) == [dead]


def test_a_pending_session_whose_message_was_lost_gets_another_after_a_minute(
    connection: psycopg.Connection,
) -> None:
    waiting = add_session(connection, "incremental", NOW, "pending")
    connection.execute(
        "INSERT INTO outbox (job, payload, sent_at) VALUES"
        " ('run_session', jsonb_build_object('session_id', %s::text), %s)",
        [waiting, NOW],
    )

    def resent(now: datetime) -> list[str]:
        return [str(session_id) for session_id in run_tick(connection, now).resent]

    assert resent(NOW + timedelta(seconds=59)) == []
    assert resent(NOW + timedelta(seconds=60)) == [waiting]
    assert resent(NOW + timedelta(seconds=65)) == []


def test_old_sent_messages_are_pruned_and_unsent_ones_are_kept(
    connection: psycopg.Connection,
) -> None:
    connection.execute("DELETE FROM crm_connection")
    connection.execute(
        "INSERT INTO outbox (job, payload, created_at, sent_at) VALUES"
        " ('old', '{}', %(old)s, %(old)s), ('new', '{}', %(new)s, %(new)s),"
        " ('waits', '{}', %(old)s, NULL)",
        {"old": NOW - timedelta(days=2), "new": NOW - timedelta(hours=23)},
    )

    assert run_tick(connection, NOW).pruned == 1
    assert connection.execute("SELECT job FROM outbox ORDER BY job").fetchall() == [
        ("new",),
        ("waits",),
    ]


def _pushes(connection: psycopg.Connection) -> list[dict[str, str]]:
    rows = connection.execute(
        "SELECT payload FROM outbox WHERE job = 'push_changes' ORDER BY id"
    ).fetchall()
    return [row[0] for row in rows]


def test_tick_has_waiting_changes_pushed_unless_somebody_has_them(
    database_url: str, connection: psycopg.Connection
) -> None:
    connection.execute(
        "INSERT INTO record_sync_status (zoho_record_id, module) VALUES (1, 'Deals')"
    )
    connection.execute(
        "INSERT INTO pending_changes (module, record_id, field, new_value, author_name, sent_by,"
        " next_try_at) VALUES ('Deals', 1, 'Next_Step', '\"Ours\"', 'Mei Tan',"
        " '01a20802-7f50-7e3d-a08b-42c7d96ced21', now() + interval '1 minute')"
    )
    assert run_tick(connection, NOW).pushes == []
    connection.execute("UPDATE pending_changes SET next_try_at = NULL")
    with psycopg.connect(database_url, autocommit=True) as run:
        # A living push holds the lock of its id.
        run.execute("SELECT pg_advisory_lock(7163003, ('x' || 'd96ced21')::bit(32)::int)")
        assert run_tick(connection, NOW).pushes == []
    # Dead, it lets go of all at once; one message is enough.
    assert run_tick(connection, NOW).pushes == ["Deals"]
    assert run_tick(connection, NOW).pushes == []
    assert _pushes(connection) == [{"module": "Deals"}]
    connection.execute("UPDATE outbox SET sent_at = %s", [NOW - MINUTE])
    assert run_tick(connection, NOW).pushes == ["Deals"]
    connection.execute("UPDATE outbox SET sent_at = %s", [NOW - MINUTE])
    connection.execute("INSERT INTO settings (key, value) VALUES ('sync.mode', '\"crm_to_local\"')")
    assert run_tick(connection, NOW).pushes == []
