"""Every write that reached a record, in order: what tests count.

An entry keeps the edit itself, which the record's timeline holds as well, and little more, so that
a hundred thousand of them are no burden.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from zoho_sim.state.fields import JsonObject
    from zoho_sim.state.records import Change, ChangeEvent

_WRITES = frozenset({"added", "updated", "deleted", "restored", "purged"})


class Write(NamedTuple):
    """One write. ``guard`` is the If-Unmodified-Since that it was sent with, as wire time."""

    number: int
    module: str
    record_id: str
    change: Change
    guard: str | None

    @property
    def has_changed(self) -> bool:
        """Whether the record was different afterwards, stamps apart."""
        return self.change.action != "updated" or bool(self.change.fields)

    def as_dict(self) -> JsonObject:
        """Return the write as the control plane tells of it."""
        change = self.change
        return {
            "number": self.number,
            "module": self.module,
            "record_id": self.record_id,
            "at": change.time,
            "action": change.action,
            "source": change.source,
            "by": change.by,
            "guard": self.guard,
            "has_changed": self.has_changed,
            "fields": {
                step.field.api_name: {"old": step.old, "new": step.new} for step in change.fields
            },
        }


class WriteFilter(NamedTuple):
    """Which writes are wanted; None and an empty set mean all. ``since`` is included."""

    module: str | None = None
    since: str | None = None
    after: int = 0
    record_id: str | None = None
    sources: frozenset[str] = frozenset()

    def admits(self, write: Write) -> bool:
        """Whether the write is wanted."""
        return (
            write.number > self.after
            and (self.module is None or write.module == self.module)
            and (self.since is None or write.change.time >= self.since)
            and (self.record_id is None or write.record_id == self.record_id)
            and (not self.sources or write.change.source in self.sources)
        )


class Ledger:
    """The writes since the organisation was seeded, oldest first, numbered from 1."""

    def __init__(self) -> None:
        self._writes: list[Write] = []

    def observe(self, event: ChangeEvent) -> None:
        """Enter a write; give this to ``Organisation.observers``."""
        if event.change.action in _WRITES:
            number = len(self._writes) + 1
            self._writes.append(
                Write(number, event.module, event.record.id, event.change, event.guard)
            )

    def matching(self, wanted: WriteFilter) -> Iterator[Write]:
        """Yield the writes that the filter admits, oldest first."""
        return (write for write in self._writes[wanted.after :] if wanted.admits(write))


def summary_of(writes: Iterable[Write]) -> JsonObject:
    """Return counts: writes, records reached and changed, empty writes, by source and by record."""
    total = empty = 0
    changed: set[tuple[str, str]] = set()
    per_record: Counter[str] = Counter()
    sources: Counter[str] = Counter()
    actions: Counter[str] = Counter()
    for write in writes:
        total += 1
        per_record[write.record_id] += 1
        sources[write.change.source] += 1
        actions[write.change.action] += 1
        if write.has_changed:
            changed.add((write.module, write.record_id))
        else:
            empty += 1
    return {
        "writes": total,
        "records": len(per_record),
        "records_changed": len(changed),
        "writes_without_change": empty,
        "by_source": dict(sources),
        "by_action": dict(actions),
        "writes_per_record": dict(per_record),
    }
