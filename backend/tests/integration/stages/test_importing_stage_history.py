"""The CRM's own stage history comes in once, whole, by whatever way this CRM offers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from pulse.core.stage_history import ImportState
from support.stage_history import import_row, run_import, stays_of, tend

if TYPE_CHECKING:
    from support.synced import Synced

NOW = datetime.now(UTC)


def stored(synced: Synced) -> dict[int, list[tuple[str, datetime, datetime | None]]]:
    found: dict[int, list[Any]] = {}
    for deal, *stay in synced.api.sql(
        "SELECT deal_id, stage, entered_at, left_at FROM stage_history WHERE is_start"
        " ORDER BY deal_id, entered_at, id"
    ):
        found.setdefault(deal, []).append(tuple(stay))
    return found


def expected(synced: Synced) -> dict[int, list[tuple[str, datetime, datetime | None]]]:
    found = {}
    for deal, stays in stays_of(synced.crm).items():
        entered = [datetime.fromisoformat(moment) for _, moment in stays]
        left = [*entered[1:], None]
        found[deal] = [
            (stage, start, end) for (stage, _), start, end in zip(stays, entered, left, strict=True)
        ]
    return found


def test_the_first_sync_brings_the_past_of_all_deals_once(synced: Synced) -> None:
    tend(synced, NOW)
    tend(synced, NOW)
    assert import_row(synced)["requested_by"] == "first sync"
    gone = synced.crm.records()[7]["id"]
    synced.crm.delete(gone)

    assert run_import(synced.settings) is ImportState.COMPLETED

    assert stored(synced) == expected(synced)
    assert int(gone) not in stored(synced)
    told = import_row(synced)
    total = len(synced.crm.records("DealHistory"))
    assert (told["state"], told["source"]) == ("completed", "coql")
    assert (told["rows_total"], told["rows_read"]) == (total, total)
    assert told["rows_kept"] == sum(len(stays) for stays in stays_of(synced.crm).values())
    assert told["calls"] >= 2
    assert told["error_code"] is None
    assert run_import(synced.settings) is None
    tend(synced, NOW + timedelta(days=2))
    assert synced.api.sql("SELECT count(*) FROM stage_history_imports") == [(1,)]


def test_a_deals_page_shows_the_stages_that_the_crm_told(synced: Synced) -> None:
    deal, stays = max(stays_of(synced.crm).items(), key=lambda each: len(each[1]))
    before = synced.api.client.get(f"/api/deals/{deal}").json()
    assert before["path"]["is_at_least"] is True
    tend(synced, NOW)
    assert run_import(synced.settings) is ImportState.COMPLETED

    read = synced.api.client.get(f"/api/deals/{deal}").json()

    assert read["history"] == before["history"]
    assert read["history"]["is_whole"] is False
    assert read["path"]["is_at_least"] is False
    assert datetime.fromisoformat(read["path"]["entered_at"]) == datetime.fromisoformat(
        stays[-1][1]
    )
    spent: dict[str, timedelta] = {}
    moments = [datetime.fromisoformat(moment) for _, moment in stays]
    ends = [*moments[1:], max(synced.api.clock.now(), moments[-1])]
    for (stage, _), start, end in zip(stays, moments, ends, strict=True):
        spent[stage] = spent.get(stage, timedelta()) + (end - start)
    assert {
        each["stage"]: each["days"] for each in read["path"]["stages"] if each["days"] is not None
    } == {stage: time // timedelta(days=1) for stage, time in spent.items()}
    assert not any(each["is_at_least"] for each in read["path"]["stages"])
