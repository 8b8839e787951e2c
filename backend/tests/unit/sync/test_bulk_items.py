"""What becomes of one record of a bulk operation: the whole table of cases."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from pulse.core.bulk import ITEM_TRANSITIONS, ItemState
from pulse.sync.bulking.items import after_writing, authored, before_writing
from pulse.sync.bulking.ports import Answer, Item, Seen, Verdict
from pulse.sync.ports import Authored

if TYPE_CHECKING:
    from pulse.sync.domain.observation import JsonValue

_AT = datetime(2026, 3, 2, tzinfo=UTC)
_WRITTEN = Answer(is_written=True)
_LOCKED = Answer(is_written=False, code="RECORD_LOCKED", message="It is locked.")
_OUTDATED = Answer(is_written=False, code="ALREADY_MODIFIED", is_outdated=True)
_JOB = Answer(is_written=False, code="JOB_FAILED", message="The job failed.")


def _seen(**values: JsonValue) -> Seen:
    return Seen(_AT, values)


def _told(verdict: Verdict | Item) -> tuple[object, ...]:
    assert isinstance(verdict, Verdict)
    return verdict.state.value, verdict.code, verdict.field


@pytest.mark.parametrize(
    ("item", "seen", "told"),
    [
        (Item(1, {"A": "new"}), None, ("failed", "record_gone", None)),
        (Item(1, {"A": "new"}), _seen(A="new"), ("unchanged", "same_value", None)),
        (Item(1, {"A": None}), _seen(B="x"), ("unchanged", "same_value", None)),
        (Item(1, {"A": Decimal("1.0")}), _seen(A=1), ("unchanged", "same_value", None)),
        # Sent before and thought unwritten: it came through late.
        (Item(1, {"A": "new"}, before={"A": "old"}), _seen(A="new"), ("done", None, None)),
        # An undo finds another value than its operation wrote.
        (
            Item(1, {"A": "old"}, expected={"A": "new"}),
            _seen(A="theirs"),
            ("left_alone", "changed_since", "A"),
        ),
        (
            Item(1, {"A": "old"}, expected={"A": "new"}),
            _seen(A="old"),
            ("left_alone", "changed_since", "A"),
        ),
    ],
)
def test_what_is_not_to_be_written_is_settled(
    item: Item, seen: Seen | None, told: tuple[object, ...]
) -> None:
    verdict = before_writing(item, seen)
    assert _told(verdict) == told
    assert isinstance(verdict, Verdict)
    assert (ItemState.WAITING, verdict.state) in ITEM_TRANSITIONS


def test_what_is_written_knows_what_it_replaces() -> None:
    item = Item(1, {"A": "new", "B": None, "C": True})
    assert before_writing(item, _seen(A="old", C=1, D="x")) == Item(
        1, item.after, before={"A": "old", "B": None, "C": 1}
    )


def test_an_undo_restores_the_fields_that_nobody_touched() -> None:
    item = Item(1, {"A": "old", "B": 1}, expected={"A": "new", "B": 2})
    assert before_writing(item, _seen(A="theirs", B=2)) == Item(
        1, {"B": 1}, before={"B": 2}, expected=item.expected
    )


_SENT = Item(1, {"A": "new", "B": "new"}, before={"A": "old", "B": "old"})


@pytest.mark.parametrize(
    ("seen", "answer", "told"),
    [
        (_seen(A="new", B="new"), _WRITTEN, ("done", None, None)),
        (_seen(A="new", B="auto"), _WRITTEN, ("failed", "not_kept", "B")),
        (None, _WRITTEN, ("failed", "record_gone", None)),
        (None, _LOCKED, ("failed", "RECORD_LOCKED", None)),
        (None, _OUTDATED, ("waiting", None, None)),
        # Without an answer the reading tells.
        (_seen(A="new", B="new"), None, ("done", None, None)),
        (_seen(A="old", B="old"), None, ("waiting", None, None)),
        (_seen(A="new", B="theirs"), None, ("failed", "not_kept", "B")),
        (_seen(A="theirs", B="old"), None, ("failed", "fate_unknown", "A")),
        (None, None, ("failed", "fate_unknown", None)),
    ],
)
def test_answer_and_reading_together_settle_what_was_sent(
    seen: Seen | None, answer: Answer | None, told: tuple[object, ...]
) -> None:
    verdict = after_writing(_SENT, seen, answer, may_repeat=True)
    assert _told(verdict) == told
    assert (ItemState.SENT, verdict.state) in ITEM_TRANSITIONS


def test_what_may_not_be_repeated_does_not_wait_again() -> None:
    old = _seen(A="old", B="old")
    assert _told(after_writing(_SENT, old, None, may_repeat=False)) == (
        "failed", "fate_unknown", "A",
    )  # fmt: skip
    assert _told(after_writing(_SENT, None, _OUTDATED, may_repeat=False)) == (
        "failed", "ALREADY_MODIFIED", None,
    )  # fmt: skip
    # A job that is over tells of all whom it did not write.
    assert _told(after_writing(_SENT, old, None, may_repeat=False, otherwise=_JOB)) == (
        "failed", "JOB_FAILED", None,
    )  # fmt: skip
    accepted = Item(1, _SENT.after, before=_SENT.before, is_accepted=True)
    assert _told(after_writing(accepted, old, None, may_repeat=True)) == (
        "failed", "not_kept", "A",
    )  # fmt: skip


def test_only_values_that_stand_there_are_told_as_ours() -> None:
    seen = {1: _seen(A="new", B="auto")}
    other = Item(2, {"A": "new"})
    assert authored([_SENT, other], seen, "Ada") == (Authored(1, "A", "new", "Ada"),)
