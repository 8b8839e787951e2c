"""States of a session: which moves are legal. The drawing is compared in `tests/docs`."""

import pytest

from pulse.core.sync import (
    OPEN_STATUSES,
    PULL_TYPES,
    SESSION_TRANSITIONS,
    SessionStatus,
    SyncType,
)


@pytest.mark.parametrize(
    ("status", "following"),
    [
        (SessionStatus.PENDING, {"in_progress", "cancelled", "failed"}),
        (SessionStatus.IN_PROGRESS, {"completed", "failed", "cancelled"}),
        (SessionStatus.COMPLETED, set()),
        (SessionStatus.FAILED, set()),
        (SessionStatus.CANCELLED, set()),
    ],
)
def test_a_session_moves_only_forward(status: SessionStatus, following: set[str]) -> None:
    assert {new for old, new in SESSION_TRANSITIONS if old is status} == following


def test_a_session_is_open_exactly_as_long_as_it_can_move() -> None:
    assert {old for old, _ in SESSION_TRANSITIONS} == set(OPEN_STATUSES)


def test_every_state_but_the_first_is_reached() -> None:
    assert {new for _, new in SESSION_TRANSITIONS} == set(SessionStatus) - {SessionStatus.PENDING}


def test_runs_that_read_the_whole_module_share_its_lease() -> None:
    assert PULL_TYPES == (SyncType.FULL, SyncType.INCREMENTAL, SyncType.RECONCILE)
