"""What `/api/analysis/stages` and the import of stage history give."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pulse.analytics.basis import BASIS_EXAMPLE, Basis
from pulse.analytics.stages.flow import outcome_of
from pulse.core.deal_filters import Outcome
from pulse.core.stage_history import ImportState
from pulse.sync.planner import Source
from pulse.web.money import Figure
from pulse.web.paging import Page

if TYPE_CHECKING:
    from pydantic.config import JsonDict

    from pulse.analytics.stages.deals import StayingDeal
    from pulse.analytics.stages.flow import Cycle, StageFlow
    from pulse.analytics.stages.report import StageReport
    from pulse.models import StageHistoryImport
    from pulse.queries.stages import SalesProcess

_PLACES = 4
_IMPORT: JsonDict = {
    "id": "019ab3e0-5a10-7c4e-8f52-0c6d2f1f7a10",
    "state": "completed",
    "requested_by": "first sync",
    "requested_at": "2026-03-02T09:31:00Z",
    "started_at": "2026-03-02T09:31:01Z",
    "finished_at": "2026-03-02T09:31:09Z",
    "source": "coql",
    "rows_read": 18240,
    "rows_total": 18240,
    "rows_kept": 18102,
    "credits": 31,
    "error_code": None,
    "error_message": None,
    "error_fix": None,
    "next_try_at": None,
}


class StageImport(BaseModel):
    """One import of the CRM's own stage history."""

    model_config = ConfigDict(json_schema_extra={"examples": [_IMPORT]})

    id: UUID
    state: ImportState
    requested_by: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    source: Source | None = Field(description="How the rows are read; null before that is known.")
    rows_read: int
    rows_total: int | None = Field(description="Null where the CRM does not count them.")
    rows_kept: int = Field(description="Without those of deals that were deleted since.")
    credits: int
    error_code: str | None
    error_message: str | None
    error_fix: str | None
    next_try_at: datetime | None = Field(description="When a failed import is tried again.")


class StageImportAnswer(BaseModel):
    """The import that was asked for last."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"latest": _IMPORT}]})

    latest: StageImport | None = Field(description="Null before the first full sync.")


class FlowWindow(BaseModel):
    """Which stays are meant: those that began from `start` on and before `end`."""

    start: datetime
    end: datetime


class StageFigures(BaseModel):
    """One stage: what became of the stays that began in the window, as of `as_of`."""

    stage: str
    label: str
    outcome: Outcome | None = Field(description="Null where the CRM does not say.")
    entered: int = Field(
        description="forward + won + lost + back + elsewhere + deleted + still_there."
    )
    forward: int = Field(description="Went on to a later open stage.")
    won: int
    lost: int
    back: int
    elsewhere: int = Field(description="Went to a stage that the CRM does not describe.")
    deleted: int
    still_there: int = Field(description="Not finished: counted as such in the times.")
    to_next: float | None = Field(
        description="forward + won, of those that left, from 0 to 1; null if none left."
    )
    to_won: float | None = Field(
        description="Deals won, of the deals that came by and are closed now; null if none is."
    )
    median_days: float | None = Field(
        description="Kaplan-Meier: by when half have left. Null: not reached, or nothing entered."
    )
    mean_days: float | None = Field(description="Area under the curve up to the longest stay.")
    is_mean_at_least: bool = Field(description="Not all have left by then.")
    imported: int = Field(description="Of those entered, told by the CRM; the rest we observed.")
    unknown_start: int = Field(
        description="Further stays, in no other figure: when they began is unknown."
    )


class ClosedCycle(BaseModel):
    """How long closed deals took from their creation."""

    deals: int = Field(description="Closed in the window, and still so.")
    timed: int = Field(description="Of which it is known when they were created.")
    median_days: float | None
    mean_days: float | None


class PipelineVelocity(BaseModel):
    """What the open deals bring a day: open_deals * win_rate * average_size / cycle_days."""

    open_deals: int
    win_rate: float | None = Field(description="Won of those closed in the window, from 0 to 1.")
    average_size: Figure | None = Field(description="Of open deals, in the base currency.")
    cycle_days: float | None = Field(description="Median from creation to the win.")
    a_day: Figure | None = Field(description="Null where a part is missing.")


class StageAnswer(BaseModel):
    """How deals go through the stages."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "window": {"start": "2025-03-02T09:30:00Z", "end": "2026-03-02T09:30:00Z"},
                    "left_out": ["closing", "outcome"],
                    "stages": [
                        {
                            "stage": "Proposal",
                            "label": "Proposal",
                            "outcome": "open",
                            "entered": 212,
                            "forward": 118,
                            "won": 4,
                            "lost": 41,
                            "back": 6,
                            "elsewhere": 0,
                            "deleted": 0,
                            "still_there": 43,
                            "to_next": 0.7219,
                            "to_won": 0.4418,
                            "median_days": 17.25,
                            "mean_days": 24.6,
                            "is_mean_at_least": True,
                            "imported": 190,
                            "unknown_start": 0,
                        }
                    ],
                    "entered": 840,
                    "imported": 761,
                    "unknown_start": 0,
                    "won": {"deals": 58, "timed": 58, "median_days": 92.4, "mean_days": 101.7},
                    "lost": {"deals": 71, "timed": 71, "median_days": 60.1, "mean_days": 74.9},
                    "velocity": {
                        "open_deals": 214,
                        "win_rate": 0.4496,
                        "average_size": 227174.02,
                        "cycle_days": 92.4,
                        "a_day": 236557.11,
                    },
                    "history": _IMPORT,
                }
            ]
        }
    )

    basis: Basis
    window: FlowWindow
    left_out: list[str] = Field(
        description="Filters that were given and say nothing here: deals move through them."
    )
    stages: list[StageFigures] = Field(description="In the CRM's order, unknown ones last.")
    entered: int = Field(description="Stays of all stages that began in the window.")
    imported: int = Field(description="Of which the CRM told us; the rest we observed.")
    unknown_start: int
    won: ClosedCycle
    lost: ClosedCycle
    velocity: PipelineVelocity
    history: StageImport | None = Field(description="The latest import of the CRM's own history.")


class StageDeal(BaseModel):
    """One stay of a deal in a stage."""

    id: str
    name: str | None
    account: str | None
    owner: str | None
    value: Figure | None = Field(description="As of `as_of`, in the base currency.")
    entered_at: datetime
    left_at: datetime | None = Field(description="Null: it is still there.")
    next_stage: str | None = Field(description="As the CRM labels it; null also when deleted.")
    is_imported: bool = Field(description="The CRM told of the beginning; else we observed it.")


class StageDealPage(Page[StageDeal]):
    """Stays behind a figure, the longest first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 43,
                    "items": [
                        {
                            "id": "554023000000235001",
                            "name": "Claims platform renewal",
                            "account": "Meridian General",
                            "owner": "Marcus Tan",
                            "value": 1350000.00,
                            "entered_at": "2025-07-25T08:30:00Z",
                            "left_at": None,
                            "next_stage": None,
                            "is_imported": True,
                        }
                    ],
                    "limit": 50,
                    "offset": 0,
                    "has_more": False,
                }
            ]
        }
    )


def deal_of(deal: StayingDeal) -> StageDeal:
    """Return a stay as it is told."""
    return StageDeal(
        id=str(deal.id),
        name=deal.name,
        account=deal.account,
        owner=deal.owner,
        value=deal.value,
        entered_at=deal.entered_at,
        left_at=deal.left_at,
        next_stage=deal.next_stage,
        is_imported=deal.is_imported,
    )


def import_of(row: StageHistoryImport | None) -> StageImport | None:
    """Return an import as it is told."""
    return None if row is None else StageImport.model_validate(row, from_attributes=True)


def answer_of(
    basis: Basis,
    report: StageReport,
    process: SalesProcess,
    left_out: tuple[str, ...],
    history: StageHistoryImport | None,
) -> StageAnswer:
    """Return a report as it is told."""
    return StageAnswer(
        basis=basis,
        window=FlowWindow(start=report.window.start, end=report.window.end),
        left_out=list(left_out),
        stages=[_figures(flow, process) for flow in report.stages],
        entered=sum(flow.entered for flow in report.stages),
        imported=sum(flow.imported for flow in report.stages),
        unknown_start=sum(flow.unknown_start for flow in report.stages),
        won=_cycle(report.won),
        lost=_cycle(report.lost),
        velocity=PipelineVelocity(
            open_deals=report.velocity.open_deals,
            win_rate=None
            if report.velocity.win_rate is None
            else round(float(report.velocity.win_rate), _PLACES),
            average_size=report.velocity.average_size,
            cycle_days=report.velocity.cycle_days,
            a_day=report.velocity.a_day,
        ),
        history=import_of(history),
    )


def _figures(flow: StageFlow, process: SalesProcess) -> StageFigures:
    stage = next((each for each in process.stages if each.name == flow.stage), None)
    return StageFigures(
        stage=flow.stage,
        label=process.label(flow.stage),
        outcome=None if stage is None else outcome_of(stage, process),
        entered=flow.entered,
        forward=flow.forward,
        won=flow.won,
        lost=flow.lost,
        back=flow.back,
        elsewhere=flow.elsewhere,
        deleted=flow.deleted,
        still_there=flow.still_there,
        to_next=_share(flow.forward + flow.won, flow.left),
        to_won=_share(flow.deals_won, flow.deals_closed),
        median_days=flow.median_days,
        mean_days=flow.mean_days,
        is_mean_at_least=flow.is_mean_at_least,
        imported=flow.imported,
        unknown_start=flow.unknown_start,
    )


def _share(part: int, whole: int) -> float | None:
    return None if whole == 0 else round(part / whole, _PLACES)


def _cycle(cycle: Cycle) -> ClosedCycle:
    return ClosedCycle(
        deals=cycle.deals,
        timed=cycle.timed,
        median_days=cycle.median_days,
        mean_days=cycle.mean_days,
    )
