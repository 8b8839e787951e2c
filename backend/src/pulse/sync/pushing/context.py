"""What every step of a push works with, and what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pulse.sync.pushing.riders import NoRiders

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pulse.core.sync import SyncMode
    from pulse.kit.errors import PulseError
    from pulse.sync.domain.field import FieldSpec
    from pulse.sync.loading import PullContext
    from pulse.sync.planner import CallSlots, PushPlan
    from pulse.sync.pushing.ports import CrmWriter, LocalChanges, PushedChange
    from pulse.sync.pushing.riders import Riders


@dataclass(frozen=True, slots=True)
class PushSettings:
    """What a person may set of a push."""

    mode: SyncMode
    run_automation: bool = True


@dataclass(frozen=True, slots=True)
class PushContext:
    """One run of the push over one module."""

    pull: PullContext
    changes: LocalChanges
    writer: CrmWriter
    specs: dict[str, FieldSpec]
    """The module's fields by API name."""
    settings: PushSettings
    slots: CallSlots
    riders: Riders = field(default_factory=NoRiders)
    """The product's own values that ride along."""


@dataclass(slots=True)
class Pushed:
    """What a push did; records and fields are told by id and API name."""

    accepted: set[tuple[int, str]] = field(default_factory=set)
    """Changes that the CRM took."""
    refused: set[tuple[int, str]] = field(default_factory=set)
    restored: set[int] = field(default_factory=set)
    waiting: set[int] = field(default_factory=set)
    """Records that were put off."""
    trouble: PulseError | None = None
    """What ended the push early; its records wait."""
    plan: PushPlan | None = None
    """Of the largest round."""
    rounds: int = 0
    moved_on: int = 0
    """Rows that met a record which had changed after it was read."""
    doubts: int = 0
    """Rows whose answer was lost."""

    def take(self, changes: Iterable[PushedChange]) -> None:
        """Count changes that the CRM holds now."""
        self.accepted.update((change.record_id, change.field) for change in changes)

    @property
    def records(self) -> int:
        """Number of records of which the CRM took something."""
        return len({record_id for record_id, _ in self.accepted})
