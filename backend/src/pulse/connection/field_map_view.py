"""The field map as the API shows it: states, candidates, proposals and what changed of late."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import or_, select

from pulse.connection.field_map import SYSTEM_FIELDS, fits, read_field_map
from pulse.connection.field_map_schemas import (
    CandidateField,
    FieldMapAnswer,
    FieldMapCheck,
    FieldMapLine,
    FieldMapState,
    FilledFields,
    MappedFieldChange,
    ProposedField,
)
from pulse.connection.fields import record_fields
from pulse.connection.proposals import Candidate, propose
from pulse.connection.schema_changes import SchemaChangeKind
from pulse.core.fields import DEAL_FIELDS, ValueKind
from pulse.core.modules import DEALS
from pulse.models import SchemaEvent

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.connection.field_map import FieldMap
    from pulse.connection.filled import Filled
    from pulse.core.fields import CanonicalField

RECENT: Final = timedelta(days=7)


async def field_map_view(db: AsyncSession, now: datetime) -> FieldMapAnswer:
    """Return the map in the order of the canonical fields."""
    found = await read_field_map(db)
    fields = await record_fields(db, DEALS)
    types = {field.api_name: field.data_type for field in fields} | {"id": "bigint"}
    candidates = {
        kind: [
            Candidate(field.api_name, field.label, field.data_type, field.is_custom)
            for field in fields
            if fits(kind, field.data_type)
        ]
        for kind in ValueKind
    }
    events = (
        await db.scalars(
            select(SchemaEvent)
            .where(
                SchemaEvent.module == DEALS,
                or_(
                    SchemaEvent.noticed_at >= now - RECENT,
                    SchemaEvent.kind == SchemaChangeKind.RENAMED,
                ),
            )
            .order_by(SchemaEvent.id)
        )
    ).all()
    lines = _Lines(found, types, candidates, events, now)
    mapped = set(found.mapping.values())
    return FieldMapAnswer(
        fields=[lines.of(field) for field in DEAL_FIELDS],
        missing=list(found.missing),
        is_complete=found.is_complete,
        candidates={
            kind: [
                CandidateField(
                    api_name=each.api_name,
                    label=each.label,
                    data_type=each.data_type,
                    is_custom=each.is_custom,
                )
                for each in fitting
            ]
            for kind, fitting in candidates.items()
        },
        unmapped_custom_fields=sum(
            field.is_custom and field.api_name not in mapped for field in fields
        ),
        read_at=max((field.refreshed_at for field in fields), default=None),
    )


class _Lines:
    """Makes the lines of one answer."""

    def __init__(
        self,
        found: FieldMap,
        types: Mapping[str, str],
        candidates: Mapping[ValueKind, Sequence[Candidate]],
        events: Sequence[SchemaEvent],
        now: datetime,
    ) -> None:
        self._found = found
        self._types = types
        self._candidates = candidates
        self._taken = frozenset(found.mapping.values())
        self._recent = {
            event.api_name: event for event in events if event.noticed_at >= now - RECENT
        }
        # Former name → present one; of two fields that had a name, the last one.
        self._renamed = {
            str(_before(event)): event.api_name
            for event in events
            if event.kind == SchemaChangeKind.RENAMED
        }

    def of(self, field: CanonicalField) -> FieldMapLine:
        api_name = self._found.mapping.get(field.name)
        return FieldMapLine(
            canonical_name=field.name,
            label=field.label,
            kind=field.kind,
            is_fixed=field.name in SYSTEM_FIELDS,
            api_name=api_name,
            data_type=None if api_name is None else self._types.get(api_name),
            is_chosen=field.name in self._found.chosen,
            state=_state(field, api_name),
            proposal=self._proposal(field) if api_name is None else None,
            recent_change=self._change(field, api_name),
        )

    def _proposal(self, field: CanonicalField) -> ProposedField | None:
        likely = propose(field, self._candidates[field.kind], self._taken, self._renamed)
        if likely is None:
            return None
        return ProposedField(api_name=likely.api_name, reason=likely.reason)

    def _change(self, field: CanonicalField, api_name: str | None) -> MappedFieldChange | None:
        names = field.candidates if api_name is None else (api_name,)
        event = next((self._recent[name] for name in names if name in self._recent), None)
        if event is None:
            return None
        return MappedFieldChange(
            kind=event.kind, before=_before(event), noticed_at=event.noticed_at
        )


def _before(event: SchemaEvent) -> str | None:
    before = (event.details or {}).get("before")
    return None if before is None else str(before)


def _state(field: CanonicalField, api_name: str | None) -> FieldMapState:
    if api_name is None:
        return FieldMapState.MISSING
    if api_name == field.name:
        return FieldMapState.MATCHES
    return FieldMapState.STOCK_NAME if api_name == field.stock_name else FieldMapState.CHOSEN


def field_map_check(found: FieldMapAnswer) -> FieldMapCheck:
    """Return whether the map is whole, and what is missing by name."""
    return FieldMapCheck(
        validation_passed=found.is_complete,
        message=f"All {len(found.fields)} fields are there."
        if found.is_complete
        else f"Missing: {', '.join(found.missing)}.",
        map=found,
    )


def filled_fields(filled: Filled) -> FilledFields:
    """Return the shares as the API shows them."""
    return FilledFields(
        counted_at=filled.counted_at, deals=filled.deals, filled=dict(filled.shares)
    )
