"""Create and change custom fields in the CRM: what is asked, in words what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select

from pulse.connection.custom_field_schemas import (
    ChangedField,
    CreatedFields,
    FieldResult,
    OptionIn,
    OwnedFieldLine,
    OwnedFields,
    SkippedLine,
    WriteBackLine,
)
from pulse.connection.field_errors import (
    LOST_FIX,
    field_in_doubt,
    field_not_custom,
    field_not_found,
    field_refused,
    fix_of,
)
from pulse.connection.owned_fields import owned_field_states, take_over
from pulse.connection.scopes import FIELD_SCOPES, uncovered
from pulse.connection.service import read_connection
from pulse.connection.write_back import write_back_report
from pulse.core.custom_fields import FieldChange, FieldOption, NewField, NewFieldType
from pulse.core.modules import DEALS
from pulse.core.owned import WRITTEN_ROLES, FieldFault
from pulse.edits.connection import driver_connection
from pulse.edits.records import refuse_read_only
from pulse.models import CrmField
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.connection.owned_fields import OwnedFieldState
    from pulse.connection.ports import FieldMaker
    from pulse.core.custom_fields import FieldOutcome
    from pulse.core.owned import OwnedFieldSpec, OwnedRole
    from pulse.web.access import Principal
    from pulse.web.database import Database

FIELDS_A_CALL: Final = 5
_CREATABLE: Final = frozenset({FieldFault.MISSING, FieldFault.REMOVED})

_FAULT_WORDS: Final[Mapping[FieldFault, tuple[str, str]]] = {
    FieldFault.MISSING: ("The CRM has no such field yet.", "Create it."),
    FieldFault.REMOVED: ("Somebody deleted the field in the CRM.", "Create it again."),
    FieldFault.NAME_TAKEN: (
        "Another field of the CRM, {api_name}, has this name and cannot stand for it.",
        "Rename that field in the CRM, then create ours.",
    ),
    FieldFault.WRONG_TYPE: (
        "The field is of the type {data_type}.",
        "Delete it in the CRM and create it here again.",
    ),
    FieldFault.WRONG_VALUES: (
        "The picklist lacks some of our values.",
        "Add them in the CRM, or with PATCH /api/crm/fields/{field_id}.",
    ),
    FieldFault.NOT_WRITABLE: ("{reason}", "Let the connected user's profile edit the field."),
}


async def create_owned(
    database: Database,
    maker: FieldMaker,
    read_fields: Callable[[], Awaitable[None]],
    who: Principal,
) -> CreatedFields:
    """Create those of the product's own fields that are missing; what is there is taken over.

    The CRM's fields are read before, so that none is made twice, and after, for the API names.
    Raises ConflictError `crm_is_read_only`.
    """
    await _refuse_read_only(database)
    await read_fields()
    async with database.writing.begin() as db:
        taken = await take_over(db)
        states = await owned_field_states(db)
    wanted = [state.spec for state in states if state.fault in _CREATABLE]
    outcomes = await maker.create(DEALS, [_new_field(spec) for spec in wanted]) if wanted else ()
    if wanted:
        await read_fields()
    async with database.writing.begin() as db:
        # An answer that was lost may have created its field: it is found by its name.
        found = [*taken, *await take_over(db)]
        told = dict(zip((spec.role for spec in wanted), outcomes, strict=True))
        answer = _told(
            [_owned_result(state, told, found) for state in await owned_field_states(db)]
        )
        await _audit_created(db, who, answer)
    return answer


async def create_others(
    database: Database,
    maker: FieldMaker,
    read_fields: Callable[[], Awaitable[None]],
    fields: Sequence[NewField],
    who: Principal,
) -> CreatedFields:
    """Create fields that a person describes; each is answered for itself.

    Raises ConflictError `crm_is_read_only`.
    """
    await _refuse_read_only(database)
    outcomes = await maker.create(DEALS, fields)
    await read_fields()
    async with database.writing.begin() as db:
        names = {
            row.field_id: row.api_name
            for row in await db.execute(
                select(CrmField.field_id, CrmField.api_name).where(CrmField.module == DEALS)
            )
        }
        answer = _told(
            [
                _result(field.label, None, outcome, names.get(outcome.field_id or 0))
                for field, outcome in zip(fields, outcomes, strict=True)
            ]
        )
        await _audit_created(db, who, answer)
    return answer


async def change_field(
    database: Database,
    maker: FieldMaker,
    read_fields: Callable[[], Awaitable[None]],
    change: FieldChange,
    who: Principal,
) -> ChangedField:
    """Change a custom field in the CRM and read back what it made of it.

    Raises NotFoundError, ConflictError (`crm_is_read_only`; `field_refused`, with the CRM's code
    and words), or UpstreamError (`answer_lost`).
    """
    await _refuse_read_only(database)
    async with database.reading.begin() as db:
        before = await _field(db, change.field_id)
    if not before.is_custom:
        raise field_not_custom(before.api_name)
    outcome = await maker.change(DEALS, change)
    if outcome.is_unknown:
        raise field_in_doubt()
    if outcome.code is not None:
        raise field_refused(outcome.code, outcome.message or outcome.code)
    await read_fields()
    async with database.writing.begin() as db:
        after = await _field(db, change.field_id)
        await audit(
            db,
            who,
            "custom_field.changed",
            kind="custom_field",
            subject=str(change.field_id),
            name=after.label,
            before={"label": before.label, "options": before.pick_list},
            after={"label": after.label, "options": after.pick_list, "tooltip": change.tooltip},
        )
        renamed = after.label != before.label
        return ChangedField(
            message=f"The field is called {after.label} now."
            if renamed
            else f"{after.label} was changed.",
            field_id=str(after.field_id),
            api_name=after.api_name,
            label=after.label,
            data_type=after.data_type,
        )


async def owned_fields_view(db: AsyncSession, now: datetime) -> OwnedFields:
    """Return the product's own fields by what was read last, and how the write-back stands."""
    states = await owned_field_states(db)
    missing = [state.spec.label for state in states if state.fault in _CREATABLE]
    row = await read_connection(db)
    report = await write_back_report(db, now)
    return OwnedFields(
        fields=[_line(state) for state in states],
        missing=missing,
        validation_passed=all(state.fault is None for state in states),
        may_create=not uncovered(FIELD_SCOPES, row.scopes)
        if row is not None and row.scopes
        else None,
        calls_to_create=-(-len(missing) // FIELDS_A_CALL),
        refreshed_at=await db.scalar(
            select(func.max(CrmField.refreshed_at)).where(CrmField.module == DEALS)
        ),
        write_back=WriteBackLine(
            is_on=report.is_on,
            is_paused_by_mode=report.is_paused_by_mode,
            records_written=report.records_written,
            last_at=None if report.last is None else report.last.ended_at,
            last_records=None if report.last is None else report.last.records,
            trouble=None if report.last is None else report.last.trouble,
            credits_today=report.credits_spent,
            credits_allowed=report.credits_allowed,
            skipped=report.skipped,
            skips=[
                SkippedLine(
                    record_id=str(skip.record_id),
                    name=skip.name,
                    code=skip.code,
                    message=skip.message,
                    next_try_at=skip.next_try_at,
                )
                for skip in report.skips
            ],
        ),
    )


async def _refuse_read_only(database: Database) -> None:
    async with database.reading.begin() as db:
        await refuse_read_only(await driver_connection(db))


async def _field(db: AsyncSession, field_id: int) -> CrmField:
    row = await db.scalar(
        select(CrmField).where(
            CrmField.module == DEALS, CrmField.field_id == field_id, CrmField.removed_at.is_(None)
        )
    )
    if row is None:
        raise field_not_found(field_id)
    return row


def _new_field(spec: OwnedFieldSpec) -> NewField:
    return NewField(
        spec.label,
        NewFieldType(spec.data_type),
        f"{spec.tells} Kept by Pipeline Pulse.",
        spec.length,
        tuple(FieldOption(label, value) for value, label in spec.options),
    )


def _owned_result(
    state: OwnedFieldState, told: Mapping[OwnedRole, FieldOutcome], found: Sequence[OwnedRole]
) -> FieldResult:
    spec, field = state.spec, state.field
    outcome = told.get(spec.role)
    if state.fault is None and field is not None:
        made = outcome is not None and (outcome.field_id is not None or outcome.is_unknown)
        there = "taken_over" if spec.role in found else "present"
        return FieldResult(
            label=spec.label,
            role=spec.role,
            status="created" if made else there,
            field_id=str(field.field_id),
            api_name=field.api_name,
        )
    if outcome is not None and outcome.field_id is None:
        return _result(spec.label, spec.role, outcome, None)
    message, fix = fault_words(state)
    return FieldResult(
        label=spec.label,
        role=spec.role,
        status="failed",
        field_id=None if field is None else str(field.field_id),
        api_name=None if field is None else field.api_name,
        code=None if state.fault is None else state.fault.value,
        message=message,
        fix=fix,
    )


def _result(
    label: str, role: OwnedRole | None, outcome: FieldOutcome, api_name: str | None
) -> FieldResult:
    if outcome.is_unknown:
        return FieldResult(
            label=label,
            role=role,
            status="unknown",
            message="The CRM did not say whether it created the field.",
            fix=LOST_FIX,
        )
    if outcome.field_id is None:
        return FieldResult(
            label=label,
            role=role,
            status="failed",
            code=outcome.code,
            message=outcome.message,
            fix=fix_of(outcome.code or ""),
        )
    return FieldResult(
        label=label,
        role=role,
        status="created",
        field_id=str(outcome.field_id),
        api_name=api_name,
    )


def fault_words(state: OwnedFieldState) -> tuple[str | None, str | None]:
    """Return what is wrong with a field and what to do, as sentences."""
    if state.fault is None:
        return None, None
    message, fix = _FAULT_WORDS[state.fault]
    facts = {
        "api_name": "" if state.field is None else state.field.api_name,
        "data_type": "" if state.field is None else state.field.data_type,
        "field_id": "" if state.field is None else str(state.field.field_id),
        "reason": state.reason or "The connected user may not edit the field.",
    }
    return message.format(**facts), fix.format(**facts)


def _told(results: list[FieldResult]) -> CreatedFields:
    created = sum(result.status in {"created", "taken_over"} for result in results)
    failed = sum(result.status in {"failed", "unknown"} for result in results)
    words = f"{created} {'field' if created == 1 else 'fields'} created"
    if not created and not failed:
        words = "All fields are there"
    return CreatedFields(
        message=f"{words}, {failed} refused." if failed else f"{words}.",
        created=created,
        failed=failed,
        fields=results,
    )


async def _audit_created(db: AsyncSession, who: Principal, answer: CreatedFields) -> None:
    for result in answer.fields:
        if result.status in {"created", "taken_over"}:
            await audit(
                db,
                who,
                "custom_field.created",
                kind="custom_field",
                subject=result.field_id,
                name=result.label,
                after={"api_name": result.api_name, "role": result.role},
            )


def _line(state: OwnedFieldState) -> OwnedFieldLine:
    spec, field = state.spec, state.field
    message, fix = fault_words(state)
    return OwnedFieldLine(
        role=spec.role,
        label=spec.label,
        data_type=spec.data_type,
        tells=spec.tells,
        is_written=spec.role in WRITTEN_ROLES,
        options=[OptionIn(label=label, value=value) for value, label in spec.options],
        fault=state.fault,
        field_id=None if field is None else str(field.field_id),
        api_name=None if field is None else field.api_name,
        crm_label=None if field is None else field.label,
        message=message,
        fix=fix,
    )
