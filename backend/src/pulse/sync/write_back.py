"""The write-back of owned values: what the product tells the CRM about its records.

Values are written only where they differ from what was written before, without the CRM's
automation and without a guard: nobody else writes these fields. After each call the records are
read back, their owned and their bookkeeping fields alone, so that the mirror can take over the new
stamps and no later read takes our own write for a change. A value is marked as on its way before
its call goes out; what a dead run left behind is looked up before anything else.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Protocol

from pulse.kit.errors import UnavailableError
from pulse.sync.domain.errors import SyncError
from pulse.sync.pushing.ports import Refusal, RowRefused, RowUnknown, RowWritten

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from pulse.core.owned import OwnedRole
    from pulse.kit.errors import PulseError
    from pulse.sync.domain.observation import JsonValue
    from pulse.sync.pushing.ports import RowOutcome

ROWS_A_CALL: Final = 100


@dataclass(frozen=True, slots=True)
class OwnedWrite:
    """Values for one record's owned fields; canonical."""

    record_id: int
    values: Mapping[OwnedRole, JsonValue]

    def is_in(self, seen: SeenOwned) -> bool:
        """Return whether the CRM holds these values."""
        return all(seen.values.get(role) == value for role, value in self.values.items())


@dataclass(frozen=True, slots=True)
class SeenOwned:
    """What a record holds in the CRM now."""

    stamp: datetime
    values: Mapping[OwnedRole, JsonValue]
    bookkeeping: Mapping[str, JsonValue]
    """API name → canonical value of what the CRM itself notes of every write."""


@dataclass(frozen=True, slots=True)
class Written:
    """A record whose owned values the CRM holds; `stamp` is its version since then."""

    record_id: int
    stamp: datetime
    bookkeeping: Mapping[str, JsonValue]


class OwnedValues(Protocol):
    """What was written, and what is to be. Every method is a transaction of its own."""

    async def in_doubt(self, limit: int) -> Sequence[OwnedWrite]:
        """Return writes of which nobody learned what became of them."""
        ...

    async def begin(self, limit: int) -> Sequence[OwnedWrite]:
        """Mark values that differ as on their way and return them; trouble first."""
        ...

    async def settle(
        self,
        written: Sequence[Written],
        refused: Mapping[int, Refusal],
        back: Collection[int],
    ) -> None:
        """Note what was taken, what was refused (tried again much later), what goes out again.

        A record's stamp moves with our write, and its last change does not.
        """
        ...


class OwnedCrm(Protocol):
    """Owned values in the CRM. May raise the errors of `pulse.sync.domain.errors`."""

    async def write(self, writes: Sequence[OwnedWrite]) -> Sequence[RowOutcome]:
        """Write up to 100 rows without automation; in order. An error: nothing was written."""
        ...

    async def look(self, record_ids: Sequence[int]) -> Mapping[int, SeenOwned]:
        """Read owned and bookkeeping fields of records; those that are gone are left out."""
        ...


@dataclass(slots=True)
class WroteBack:
    """What a write-back did."""

    written: int = 0
    refused: int = 0
    trouble: PulseError | None = None
    attempted: int = field(default=0)
    """Rows that went out."""


async def write_back(values: OwnedValues, crm: OwnedCrm, rows_allowed: int) -> WroteBack:
    """Write what differs, at most `rows_allowed` rows, until the CRM asks for patience."""
    told = WroteBack()
    try:
        while doubts := await values.in_doubt(ROWS_A_CALL):
            await _settle(values, crm, doubts, [RowUnknown() for _ in doubts], told)
        while left := rows_allowed - told.attempted:
            writes = await values.begin(min(ROWS_A_CALL, left))
            if not writes:
                break
            told.attempted += len(writes)
            outcomes = await _write(values, crm, writes)
            await _settle(values, crm, writes, outcomes, told)
    except (SyncError, UnavailableError) as trouble:
        told.trouble = trouble
    return told


async def _write(
    values: OwnedValues, crm: OwnedCrm, writes: Sequence[OwnedWrite]
) -> Sequence[RowOutcome]:
    try:
        return await crm.write(writes)
    except (SyncError, UnavailableError):
        await values.settle((), {}, [write.record_id for write in writes])
        raise


async def _settle(
    values: OwnedValues,
    crm: OwnedCrm,
    writes: Sequence[OwnedWrite],
    outcomes: Sequence[RowOutcome],
    told: WroteBack,
) -> None:
    asked = [
        write.record_id
        for write, outcome in zip(writes, outcomes, strict=True)
        if not isinstance(outcome, RowRefused)
    ]
    seen = await crm.look(asked) if asked else {}
    written: list[Written] = []
    refused: dict[int, Refusal] = {}
    back: list[int] = []
    for write, outcome in zip(writes, outcomes, strict=True):
        now = seen.get(write.record_id)
        match outcome:
            case RowRefused():
                refused[write.record_id] = outcome.refusals[0]
            case RowWritten():
                # Of a record that moved on meanwhile, the next read tells the rest.
                own = now is not None and now.stamp == outcome.stamp
                kept = now.bookkeeping if own and now is not None else {}
                written.append(Written(write.record_id, outcome.stamp, kept))
            case RowUnknown() if now is None:
                refused[write.record_id] = _GONE
            case RowUnknown() if write.is_in(now):
                written.append(Written(write.record_id, now.stamp, now.bookkeeping))
            case RowUnknown():
                back.append(write.record_id)
    await values.settle(written, refused, back)
    told.written += len(written)
    told.refused += len(refused)


_GONE: Final = Refusal("NOT_FOUND", "The CRM shows no such record.")
