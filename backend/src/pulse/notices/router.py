"""Routes of notices: what the bell shows."""

from typing import Annotated

from fastapi import APIRouter, Query

from pulse.notices import service
from pulse.notices.schemas import Notices, ReadUpTo
from pulse.web.access import Viewer
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS

router = APIRouter(prefix="/api/notices", tags=["notices"], responses=DATABASE_PROBLEMS)

_SHOWN = 20


@router.get("", summary="What people of your role were told, newest first")
async def get_notices(
    who: Viewer,
    db: ReadDb,
    limit: Annotated[int, Query(ge=1, le=100, description="Notices shown.")] = _SHOWN,
) -> Notices:
    """Return the newest notices and how many of all are unread."""
    return await service.read_notices(db, who, limit)


@router.post("/read", summary="Mark notices as read")
async def read_notices(who: Viewer, wanted: ReadUpTo, db: WriteDb) -> Notices:
    """Note that every notice up to one was seen; it never goes back."""
    return await service.mark_read(db, who, int(wanted.up_to), _SHOWN)
