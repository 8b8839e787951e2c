"""Routes of saved views."""

from http import HTTPStatus
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query

from pulse.analysis import views
from pulse.analysis.views_query import ViewPage
from pulse.analysis.views_schemas import NewView, SavedView, SavedViews, ViewChange
from pulse.queries.deal_filters import InvalidFilterError
from pulse.web.access import Principal, Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.examples import EXAMPLE_ID
from pulse.web.paging import Paging
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/views", tags=["views"], responses=DATABASE_PROBLEMS)

_UNREADABLE: Final = InvalidFilterError(
    "query: closing: input should be 'current_month' or 'current_quarter'.",
    fix="Take the filters from the address of the deals table, as `stage=Negotiation`.",
    extra={"field": "query", "parameter": "closing"},
)
_NOT_FOUND: Final = problems(views.view_not_found(EXAMPLE_ID))
_NOT_YOURS: Final = problems(views.not_your_view("Priya Raghunathan"))
_TAKEN: Final = problems(views.name_taken("Monday pipeline"))
_FULL: Final = problems(views.too_many_views())


def _answer(found: views.Owned, who: Principal) -> SavedView:
    view, owner = found
    return SavedView(
        id=view.id,
        page=ViewPage(view.page),
        name=view.name,
        query=view.query,
        is_shared=view.is_shared,
        owner=owner,
        is_mine=view.owner_id == who.user_id,
        may_change=views.may_change(who, view),
        created_at=view.created_at,
        updated_at=view.updated_at,
    )


@router.get("", summary="Your saved views and those that others share")
async def get_views(
    who: Viewer,
    db: ReadDb,
    paging: Paging,
    page: Annotated[ViewPage | None, Query(description="Of one page only.")] = None,
) -> SavedViews:
    """Return a part of the views that the caller can open, by name."""
    count, rows = await views.list_views(db, who, page, paging)
    return SavedViews(
        count=count,
        items=[_answer(row, who) for row in rows],
        limit=paging.limit,
        offset=paging.offset,
        has_more=paging.offset + len(rows) < count,
    )


@router.post(
    "",
    summary="Save a view",
    status_code=HTTPStatus.CREATED,
    responses=merged(problems(_UNREADABLE), _TAKEN, _FULL),
)
async def save_view(who: Viewer, wanted: NewView, db: WriteDb, clock: ClockOf) -> SavedView:
    """Keep the address of a page under a name, for the caller or for everybody."""
    return _answer(await views.save_view(db, who, wanted, clock.now()), who)


@router.get("/{view_id}", summary="One saved view", responses=_NOT_FOUND)
async def get_view(who: Viewer, view_id: UUID, db: ReadDb) -> SavedView:
    """Return a view of the caller's own, or one that is shared."""
    return _answer(await views.read_view(db, who, view_id), who)


@router.patch(
    "/{view_id}",
    summary="Rename, share or replace a saved view",
    responses=merged(problems(_UNREADABLE), _NOT_FOUND, _NOT_YOURS, _TAKEN),
)
async def change_view(
    who: Viewer, view_id: UUID, wanted: ViewChange, db: WriteDb, clock: ClockOf
) -> SavedView:
    """Change what is given of a view; its owner and admins may."""
    return _answer(await views.change_view(db, who, view_id, wanted, clock.now()), who)


@router.delete(
    "/{view_id}",
    summary="Delete a saved view",
    responses=merged(_NOT_FOUND, _NOT_YOURS),
)
async def delete_view(who: Viewer, view_id: UUID, db: WriteDb, clock: ClockOf) -> SavedView:
    """Delete a view and return what it was; for 30 days it can be taken back."""
    return _answer(await views.delete_view(db, who, view_id, clock.now()), who)


@router.post(
    "/{view_id}/restore",
    summary="Take the deletion of a view back",
    responses=merged(_NOT_FOUND, _TAKEN, _FULL),
)
async def restore_view(who: Viewer, view_id: UUID, db: WriteDb) -> SavedView:
    """Bring a deleted view back under its id, so that addresses that name it work again."""
    return _answer(await views.restore_view(db, who, view_id), who)
