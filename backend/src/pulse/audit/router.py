"""Routes of the audit log, for admins."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime

from pulse.audit.schemas import AuditChoices, AuditLine, AuditPage, AuditPerson
from pulse.audit.service import AuditFilter, choices, entries
from pulse.core.access import Role, Via
from pulse.models import AuditEntry
from pulse.web.access import Admin
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS

router = APIRouter(prefix="/api/audit", tags=["audit"], responses=DATABASE_PROBLEMS)

_MOST_ID = 2**63 - 1


def _line(entry: AuditEntry) -> AuditLine:
    return AuditLine(
        id=str(entry.id),
        at=entry.at,
        user_id=entry.user_id,
        user_name=entry.user_name,
        role=Role(entry.role),
        via=Via(entry.via),
        address=entry.address,
        action=entry.action,
        kind=entry.kind,
        subject=entry.subject,
        name=entry.name,
        before=entry.before,
        after=entry.after,
    )


def _filter(
    person: Annotated[list[UUID], Query(default_factory=list, description="Ids of users.")],
    action: Annotated[list[str], Query(default_factory=list)],
    kind: Annotated[list[str], Query(default_factory=list)],
    subject: str | None = None,
    since: Annotated[AwareDatetime | None, Query(description="From then on.")] = None,
    before: Annotated[AwareDatetime | None, Query(description="Until then, not at it.")] = None,
) -> AuditFilter:
    return AuditFilter(tuple(person), tuple(action), tuple(kind), subject, since, before)


@router.get("", summary="Who wrote what, newest first")
async def get_audit_log(
    _: Admin,
    db: ReadDb,
    wanted: Annotated[AuditFilter, Depends(_filter)],
    older_than: Annotated[
        int | None, Query(ge=1, le=_MOST_ID, description="Id of the last line of the page before.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> AuditPage:
    """Return a page of the log; a filter given more than once means any of its values."""
    found, has_more = await entries(db, wanted, limit, older_than)
    return AuditPage(items=[_line(entry) for entry in found], has_more=has_more)


@router.get("/choices", summary="What the log can be filtered by")
async def get_audit_choices(_: Admin, db: ReadDb) -> AuditChoices:
    """Return the actions, kinds and people that stand in the log."""
    actions, kinds, people = await choices(db)
    return AuditChoices(
        actions=list(actions),
        kinds=list(kinds),
        people=[AuditPerson(id=each, name=name) for each, name in people],
    )
