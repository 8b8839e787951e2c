"""What the fields of deals take, whichever deal it is: for changes of many deals at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.core.modules import DEALS
from pulse.core.sync import SyncMode
from pulse.deals.field_groups import group_of, in_order_of_page
from pulse.deals.form import has_lookup, input_of
from pulse.deals.form_schemas import FormField, FormOfMany, InputKind
from pulse.edits.errors import crm_is_read_only
from pulse.edits.rules import read_rules
from pulse.fields.field_book import read_field_book
from pulse.fields.values import Option
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.edits.rules import FieldRule
    from pulse.fields.field_book import DealField


async def read_form_of_many(db: AsyncSession) -> FormOfMany:
    """Return each field with what it takes in every layout; a single deal may take less."""
    rules = (await read_rules(db, DEALS)).in_layout(None)
    mode = (await read_settings(db)).mode
    return FormOfMany(
        read_only_reason=crm_is_read_only().detail if mode is SyncMode.CRM_TO_LOCAL else None,
        fields=[
            _field(field, rules[field.api_name])
            for field in in_order_of_page(await read_field_book(db))
            if field.api_name in rules
        ],
    )


def _field(field: DealField, rule: FieldRule) -> FormField:
    is_editable = rule.read_only_reason is None
    options = rule.options if is_editable else ()
    return FormField(
        api_name=field.api_name,
        canonical_name=field.canonical_name,
        label=rule.label,
        group=group_of(field),
        data_type=field.data_type,
        input=input_of(rule) if is_editable else InputKind.NONE,
        options=[Option(value=value, label=label) for value, label in options],
        is_mandatory=rule.is_mandatory,
        max_length=rule.length,
        decimals=rule.decimals,
        currency=None,
        has_lookup=has_lookup(rule),
        read_only_reason=rule.read_only_reason,
        value=None,
        shown=None,
        change=None,
    )
