"""What the answers to a write say: pure rules of the push."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

READ_AGAIN_AFTER_S: Final = 1.1
"""The CRM's stamps have whole seconds: after this long another one has begun."""
_A_SECOND: Final = timedelta(seconds=1)
LATE_AT_MOST: Final = timedelta(minutes=10)
"""A write that has not arrived by then is lost: no gateway holds a request for longer."""


def is_second_over(stamp: datetime, read_at: datetime) -> bool:
    """Return whether the second of `stamp` was over, by the CRM's clock, when it was read.

    Only then does If-Unmodified-Since `stamp` bar every write that came after the read: one in the
    same second would carry the same stamp.
    """
    return read_at >= stamp + _A_SECOND


def may_still_arrive(sent_at: datetime | None, now: datetime) -> bool:
    """Return whether a write that went out at `sent_at`, and had no answer, may yet be taken.

    Until then the refusal of its resend settles nothing: what the CRM minds may be gone by then.
    """
    return sent_at is not None and now < sent_at + LATE_AT_MOST


def may_have_landed(stamp: datetime, guard: datetime) -> bool:
    """Return whether a write under `guard` may be behind the record's present `stamp`.

    A write that landed has moved the stamp past its guard. Once something else has moved it, the
    guard bars the write for good: then the timeline, read after the stamp, tells for certain.
    """
    return stamp > guard


def has_landed(
    entries: Iterable[tuple[datetime, frozenset[str], bool]],
    guard: datetime,
    fields: Collection[str],
) -> bool:
    """Return whether a timeline shows our write of `fields` under `guard`.

    `entries` are (time, fields changed, whether the connected user did it through the API). Values
    are not compared: somebody may have written over ours, or typed the same. Before the guard, and
    in its second, nothing of this write can have happened; a row is taken whole or not at all, so
    one of its fields is enough.
    """
    return any(
        is_ours and at > guard and not changed.isdisjoint(fields)
        for at, changed, is_ours in entries
    )


@dataclass(frozen=True, slots=True)
class Blamed:
    """Which changes of a refused row are at fault, and which may go again without them."""

    at_fault: Mapping[int, int]
    """Id of a change → index of the refusal that names it."""
    innocent: tuple[int, ...]


def blame(changes: Mapping[str, int], named: Sequence[str | None]) -> Blamed:
    """Tell the changes of a row (field → id) that the refusals name from the others.

    `named` is the field of each refusal, none where it is about the record. A refusal that names
    no field of ours, or something beside the named ones, falls on every change of the row.
    """
    found = {
        changes[field]: index
        for index, field in reversed(list(enumerate(named)))
        if field is not None and field in changes
    }
    if any(field is None or field not in changes for field in named):
        about_all = next(
            index for index, field in enumerate(named) if field is None or field not in changes
        )
        found = dict.fromkeys(changes.values(), about_all) | found
    innocent = tuple(change for change in changes.values() if change not in found)
    return Blamed(found, innocent)
