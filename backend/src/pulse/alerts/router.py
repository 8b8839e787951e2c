"""Routes of data quality alerts."""

from typing import Annotated, Final

from fastapi import APIRouter, Query

from pulse.alerts import acknowledging, reading
from pulse.alerts.schemas import AlertChoice, AlertPage, AlertsChanged, AlertState, OpenAlerts
from pulse.asking.request import Asked
from pulse.asking.scope import day_of, read_scope
from pulse.core.alerts import AlertRule
from pulse.queries.asked_deals import UNREADABLE
from pulse.web.access import Editor, Viewer
from pulse.web.clock import ClockOf
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.paging import Paging
from pulse.web.problems import problems

router = APIRouter(prefix="/api/alerts", tags=["alerts"], responses=DATABASE_PROBLEMS)

_UNKNOWN: Final = problems(acknowledging.alert_not_found(417))


@router.get("", summary="Changes of deals that passed a threshold", responses=problems(UNREADABLE))
async def get_alerts(
    _: Viewer,
    db: ReadDb,
    clock: ClockOf,
    asked: Asked,
    page: Paging,
    status: Annotated[AlertState, Query(description="Which alerts.")] = AlertState.OPEN,
    rule: Annotated[list[AlertRule], Query(description="Of these rules; without it of all.")] = [],  # noqa: B006 - FastAPI copies it
    deal: Annotated[
        str | None,
        Query(pattern=r"^([1-9]\d{0,17}|[1-8]\d{18})$", description="Of one deal, by its CRM id."),
    ] = None,
) -> AlertPage:
    """Return a page of the alerts of deals that match the filters, latest change first."""
    scope = await read_scope(db)
    question = reading.AlertQuestion(
        wanted=asked.on(day_of(clock.now(), scope)),
        state=status,
        rules=tuple(rule),
        deal_id=None if deal is None else int(deal),
        page=page,
    )
    return await reading.list_alerts(db, question, scope)


@router.get("/open", summary="How many alerts nobody has acknowledged")
async def get_open_alerts(_: Viewer, db: ReadDb) -> OpenAlerts:
    """Return the count that stands in the sidebar, by rule, and the thresholds in force."""
    return await reading.open_alerts(db)


@router.post("/acknowledge", summary="Acknowledge alerts", responses=_UNKNOWN)
async def acknowledge_alerts(
    who: Editor, wanted: AlertChoice, db: WriteDb, clock: ClockOf
) -> AlertsChanged:
    """Note that you have seen to alerts, all or none; who acknowledged one first stays noted."""
    ids = sorted({int(each) for each in wanted.ids})
    return await acknowledging.acknowledge(db, who, ids, clock.now())


@router.post("/unacknowledge", summary="Open alerts again", responses=_UNKNOWN)
async def unacknowledge_alerts(who: Editor, wanted: AlertChoice, db: WriteDb) -> AlertsChanged:
    """Take an acknowledgement back, all or none."""
    return await acknowledging.unacknowledge(db, who, sorted({int(each) for each in wanted.ids}))
