from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulse.core.sync import SessionStatus
from pulse.live_sync.progress import Progress, progress_of

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def _progress(
    status: SessionStatus,
    processed: int,
    total: int | None,
    seconds: float | None = 10,
    ran: float | None = None,
) -> Progress:
    started = None if seconds is None else NOW - timedelta(seconds=seconds)
    return progress_of(
        status=status,
        started_at=started,
        completed_at=None if ran is None or started is None else started + timedelta(seconds=ran),
        processed=processed,
        total=total,
        now=NOW,
    )


def test_half_way_after_ten_seconds_takes_ten_more() -> None:
    assert _progress(SessionStatus.IN_PROGRESS, 500, 1000) == Progress(50.0, 50.0, 10.0)


def test_last_record_still_missing_is_not_yet_all() -> None:
    running = _progress(SessionStatus.IN_PROGRESS, 999_999, 1_000_000)

    assert running.percentage == 99.9


def test_all_records_in_but_not_proven_is_not_all_and_has_no_known_end() -> None:
    assert _progress(SessionStatus.IN_PROGRESS, 1000, 1000) == Progress(99.9, 100.0, None)


@pytest.mark.parametrize(
    ("processed", "total", "expected"),
    [(10, None, Progress(None, 1.0, None)), (0, 1000, Progress(0.0, None, None))],
)
def test_what_is_not_known_is_not_guessed(
    processed: int, total: int | None, expected: Progress
) -> None:
    assert _progress(SessionStatus.IN_PROGRESS, processed, total) == expected


def test_waiting_run_has_no_rate() -> None:
    assert _progress(SessionStatus.PENDING, 0, None, seconds=None) == Progress(None, None, None)


def test_completed_run_keeps_the_rate_of_its_own_time() -> None:
    done = _progress(SessionStatus.COMPLETED, 1000, 1000, seconds=100, ran=10)

    assert done == Progress(100.0, 100.0, None)


def test_empty_run_that_is_completed_is_all() -> None:
    assert _progress(SessionStatus.COMPLETED, 0, 0).percentage == 100.0


def test_broken_run_stands_where_it_stopped() -> None:
    assert _progress(SessionStatus.FAILED, 400, 1000, seconds=100, ran=10) == Progress(
        40.0, 40.0, None
    )


@given(
    st.sampled_from([each for each in SessionStatus if each is not SessionStatus.COMPLETED]),
    st.integers(0, 10**9),
    st.integers(1, 10**9),
)
def test_only_a_completed_run_is_at_a_hundred(
    status: SessionStatus, processed: int, total: int
) -> None:
    percentage = _progress(status, processed, total).percentage

    assert percentage is not None
    assert 0 <= percentage < 100
    assert percentage <= processed / total * 100
