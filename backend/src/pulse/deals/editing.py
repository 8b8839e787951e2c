"""Edit a deal, give edits up, try refused ones again: stored, audited, and told how it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.core.modules import DEALS
from pulse.core.sync import RecordStatus
from pulse.deals.editing_schemas import (
    DealChangesDropped,
    DealChangesRetried,
    DealEdited,
    FieldStanding,
)
from pulse.deals.form import input_value, read_editable
from pulse.edits.authors import author_of
from pulse.edits.store import change_record, drop_changes, retry_changes
from pulse.edits.validation import check, invalid_fields
from pulse.fields.field_book import label_of
from pulse.fields.reading import read_value
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.deals.form import EditableDeal
    from pulse.web.access import Principal


async def edit_deal(
    db: AsyncSession, deal_id: int, values: Mapping[str, object], who: Principal
) -> DealEdited:
    """Store an edit: all of its fields or, where one cannot be taken, none.

    Raises NotFoundError, InvalidFieldsError, and ConflictError `record_gone`, `crm_is_read_only`.
    """
    before = await read_editable(db, deal_id)
    checked = await check(db, DEALS, deal_id, values)
    if checked.problems:
        raise invalid_fields(checked.problems)
    done = await change_record(db, DEALS, deal_id, checked.values, author_of(who))
    touched = [*done.changed, *done.cancelled]
    was = {name: input_value(before.shown(name)) for name in touched}
    if touched:
        await audit(
            db,
            who,
            "deal.edited",
            kind="deal",
            subject=str(deal_id),
            name=before.deal.name,
            before=was,
            after={name: input_value(checked.values[name]) for name in touched},
        )
    after = await read_editable(db, deal_id)
    return DealEdited(
        id=str(deal_id),
        changed=list(done.changed),
        cancelled=list(done.cancelled),
        unchanged=list(done.unchanged),
        status=done.status,
        before=was,
        fields=_standings(after, values, who),
    )


async def drop_edits(
    db: AsyncSession, deal_id: int, fields: Collection[str], who: Principal
) -> DealChangesDropped:
    """Give up the edits of these fields, of all where none is named; the CRM's values show again.

    Raises NotFoundError, and ConflictError `change_on_its_way`.
    """
    before = await read_editable(db, deal_id)
    dropped = await drop_changes(db, DEALS, deal_id, fields or None, author_of(who))
    after = await read_editable(db, deal_id)
    if dropped:
        await audit(
            db,
            who,
            "deal.changes_dropped",
            kind="deal",
            subject=str(deal_id),
            name=before.deal.name,
            before={each.field: input_value(each.value) for each in dropped},
            after={each.field: input_value(after.shown(each.field)) for each in dropped},
        )
    return DealChangesDropped(
        id=str(deal_id),
        dropped={each.field: input_value(each.value) for each in dropped},
        status=RecordStatus(after.status.sync_status),
        fields=_standings(after, [each.field for each in dropped], who),
    )


async def retry_edits(
    db: AsyncSession, deal_id: int, fields: Collection[str], who: Principal
) -> DealChangesRetried:
    """Queue the refused edits of these fields again, of all where none is named.

    Raises NotFoundError, and ConflictError `crm_is_read_only`.
    """
    before = await read_editable(db, deal_id)
    status = await retry_changes(db, DEALS, deal_id, fields or None)
    after = await read_editable(db, deal_id)
    names = [name for name in after.edits.by_field if not fields or name in fields]
    await audit(
        db,
        who,
        "deal.changes_retried",
        kind="deal",
        subject=str(deal_id),
        name=before.deal.name,
        after={name: input_value(after.shown(name)) for name in names},
    )
    return DealChangesRetried(id=str(deal_id), status=status, fields=_standings(after, names, who))


def _standings(found: EditableDeal, names: Collection[str], who: Principal) -> list[FieldStanding]:
    currency = found.deal.currency
    return [
        FieldStanding(
            api_name=field.api_name,
            label=label_of(field),
            value=input_value(found.shown(field.api_name)),
            shown=read_value(field, found.shown(field.api_name), found.names, currency),
            change=found.edits.mark(field, found.names, currency, who.user_id),
        )
        for field in found.book.fields
        if field.api_name in names and not field.is_removed
    ]
