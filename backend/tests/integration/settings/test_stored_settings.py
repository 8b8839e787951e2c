"""Stored settings: typed, announced, seeded once."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import psycopg
import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from pulse.core.access import Role
from pulse.core.sync import SyncMode
from pulse.db.engine import database
from pulse.settings.schema import PriceOverrides, SyncSettings
from pulse.settings.service import (
    InvalidSettingError,
    change_settings,
    read_settings,
    seed_interval,
)
from pulse.sync.domain.merge import Policy

T = TypeVar("T")


def in_transaction(database_url: str, step: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async def run() -> T:
        async with database(database_url) as open_db, open_db.begin() as db:
            return await step(db)

    return asyncio.run(run())


def test_without_stored_values_the_defaults_hold(database_url: str) -> None:
    settings = in_transaction(database_url, read_settings)

    assert settings == SyncSettings()
    assert settings.model_dump(by_alias=True) == {
        "sync.interval_minutes": 15,
        "sync.mode": SyncMode.BIDIRECTIONAL,
        "sync.budget_share": 0.8,
        "sync.overlap_seconds": 60,
        "reconcile.hour_utc": 2,
        "credits.prices": PriceOverrides().model_dump(),
        "currency.base": "SGD",
        "conflicts.policy": Policy.ASK,
        "conflicts.field_policies": {},
        "push.run_automation": True,
        "write_back.is_on": True,
        "write_back.budget_share": 0.1,
        "alerts.amount_percent": 50,
        "alerts.probability_points": 30,
        "alerts.closing_days": 90,
        "o2r.proposal_without_po_days": 30,
        "o2r.invoice_unpaid_days": 45,
        "o2r.po_without_kick_off_days": 14,
        "o2r.kick_off_without_invoice_days": 60,
        "o2r.likely_without_po_percent": 80,
        "o2r.unlikely_kicked_off_percent": 20,
        "o2r.not_updated_days": 7,
        "o2r.milestone_fields": {},
        "review.mail_on": False,
        "review.mail_weekday": "monday",
        "review.mail_hour": 8,
        "review.recipients": {"least_role": Role.EDITOR, "addresses": ""},
    }


def test_a_change_is_kept_with_its_author_and_only_what_differs_is_announced(
    database_url: str,
) -> None:
    with psycopg.connect(database_url, autocommit=True) as listener:
        listener.execute("LISTEN pulse_events")
        in_transaction(
            database_url,
            lambda db: change_settings(
                db, {"sync.interval_minutes": None, "sync.mode": "bidirectional"}, changed_by="ada"
            ),
        )
        heard = [note.payload for note in listener.notifies(timeout=1)]
        stored = listener.execute("SELECT key, value, updated_by FROM settings").fetchall()

    assert heard == ["settings:sync.interval_minutes"]
    assert stored == [("sync.interval_minutes", None, "ada")]
    assert in_transaction(database_url, read_settings).interval_minutes is None


def test_a_wrong_value_is_refused_by_its_key_and_nothing_is_written(database_url: str) -> None:
    with pytest.raises(InvalidSettingError) as refused:
        in_transaction(
            database_url,
            lambda db: change_settings(
                db, {"sync.interval_minutes": 30, "reconcile.hour_utc": 24}, changed_by="ada"
            ),
        )

    assert refused.value.extra == {"key": "reconcile.hour_utc"}
    assert in_transaction(database_url, read_settings) == SyncSettings()


def test_addresses_are_kept_once_each_and_what_is_none_is_refused(database_url: str) -> None:
    def change(addresses: str) -> SyncSettings:
        wanted = {"review.recipients": {"least_role": None, "addresses": addresses}}
        return in_transaction(
            database_url, lambda db: change_settings(db, wanted, changed_by="ada")
        )

    kept = change(" ada@example.com,mei@example.com, ada@example.com,").review_recipients
    assert (kept.least_role, kept.addresses) == (None, "ada@example.com, mei@example.com")
    for wrong in ("ada", "ada@example", "a b@example.com", "Ada <ada@example.com>"):
        with pytest.raises(InvalidSettingError, match="is no e-mail address") as refused:
            change(f"mei@example.com, {wrong}")
        assert refused.value.extra == {"key": "review.recipients.addresses"}


def test_an_unknown_key_is_refused_with_the_keys_that_exist(database_url: str) -> None:
    with pytest.raises(InvalidSettingError, match=r"Settings are: sync\.interval_minutes, "):
        in_transaction(
            database_url, lambda db: change_settings(db, {"sync.speed": 9}, changed_by="ada")
        )


def test_seeding_never_touches_a_stored_interval_and_a_change_does(database_url: str) -> None:
    in_transaction(database_url, lambda db: seed_interval(db, 0))
    assert in_transaction(database_url, read_settings).interval_minutes is None

    in_transaction(database_url, lambda db: seed_interval(db, 60))
    assert in_transaction(database_url, read_settings).interval_minutes is None

    def change_to(minutes: int | None) -> SyncSettings:
        change = {"sync.interval_minutes": minutes}
        in_transaction(database_url, lambda db: change_settings(db, change, changed_by="ada"))
        return in_transaction(database_url, read_settings)

    assert change_to(30).interval_minutes == 30
    assert change_to(None).interval_minutes is None
