"""Routes of conflicts: the queue, one record, and how they are settled."""

from typing import Annotated

from fastapi import APIRouter, Path, Query

from pulse.conflicts import reading, service, undoing
from pulse.conflicts.schemas import (
    Action,
    Conflict,
    ConflictChoice,
    ConflictPage,
    ManyResolution,
    ManyResolved,
    Resolution,
    Resolved,
)
from pulse.edits import errors
from pulse.edits.validation import invalid_fields
from pulse.web.access import Editor, Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.paging import Paging
from pulse.web.problems import problems

router = APIRouter(
    prefix="/api/sync-status/conflicts", tags=["conflicts"], responses=DATABASE_PROBLEMS
)

_EXAMPLE = 5725767000001482019

ConflictId = Annotated[
    str,
    Path(
        pattern=r"^([1-9]\d{0,17}|[1-8]\d{18})$",
        description="The CRM's id of the record in conflict.",
    ),
]
OwnerId = Annotated[
    str | None,
    Query(
        pattern=r"^([1-9]\d{0,17}|[1-8]\d{18})$", description="The CRM's id of the deal's owner."
    ),
]


@router.get("", summary="Fields that both sides changed, newest first")
async def get_conflicts(
    _: Viewer,
    db: ReadDb,
    page: Paging,
    field: Annotated[
        str | None, Query(max_length=100, description="API name of a field in conflict.")
    ] = None,
    owner: OwnerId = None,
    *,
    skipped: Annotated[bool, Query(description="Those that are hidden.")] = False,
) -> ConflictPage:
    """Return a page of the records in conflict, with both values, times and people."""
    return await reading.conflicts(
        db, ConflictChoice(field=field, owner=owner, skipped=skipped), page
    )


@router.post(
    "/resolve-all",
    summary="Settle the conflicts of a selection",
    responses=problems(service.no_selection()),
)
async def resolve_conflicts(
    who: Editor, wanted: ManyResolution, db: WriteDb, clock: ClockOf
) -> ManyResolved:
    """Do one thing with the conflicts of several records, 500 at a time; each is answered for.

    A record whose conflict cannot be settled is left as it is, and says why.
    """
    return await service.resolve_many(db, who, wanted, clock.now())


@router.get(
    "/{conflict_id}",
    summary="One record in conflict",
    responses=problems(errors.conflict_not_found(_EXAMPLE)),
)
async def get_conflict(_: Viewer, conflict_id: ConflictId, db: ReadDb) -> Conflict:
    """Return a record's conflict, skipped or not."""
    return await reading.one_conflict(db, int(conflict_id))


@router.post(
    "/{conflict_id}/resolve",
    summary="Settle one record's conflicts",
    responses=problems(
        service.undecided(["Next step"], ["Next_Step"]),
        service.misplaced_fields(Action.MERGE),
        invalid_fields(),
        errors.nothing_to_restore_with("Next_Step"),
        errors.record_not_found("Deals", _EXAMPLE),
        errors.conflict_not_found(_EXAMPLE, "Next_Step"),
        service.moved_on(_EXAMPLE),
        errors.crm_is_read_only(),
    ),
)
async def resolve_conflict(
    who: Editor, conflict_id: ConflictId, wanted: Resolution, db: WriteDb, clock: ClockOf
) -> Resolved:
    """Let a side win, merge field by field or by typed values, skip, or show again.

    What is to go to the CRM is queued: one that the CRM refuses comes back as a conflict that says
    why. Of a record that was deleted there, `use_crm` drops the edits and `use_local` restores it.
    """
    return await service.resolve(db, who, int(conflict_id), wanted, clock.now())


@router.post(
    "/{conflict_id}/undo",
    summary="Take back a decision for the CRM's values",
    responses=problems(
        undoing.cannot_be_undone(_EXAMPLE),
        errors.edited_since(_EXAMPLE, "Next_Step"),
        errors.record_not_found("Deals", _EXAMPLE),
    ),
)
async def undo_resolution(
    who: Editor, conflict_id: ConflictId, db: WriteDb, clock: ClockOf
) -> Resolved:
    """Bring back the edits that your last decision gave up: they clash with the CRM again.

    Only a decision that let the CRM win can be undone; what goes to the CRM goes at once.
    """
    return await undoing.undo(db, who, int(conflict_id), clock.now())
