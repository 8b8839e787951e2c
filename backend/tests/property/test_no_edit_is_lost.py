"""No edit is lost, none is written twice, whatever happens: a small sample of `make soak`."""

from __future__ import annotations

import os
from random import Random, SystemRandom
from typing import TYPE_CHECKING

import pytest

from support import push_bugs
from support.engine import Engine
from support.two_sides import TwoSides, UnfaithfulError

if TYPE_CHECKING:
    from collections.abc import Callable

    from support.push_bugs import Bug
    from support.simulator import SimulatorHandle

_ROUNDS = 4
_MOST_ROUNDS = 12
"""So many rounds find a planted bug, by far most often in the first three."""


@pytest.fixture
def both(crm: SimulatorHandle, database_url: str, redis_url: str) -> TwoSides:
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(10**6))
    print(f"\nSEED={seed}")  # noqa: T201 - it repeats this run
    loaded = TwoSides(Engine.connected(crm, database_url, redis_url), Random(seed))
    loaded.first_load()
    return loaded


def test_both_sides_are_equal_after_edits_faults_lost_answers_and_kills(both: TwoSides) -> None:
    both.play_rounds(_ROUNDS)
    print(dict(sorted(both.tally.items())))  # noqa: T201 - part of the result
    assert both.tally["revisions sent"] > 0
    assert both.tally["pushes"] > 0


@pytest.mark.parametrize("bug", [push_bugs.no_guard, push_bugs.retired_by_record])
def test_a_bug_that_is_planted_in_the_push_is_found(both: TwoSides, bug: Callable[[], Bug]) -> None:
    with bug(), pytest.raises(UnfaithfulError):
        both.play_rounds(_MOST_ROUNDS)
