"""Routes of the Dashboard."""

from fastapi import APIRouter

from pulse.dashboard import service
from pulse.dashboard.schemas import Dashboard
from pulse.web.access import Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb
from pulse.web.errors import DATABASE_PROBLEMS

router = APIRouter(prefix="/api", tags=["dashboard"], responses=DATABASE_PROBLEMS)


@router.get("/dashboard", summary="What the pipeline is worth")
async def get_dashboard(_: Viewer, db: ReadDb, clock: ClockOf) -> Dashboard:
    """Totals of the open pipeline by stage and country, and how they moved in seven days."""
    return await service.dashboard(db, clock.now())
