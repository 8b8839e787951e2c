"""What the answers to a write say, and how a push is planned and cut into calls."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulse.sync.domain.errors import CreditsSpentError
from pulse.sync.domain.sending import (
    Blamed,
    blame,
    has_landed,
    is_second_over,
    may_have_landed,
    may_still_arrive,
)
from pulse.sync.planner import CallSlots, plan_push
from pulse.sync.pushing.ports import PushedChange
from pulse.sync.pushing.writes import batches, calls_of

START = datetime(2026, 8, 17, tzinfo=UTC)
SLOTS = CallSlots(all_calls=18, complex_calls=9)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("read_after_s", "is_over"), [(-60, False), (0, False), (0.99, False), (1, True), (60, True)]
)
def test_guard_bars_later_writes_only_once_its_second_is_over(
    read_after_s: float, *, is_over: bool
) -> None:
    assert is_second_over(at(0), at(read_after_s)) is is_over


def test_a_write_that_landed_has_moved_the_stamp_past_its_guard() -> None:
    assert [may_have_landed(at(seconds), at(0)) for seconds in (-1, 0, 1)] == [False, False, True]


def test_a_write_without_an_answer_may_arrive_for_ten_minutes() -> None:
    assert [may_still_arrive(at(0), at(seconds)) for seconds in (1, 599, 600)] == [
        True,
        True,
        False,
    ]
    assert not may_still_arrive(None, at(0))  # it never went out


@pytest.mark.parametrize(
    ("entries", "landed"),
    [
        ([], False),
        ([(at(5), frozenset({"Amount"}), True)], True),
        ([(at(5), frozenset({"Amount", "Expected_Revenue"}), True)], True),
        # In the second of the guard stands what was read, an earlier write of ours perhaps.
        ([(at(0), frozenset({"Amount"}), True)], False),
        ([(at(5), frozenset({"Amount"}), False)], False),
        ([(at(5), frozenset({"Description"}), True)], False),
        ([(at(9), frozenset({"Amount"}), False), (at(5), frozenset({"Stage"}), True)], True),
    ],
)
def test_timeline_tells_whether_our_write_has_happened(
    entries: list[tuple[datetime, frozenset[str], bool]], *, landed: bool
) -> None:
    assert has_landed(entries, at(0), {"Amount", "Stage"}) is landed


@pytest.mark.parametrize(
    ("named", "blamed"),
    [
        (["Stage"], Blamed({2: 0}, (1,))),
        (["Stage", "Amount"], Blamed({2: 0, 1: 1}, ())),
        # About the record, or about a field that we did not send: nobody of the row is innocent.
        (["id"], Blamed({1: 0, 2: 0}, ())),
        ([None], Blamed({1: 0, 2: 0}, ())),
        (["Stage", "Reason_For_Loss__s"], Blamed({1: 1, 2: 0}, ())),
    ],
)
def test_refusal_falls_on_the_fields_that_it_names(named: list[str | None], blamed: Blamed) -> None:
    assert blame({"Amount": 1, "Stage": 2}, named) == blamed


def test_few_records_go_in_small_calls_and_many_in_large_ones() -> None:
    def shape(records: int, latency_s: float) -> tuple[int, int, int, int]:
        plan = plan_push(records, credits_left=None, latency_s=latency_s, slots=SLOTS)
        return plan.rows_a_call, plan.at_once, plan.calls, plan.credits

    assert shape(1, 0.15) == (1, 1, 1, 1)
    assert shape(7, 0.15) == (7, 1, 1, 1)
    assert shape(100, 0.15) == (10, 10, 10, 10)
    assert shape(5_000, 0.15) == (100, 9, 50, 500)
    # Without latency large calls save nothing, and leave a larger part of the slots unused.
    assert shape(5_000, 0.0) == (10, 18, 500, 500)


def test_push_that_the_budget_does_not_hold_waits() -> None:
    with pytest.raises(CreditsSpentError, match="needs about 10 credits and 9 are left"):
        plan_push(100, credits_left=9, latency_s=0.15, slots=SLOTS)


def _change(record_id: int, guard: datetime) -> PushedChange:
    return PushedChange(record_id, record_id, "Amount", 1, "Mei Tan", START, guard=guard)


@given(
    st.dictionaries(st.integers(1, 500), st.integers(0, 50), min_size=1, max_size=60),
    st.integers(1, 20),
    st.sets(st.integers(1, 500)),
)
def test_no_call_is_too_large_and_no_guard_is_before_a_stamp_of_its_call(
    seconds: dict[int, int], rows_a_call: int, singly: set[int]
) -> None:
    stamps = {record_id: at(second) for record_id, second in seconds.items()}

    guards = batches(stamps, stamps, rows_a_call, singly)
    calls = calls_of(
        [_change(record_id, guard) for record_id, guard in guards.items()], rows_a_call, singly
    )

    assert sorted(record_id for call in calls for record_id in call.rows) == sorted(stamps)
    for call in calls:
        assert len(call.rows) <= rows_a_call
        assert len(call.rows) == 1 or singly.isdisjoint(call.rows)
        assert all(stamps[record_id] <= call.guard for record_id in call.rows)
        assert call.guard in stamps.values()
