"""Routes of what people add to opportunities: comments, blockers, action items."""

from http import HTTPStatus
from typing import Annotated, Final

from fastapi import APIRouter, Path
from pydantic import WithJsonSchema

from pulse.models import O2rBlocker
from pulse.o2r import actions, blockers, comments
from pulse.o2r.actions_schemas import ActionChange, ActionItem, NewAction, People, Person
from pulse.o2r.notes_schemas import Blocker, BlockerResolution, Comment, NewBlocker, NewComment
from pulse.o2r.notes_showing import action_item, blocker_shown, comment_shown
from pulse.o2r.opportunities_known import deal_not_found
from pulse.o2r.opportunities_router import DealId
from pulse.queries.today import organisation_today, organisation_zone
from pulse.web.access import Editor, Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/o2r", tags=["o2r"], responses=DATABASE_PROBLEMS)

_NO_DEAL: Final = problems(deal_not_found(554023000000235001))
_NO_COMMENT: Final = problems(comments.comment_not_found(7))
_NOT_YOURS: Final = problems(comments.not_your_comment("Arjun Mehta"))
_NO_BLOCKER: Final = problems(blockers.blocker_not_found(3))
_TOO_LATE: Final = problems(blockers.too_late_to_undo())
_NO_ACTION: Final = problems(actions.action_not_found(12))
_NO_OWNER: Final = problems(actions.unknown_owner())

_AS_TEXT: Final = WithJsonSchema({"type": "string", "pattern": "^[0-9]{1,19}$"})
_GREATEST_ID: Final = 2**63 - 1
CommentId = Annotated[int, Path(ge=1, le=_GREATEST_ID, description="The comment's id."), _AS_TEXT]
BlockerId = Annotated[int, Path(ge=1, le=_GREATEST_ID, description="The blocker's id."), _AS_TEXT]
ActionId = Annotated[
    int, Path(ge=1, le=_GREATEST_ID, description="The action item's id."), _AS_TEXT
]


@router.post(
    "/opportunities/{deal_id}/comments",
    summary="Comment on a deal",
    status_code=HTTPStatus.CREATED,
    responses=_NO_DEAL,
)
async def add_comment(
    who: Editor, deal_id: DealId, wanted: NewComment, db: WriteDb, clock: ClockOf
) -> Comment:
    """Add a comment; it counts as an update of the deal."""
    return comment_shown(
        await comments.add_comment(db, who, deal_id, wanted.text, clock.now()), who
    )


@router.patch(
    "/comments/{comment_id}",
    summary="Rewrite a comment",
    responses=merged(_NO_COMMENT, _NOT_YOURS),
)
async def rewrite_comment(
    who: Editor, comment_id: CommentId, wanted: NewComment, db: WriteDb, clock: ClockOf
) -> Comment:
    """Replace the words of a comment of your own."""
    return comment_shown(
        await comments.rewrite_comment(db, who, comment_id, wanted.text, clock.now()), who
    )


@router.delete(
    "/comments/{comment_id}",
    summary="Delete a comment",
    responses=merged(_NO_COMMENT, _NOT_YOURS),
)
async def delete_comment(
    who: Editor, comment_id: CommentId, db: WriteDb, clock: ClockOf
) -> Comment:
    """Hide a comment; it can be taken back."""
    return comment_shown(await comments.delete_comment(db, who, comment_id, clock.now()), who)


@router.post(
    "/comments/{comment_id}/restore",
    summary="Take the deletion of a comment back",
    responses=merged(_NO_COMMENT, _NOT_YOURS),
)
async def restore_comment(who: Editor, comment_id: CommentId, db: WriteDb) -> Comment:
    """Show a deleted comment again."""
    return comment_shown(await comments.restore_comment(db, who, comment_id), who)


@router.post(
    "/opportunities/{deal_id}/blockers",
    summary="Open a blocker",
    status_code=HTTPStatus.CREATED,
    responses=_NO_DEAL,
)
async def open_blocker(
    who: Editor, deal_id: DealId, wanted: NewBlocker, db: WriteDb, clock: ClockOf
) -> Blocker:
    """Say what holds a deal up: its health is blocked until that is resolved."""
    return await _blocker(
        db, await blockers.open_blocker(db, who, deal_id, wanted.title, clock.now()), clock
    )


@router.post(
    "/blockers/{blocker_id}/resolve",
    summary="Resolve a blocker",
    responses=merged(_NO_BLOCKER, problems(blockers.blocker_resolved("Arjun Mehta"))),
)
async def resolve_blocker(
    who: Editor, blocker_id: BlockerId, wanted: BlockerResolution, db: WriteDb, clock: ClockOf
) -> Blocker:
    """End a blocker, and say how."""
    found = await blockers.resolve_blocker(db, who, blocker_id, wanted.resolution, clock.now())
    return await _blocker(db, found, clock)


@router.post(
    "/blockers/{blocker_id}/reopen",
    summary="Take a resolution back",
    responses=merged(_NO_BLOCKER, _TOO_LATE),
)
async def reopen_blocker(
    who: Editor, blocker_id: BlockerId, db: WriteDb, clock: ClockOf
) -> Blocker:
    """Undo a resolution within 15 minutes; one that is back later is a new blocker."""
    return await _blocker(
        db, await blockers.reopen_blocker(db, who, blocker_id, clock.now()), clock
    )


@router.delete(
    "/blockers/{blocker_id}",
    summary="Take the opening of a blocker back",
    responses=merged(_NO_BLOCKER, _TOO_LATE),
)
async def withdraw_blocker(
    who: Editor, blocker_id: BlockerId, db: WriteDb, clock: ClockOf
) -> Blocker:
    """Undo an opening within 15 minutes, as if it never was."""
    return await _blocker(
        db, await blockers.withdraw_blocker(db, who, blocker_id, clock.now()), clock
    )


@router.get("/people", summary="Who can own action items")
async def list_people(
    who: Viewer,  # noqa: ARG001 - the role alone is asked for
    db: ReadDb,
) -> People:
    """Return everybody who may log in, by name."""
    return People(items=[Person(id=key, name=name) for key, name in await actions.read_people(db)])


@router.post(
    "/actions",
    summary="Add an action item",
    status_code=HTTPStatus.CREATED,
    responses=merged(_NO_DEAL, _NO_OWNER),
)
async def add_action(who: Editor, wanted: NewAction, db: WriteDb, clock: ClockOf) -> ActionItem:
    """Add something to be done for a deal, or in general."""
    return await _action(db, await actions.add_action(db, who, wanted, clock.now()), clock)


@router.patch(
    "/actions/{action_id}",
    summary="Change an action item",
    responses=merged(_NO_ACTION, _NO_OWNER),
)
async def change_action(
    who: Editor, action_id: ActionId, wanted: ActionChange, db: WriteDb, clock: ClockOf
) -> ActionItem:
    """Check it off or open it again; change its words, priority, owner and due date."""
    found = await actions.change_action(db, who, action_id, wanted, clock.now())
    return await _action(db, found, clock)


@router.delete("/actions/{action_id}", summary="Delete an action item", responses=_NO_ACTION)
async def delete_action(
    who: Editor, action_id: ActionId, db: WriteDb, clock: ClockOf
) -> ActionItem:
    """Hide an action item; it can be taken back."""
    return await _action(db, await actions.delete_action(db, who, action_id, clock.now()), clock)


@router.post(
    "/actions/{action_id}/restore",
    summary="Take the deletion of an action item back",
    responses=_NO_ACTION,
)
async def restore_action(
    who: Editor, action_id: ActionId, db: WriteDb, clock: ClockOf
) -> ActionItem:
    """Show a deleted action item again."""
    return await _action(db, await actions.restore_action(db, who, action_id, clock.now()), clock)


async def _action(db: WriteDb, found: actions.OwnedAction, clock: ClockOf) -> ActionItem:
    return action_item(found, await organisation_today(db, clock.now()))


async def _blocker(db: WriteDb, found: O2rBlocker, clock: ClockOf) -> Blocker:
    zone = await organisation_zone(db)
    return blocker_shown(found, clock.now().astimezone(zone).date(), zone)
