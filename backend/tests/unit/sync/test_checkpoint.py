"""A slice's checkpoint never runs ahead of a batch that is not committed, in any order."""

from hypothesis import given
from hypothesis import strategies as st

from pulse.sync.domain.checkpoint import Position, SliceProgress


def position(batch: int) -> Position:
    return {"after": batch}


def handed_out(batches: int) -> SliceProgress:
    progress = SliceProgress()
    assert [progress.hand_out(position(batch)) for batch in range(batches)] == list(range(batches))
    return progress


def test_a_slice_that_committed_nothing_stands_nowhere() -> None:
    assert SliceProgress().position() is None
    assert handed_out(2).position() is None


def test_batches_in_order_move_the_checkpoint_one_by_one() -> None:
    progress = handed_out(3)
    for batch in range(3):
        assert progress.position_with(batch) == position(batch)
        progress.commit(batch)
        assert progress.position() == position(batch)


def test_a_batch_behind_a_hole_saves_the_position_before_the_hole() -> None:
    progress = handed_out(4)

    assert progress.position_with(1) is None
    progress.commit(1)
    assert progress.position() is None
    assert progress.position_with(2) is None
    progress.commit(0)
    assert progress.position_with(3) == position(1)


def test_the_batch_that_fills_a_hole_takes_all_that_waited_behind_it() -> None:
    progress = handed_out(4)
    progress.commit(1)
    progress.commit(2)

    assert progress.position_with(0) == position(2)
    progress.commit(0)
    assert progress.position() == position(2)
    assert progress.position_with(3) == position(3)


def test_a_batch_whose_transaction_failed_is_a_hole() -> None:
    progress = handed_out(2)

    # Batch 0 asks for its checkpoint and never commits.
    assert progress.position_with(0) == position(0)
    progress.commit(1)

    assert progress.position() is None


def test_batches_may_be_handed_out_while_others_commit() -> None:
    progress = handed_out(1)
    progress.commit(0)

    assert progress.hand_out(position(7)) == 1
    assert progress.position_with(1) == position(7)


def test_a_batch_waits_while_others_before_it_are_stuck() -> None:
    progress = handed_out(4)

    assert [progress.is_due(ticket, 2) for ticket in range(4)] == [True, True, False, False]
    progress.commit(1)
    assert not progress.is_due(2, 2)
    progress.commit(0)
    assert [progress.is_due(ticket, 2) for ticket in (2, 3)] == [True, True]


@given(st.integers(1, 8).flatmap(lambda batches: st.permutations(range(batches))))
def test_in_any_order_of_commits_the_checkpoint_is_what_is_contiguous(order: list[int]) -> None:
    progress = handed_out(len(order))
    committed: set[int] = set()
    for ticket in order:
        saved = progress.position_with(ticket)
        progress.commit(ticket)
        committed.add(ticket)
        before_hole = next(batch for batch in range(len(order) + 1) if batch not in committed)
        expected = position(before_hole - 1) if before_hole else None

        assert progress.position() == expected
        # What the transaction saved is what holds once it is committed.
        assert saved == expected

    assert progress.position() == position(len(order) - 1)
