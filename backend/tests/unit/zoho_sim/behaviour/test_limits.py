from __future__ import annotations

from datetime import timedelta

from zoho_sim.behaviour.clock import Clock
from zoho_sim.behaviour.limits import Credits, Slots


def frozen_clock() -> Clock:
    clock = Clock(lambda: 0.0)
    clock.freeze()
    return clock


def test_each_credit_comes_back_a_day_after_it_was_spent() -> None:
    clock = frozen_clock()
    credits_ = Credits(clock, 10)
    credits_.spend(3)
    clock.advance(timedelta(hours=10))
    credits_.spend(4)
    assert credits_.left == 3
    clock.advance(timedelta(hours=14))
    assert (credits_.used, credits_.left) == (4, 6)
    clock.advance(timedelta(hours=10))
    assert (credits_.used, credits_.spent_ever) == (0, 7)


def test_a_cost_fits_exactly_or_not_at_all() -> None:
    credits_ = Credits(frozen_clock(), 10)
    credits_.spend(7)
    assert credits_.can_spend(3)
    assert not credits_.can_spend(4)


def test_credits_are_announced_from_half_on() -> None:
    credits_ = Credits(frozen_clock(), 9)
    credits_.spend(4)
    assert not credits_.is_announced
    credits_.spend(1)
    assert credits_.is_announced


def test_complex_calls_take_both_kinds_of_slot() -> None:
    slots = Slots(limit=3, complex_limit=1)
    assert slots.take(is_complex=True)
    assert not slots.take(is_complex=True)
    assert slots.take(is_complex=False)
    assert slots.take(is_complex=False)
    assert not slots.take(is_complex=False)
    slots.release(is_complex=True)
    assert slots.take(is_complex=True)
    assert (slots.peak, dict(slots.refused)) == (3, {"sub_concurrency": 1, "concurrency": 1})
