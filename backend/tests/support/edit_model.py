"""Local edits by the book: plain dictionaries and the pure `decide`, to hold the mirror against."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from pulse.core.sync import Presence
from pulse.edits.deciding import Edit, Ended, Sight, Standing, decide
from pulse.sync.domain.merge import ChangeState, Policy, record_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pulse.sync.domain.observation import StoredRecord

Key = tuple[int, str]
"""Record and field."""
NOW = datetime(2026, 8, 17, 9, tzinfo=UTC)
Wanted = tuple[Edit, Standing]


@dataclass
class EditModel:
    """The changes of a module; at most one open and one sent a field."""

    policy: Policy
    gone_at: datetime
    open: dict[Key, Wanted] = field(default_factory=dict)
    sent: dict[Key, Wanted] = field(default_factory=dict)
    dropped: list[tuple[int, str, Any, Any]] = field(default_factory=list)

    def edit(self, record: StoredRecord, key: Key, value: object) -> None:
        """Fold an edit in; `record` is what the mirror holds of it."""
        base = (record.values or {}).get(key[1])
        if key in self.sent:
            base = self.sent[key][0].local
        known = self.open.get(key)
        if known is not None:
            if same(value, known[0].local):
                return
            base = known[0].base
        if same(value, base):
            self.open.pop(key, None)
            return
        seen = Standing() if known is None else known[1]
        self.open[key] = (
            Edit(base, is_base_known=True, local=value),
            Standing(
                crm_value=seen.crm_value,
                crm_modified_at=seen.crm_modified_at,
                crm_modified_by=seen.crm_modified_by,
                is_record_gone=seen.is_record_gone,
            ),
        )

    def send(self) -> None:
        """Freeze what waits, as a push does."""
        for key, (edit, stands) in list(self.open.items()):
            if stands.state is ChangeState.QUEUED and key not in self.sent:
                self.sent[key] = (edit, replace(stands, state=ChangeState.SENT))
                del self.open[key]

    def judge(self, records: Mapping[int, StoredRecord]) -> None:
        """Decide over every open change, of all records: judging twice must change nothing."""
        for key, (edit, stands) in list(self.open.items()):
            if key in self.sent:
                continue
            record = records[key[0]]
            sight = Sight(
                record.presence,
                (record.values or {}).get(key[1]),
                self.gone_at if record.presence is Presence.DELETED else record.stamp,
                None,
            )
            fate = decide(edit, stands, sight, self.policy, NOW)
            if isinstance(fate, Ended):
                del self.open[key]
                if fate.is_dropped:
                    self.dropped.append((*key, edit.base, edit.local))
            else:
                self.open[key] = (edit, fate)

    def rows(self) -> list[tuple[Any, ...]]:
        """Return what `pending_changes` should hold, by record and field, the sent one first."""
        found = [
            (
                *key,
                edit.base,
                edit.local,
                stands.state.value,
                stands.crm_value,
                stands.crm_modified_at,
                stands.is_record_gone,
                stands.awaits_timeline,
                stands.is_skipped,
            )
            for changes in (self.sent, self.open)
            for key, (edit, stands) in changes.items()
        ]
        return sorted(found, key=lambda row: (row[0], row[1], row[4] != ChangeState.SENT))

    def shown(self, record_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return a record's values overlaid with what is wanted of it, the newest last."""
        shown = dict(values)
        for changes in (self.sent, self.open):
            for (record, name), (edit, _) in changes.items():
                if record == record_id:
                    shown[name] = edit.local
        return shown

    def status(self, record_id: int, presence: Presence) -> str:
        """Return the sync status that a record should have."""
        states = [
            stands.state
            for changes in (self.sent, self.open)
            for (record, _), (_, stands) in changes.items()
            if record == record_id
        ]
        return record_status(presence, states).value


def same(one: object, other: object) -> bool:
    """Return whether two values are one; true is not 1."""
    return one == other and isinstance(one, bool) == isinstance(other, bool)
