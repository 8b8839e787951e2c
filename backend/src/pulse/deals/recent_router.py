"""The route of recent changes."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from pulse.deals.recent import recent_changes
from pulse.deals.recent_schemas import RecentChanges
from pulse.web.access import Viewer
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS

router = APIRouter(prefix="/api/changes", tags=["dashboard"], responses=DATABASE_PROBLEMS)

_GREATEST_ID: Final = 2**63 - 1


@router.get("/recent", summary="Changes of deals as they arrived")
async def get_recent_changes(
    _: Viewer,
    db: ReadDb,
    limit: Annotated[int, Query(ge=1, le=100, description="Entries at most.")] = 20,
    before: Annotated[
        int | None,
        Query(ge=1, le=_GREATEST_ID, description="As the answer before this one gave it."),
    ] = None,
) -> RecentChanges:
    """Return who changed what in which deal, newest first, whichever side it came from."""
    return await recent_changes(db, before, limit)
