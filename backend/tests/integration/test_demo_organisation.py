import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import psycopg
import pytest
from demo.options import DemoPaths, DemoSettings
from demo.organisation import (
    Organisation,
    clear_unfinished,
    first_present,
    organisation_of,
    records_touched_since,
    save_again,
)
from demo.past import WorkingDay, working_days

from pulse.cli.stack.home import open_home
from pulse.kit.clock import SystemClock, system_sleep
from pulse.kit.errors import ConfigurationError

_ORGANISATION = Organisation(deals=120, seed=1, seeded_at=1_790_000_000, arrived_at=1_790_000_000)


def test_home_keeps_the_organisation_of_its_first_run(tmp_path: Path) -> None:
    paths, settings = DemoPaths(tmp_path), DemoSettings(deals=70)
    first = organisation_of(paths, settings, SystemClock())
    assert first.deals == 70
    assert organisation_of(paths, settings, SystemClock()) == first


def test_a_first_run_that_did_not_come_to_its_end_is_begun_anew(tmp_path: Path) -> None:
    home, clock = open_home(tmp_path), SystemClock()
    paths, settings = DemoPaths(home.path), DemoSettings(deals=70)
    organisation_of(paths, settings, clock)
    kept = tmp_path / "postgresql" / "data" / "kept"
    kept.parent.mkdir(parents=True)
    kept.touch()

    assert asyncio.run(clear_unfinished(paths, home, clock, system_sleep))
    assert not (tmp_path / "postgresql").exists()
    assert organisation_of(paths, DemoSettings(deals=90), clock).deals == 90

    # One that was ready left its mark away, and is kept.
    paths.unfinished.unlink()
    kept.parent.mkdir(parents=True)
    kept.touch()
    assert not asyncio.run(clear_unfinished(paths, home, clock, system_sleep))
    assert kept.exists()


def test_a_home_that_is_not_the_demos_is_never_cleared(tmp_path: Path) -> None:
    home, paths = open_home(tmp_path), DemoPaths(tmp_path)
    (tmp_path / "postgresql" / "data").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match="not the demo's"):
        organisation_of(paths, DemoSettings(), SystemClock())
    assert not asyncio.run(clear_unfinished(paths, home, SystemClock(), system_sleep))


def test_a_home_from_before_there_was_a_past_has_none(tmp_path: Path) -> None:
    paths = DemoPaths(tmp_path)
    paths.organisation.write_text('{"deals": 70, "seed": 1, "seeded_at": 1790000000}')
    kept = organisation_of(paths, DemoSettings(deals=70), SystemClock())
    assert kept == Organisation(70, 1, 1_790_000_000, 1_790_000_000)
    assert working_days(kept) == []


def test_the_team_works_on_weekdays_between_the_seeded_moment_and_the_first_present() -> None:
    # From a Thursday, 4:00 UTC, to the Tuesday after, 2:00 UTC: 9 to 18 is 1 to 10 UTC.
    seeded = datetime(2026, 10, 1, 4, tzinfo=UTC)
    arrived = datetime(2026, 10, 6, 2, tzinfo=UTC)
    past = Organisation(5000, 1, int(seeded.timestamp()), int(arrived.timestamp()))
    assert working_days(past) == [
        WorkingDay(seeded, datetime(2026, 10, 1, 10, tzinfo=UTC), 50),
        WorkingDay(datetime(2026, 10, 2, 1, tzinfo=UTC), datetime(2026, 10, 2, 10, tzinfo=UTC), 50),
        WorkingDay(datetime(2026, 10, 5, 1, tzinfo=UTC), datetime(2026, 10, 5, 10, tzinfo=UTC), 50),
        WorkingDay(datetime(2026, 10, 6, 1, tzinfo=UTC), arrived, 50),
    ]


def test_the_past_is_as_long_as_asked_for(tmp_path: Path) -> None:
    chosen = organisation_of(DemoPaths(tmp_path), DemoSettings(past_days=3), SystemClock())
    assert chosen.arrived_at - chosen.seeded_at == 3 * 86_400


def test_other_number_of_deals_is_refused_with_the_number_that_fits(tmp_path: Path) -> None:
    paths = DemoPaths(tmp_path)
    organisation_of(paths, DemoSettings(deals=70), SystemClock())
    with pytest.raises(ConfigurationError, match="DEALS=70") as refused:
        organisation_of(paths, DemoSettings(deals=71), SystemClock())
    assert refused.value.code == "another_organisation"


def test_home_with_a_mirror_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "postgresql" / "data").mkdir(parents=True)
    with pytest.raises(ConfigurationError, match=r"a mirror that is not the demo's"):
        organisation_of(DemoPaths(tmp_path), DemoSettings(), SystemClock())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["postgresql"]


def test_records_touched_or_gone_since_the_first_present_are_found_by_module(
    database_url: str,
) -> None:
    moment = first_present(_ORGANISATION)
    rows = [
        (1, "Deals", moment, "live"),
        (2, "Deals", datetime(2027, 1, 1, tzinfo=UTC), "live"),
        (3, "Accounts", datetime(2027, 1, 2, tzinfo=UTC), "live"),
        (4, "Deals", moment, "deleted"),
    ]
    with psycopg.connect(database_url) as db, db.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO record_sync_status (zoho_record_id, module, crm_modified_at, presence)"
            " VALUES (%s, %s, %s, %s)",
            rows,
        )
    assert records_touched_since(database_url, moment) == {"Deals": ["2", "4"], "Accounts": ["3"]}


@pytest.fixture
def simulator() -> Iterator[dict[str, Any]]:
    command = [sys.executable, "-m", "zoho_sim.cli", "serve", "--port", "0", "--activity", "0"]
    process = subprocess.Popen(
        [*command, *_ORGANISATION.serve_arguments()], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    with process.stdout:
        yield json.loads(process.stdout.readline())
        process.terminate()
        process.wait(30)


async def _deals(simulator: dict[str, Any]) -> Sequence[dict[str, Any]]:
    async with (
        aiohttp.ClientSession(raise_for_status=True) as client,
        client.get(f"{simulator['control_url']}/modules/Deals/records") as answer,
    ):
        return [json.loads(line) for line in (await answer.text()).splitlines()]


def test_saving_again_moves_the_stamp_of_the_named_records_and_nothing_else(
    simulator: dict[str, Any],
) -> None:
    before = {deal["id"]: deal for deal in asyncio.run(_deals(simulator))}
    named = [*sorted(before)[:105], "4876877000999999999"]
    assert asyncio.run(save_again(simulator, {"Deals": named})) == 105

    moved = set()
    stamps = {"Modified_Time", "Modified_By", "Last_Activity_Time"}
    for deal in asyncio.run(_deals(simulator)):
        was = before.pop(deal["id"])
        if deal["Modified_Time"] != was["Modified_Time"]:
            moved.add(deal["id"])
        assert {key for key in deal if deal[key] != was[key]} <= stamps
    assert before == {}
    assert moved == set(named[:105])
