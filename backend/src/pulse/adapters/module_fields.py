"""What a run needs to know of a module's fields: live metadata and the field map."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, select

from pulse.core.fields import propose_field_map
from pulse.core.modules import DEALS
from pulse.models import CrmField, FieldMapEntry
from pulse.queries.owned_fields import is_not_owned
from pulse.sync.domain.errors import RequiredFieldMissingError
from pulse.sync.domain.field import FieldSpec

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession


@dataclass(frozen=True, slots=True)
class ModuleFields:
    """The fields of a module, and which of them stand for the canonical ones."""

    specs: tuple[FieldSpec, ...]
    field_map: dict[str, str]


async def has_fields(db: AsyncSession, module: str) -> bool:
    """Return whether a module's fields were ever read."""
    return await db.scalar(select(exists().where(CrmField.module == module))) is True


async def module_fields(db: AsyncSession, module: str) -> ModuleFields:
    """Return the live fields of a module with its field map; not the product's own.

    A field that was removed in the CRM goes on standing for its canonical one: it is asked for no
    more, and what it held stays in the documents, so a sync goes on without it.

    Raises RequiredFieldMissingError where a canonical field of Deals never stood for anything.
    """
    rows = (
        await db.scalars(
            select(CrmField)
            .where(CrmField.module == module, is_not_owned())
            .order_by(CrmField.field_id)
        )
    ).all()
    specs = tuple(_spec(row) for row in rows if row.removed_at is None)
    if module != DEALS:
        return ModuleFields(specs, {})
    chosen = {
        entry.canonical_name: entry.api_name
        for entry in await db.scalars(select(FieldMapEntry).where(FieldMapEntry.module == module))
    }
    proposal = propose_field_map(frozenset(spec.api_name for spec in specs), chosen)
    removed = frozenset(row.api_name for row in rows if row.removed_at is not None)
    before = propose_field_map(removed, chosen).mapping
    missing = [name for name in proposal.missing if name not in before]
    if missing:
        named = ", ".join(missing)
        raise RequiredFieldMissingError(
            f"The CRM's {module} have no field for: {named}.",
            fix="Create it in the CRM, or map another field to it in CRM Integration.",
            extra={"missing": named},
        )
    lost = {name: before[name] for name in proposal.missing}
    return ModuleFields(specs, proposal.mapping | lost)


def _spec(row: CrmField) -> FieldSpec:
    textarea: Any = row.document.get("textarea")  # Any: metadata as the CRM sent it
    options: Any = row.document.get("pick_list_values") or ()
    return FieldSpec(
        row.api_name,
        row.data_type,
        row.json_type,
        is_rich_text=isinstance(textarea, dict) and textarea.get("type") == "rich_text",
        options=tuple(str(option["actual_value"]) for option in options),
    )
