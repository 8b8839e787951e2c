"""What `/api/review` and `/api/review/deals` give."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pulse.analytics.basis import BASIS_EXAMPLE, Basis
from pulse.analytics.review.insights import InsightKind, Tone
from pulse.analytics.review.rows import Group
from pulse.core.o2r.health import DealHealth
from pulse.core.o2r.moves import Move
from pulse.core.o2r.phases import Phase
from pulse.web.money import Figure
from pulse.web.paging import Page

if TYPE_CHECKING:
    from pydantic.config import JsonDict


class WeekState(StrEnum):
    """Whether the figures of a week still move."""

    RUNNING = "running"
    """It is not over: figures are of now."""
    SETTLING = "settling"
    """It is over, and the mirror has not yet read the CRM past its end."""
    SETTLED = "settled"
    """It is over and read: only CRM edits with earlier stamps can still change it."""


class ReviewedWeekShown(BaseModel):
    """Which week the review is of: Monday to Sunday in the organisation's zone."""

    monday: date = Field(description="Its name: the parameter `week` that chooses it.")
    sunday: date
    starts_at: datetime
    ends_at: datetime = Field(description="The first moment of the next week.")
    zone: str = Field(description="The organisation's time zone.")
    state: WeekState
    is_usual: bool = Field(
        description="What a review without `week` is of: on a Monday before noon the week that is "
        "over, else the one that runs."
    )
    is_latest_complete: bool
    is_cut: bool = Field(description="History began in it: what came before is not known.")
    compared_since: datetime = Field(
        description="The moment that each deal's move is told against: the week's beginning, or "
        "the beginning of history."
    )
    previous: date | None = Field(description="The week before; null where history has none.")
    next: date | None = Field(description="The week after; null while this one runs.")


class ReviewFigure(BaseModel):
    """Deals of a group, and what they are worth in the base currency."""

    deals: int
    value: Figure
    deals_then: int | None = Field(description="The same of last week; null where it is unknown.")
    value_then: Figure | None


class ReviewFigures(BaseModel):
    """The figures of the week; `*_then` are last week's."""

    open: ReviewFigure = Field(description="Open opportunities at its end.")
    weighted: Figure = Field(description="Of the open ones: value by probability / 100.")
    weighted_then: Figure | None
    created: ReviewFigure = Field(description="Created in the CRM in the week.")
    closed: ReviewFigure = Field(description="Won or lost in the week.")
    won: ReviewFigure
    lost: ReviewFigure
    updated: ReviewFigure = Field(
        description="Open opportunities that somebody changed in the week, in the CRM or here."
    )
    share_updated: Figure | None = Field(
        description="Of all open ones, in percent with two places; null without any."
    )
    share_updated_then: Figure | None
    blocked: ReviewFigure = Field(description="Open opportunities with an open blocker.")
    overdue: ReviewFigure = Field(description="Open opportunities whose closing date has passed.")
    realised: ReviewFigure = Field(description="Revenue recognised on a day of the week.")
    at_risk: ReviewFigure = Field(description="Open opportunities that are blocked or red.")


class ReviewDeal(BaseModel):
    """A deal at the end of the week, beside how it stood at its beginning."""

    id: str
    name: str | None
    account: str | None
    owner: str | None
    stage: str | None
    phase: Phase
    number: int = Field(ge=1, le=4)
    closing_date: date | None
    value: Figure | None = Field(description="In the base currency; null without amount or rate.")
    health: DealHealth
    score: int = Field(ge=0, le=100)
    health_then: DealHealth | None = Field(
        description="At the week's beginning; null: no open opportunity then."
    )
    score_then: int | None
    move: Move | None = Field(description="Null: no open opportunity any more.")
    came: list[str] = Field(description="Signals that came in the week, in short, worst first.")
    went: list[str] = Field(description="Signals that went in the week.")
    reason: str | None = Field(description="The worst signal as a sentence.")
    brief: str | None = Field(description="The worst signal in short.")
    next_step: str | None


class MoveList(BaseModel):
    """Open opportunities that moved alike, worst first."""

    move: Move
    deals: int
    value: Figure
    items: list[ReviewDeal] = Field(description="The first; `/api/review/deals` has all.")


class ReviewPerson(BaseModel):
    """Somebody who logs in here."""

    id: UUID
    name: str | None


class ReviewAction(BaseModel):
    """An action item as it stood at the end of the week."""

    id: str
    deal_id: str | None = Field(description="Null: it is no deal's, but general.")
    deal: str | None
    title: str
    priority: Literal["high", "medium", "low"]
    owner: ReviewPerson | None
    due_on: date | None
    is_overdue: bool = Field(description="Open at the week's end, and due before its last day.")
    created_at: datetime
    done_at: datetime | None = Field(description="In the week; null: open at its end.")
    is_done_now: bool = Field(description="Done by now, in the week or since.")
    is_deleted_now: bool


class ReviewActions(BaseModel):
    """The action items of the week: of deals under the filters, and general ones."""

    open: int = Field(description="At the week's end.")
    overdue: int = Field(description="Of the open ones.")
    done: int = Field(description="In the week.")
    items: list[ReviewAction] = Field(
        description="Open ones by priority and due date, then those done in the week; 200 at most."
    )
    since: list[ReviewAction] = Field(
        description="Added since, where the week is the one that was complete last."
    )


class ReviewInsight(BaseModel):
    """A fact that stands out; it is about a group, a deal or a phase."""

    kind: InsightKind
    tone: Tone
    words: str
    group: Group | None = Field(description="Its deals: `/api/review/deals?group=`.")
    owner: str | None = Field(description="With a group: of this owner only (the filter `owner`).")
    deal_id: str | None
    phase: int | None


_FIGURE: Final[JsonDict] = {
    "deals": 812, "value": 120400800.00, "deals_then": 809, "value_then": 118260800.00,
}  # fmt: skip
_DEAL: Final[JsonDict] = {
    "id": "554023000000235001",
    "name": "Grid analytics",
    "account": "Halcyon Energy",
    "owner": "Arjun Mehta",
    "stage": "Negotiation",
    "phase": "phase_2",
    "number": 2,
    "closing_date": "2026-09-30",
    "value": 1806000.00,
    "health": "red",
    "score": 60,
    "health_then": "green",
    "score_then": 100,
    "move": "worse",
    "came": ["Proposal out 31 d"],
    "went": [],
    "reason": "The proposal was sent 31 days ago and there is no PO. The limit is 30 days.",
    "brief": "Proposal out 31 d",
    "next_step": "Ask for the PO",
}


class WeeklyReview(BaseModel):
    """A week, Monday to Sunday, against the week before."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "week": {
                        "monday": "2026-02-23",
                        "sunday": "2026-03-01",
                        "starts_at": "2026-02-22T16:00:00Z",
                        "ends_at": "2026-03-01T16:00:00Z",
                        "zone": "Asia/Singapore",
                        "state": "settled",
                        "is_usual": True,
                        "is_latest_complete": True,
                        "is_cut": False,
                        "compared_since": "2026-02-22T15:59:59.999999Z",
                        "previous": "2026-02-16",
                        "next": "2026-03-02",
                    },
                    "figures": {
                        "open": _FIGURE,
                        "weighted": 61200400.00,
                        "weighted_then": 60400100.00,
                        "created": _FIGURE,
                        "closed": _FIGURE,
                        "won": _FIGURE,
                        "lost": _FIGURE,
                        "updated": _FIGURE,
                        "share_updated": 71.43,
                        "share_updated_then": 68.02,
                        "blocked": _FIGURE,
                        "overdue": _FIGURE,
                        "realised": _FIGURE,
                        "at_risk": _FIGURE,
                    },
                    "moves": [{"move": "worse", "deals": 1, "value": 1806000.00, "items": [_DEAL]}],
                    "actions": {"open": 0, "overdue": 0, "done": 0, "items": [], "since": []},
                    "insights": [
                        {
                            "kind": "risk_moved",
                            "tone": "bad",
                            "words": "Revenue at risk rose by SGD 611,200 to SGD 5,918,300 in 23 "
                            "deals.",
                            "group": "at_risk",
                            "owner": None,
                            "deal_id": None,
                            "phase": None,
                        }
                    ],
                }
            ]
        }
    )

    basis: Basis
    week: ReviewedWeekShown
    figures: ReviewFigures
    moves: list[MoveList] = Field(description="Worse, improved, new, stable.")
    actions: ReviewActions
    insights: list[ReviewInsight]


class ReviewDeals(Page[ReviewDeal]):
    """Deals behind a figure of a review."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "group": "worse",
                    "base_currency": "SGD",
                    "count": 1,
                    "items": [_DEAL],
                    "limit": 50,
                    "offset": 0,
                    "has_more": False,
                }
            ]
        }
    )

    group: Group
    base_currency: str
