"""What `/api/analysis/movement` and its deals give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, ConfigDict, Field

from pulse.analytics.basis import BASIS_EXAMPLE, COMPARISON_EXAMPLE, Basis, Comparison
from pulse.analytics.movement.reasons import WORDS, Bucket, Reason
from pulse.web.money import Figure
from pulse.web.paging import Page

if TYPE_CHECKING:
    from pydantic.config import JsonDict

    from pulse.analytics.movement.deals import MovedDeal
    from pulse.analytics.movement.waterfall import Movement, Part, Total


class MovementTotal(BaseModel):
    """What the pipeline was worth at one moment."""

    deals: int
    value: Figure
    without_value: int = Field(description="Deals among them without an amount or a rate for it.")


class MovementReason(BaseModel):
    """Deals of a bucket that moved for one reason."""

    reason: Reason
    words: str
    deals: int
    value: Figure = Field(description="With its sign.")


class MovementBucket(BaseModel):
    """Deals that moved one way."""

    bucket: Bucket
    deals: int
    value: Figure = Field(description="With its sign: what reduces the pipeline is negative.")
    without_value: int = Field(description="Deals among them that move nothing: no amount or rate.")
    of_rates: Figure = Field(
        description="Of increased and decreased: the part that the CRM's rates alone moved."
    )
    reasons: list[MovementReason] = Field(description="Greatest first; they add up to the bucket.")


_REASON: Final[JsonDict] = {
    "reason": "closing_date",
    "words": "Closing date moved",
    "deals": 9,
    "value": -1570000.00,
}


class PipelineMovement(BaseModel):
    """How the pipeline at `compared_with` became that at `as_of`.

    `start` and every bucket add up to `end`, to the cent.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "comparison": COMPARISON_EXAMPLE,
                    "start": {"deals": 205, "value": 50185240.00, "without_value": 3},
                    "end": {"deals": 196, "value": 48615240.00, "without_value": 3},
                    "buckets": [
                        {
                            "bucket": "pushed_out",
                            "deals": 9,
                            "value": -1570000.00,
                            "without_value": 0,
                            "of_rates": 0,
                            "reasons": [_REASON],
                        }
                    ],
                    "pending": 4,
                }
            ]
        }
    )

    basis: Basis
    comparison: Comparison
    start: MovementTotal | None = Field(description="Null where nothing can be compared.")
    end: MovementTotal | None = Field(description="As `start`; else what /numbers tells.")
    buckets: list[MovementBucket] = Field(
        description="All seven, in order: new, pulled in, increased, decreased, pushed out, won, "
        "lost; none where nothing can be compared."
    )
    pending: int | None = Field(
        description="Deals of this answer with local edits that the CRM has not taken yet; they "
        "are in these figures. Null as of a past moment."
    )


class MovedDealRow(BaseModel):
    """A deal of a bucket."""

    id: str
    name: str | None
    account: str | None
    owner: str | None
    stage: str | None
    before: Figure | None = Field(
        description="Its value at `compared_with`; null where it was not in, or had none."
    )
    after: Figure | None
    difference: Figure
    reason: Reason
    words: str = Field(description="Why it moved, with the values before and after.")


class MovedDealPage(Page[MovedDealRow]):
    """Deals of a bucket, the greatest difference first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "count": 9,
                    "items": [
                        {
                            "id": "554023000000235001",
                            "name": "Metro signalling",
                            "account": "Straits Ports Pte Ltd",
                            "owner": "Mei Tan",
                            "stage": "Negotiation/Review",
                            "before": 819825.85,
                            "after": None,
                            "difference": -819825.85,
                            "reason": "closing_date",
                            "words": "Closing date 24 Sep 2026 → 15 Oct 2026",
                        }
                    ],
                    "limit": 50,
                    "offset": 0,
                    "has_more": False,
                }
            ]
        }
    )


def buckets_of(movement: Movement) -> list[MovementBucket]:
    """Return every bucket in the order of a waterfall."""
    return [
        _bucket(bucket, movement.bucket(bucket), movement.reasons.get(bucket, {}))
        for bucket in Bucket
    ]


def _bucket(bucket: Bucket, whole: Part, reasons: dict[Reason, Part]) -> MovementBucket:
    greatest_first = sorted(reasons.items(), key=lambda each: (-abs(each[1].value), each[0].value))
    return MovementBucket(
        bucket=bucket,
        deals=whole.deals,
        value=whole.value,
        without_value=whole.without_value,
        of_rates=whole.of_rates,
        reasons=[
            MovementReason(reason=reason, words=WORDS[reason], deals=part.deals, value=part.value)
            for reason, part in greatest_first
        ],
    )


def total_of(total: Total) -> MovementTotal:
    """Return the total of one moment."""
    return MovementTotal(deals=total.deals, value=total.value, without_value=total.without_value)


def row_of(deal: MovedDeal) -> MovedDealRow:
    """Return a deal as a row."""
    return MovedDealRow(
        id=str(deal.id),
        name=deal.name,
        account=deal.account,
        owner=deal.owner,
        stage=deal.stage,
        before=deal.before,
        after=deal.after,
        difference=deal.difference,
        reason=deal.reason,
        words=deal.words,
    )
