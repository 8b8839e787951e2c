"""Was each edit treated as promised? What people did here, held against what the CRM was written.

`EditLedger` notes what was accepted, chosen, given up and sent while a round is played. `faults`
compares it with the simulator's own list of writes and with the change log, and returns sentences;
an empty list is the proof.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from support.truth import Field, exact_json, expected_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from support.simulator import SimulatorHandle

Key = tuple[int, str]
"""Record and field."""
Row = dict[str, Any]
Canonical = Any  # a canonical value: text, number, truth, list or none
OURS = "crm_api"


@dataclass(frozen=True)
class Step:
    """One thing that a person did to a field here."""

    value: Canonical
    author: str
    in_flight: tuple[Canonical, ...] = ()
    """The value of the field that was on its way at that moment, if any."""
    is_end: bool = False
    """The edit was taken back: given up, or typed back to what was agreed."""


@dataclass(frozen=True)
class Sent:
    """A revision that was marked as sent; its guard and run are told for the sake of a failure."""

    value: Canonical
    may_replace: tuple[Canonical, ...]
    """The values of the CRM over which it may go: what was agreed, and what was decided against."""
    guard: str
    change_id: int


@dataclass(frozen=True)
class Write:
    """One field of one write that the simulator counts."""

    number: int
    at: str
    old: Canonical
    new: Canonical
    is_ours: bool
    by: str


@dataclass
class EditLedger:
    """One round's edits; `initial` holds the CRM's values at its start."""

    fields: Mapping[str, Field]
    people: frozenset[str]
    """Who edits here."""
    initial: Mapping[int, Mapping[str, Canonical]]
    after: int
    """Number of the last write before the round."""
    log_id: int
    """Id of the last row of the change log before the round."""
    steps: dict[Key, list[Step]] = field(default_factory=lambda: defaultdict(list))
    chosen: Counter[tuple[Key, Canonical]] = field(default_factory=Counter)
    """How often a value was chosen over the CRM's; that lets it be written once more."""
    sent: dict[Key, list[Sent]] = field(default_factory=lambda: defaultdict(list))
    binned: set[int] = field(default_factory=set)
    """Records that were deleted in the CRM on the way."""

    def faults(self, crm: SimulatorHandle, log: Sequence[Row]) -> list[str]:
        """Return what was done wrong, in words. `log`: the module's change log, in order of id."""
        writes, empty = self._writes(crm)
        told: dict[Key, list[Row]] = defaultdict(list)
        for row in log:
            if row["id"] > self.log_id and row["field"] is not None:
                told[row["record_id"], row["field"]].append(row)
        found = [f"{record}: a write changed nothing" for record in empty]
        for key in self.steps.keys() | writes.keys():
            faults = list(self._field_faults(key, writes[key], told[key]))
            found += [f"{key[0]} {key[1]}: {fault}" for fault in faults]
            if faults:
                self._print_evidence(key, writes[key], told[key])
        return found

    def _print_evidence(self, key: Key, writes: list[Write], log: list[Row]) -> None:
        lines = [
            *(f"step {step}" for step in self.steps.get(key, [])),
            *(f"sent {sent}" for sent in self.sent.get(key, [])),
            *(f"write {write}" for write in writes),
            *(f"log {row}" for row in log),
        ]
        print(f"\n{key} of {self.initial.get(key[0], {}).get(key[1])!r}", *lines, sep="\n  ")  # noqa: T201 - a failure is understood by its history

    def _writes(self, crm: SimulatorHandle) -> tuple[dict[Key, list[Write]], list[str]]:
        answer = crm.request(
            "GET",
            "/__sim__/writes",
            params={"module": "Deals", "after": str(self.after), "limit": "100000"},
        )
        writes: dict[Key, list[Write]] = defaultdict(list)
        empty = []
        for row in exact_json(answer.body)["writes"]:
            if row["source"] == OURS and not row["has_changed"]:
                empty.append(row["record_id"])
            for name, step in row["fields"].items():
                described = self.fields.get(name)
                if described is not None and row["action"] == "updated":
                    old, new = (expected_value(step[side], described) for side in ("old", "new"))
                    writes[int(row["record_id"]), name].append(
                        Write(row["number"], row["at"], old, new, row["source"] == OURS, row["by"])
                    )
        return writes, empty

    def _field_faults(self, key: Key, writes: list[Write], log: list[Row]) -> Iterator[str]:
        steps, sent = self.steps.get(key, []), self.sent.get(key, [])
        ours = [write for write in writes if write.is_ours]
        # Only fields that people edit here: a stage brings its probability with it.
        if steps or sent:
            yield from self._written_too_often(key, steps, ours)
            yield from _written_unseen(sent, ours)
        dropped = [row for row in log if row["kind"] == "dropped"]
        yield from self._lost(key, steps, writes, dropped)
        yield from self._falsely_dropped(key, steps, ours, dropped)
        updated = [row for row in log if row["kind"] == "updated"]
        yield from _told_wrongly(steps, writes, updated, was_binned=key[0] in self.binned)

    def _written_too_often(self, key: Key, steps: list[Step], ours: list[Write]) -> Iterator[str]:
        accepted = Counter(_hashable(step.value) for step in steps if not step.is_end)
        for value, count in Counter(_hashable(write.new) for write in ours).items():
            allowed = accepted[value] + self.chosen[key, value]
            if count > allowed:
                yield f"{value!r} was written {count} times, wanted {allowed} times"

    def _lost(
        self, key: Key, steps: list[Step], writes: list[Write], dropped: list[Row]
    ) -> Iterator[str]:
        if not steps:
            return
        last = steps[-1]
        stood = [self.initial.get(key[0], {}).get(key[1]), *(write.new for write in writes)]
        given_up = [row["new_value"] for row in dropped]
        for value in last.in_flight if last.is_end else (last.value,):
            if value not in stood and value not in given_up:
                yield f"the edit {value!r} is lost"

    def _falsely_dropped(
        self, key: Key, steps: list[Step], ours: list[Write], dropped: list[Row]
    ) -> Iterator[str]:
        accepted = Counter(_hashable(step.value) for step in steps if not step.is_end)
        written = Counter(_hashable(write.new) for write in ours)
        for row in dropped:
            value = _hashable(row["new_value"])
            if not accepted[value]:
                yield f"{value!r} was dropped, though nobody had typed it"
            if row["changed_by"] not in self.people or row["side"] != "local":
                yield f"{value!r} was dropped by {row['changed_by']} of {row['side']}"
            # In the bin nobody can look up what became of a write.
            is_plain = accepted[value] == 1 and not self.chosen[key, value]
            if is_plain and written[value] and key[0] not in self.binned:
                yield f"{value!r} was dropped, and written as well"


def _written_unseen(sent: list[Sent], ours: list[Write]) -> Iterator[str]:
    for write in ours:
        allowed = [each.may_replace for each in sent if each.value == write.new]
        if not any(write.old in values for values in allowed):
            yield f"{write.new!r} was written over {write.old!r} unseen; it may replace {allowed}"


def _told_wrongly(
    steps: list[Step], writes: list[Write], log: list[Row], *, was_binned: bool
) -> Iterator[str]:
    """Hold the log to who wrote a value: there may be several who wrote the same.

    A write whose record was deleted before its answer was there is not known to have happened.
    """
    for row in log:
        value = row["new_value"]
        authors = {step.author for step in steps if step.value == value and not step.is_end}
        here = authors if any(write.is_ours and write.new == value for write in writes) else set()
        there = [write for write in writes if write.new == value and not write.is_ours]
        if row["side"] == "local" and row["changed_by"] not in here:
            yield f"the log says that {row['changed_by']} wrote {value!r} here, not {sorted(here)}"
        if row["side"] == "crm" and here and not there and not was_binned:
            yield f"the log says that {value!r} came from the CRM; it is {sorted(here)}'s"


def _hashable(value: Canonical) -> Canonical:
    return tuple(value) if isinstance(value, list) else value


def choice(record_id: int, name: str, value: Canonical) -> tuple[Key, Canonical]:
    """Return what `chosen` counts."""
    return (record_id, name), _hashable(value)


def last_write(crm: SimulatorHandle) -> int:
    """Return the number of the last write that the simulator counts."""
    return int(crm.control("GET", "/writes?limit=0")["summary"]["writes"])
