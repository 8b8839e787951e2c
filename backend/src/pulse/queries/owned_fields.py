"""Which fields of the CRM are the product's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, exists, select

from pulse.core.owned import OwnedRole
from pulse.models import CrmField, OwnedField

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession


def is_not_owned() -> ColumnElement[bool]:
    """Match the rows of `crm_fields` that belong to records: all but the product's own."""
    return ~exists().where(
        OwnedField.module == CrmField.module, OwnedField.field_id == CrmField.field_id
    )


async def owned_field_names(db: AsyncSession, module: str) -> Mapping[OwnedRole, str]:
    """Return role → API name of the owned fields that the CRM has now."""
    rows = await db.execute(
        select(OwnedField.role, CrmField.api_name)
        .join(
            CrmField,
            (CrmField.module == OwnedField.module) & (CrmField.field_id == OwnedField.field_id),
        )
        .where(OwnedField.module == module, CrmField.removed_at.is_(None))
    )
    return {OwnedRole(row.role): row.api_name for row in rows}
