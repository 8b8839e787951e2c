"""Rows of the CRM's module `DealHistory` as what they tell: a deal entered a stage.

The module holds what the related list Stage_History shows of each deal, for the whole organisation:
a row per stage entered, stamped (`Modified_Time`) with when that was. Rows of deleted deals name no
deal any more, and Bulk Read leaves them out; they are dropped here too.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from pulse.sync.domain.canonical import instant

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

HISTORY_MODULE: Final = "DealHistory"
HISTORY_FIELDS: Final = (
    "Potential_Name",
    "Stage",
    "Modified_Time",
    "Modified_By",
    "Amount",
    "Probability",
    "Closing_Date",
)


@dataclass(frozen=True, slots=True)
class EnteredStage:
    """One row of a deal's stage history."""

    id: int
    deal_id: int
    stage: str
    entered_at: datetime
    amount: Decimal | None
    probability: Decimal | None
    closing_date: date | None
    entered_by: int | None


def entered_stage(row: dict[str, object]) -> EnteredStage | None:
    """Read a row as COQL, pages or a file give it; None if it names no deal, stage or time."""
    row_id, deal_id = _id(row.get("id")), _id(row.get("Potential_Name"))
    stage, entered_at = row.get("Stage"), _moment(row.get("Modified_Time"))
    if row_id is None or deal_id is None or entered_at is None:
        return None
    if not isinstance(stage, str) or not stage:
        return None
    return EnteredStage(
        row_id,
        deal_id,
        stage,
        entered_at,
        _number(row.get("Amount")),
        _number(row.get("Probability")),
        _day(row.get("Closing_Date")),
        _id(row.get("Modified_By")),
    )


def rows_of_cells(
    header: Sequence[str], rows: Sequence[Sequence[str]]
) -> Iterator[dict[str, object]]:
    """Name the cells of an export; its id column is spelled `Id` or `id`, its lookups are ids."""
    names = ["id" if name.lower() == "id" else name for name in header]
    for cells in rows:
        yield dict(zip(names, cells, strict=True))


def _id(value: object) -> int | None:
    told = value.get("id") if isinstance(value, dict) else value
    text = str(told)
    return int(text) if text.isascii() and text.isdecimal() else None


def _moment(value: object) -> datetime | None:
    try:
        return instant(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(value: object) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _day(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
