"""The long run of both directions, and each planted bug found (`make soak`).

MINUTES and SEED come from the environment; what happened is printed as a table.
"""

from __future__ import annotations

import os
from random import Random, SystemRandom
from time import monotonic
from typing import TYPE_CHECKING

import pytest
from rich.console import Console
from rich.table import Table

from support.engine import Engine
from support.push_bugs import BUGS
from support.two_sides import TROUBLES, TwoSides, UnfaithfulError

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.push_bugs import Bug
    from support.simulator import SimulatorHandle

_MOST_ROUNDS = 60


@pytest.fixture
def both(crm: SimulatorHandle, database_url: str, redis_url: str) -> TwoSides:
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(10**6))
    print(f"\nSEED={seed}")  # noqa: T201 - it repeats this run
    loaded = TwoSides(Engine.connected(crm, database_url, redis_url), Random(seed))
    loaded.first_load()
    return loaded


def _show(both: TwoSides, rounds: int, minutes: float) -> None:
    table = Table(title=f"{rounds} rounds in {minutes:.1f} minutes", title_justify="left")
    table.add_column("what")
    table.add_column("count", justify="right")
    for name, count in sorted(both.tally.items()):
        table.add_row(name, f"{count:,}")
    Console(width=100).print(table)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_no_edit_is_lost_for_long(both: TwoSides) -> None:
    minutes = float(os.environ.get("MINUTES", "20"))
    began = monotonic()
    try:
        while monotonic() - began < minutes * 60:
            both.play()
    finally:
        _show(both, both.rounds, (monotonic() - began) / 60)
    fired = {name.removeprefix("fired: ") for name in both.tally if name.startswith("fired: ")}
    assert fired >= {str(trouble["kind"]) for trouble in TROUBLES.values()}
    for name in ("killed", "killed in flight", "there: restore", "resolutions", "pulls: completed"):
        assert both.tally[name] > 0, f"{name} never happened"


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("bug", BUGS)
def test_each_bug_that_is_planted_in_the_push_is_found(
    both: TwoSides, bug: Callable[[], Bug]
) -> None:
    with bug(), pytest.raises(UnfaithfulError) as found:
        both.play_rounds(_MOST_ROUNDS)
    print(f"found: {found.value}")  # noqa: T201 - part of the result
