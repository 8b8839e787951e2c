"""What becomes of an import when a source refuses, all refuse, or a worker dies between batches."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from pulse.adapters.crm.source import ZohoSource
from pulse.adapters.stage_history import StageHistoryStore
from pulse.core.stage_history import ImportState
from pulse.sync.domain.errors import CrmRefusedError, PermissionMissingError
from support.stage_history import import_row, run_import, stays_of, tend

if TYPE_CHECKING:
    from support.synced import Synced

NOW = datetime.now(UTC)


def kept(synced: Synced) -> int:
    [(count,)] = synced.api.sql("SELECT count(*) FROM stage_history WHERE is_start")
    return int(str(count))


def told(synced: Synced) -> int:
    return sum(len(stays) for stays in stays_of(synced.crm).values())


def test_a_source_that_refuses_gives_way_to_the_next(
    synced: Synced, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise CrmRefusedError("Reading DealHistory failed: INVALID_MODULE.")

    monkeypatch.setattr(ZohoSource, "select", refuse)
    tend(synced, NOW)

    assert run_import(synced.settings) is ImportState.COMPLETED

    told_row = import_row(synced)
    assert told_row["source"] in {"pages", "bulk_read"}
    assert told_row["reason"] == "instead: Reading DealHistory failed: INVALID_MODULE."
    assert kept(synced) == told(synced)


def test_history_that_nobody_may_read_is_told_and_not_asked_for_again(
    synced: Synced, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> None:
        raise PermissionMissingError("The connected user may not do this.", fix="Widen it.")

    for way in ("select", "list_page", "start_export", "aggregate"):
        monkeypatch.setattr(ZohoSource, way, refuse)
    tend(synced, NOW)

    assert run_import(synced.settings) is ImportState.UNAVAILABLE

    latest = synced.api.client.get("/api/analysis/stage-history").json()["latest"]
    assert (latest["state"], latest["error_code"], latest["error_fix"], latest["next_try_at"]) == (
        "unavailable",
        "permission_missing",
        "Widen it.",
        None,
    )
    tend(synced, NOW)
    assert synced.api.sql("SELECT count(*) FROM stage_history_imports") == [(1,)]

    monkeypatch.undo()
    again = synced.api.client.post("/api/analysis/stage-history/import")
    assert again.status_code == 202, again.text
    second = synced.api.client.post("/api/analysis/stage-history/import")
    assert (second.status_code, second.json()["code"]) == (409, "stage_import_running")
    assert second.json()["import_id"] == again.json()["id"]
    assert run_import(synced.settings) is ImportState.COMPLETED
    assert kept(synced) == told(synced)
    assert synced.api.sql(
        "SELECT count(*) FROM audit_log WHERE action = 'stage_history.import_requested'"
    ) == [(1,)]


def test_an_import_whose_worker_died_goes_on_and_is_unseen_until_it_is_whole(
    synced: Synced, monkeypatch: pytest.MonkeyPatch
) -> None:
    class DiedError(Exception):
        pass

    async def die(*_: object) -> None:
        raise DiedError

    monkeypatch.setattr(StageHistoryStore, "complete", die)
    tend(synced, NOW)
    with pytest.raises(DiedError):
        run_import(synced.settings)
    assert kept(synced) == 0
    assert import_row(synced)["state"] == "running"
    monkeypatch.undo()
    before = import_row(synced)

    assert run_import(synced.settings) is ImportState.COMPLETED

    assert import_row(synced)["rows_kept"] == before["rows_kept"] == told(synced)
    assert kept(synced) == told(synced)
