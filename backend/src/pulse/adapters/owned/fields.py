"""Custom fields in the CRM: created five a call, and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.adapters.crm.errors import crm_errors
from pulse.core.custom_fields import FieldOutcome, NewFieldType
from zoho_crm import errors as zoho
from zoho_crm.protocol import custom_fields as crm_fields
from zoho_crm.protocol.outcomes import RecordError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pulse.core.custom_fields import FieldChange, FieldOption, NewField
    from zoho_crm.client import ZohoClient
    from zoho_crm.protocol.outcomes import WriteResult


class ZohoFields:
    """The `FieldMaker` port over one open client."""

    def __init__(self, client: ZohoClient) -> None:
        self._client = client

    async def create(self, module: str, fields: Sequence[NewField]) -> Sequence[FieldOutcome]:
        """Add fields, five a call; in order. A lost answer is never followed by a second try."""
        found: list[FieldOutcome] = []
        for start in range(0, len(fields), crm_fields.FIELDS_LIMIT):
            some = fields[start : start + crm_fields.FIELDS_LIMIT]
            with crm_errors("Creating custom fields"):
                try:
                    answer = await self._client.custom_fields.create(
                        module, [_spec(field) for field in some]
                    )
                except zoho.AnswerLost:
                    found += [FieldOutcome(is_unknown=True) for _ in some]
                    continue
                except zoho.RequestRefused as refused:
                    found += [FieldOutcome(code=refused.code, message=refused.describe())] * len(
                        some
                    )
                    continue
            found += _outcomes(answer)
        return found

    async def change(self, module: str, change: FieldChange) -> FieldOutcome:
        """Change one field."""
        edit = crm_fields.FieldEdit(
            id=str(change.field_id),
            label=change.label,
            tooltip=change.tooltip,
            length=change.length,
            options=None if change.options is None else _options(change.options),
        )
        with crm_errors("Changing a custom field"):
            try:
                answer = await self._client.custom_fields.update(module, [edit])
            except zoho.AnswerLost:
                return FieldOutcome(is_unknown=True)
            except zoho.RequestRefused as refused:
                return FieldOutcome(code=refused.code, message=refused.describe())
        [outcome] = _outcomes(answer)
        return outcome


def _outcomes(answer: WriteResult) -> list[FieldOutcome]:
    return [
        FieldOutcome(code=row.code, message=row.message)
        if isinstance(row, RecordError)
        else FieldOutcome(field_id=int(row.id))
        for row in answer.rows
    ]


def _options(options: Iterable[FieldOption]) -> tuple[crm_fields.PickOption, ...]:
    return tuple(
        crm_fields.PickOption(display_value=option.label, actual_value=option.value)
        for option in options
    )


_PLAIN: Final[Mapping[NewFieldType, type[crm_fields.FieldSpec]]] = {
    NewFieldType.TEXTAREA: crm_fields.TextAreaField,
    NewFieldType.CURRENCY: crm_fields.CurrencyField,
    NewFieldType.PERCENT: crm_fields.PercentField,
    NewFieldType.BOOLEAN: crm_fields.BooleanField,
    NewFieldType.DATE: crm_fields.DateField,
    NewFieldType.DATETIME: crm_fields.DateTimeField,
}
"""Types that are a label alone."""


def _spec(field: NewField) -> crm_fields.FieldSpec:
    label, tooltip = field.label, field.tooltip
    options = _options(field.options)
    match field.data_type:
        case NewFieldType.TEXT:
            return crm_fields.TextField(label=label, tooltip=tooltip, length=field.length or 255)
        case NewFieldType.INTEGER:
            return crm_fields.IntegerField(label=label, tooltip=tooltip, length=field.length or 9)
        case NewFieldType.DECIMAL:
            return crm_fields.DecimalField(label=label, tooltip=tooltip, length=field.length or 16)
        case NewFieldType.PICKLIST:
            return crm_fields.PickListField(label=label, tooltip=tooltip, options=options)
        case NewFieldType.MULTISELECT:
            return crm_fields.MultiSelectField(label=label, tooltip=tooltip, options=options)
        case plain:
            return _PLAIN[plain](label=label, tooltip=tooltip)
