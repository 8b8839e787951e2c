"""The product's own fields in the CRM: which are there, which can stand for a role, what is wrong.

A role is played by the field that was mapped to it, by id. One that is not mapped may have been
created by an earlier installation, or by a call whose answer was lost: a custom field of the right
name, type and options is taken over, and nothing else is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from pulse.core.modules import DEALS
from pulse.core.owned import OWNED_FIELDS, FieldFault, OwnedRole, SeenField, fault_of, has_name
from pulse.edits.rights import read_only_reason
from pulse.models import CrmField, OwnedField, OwnedValue, User

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.owned import OwnedFieldSpec

_UNUSED: Final = "unused"

# What records held of it before the field was known for ours.
_FORGET_VALUES: Final = text("""
    UPDATE crm_documents SET document = document - CAST(:name AS text)
    WHERE module = :module AND document ? CAST(:name AS text)
""")


@dataclass(frozen=True, slots=True)
class OwnedFieldState:
    """One role, and the field that plays it or stands in its way."""

    spec: OwnedFieldSpec
    fault: FieldFault | None
    field: SeenField | None
    """Of a missing field, none; of one whose name is taken, the field that has the name."""
    reason: str | None = None
    """Why it cannot be written, in a sentence."""


async def owned_field_states(db: AsyncSession) -> list[OwnedFieldState]:
    """Return how each role stands, by the metadata that was read last."""
    rows = (await db.scalars(select(CrmField).where(CrmField.module == DEALS))).all()
    profile = await _profile(db)
    mapped = await _mapped(db)
    return [_state(spec, rows, mapped.get(spec.role), profile) for spec in OWNED_FIELDS]


async def take_over(db: AsyncSession) -> list[OwnedRole]:
    """Map fields that can play a role which nobody plays; returns those roles.

    From then on the field belongs to no record: documents forget what they held of it. The caller
    commits.
    """
    rows = (await db.scalars(select(CrmField).where(CrmField.module == DEALS))).all()
    profile = await _profile(db)
    mapped = await _mapped(db)
    live = {row.field_id for row in rows if row.removed_at is None}
    taken: list[OwnedRole] = []
    for spec in OWNED_FIELDS:
        if mapped.get(spec.role) in live:
            continue
        found = next(
            (
                seen
                for seen in _seen_fields(rows, profile)
                if has_name(seen, spec) and fault_of(seen, spec) is None
            ),
            None,
        )
        if found is not None:
            await _map(db, spec.role, found)
            taken.append(spec.role)
    return taken


async def _map(db: AsyncSession, role: OwnedRole, field: SeenField) -> None:
    row = insert(OwnedField).values(module=DEALS, role=role.value, field_id=field.field_id)
    await db.execute(
        row.on_conflict_do_update(
            index_elements=[OwnedField.module, OwnedField.role],
            set_={"field_id": row.excluded.field_id, "mapped_at": func.now()},
        )
    )
    await db.execute(_FORGET_VALUES, {"module": DEALS, "name": field.api_name})
    # Another field holds none of what was written into the last one.
    await db.execute(
        update(OwnedValue)
        .where(OwnedValue.module == DEALS, OwnedValue.written.has_key(role.value))
        .values(written=OwnedValue.written.op("-")(role.value))
    )


async def _mapped(db: AsyncSession) -> Mapping[str, int]:
    rows = await db.execute(
        select(OwnedField.role, OwnedField.field_id).where(OwnedField.module == DEALS)
    )
    return {row.role: row.field_id for row in rows}


async def _profile(db: AsyncSession) -> str | None:
    profile: str | None = await db.scalar(
        select(User.document["profile"]["id"].as_string()).where(User.is_connected)
    )
    return profile


def _state(
    spec: OwnedFieldSpec, rows: Sequence[CrmField], field_id: int | None, profile: str | None
) -> OwnedFieldState:
    row = next((each for each in rows if each.field_id == field_id), None)
    if row is not None and row.removed_at is None:
        seen = _seen(row, profile)
        return OwnedFieldState(spec, fault_of(seen, spec), seen, _reason(row, profile))
    namesakes = [seen for seen in _seen_fields(rows, profile) if has_name(seen, spec)]
    if namesakes and not any(fault_of(seen, spec) is None for seen in namesakes):
        return OwnedFieldState(spec, FieldFault.NAME_TAKEN, namesakes[0])
    if row is not None and not namesakes:
        return OwnedFieldState(spec, FieldFault.REMOVED, _seen(row, profile))
    return OwnedFieldState(spec, FieldFault.MISSING, None)


def _seen_fields(rows: Sequence[CrmField], profile: str | None) -> list[SeenField]:
    return [_seen(row, profile) for row in rows if row.removed_at is None]


def _seen(row: CrmField, profile: str | None) -> SeenField:
    return SeenField(
        row.field_id,
        row.api_name,
        row.label,
        row.data_type,
        row.is_custom,
        is_writable=_reason(row, profile) is None,
        options=_stored_values(row.document.get("pick_list_values")),
    )


def _reason(row: CrmField, profile: str | None) -> str | None:
    return read_only_reason(row.api_name, row.data_type, row.json_type, row.document, profile)


# Any: a part of the CRM's own description, validated here.
def _stored_values(values: Any) -> tuple[str, ...]:  # noqa: ANN401 - as above
    return tuple(
        str(value["actual_value"])
        for value in (values if isinstance(values, list) else [])
        if isinstance(value, dict) and "actual_value" in value and value.get("type") != _UNUSED
    )
