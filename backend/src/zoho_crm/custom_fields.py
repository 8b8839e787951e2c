"""The client's custom fields: `client.custom_fields`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_crm.protocol import custom_fields, metadata
from zoho_crm.surface import Surface

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoho_crm.protocol.custom_fields import FieldEdit, FieldSpec
    from zoho_crm.protocol.metadata import Field
    from zoho_crm.protocol.outcomes import WriteResult


class CustomFields(Surface):
    """Add, change and delete fields of a module; results come in the order of what was sent.

    The id of a result is that of the field. `AnswerLost` means that the change may or may not have
    happened: look with `find` or `metadata.field`, then decide.
    """

    async def create(self, module: str, specs: Sequence[FieldSpec]) -> WriteResult:
        """Add 1 to 5 fields. The CRM chooses their API names: read them back by id."""
        return await self._runner.run(custom_fields.create(module, specs))

    async def update(self, module: str, edits: Sequence[FieldEdit]) -> WriteResult:
        """Change 1 to 5 fields; a field's type and API name never change."""
        return await self._runner.run(custom_fields.update(module, edits))

    async def delete(self, module: str, field_id: str) -> WriteResult:
        """Delete a custom field with the values that records have in it."""
        return await self._runner.run(custom_fields.delete(module, field_id))

    async def find(self, module: str, label: str) -> list[Field]:
        """List the custom fields that people see under a label, in any case; unused ones too."""
        wanted = label.strip().casefold()
        fields = await self._runner.run(metadata.fields(module, include_unused=True))
        return [
            field
            for field in fields
            if field.is_custom and field.label.strip().casefold() == wanted
        ]
