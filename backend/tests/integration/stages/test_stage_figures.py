"""Figures of stages agree with a second computation over the CRM's own dump."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest

from pulse.core.stage_history import ImportState
from support.api import HandClock
from support.simulator import SimulatorHandle, simulator_in_thread
from support.stage_history import run_import, tend
from support.stage_oracle import StageOracle, survival, told_stays
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.synced import Synced


DEALS = 200


@pytest.fixture(scope="module")
def _shared_crm() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=DEALS)) as handle:
        yield handle


@pytest.fixture
def crm(_shared_crm: SimulatorHandle, seed: int) -> SimulatorHandle:
    _shared_crm.reset(deals=DEALS, seed=seed)
    move_some(_shared_crm, Random(seed), 60)
    return _shared_crm


@pytest.fixture
def clock() -> HandClock:
    """The clock of the CRM: what happens there happens now."""
    return HandClock(datetime.now(UTC))


def ask(synced: Synced, query: str = "") -> dict[str, Any]:
    answer = synced.api.client.get(f"/api/analysis/stages?{query}")
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def check(
    oracle: StageOracle, synced: Synced, body: dict[str, Any], deals: list[dict[str, Any]]
) -> None:
    """Compare every figure of an answer about `deals` with the dump."""
    start, end, as_of = (
        datetime.fromisoformat(moment)
        for moment in (body["window"]["start"], body["window"]["end"], body["basis"]["as_of"])
    )
    stays = told_stays(synced.crm)
    stays = {int(deal["id"]): stays[int(deal["id"])] for deal in deals}
    expected = oracle.figures(stays, start, end, as_of)
    assert [stage["stage"] for stage in body["stages"]] == oracle.order
    for stage in body["stages"]:
        figures = expected[stage["stage"]]
        assert stage["entered"] == figures.entered, stage
        for word in ("forward", "won", "lost", "back", "still_there"):
            assert stage[word] == figures.became[word], (stage["stage"], word)
        assert (stage["elsewhere"], stage["deleted"], stage["unknown_start"]) == (0, 0, 0)
        middle, mean, is_at_least = survival(figures.times)
        assert stage["median_days"] == pytest.approx(middle, abs=0.011), stage
        assert stage["mean_days"] == pytest.approx(mean, abs=0.011), stage
        assert stage["is_mean_at_least"] is is_at_least
        left = figures.entered - figures.became["still_there"]
        on = figures.became["forward"] + figures.became["won"]
        assert stage["to_next"] == (round(on / left, 4) if left else None)
        closed = len(figures.won | figures.lost)
        assert stage["to_won"] == (round(len(figures.won) / closed, 4) if closed else None)
    cycles = oracle.cycles(stays, deals, start, end)
    assert body["won"] == pytest.approx(cycles["Closed Won"], abs=0.011)
    assert body["lost"] == pytest.approx(cycles["Closed Lost"], abs=0.011)
    assert body["entered"] == sum(figures.entered for figures in expected.values())


def move_some(crm: SimulatorHandle, rng: Random, count: int) -> None:
    """Let deals change their stages, forward, back, to won and to lost."""
    rows = crm.records()
    # Stages that deals of the same pipeline are in: the CRM refuses others.
    stages: dict[str, set[str]] = {}
    for row in rows:
        stages.setdefault(row["Pipeline"], set()).add(row["Stage"])
    crm.edit(
        {
            row["id"]: {"Stage": rng.choice(sorted(stages[row["Pipeline"]] - {row["Stage"]}))}
            for row in rng.sample(rows, count)
        }
    )


@pytest.mark.parametrize("seed", [3, 4])
def test_figures_are_those_of_the_crms_dump(synced: Synced, seed: int) -> None:
    crm, api, oracle = synced.crm, synced.api, StageOracle(synced.crm)
    rng = Random(seed)
    tend(synced, datetime.now(UTC))
    assert run_import(synced.settings) is ImportState.COMPLETED
    for _ in range(3):
        crm.advance(7200)
        move_some(crm, rng, 25)
        crm.advance(60)
        synced.sync("incremental")
    api.clock.time = datetime.now(UTC) + timedelta(seconds=3 * 7260 + 600)
    deals = crm.records()

    body = ask(synced)
    check(oracle, synced, body, deals)
    assert 0 < body["imported"] < body["entered"]
    assert body["history"]["state"] == "completed"

    country = Counter(deal["Country"] for deal in deals).most_common(1)[0][0]
    body = ask(synced, f"country={country}&outcome=open&closing=current_quarter&stage=Nowhere")
    check(oracle, synced, body, [deal for deal in deals if deal["Country"] == country])
    assert body["left_out"] == ["closing", "stage", "outcome"]

    start, end = datetime.now(UTC) - timedelta(days=700), datetime.now(UTC) - timedelta(days=40)
    window = urlencode({"window_from": start.isoformat(), "window_to": end.isoformat()})
    body = ask(synced, window)
    check(oracle, synced, body, deals)
    assert body["imported"] == body["entered"] > 0

    velocity = body["velocity"]
    is_open = [deal for deal in deals if oracle.forecast[deal["Stage"]] == "Open"]
    rate = body["won"]["deals"] / (body["won"]["deals"] + body["lost"]["deals"])
    assert velocity["open_deals"] == len(is_open)
    assert velocity["win_rate"] == round(rate, 4)
    assert velocity["cycle_days"] == body["won"]["median_days"]
    assert velocity["a_day"] == pytest.approx(
        len(is_open) * rate * velocity["average_size"] / velocity["cycle_days"], abs=0.01
    )
