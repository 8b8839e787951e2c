from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from zoho_sim.behaviour.clock import Clock


class RealTime:
    def __init__(self) -> None:
        self.now = 1_000_000.75

    def __call__(self) -> float:
        return self.now


def test_the_clock_follows_real_time_with_its_offset() -> None:
    real = RealTime()
    clock = Clock(real)
    clock.advance(timedelta(seconds=60))
    real.now += 5
    assert clock.timestamp() == 1_000_065.75


def test_a_frozen_clock_stands_on_a_whole_second_until_it_is_moved() -> None:
    real = RealTime()
    clock = Clock(real)
    clock.freeze()
    real.now += 100
    assert clock.timestamp() == 1_000_000.0
    clock.advance(timedelta(seconds=2))
    assert clock.timestamp() == 1_000_002.0


def test_a_thawed_clock_goes_on_from_where_it_stood() -> None:
    real = RealTime()
    clock = Clock(real)
    clock.freeze()
    real.now += 100
    clock.thaw()
    real.now += 3
    assert clock.timestamp() == 1_000_003.0
    assert not clock.is_frozen


@pytest.mark.parametrize("frozen", [False, True])
def test_a_set_clock_shows_that_time_and_stays_as_it_was(*, frozen: bool) -> None:
    clock = Clock(RealTime())
    if frozen:
        clock.freeze()
    clock.set(datetime(2030, 1, 2, tzinfo=UTC))
    assert clock.now() == datetime(2030, 1, 2, tzinfo=UTC)
    assert clock.is_frozen is frozen


def test_a_held_clock_gives_one_instant_and_then_runs_on() -> None:
    real = RealTime()
    clock = Clock(real)
    with clock.held():
        first = clock.timestamp()
        real.now += 9
        assert clock.timestamp() == first
    assert clock.timestamp() == first + 9


def test_the_clock_does_not_advance_backwards() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        Clock(RealTime()).advance(timedelta(seconds=-1))
