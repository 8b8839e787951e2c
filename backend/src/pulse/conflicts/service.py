"""Settle conflicts as people decide: one record, or a selection with one answer for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.conflicts.reading import clashes_of, field_named, version_of
from pulse.conflicts.repository import claim_conflicts, count_conflicts
from pulse.conflicts.schemas import (
    Action,
    ManyResolution,
    ManyResolved,
    OneOfMany,
    Resolution,
    Resolved,
    Side,
    TakeSide,
    TypeValue,
)
from pulse.conflicts.words import listed, told, told_of_many
from pulse.core.modules import DEALS
from pulse.edits import resolving
from pulse.edits.authors import author_of
from pulse.edits.connection import driver_connection
from pulse.edits.errors import conflict_not_found
from pulse.edits.records import lock_record
from pulse.edits.validation import check, invalid_fields
from pulse.fields.field_book import label_of, read_field_book
from pulse.kit.errors import ConflictError, InvalidInputError, PulseError
from pulse.models import Deal
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.sync import RecordStatus
    from pulse.edits.authors import Author
    from pulse.edits.reading import LocalChange
    from pulse.fields.field_book import FieldBook
    from pulse.sync.domain.merge import Value
    from pulse.web.access import Principal

AT_A_TIME: Final = 500
"""Records of a selection that one request settles: it is one transaction, and holds their rows."""

_ON_FIELDS: Final = {
    Action.USE_CRM: resolving.use_crm,
    Action.USE_LOCAL: resolving.use_local,
    Action.SKIP: resolving.skip,
    Action.UNSKIP: resolving.unskip,
}
RESOLVED: Final = "conflict.resolved"
_AUDITED_AS: Final = {
    Action.SKIP: "conflict.skipped",
    Action.UNSKIP: "conflict.unskipped",
}


def moved_on(record_id: int) -> ConflictError:
    """Return the error for a decision about values that are not the present ones any more."""
    return ConflictError(
        f"The conflict of record {record_id} has moved on since you looked at it.",
        code="conflict_moved_on",
        fix="Look at its present values and decide again.",
        extra={"record_id": str(record_id)},
    )


def undecided(labels: Sequence[str], api_names: Sequence[str]) -> InvalidInputError:
    """Return the error for a merge that leaves fields open."""
    return InvalidInputError(
        f"To merge, decide every field: {listed(labels)} {'is' if len(labels) == 1 else 'are'}"
        " left.",
        code="undecided_fields",
        fix='Send {"use": "crm"}, {"use": "local"} or {"value": …} for each of them.',
        extra={"fields": ", ".join(api_names)},
    )


def misplaced_fields(action: Action) -> InvalidInputError:
    """Return the error for `fields` of a form that the action does not take."""
    if action is Action.MERGE:
        return InvalidInputError(
            "fields: to merge, each field needs its decision.",
            code="invalid_fields",
            fix='Send an object: API name → {"use": "crm"}, {"use": "local"} or {"value": …}.',
            extra={"field": "fields"},
        )
    return InvalidInputError(
        f"fields: {action} takes a list of API names, or nothing for all fields.",
        code="invalid_fields",
        fix="Send a list, or use the action merge to decide field by field.",
        extra={"field": "fields"},
    )


def no_selection() -> InvalidInputError:
    """Return the error for a selection that names records and a filter, or neither."""
    return InvalidInputError(
        "Say which conflicts: either ids or filter.",
        code="no_selection",
        fix="Send ids (up to 500), or filter ({} means all that are not skipped).",
        extra={"field": "ids"},
    )


async def resolve(
    db: AsyncSession, who: Principal, record_id: int, wanted: Resolution, now: datetime
) -> Resolved:
    """Settle a record's conflicts and audit it; the caller commits.

    Raises NotFoundError `record_not_found` and `conflict_not_found` (somebody was faster),
    ConflictError `conflict_moved_on` and `crm_is_read_only`, InvalidInputError.
    """
    book = await read_field_book(db)
    status, message = await _resolve(db, who, book, record_id, wanted)
    return Resolved(message=message, conflict_id=str(record_id), new_status=status, resolved_at=now)


async def resolve_many(
    db: AsyncSession, who: Principal, wanted: ManyResolution, now: datetime
) -> ManyResolved:
    """Settle the conflicts of a selection; each record is done whole or left alone, and told."""
    if (wanted.ids is None) == (wanted.filter is None):
        raise no_selection()
    book = await read_field_book(db)
    action = Action(wanted.action)
    total = 0
    if wanted.filter is not None:
        total = (await count_conflicts(db, wanted.filter)).records
        ids = list(await claim_conflicts(db, wanted.filter, AT_A_TIME))
    else:
        # In order of id, as every writer locks records.
        ids = sorted({int(each) for each in wanted.ids or ()})
    results = []
    for record_id in ids:
        one = Resolution(action=action, version=wanted.versions.get(str(record_id)))
        results.append(await _one_of_many(db, who, book, record_id, one))
    failed = sum(each.code is not None for each in results)
    remaining = max(0, total - len(ids))
    return ManyResolved(
        message=told_of_many(action, len(results) - failed, failed, remaining),
        resolved=len(results) - failed,
        failed=failed,
        remaining=remaining,
        results=results,
        resolved_at=now,
    )


async def _one_of_many(
    db: AsyncSession, who: Principal, book: FieldBook, record_id: int, wanted: Resolution
) -> OneOfMany:
    try:
        async with db.begin_nested():
            status, message = await _resolve(db, who, book, record_id, wanted)
    except PulseError as error:
        return OneOfMany(id=str(record_id), new_status=None, code=error.code, message=error.detail)
    return OneOfMany(id=str(record_id), new_status=status, code=None, message=message)


async def _resolve(
    db: AsyncSession, who: Principal, book: FieldBook, record_id: int, wanted: Resolution
) -> tuple[RecordStatus, str]:
    # Before anything is read: what is decided about stays as it is until the commit.
    await lock_record(await driver_connection(db), DEALS, record_id)
    clashes = {each.field: each for each in await clashes_of(db, record_id)}
    if not clashes:
        raise conflict_not_found(record_id)
    if wanted.version is not None and wanted.version != version_of(list(clashes.values())):
        raise moved_on(record_id)
    author = author_of(who)
    decided: Mapping[str, object]
    if wanted.action is Action.MERGE:
        status, decided = await _merge(db, book, record_id, clashes, wanted, author)
    else:
        if isinstance(wanted.fields, dict):
            raise misplaced_fields(wanted.action)
        names = list(dict.fromkeys(wanted.fields)) if wanted.fields else list(clashes)
        status = await _ON_FIELDS[wanted.action](db, DEALS, record_id, names, author)
        decided = dict.fromkeys(names, wanted.action.value)
    await audit(
        db,
        who,
        _AUDITED_AS.get(wanted.action, RESOLVED),
        kind="deal",
        subject=str(record_id),
        name=await db.scalar(select(Deal.name).where(Deal.id == record_id)),
        before={name: _sides(clashes[name]) for name in decided},
        after=decided,
    )
    labels = [label_of(field_named(book, name)) for name in decided]
    is_gone = any(clashes[name].is_record_gone for name in decided)
    return status, told(wanted.action, labels, status, is_record_gone=is_gone)


def _sides(change: LocalChange) -> dict[str, object]:
    return {
        "local": change.value,
        "crm": change.crm_value,
        "is_base_known": change.is_base_known,
        "edited_by": change.author_name,
        "edited_by_id": change.author_id,
        "edited_at": change.edited_at,
    }


async def _merge(
    db: AsyncSession,
    book: FieldBook,
    record_id: int,
    clashes: Mapping[str, LocalChange],
    wanted: Resolution,
    author: Author,
) -> tuple[RecordStatus, Mapping[str, object]]:
    """Settle every field by its own decision; return the record's status and what was decided."""
    if not isinstance(wanted.fields, dict):
        raise misplaced_fields(wanted.action)
    for name in wanted.fields:
        if name not in clashes:
            raise conflict_not_found(record_id, name)
    left = [name for name in clashes if name not in wanted.fields]
    if left:
        raise undecided([label_of(field_named(book, name)) for name in left], left)
    typed = {
        name: decision.value
        for name, decision in wanted.fields.items()
        if isinstance(decision, TypeValue)
    }
    values = await _checked(db, record_id, typed)
    of_crm, of_local = (
        [
            name
            for name, decision in wanted.fields.items()
            if isinstance(decision, TakeSide) and decision.use is side
        ]
        for side in (Side.CRM, Side.LOCAL)
    )
    statuses = []
    if of_crm:
        statuses.append(await resolving.use_crm(db, DEALS, record_id, of_crm, author))
    if values:
        statuses.append(await resolving.use_values(db, DEALS, record_id, values, author))
    if of_local:
        statuses.append(await resolving.use_local(db, DEALS, record_id, of_local, author))
    decided = {
        name: {"value": values[name]}
        if isinstance(decision, TypeValue)
        else f"use_{decision.use.value}"
        for name, decision in wanted.fields.items()
    }
    return statuses[-1], decided


async def _checked(
    db: AsyncSession, record_id: int, typed: Mapping[str, object]
) -> Mapping[str, Value]:
    """Return typed values in canonical form. Raises InvalidFieldsError."""
    if not typed:
        return {}
    checked = await check(db, DEALS, record_id, typed)
    if checked.problems:
        raise invalid_fields(checked.problems)
    return checked.values
