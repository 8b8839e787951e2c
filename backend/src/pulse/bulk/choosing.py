"""Which records a request means: by ids, by a filter, by a custom view, or each with its values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from pulse.asking.scope import read_scope
from pulse.asking.text import read_filter
from pulse.bulk import errors
from pulse.core.bulk import LIMITS
from pulse.core.sync import SyncType
from pulse.models import Deal
from pulse.queries.deal_filters import GREATEST_ID, conditions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.bulk.ports import BulkCrm
    from pulse.bulk.schemas import BulkRequest


@dataclass(frozen=True, slots=True)
class Chosen:
    """Records in the order in which they were chosen, each once, and what is to be set."""

    operation: SyncType
    ids: Sequence[int]
    words: str
    """How they were chosen, for people."""
    shared: Mapping[str, object] | None
    """Raw values for all of them."""
    own: Mapping[int, Mapping[str, object]] | None = None
    """Raw values by record."""
    view_id: str | None = None
    """The view that they are all records of."""

    @property
    def field_names(self) -> Sequence[str]:
        """API names of all fields that are set."""
        if self.shared is not None:
            return sorted(self.shared)
        return sorted({name for values in (self.own or {}).values() for name in values})


async def choose(
    db: AsyncSession, crm: BulkCrm, request: BulkRequest, operation: SyncType | None, now: datetime
) -> Chosen:
    """Return what a request means. Without an operation the fitting one is found.

    Raises errors of `pulse.bulk.errors`, among them the limit by name, and InvalidFilterError.
    """
    choice = request.choose
    given = [
        each
        for each in (choice.ids, choice.filter, choice.view, choice.records)
        if each is not None
    ]
    if len(given) != 1:
        raise errors.one_choice()
    if operation is None:
        operation = SyncType.MASS_UPDATE if choice.records is None else SyncType.BULK_WRITE
    if choice.records is not None:
        return _with_own_values(request, operation)
    if not request.fields:
        raise errors.values_needed()
    limit = LIMITS[operation]
    view_id = None
    if choice.ids is not None:
        ids: Sequence[int] = list(dict.fromkeys(_id(each) for each in choice.ids))
        words = f"{len(ids):,} by id"
    elif choice.filter is not None:
        ids = await _filtered(db, choice.filter, limit + 1, now)
        words = f"filter: {choice.filter or 'all deals'}"
    else:
        assert choice.view is not None  # noqa: S101 - one of the four is given
        found = await crm.view_ids(choice.view, limit + 1)
        if found is None:
            raise errors.view_not_found(choice.view)
        ids, view_id = found, choice.view
        words = f"custom view {choice.view}"
    if len(ids) > limit:
        raise errors.too_many(operation, len(ids) if choice.ids is not None else None)
    if not ids:
        raise errors.nothing_chosen()
    return Chosen(operation, ids, words, dict(request.fields), view_id=view_id)


def _with_own_values(request: BulkRequest, operation: SyncType) -> Chosen:
    records = request.choose.records or []
    if operation is SyncType.MASS_UPDATE:
        raise errors.own_values_needed(operation)
    if request.fields is not None:
        raise errors.values_twice()
    if len(records) > LIMITS[operation]:
        raise errors.too_many(operation, len(records))
    if not records:
        raise errors.nothing_chosen()
    own: dict[int, Mapping[str, object]] = {}
    for record in records:
        record_id = _id(record.id)
        if record_id in own:
            raise errors.twice_chosen(record_id)
        own[record_id] = record.fields
    return Chosen(operation, list(own), f"{len(own):,} with values of their own", None, own)


def _id(text: str) -> int:
    # What no record can have is as unknown as any other; PostgreSQL takes no greater one.
    return min(int(text), GREATEST_ID)


async def _filtered(db: AsyncSession, text: str, limit: int, now: datetime) -> Sequence[int]:
    asked = read_filter(text)
    scope = await read_scope(db)
    wanted = asked.on(now.astimezone(scope.zone).date())
    query = select(Deal.id).where(*conditions(wanted, scope)).order_by(Deal.id).limit(limit)
    return list(await db.scalars(query))
