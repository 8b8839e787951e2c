"""A deal as it can be edited: each field with what it takes, holds and waits for."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from sqlalchemy import Text, cast, select

from pulse.core.modules import ACCOUNTS, DEALS
from pulse.core.sync import Presence, RecordStatus, SyncMode
from pulse.deals.detail import deal_not_found
from pulse.deals.field_groups import group_of, in_order_of_page
from pulse.deals.form_schemas import DealForm, FormField, InputKind, InputValue
from pulse.deals.marks import LocalEdits, read_local_edits
from pulse.edits.errors import crm_is_read_only, record_gone
from pulse.edits.rules import PIPELINE, read_rules
from pulse.fields.field_book import read_field_book
from pulse.fields.reading import exact_json, ids_in, names_of, read_value
from pulse.fields.values import Option
from pulse.models import Deal, Document, RecordSyncStatus
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from uuid import UUID

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.edits.rules import FieldRule, Rules
    from pulse.fields.field_book import DealField, FieldBook
    from pulse.fields.reading import Names, Stored

_INPUTS: Final = {
    "textarea": InputKind.PARAGRAPH,
    "email": InputKind.EMAIL,
    "phone": InputKind.PHONE,
    "website": InputKind.URL,
    "integer": InputKind.INTEGER,
    "number": InputKind.INTEGER,
    "bigint": InputKind.DIGITS,
    "double": InputKind.DECIMAL,
    "currency": InputKind.MONEY,
    "percent": InputKind.PERCENT,
    "date": InputKind.DATE,
    "datetime": InputKind.INSTANT,
    "event_reminder": InputKind.INSTANT,
    "boolean": InputKind.BOOLEAN,
    "picklist": InputKind.CHOICE,
    "multiselectpicklist": InputKind.CHOICES,
    "lookup": InputKind.REFERENCE,
    "ownerlookup": InputKind.REFERENCE,
    "userlookup": InputKind.REFERENCE,
}


def has_lookup(rule: FieldRule) -> bool:
    """Return whether the mirror can find records that a field points to."""
    return rule.is_user or rule.lookup_module == ACCOUNTS


def input_value(stored: Stored) -> InputValue:
    """Return a canonical value as an input holds it."""
    match stored:
        case bool() | str() | None:
            return stored
        case int() | Decimal():
            return format(Decimal(stored), "f")
        case list():
            return [each if isinstance(each, str) else str(each) for each in stored]
        case _:
            return str(stored)


@dataclass(frozen=True, slots=True)
class EditableDeal:
    """What is known of a deal for its form, and for the answer to an edit of it."""

    deal: Deal
    status: RecordSyncStatus
    document: Mapping[str, Stored]
    edits: LocalEdits
    book: FieldBook
    rules: Rules
    names: Names

    def shown(self, api_name: str) -> Stored:
        """Return what people see in a field, in canonical form."""
        newest = self.edits.newest(api_name)
        return self.document.get(api_name) if newest is None else newest.value


async def read_editable(db: AsyncSession, deal_id: int) -> EditableDeal:
    """Return a deal with the rules of its fields. Raises NotFoundError."""
    row = (
        await db.execute(
            select(Deal, RecordSyncStatus, cast(Document.document, Text).label("document"))
            .join(RecordSyncStatus, RecordSyncStatus.zoho_record_id == Deal.id)
            .join(Document, Document.record_id == Deal.id)
            .where(Deal.id == deal_id)
            # Statements of others wrote these rows in this very transaction.
            .execution_options(populate_existing=True)
        )
    ).one_or_none()
    if row is None:
        raise deal_not_found(deal_id)
    book = await read_field_book(db)
    document: Mapping[str, Stored] = exact_json(row.document)
    edits = (await read_local_edits(db, [deal_id])).get(deal_id, LocalEdits())
    held = ids_in(
        (field, document[field.api_name]) for field in book.fields if field.api_name in document
    )
    return EditableDeal(
        deal=row.Deal,
        status=row.RecordSyncStatus,
        document=document,
        edits=edits,
        book=book,
        rules=await read_rules(db, DEALS),
        names=await names_of(db, held | edits.ids(book)),
    )


async def read_form(
    db: AsyncSession, deal_id: int, wanted: Collection[str], asking: UUID | None
) -> DealForm:
    """Return the form of a deal, of the `wanted` fields alone if any are named.

    Raises NotFoundError. Names of fields that are not there are passed over.
    """
    found = await read_editable(db, deal_id)
    mode = (await read_settings(db)).mode
    layout = found.document.get("Layout")
    rules = found.rules.in_layout(layout if isinstance(layout, str) else None)
    fields = [
        field
        for field in in_order_of_page(found.book)
        if field.api_name in rules and (not wanted or field.api_name in wanted)
    ]
    return DealForm(
        id=str(deal_id),
        name=found.deal.name,
        status=RecordStatus(found.status.sync_status),
        read_only_reason=_why_not(deal_id, Presence(found.status.presence), mode),
        fields=[_field(found, field, rules[field.api_name], asking) for field in fields],
    )


def _why_not(deal_id: int, presence: Presence, mode: SyncMode) -> str | None:
    if presence is not Presence.LIVE:
        return record_gone(deal_id, is_hidden=presence is Presence.INVISIBLE).detail
    return crm_is_read_only().detail if mode is SyncMode.CRM_TO_LOCAL else None


def _field(
    found: EditableDeal, field: DealField, rule: FieldRule, asking: UUID | None
) -> FormField:
    stored = found.shown(field.api_name)
    currency = found.deal.currency
    is_editable = rule.read_only_reason is None
    return FormField(
        api_name=field.api_name,
        canonical_name=field.canonical_name,
        label=rule.label,
        group=group_of(field),
        data_type=field.data_type,
        input=input_of(rule) if is_editable else InputKind.NONE,
        options=[Option(value=value, label=label) for value, label in _options(found, rule)],
        is_mandatory=rule.is_mandatory,
        max_length=rule.length,
        decimals=rule.decimals,
        currency=currency if field.data_type == "currency" else None,
        has_lookup=has_lookup(rule),
        read_only_reason=rule.read_only_reason,
        value=input_value(stored) if is_editable else None,
        shown=read_value(field, stored, found.names, currency),
        change=found.edits.mark(field, found.names, currency, asking),
    )


def input_of(rule: FieldRule) -> InputKind:
    """Return how a field that can be edited is edited."""
    if rule.is_share:
        return InputKind.PERCENT
    return _INPUTS.get(rule.data_type, InputKind.TEXT)


def _options(found: EditableDeal, rule: FieldRule) -> tuple[tuple[str, str], ...]:
    """Return a field's options; of the stage those that the deal's pipeline has."""
    if rule.read_only_reason is not None or rule.canonical_name != "Stage":
        return rule.options if rule.read_only_reason is None else ()
    layout = found.document.get("Layout")
    pipeline = found.rules.pipeline(
        found.shown(PIPELINE), layout if isinstance(layout, str) else None
    )
    if pipeline is None:
        return rule.options
    labels = dict(rule.options)
    return tuple((stage, labels.get(stage, stage)) for stage in pipeline.stages)
