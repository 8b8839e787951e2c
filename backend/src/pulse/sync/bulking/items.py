"""Decisions about one record of a bulk operation: write it, settle it, restore it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.core.bulk import REASON_WORDS, ItemState, Reason
from pulse.sync.bulking.ports import Answer, Item, Seen, Verdict
from pulse.sync.ports import Authored

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pulse.sync.domain.observation import JsonValue


def before_writing(
    item: Item, seen: Seen | None, known: Collection[str] | None = None
) -> Verdict | Item:
    """Return what becomes of a waiting record, given what the CRM holds now.

    `known` are the fields that the CRM has now: a record is not written without one of its own.

    An Item is to be written, with what it replaces. An undo replaces only what the operation that
    it undoes has written: fields that hold something else were touched since and stay.
    """
    if seen is None:
        return _verdict(item, ItemState.FAILED, Reason.RECORD_GONE)
    if lost := [name for name in item.after if known is not None and name not in known]:
        return _verdict(item, ItemState.FAILED, Reason.FIELD_GONE, lost[0])
    before = {name: seen.values.get(name) for name in item.after}
    touched = sorted(
        name for name, value in (item.expected or {}).items() if not _is(before.get(name), value)
    )
    after = {name: value for name, value in item.after.items() if name not in touched}
    if item.before is not None and not _differing(before, item.after):
        # It was sent before and thought unwritten: it came through after all.
        return Verdict(item.record_id, ItemState.DONE)
    if touched and not after:
        return _verdict(item, ItemState.LEFT_ALONE, Reason.CHANGED_SINCE, touched[0], before=before)
    if not _differing(before, after):
        return _verdict(item, ItemState.UNCHANGED, Reason.SAME_VALUE, before=before)
    return Item(
        item.record_id,
        after,
        before={name: before[name] for name in after},
        expected=item.expected,
    )


def after_writing(
    item: Item,
    seen: Seen | None,
    answer: Answer | None,
    *,
    may_repeat: bool,
    otherwise: Answer | None = None,
) -> Verdict:
    """Return what became of a sent record: what the CRM said of it and what it holds now.

    `seen` is a reading made after the call. Without an answer the reading alone tells: the new
    value means written; the old one means that it was not, so it waits again where it
    `may_repeat`. `otherwise` is what a finished job says of all records that it did not write.
    Anything else cannot be told apart from somebody's edit.
    """
    if answer is not None and not answer.is_written:
        is_for_good = not (answer.is_outdated and may_repeat)
        return _refused(item, answer) if is_for_good else _again(item)
    is_taken = item.is_accepted or (answer is not None and answer.is_written)
    if seen is None:
        reason = Reason.RECORD_GONE if is_taken else Reason.FATE_UNKNOWN
        return _verdict(item, ItemState.FAILED, reason)
    now = {name: seen.values.get(name) for name in item.after}
    other = _differing(now, item.after)
    if not other:
        return Verdict(item.record_id, ItemState.DONE)
    if not is_taken and not _differing(now, item.before or {}) and (otherwise or may_repeat):
        return _again(item) if otherwise is None else _refused(item, otherwise)
    changed = _differing(item.before or {}, item.after)
    # A row is written whole: where one of its new values is there, another was changed since.
    is_taken = is_taken or any(name not in other for name in changed)
    reason = Reason.NOT_KEPT if is_taken else Reason.FATE_UNKNOWN
    return _verdict(item, ItemState.FAILED, reason, other[0])


def _again(item: Item) -> Verdict:
    return Verdict(item.record_id, ItemState.WAITING)


def _refused(item: Item, answer: Answer) -> Verdict:
    return Verdict(item.record_id, ItemState.FAILED, answer.code, answer.message, answer.field)


def authored(items: Iterable[Item], seen: Mapping[int, Seen], author: str) -> tuple[Authored, ...]:
    """Return which values of a reading are those that we have just written, with their author."""
    return tuple(
        Authored(item.record_id, name, value, author)
        for item in items
        if (found := seen.get(item.record_id)) is not None
        for name, value in item.after.items()
        if _is(found.values.get(name), value)
    )


def _differing(
    now: Mapping[str, JsonValue | None], wanted: Mapping[str, JsonValue | None]
) -> list[str]:
    return sorted(name for name, value in wanted.items() if not _is(now.get(name), value))


def _is(one: JsonValue | None, other: JsonValue | None) -> bool:
    """Return whether two canonical values are one; true is not 1, though Python says so."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _verdict(
    item: Item,
    state: ItemState,
    reason: Reason,
    field: str | None = None,
    *,
    before: Mapping[str, JsonValue | None] | None = None,
) -> Verdict:
    return Verdict(item.record_id, state, reason.value, REASON_WORDS[reason], field, before=before)
