"""The whole decision table: what one read of one record does to the mirror."""

from datetime import UTC, datetime, timedelta

import pytest

from pulse.core.sync import Presence
from pulse.sync.domain.observation import (
    CHANGES_MIRROR,
    Observation,
    Step,
    StoredRecord,
    decide,
    merged_values,
)

START = datetime(2026, 8, 17, tzinfo=UTC)
BOTH = frozenset({"Stage", "Amount"})
HELD = {"Stage": "Won", "Amount": 5}


def at(second: int) -> datetime:
    return START + timedelta(seconds=second)


def held(presence: Presence = Presence.LIVE) -> StoredRecord:
    """Return a record that a read of number 10 saw with the stamp of second 10."""
    return StoredRecord(presence, at(10), 10, HELD)


def seen(second: int, **values: object) -> Observation:
    return Observation(1, at(second), values)


@pytest.mark.parametrize("number", [1, 10, 99])
def test_a_record_we_never_heard_of_is_created_by_a_whole_read_only(number: int) -> None:
    assert decide(None, seen(5, Stage="Won"), number, BOTH) is Step.CREATE
    assert decide(None, seen(5, Stage="Won"), number, BOTH, is_partial=True) is Step.IGNORE


@pytest.mark.parametrize(
    ("number", "is_partial", "step"),
    [
        (9, False, Step.IGNORE),
        (10, False, Step.IGNORE),
        (11, False, Step.CREATE),
        (11, True, Step.IGNORE),
    ],
)
def test_a_record_known_from_the_bin_only_is_created_by_a_later_whole_read(
    number: int, step: Step, *, is_partial: bool
) -> None:
    in_bin = StoredRecord(Presence.DELETED, at(10), 10, None)

    assert decide(in_bin, seen(0, Stage="Won"), number, BOTH, is_partial=is_partial) is step


@pytest.mark.parametrize("presence", [Presence.DELETED, Presence.INVISIBLE])
@pytest.mark.parametrize(
    ("second", "number", "is_partial", "step"),
    [
        # A restore need not move the stamp, so only the number counts.
        (10, 11, False, Step.RESTORE),
        (3, 11, False, Step.RESTORE),
        (20, 11, False, Step.RESTORE),
        (20, 10, False, Step.IGNORE),
        (20, 9, False, Step.IGNORE),
        (20, 11, True, Step.IGNORE),
    ],
)
def test_a_gone_record_comes_back_by_a_later_whole_read_only(
    presence: Presence, second: int, number: int, step: Step, *, is_partial: bool
) -> None:
    gone = held(presence)

    assert decide(gone, seen(second, **HELD), number, BOTH, is_partial=is_partial) is step


@pytest.mark.parametrize(
    ("second", "number", "values", "step"),
    [
        # Older by stamp, whatever the number.
        (9, 9, {"Stage": "Lost"}, Step.IGNORE),
        (9, 11, {"Stage": "Lost"}, Step.IGNORE),
        # The same stamp: the number decides.
        (10, 9, {"Stage": "Lost"}, Step.IGNORE),
        (10, 10, {"Stage": "Lost"}, Step.IGNORE),
        (10, 11, {"Stage": "Lost", "Amount": 5}, Step.CHANGE),
        (10, 11, HELD, Step.SAME),
        # A later stamp, whatever the number.
        (11, 9, {"Stage": "Lost", "Amount": 5}, Step.CHANGE),
        (11, 9, HELD, Step.TOUCH),
        (11, 11, HELD, Step.TOUCH),
        # A covered field that did not come is empty now.
        (11, 11, {"Stage": "Won"}, Step.CHANGE),
        (11, 11, {}, Step.CHANGE),
        (11, 11, {**HELD, "Closing": "2026-08-17"}, Step.CHANGE),
    ],
)
def test_a_whole_read_of_a_live_record_counts_if_it_is_later_by_stamp_then_number(
    second: int, number: int, values: dict[str, object], step: Step
) -> None:
    covered = BOTH | values.keys()

    assert decide(held(), seen(second, **values), number, covered) is step


@pytest.mark.parametrize(
    ("second", "number", "values", "step"),
    [
        (9, 11, {"Amount": 6}, Step.IGNORE),
        (10, 10, {"Amount": 6}, Step.IGNORE),
        (11, 10, {"Amount": 6}, Step.IGNORE),
        (10, 11, {"Amount": 6}, Step.CHANGE),
        (11, 11, {"Amount": 6}, Step.CHANGE),
        (10, 11, {}, Step.CHANGE),
        (10, 11, {"Amount": 5}, Step.SAME),
        # It never moves the stamp: other fields may have changed with it.
        (11, 11, {"Amount": 5}, Step.SAME),
    ],
)
def test_a_partial_read_of_a_live_record_counts_if_it_is_later_by_number_and_not_older(
    second: int, number: int, values: dict[str, object], step: Step
) -> None:
    covered = frozenset({"Amount"})

    assert decide(held(), seen(second, **values), number, covered, is_partial=True) is step


def test_what_a_read_does_not_cover_stays() -> None:
    assert merged_values({"Stage": "Won", "Amount": 5}, {"Amount": 6}, frozenset({"Amount"})) == {
        "Stage": "Won",
        "Amount": 6,
    }
    assert merged_values({"Stage": "Won", "Amount": 5}, {}, frozenset({"Amount"})) == {
        "Stage": "Won"
    }
    assert merged_values({}, {"Amount": 6}, frozenset({"Amount"})) == {"Amount": 6}


def test_merging_leaves_what_is_stored_alone() -> None:
    stored = {"Stage": "Won", "Amount": 5}
    merged_values(stored, {"Amount": 6}, BOTH)

    assert stored == {"Stage": "Won", "Amount": 5}


def test_three_steps_change_what_people_see() -> None:
    assert {Step.CREATE, Step.CHANGE, Step.RESTORE} == CHANGES_MIRROR
    assert set(Step) - CHANGES_MIRROR == {Step.TOUCH, Step.SAME, Step.IGNORE}
