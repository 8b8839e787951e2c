"""The fields of deals as the CRM described them, also under the names that they had earlier."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from pulse.core.fields import DEAL_FIELDS, propose_field_map
from pulse.core.modules import DEALS
from pulse.db.as_text import as_text, rows_of
from pulse.models import CrmField, FieldMapEntry, SchemaEvent
from pulse.queries.owned_fields import is_not_owned

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession


_LABELS: Final = {field.name: field.label for field in DEAL_FIELDS}


@dataclass(frozen=True, slots=True)
class DealField:
    """One field of the module Deals."""

    field_id: int
    api_name: str
    label: str
    data_type: str
    canonical_name: str | None = None
    is_custom: bool = False
    is_read_only: bool = False
    is_mandatory: bool = False
    is_removed: bool = False
    is_rich_text: bool = False
    lookup_module: str | None = None
    result_type: str | None = None
    """What a formula gives."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Of a picklist: stored value → what people read."""


@dataclass(frozen=True, slots=True)
class _Rename:
    before: str
    field_id: int
    noticed_at: datetime


@dataclass(frozen=True, slots=True)
class FieldBook:
    """All fields that deals have or had, and which name meant which of them when."""

    fields: tuple[DealField, ...]
    """In the order in which the organisation made them."""
    mapping: Mapping[str, str]
    """Canonical name → API name, where a field is mapped."""
    renames: Sequence[_Rename]
    """Oldest first."""

    def mapped(self, canonical_name: str) -> DealField | None:
        """Return the live field that stands for a canonical one."""
        return self._live_named(self.mapping.get(canonical_name))

    def at(self, api_name: str, moment: datetime) -> DealField | None:
        """Return the field that had this API name at a moment, whatever it is called now."""
        renamed = next(
            (each for each in self.renames if each.before == api_name and each.noticed_at > moment),
            None,
        )
        if renamed is not None:
            return next((each for each in self.fields if each.field_id == renamed.field_id), None)
        live = self._live_named(api_name)
        if live is not None:
            return live
        return next((each for each in reversed(self.fields) if each.api_name == api_name), None)

    def _live_named(self, api_name: str | None) -> DealField | None:
        return next(
            (each for each in self.fields if each.api_name == api_name and not each.is_removed),
            None,
        )


def label_of(field: DealField) -> str:
    """Return the word for a field: ours where it is mapped, else the CRM's."""
    return _LABELS.get(field.canonical_name or "", field.label)


_COLUMNS: Final = (
    CrmField.field_id,
    CrmField.api_name,
    CrmField.label,
    CrmField.data_type,
    CrmField.is_custom,
    CrmField.is_read_only,
    CrmField.is_mandatory,
    CrmField.lookup_module,
    CrmField.removed_at.is_not(None),
    CrmField.document["textarea"]["type"].astext,
    CrmField.document["formula"]["return_type"].astext,
    CrmField.document["pick_list_values"],
)
_TOLD: Final = select(
    as_text(
        select(*_COLUMNS)
        .where(CrmField.module == DEALS, is_not_owned())
        .order_by(CrmField.field_id)
    ),
    as_text(
        select(FieldMapEntry.canonical_name, FieldMapEntry.api_name)
        .where(FieldMapEntry.module == DEALS)
        .order_by(FieldMapEntry.canonical_name)
    ),
    as_text(
        select(SchemaEvent.details, SchemaEvent.noticed_at)
        .where(SchemaEvent.module == DEALS, SchemaEvent.kind == "renamed")
        .order_by(SchemaEvent.id)
    ),
)


async def read_field_book(db: AsyncSession) -> FieldBook:
    """Return the fields of deals as they were read last, with the names that they had before."""
    return _book_of(*(await db.execute(_TOLD)).one())


@lru_cache(maxsize=8)
def _book_of(told_fields: str, told_map: str, told_renames: str) -> FieldBook:
    rows = [_Told(*row) for row in rows_of(told_fields)]
    live = frozenset(row.api_name for row in rows if not row.is_removed)
    mapping = propose_field_map(live, dict(rows_of(told_map))).mapping
    # One field may stand for two canonical ones; the first of them names it.
    canonical = {
        mapping[each.name]: each.name for each in reversed(DEAL_FIELDS) if each.name in mapping
    }
    return FieldBook(
        fields=tuple(_field(row, canonical) for row in rows),
        mapping=mapping,
        renames=[
            _Rename(details["before"], int(details["field_id"]), datetime.fromisoformat(noticed_at))
            for details, noticed_at in rows_of(told_renames)
        ],
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """A row of the fields, in the order of `_COLUMNS`."""

    field_id: int
    api_name: str
    label: str
    data_type: str
    is_custom: bool
    is_read_only: bool
    is_mandatory: bool
    lookup_module: str | None
    is_removed: bool
    kind_of_text: str | None
    result_type: str | None
    # Any: field metadata is kept as the CRM sent it.
    options: Any


def _field(row: _Told, canonical: Mapping[str, str]) -> DealField:
    return DealField(
        field_id=row.field_id,
        api_name=row.api_name,
        label=row.label,
        data_type=row.data_type,
        canonical_name=None if row.is_removed else canonical.get(row.api_name),
        is_custom=row.is_custom,
        is_read_only=row.is_read_only,
        is_mandatory=row.is_mandatory,
        is_removed=row.is_removed,
        is_rich_text=row.kind_of_text == "rich_text",
        lookup_module=row.lookup_module,
        result_type=row.result_type,
        labels={
            str(each["actual_value"]): str(each.get("display_value") or each["actual_value"])
            for each in (row.options if isinstance(row.options, list) else [])
            if each.get("actual_value") is not None
        },
    )
