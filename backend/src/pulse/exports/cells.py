"""What stands in a cell, and how a text is kept from being taken for a formula."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

Cell = str | int | Decimal | bool | date | datetime | None
"""A typed value; None is empty."""


class CellKind(StrEnum):
    """How the values of a column are written and how wide it is."""

    ID = "id"
    """Digits of a CRM id: a text in spreadsheets, whose numbers have 15 digits only."""
    TEXT = "text"
    NUMBER = "number"
    PERCENT = "percent"
    """A percentage with one place."""
    RATE = "rate"
    MONEY = "money"
    DATE = "date"
    INSTANT = "instant"
    BOOLEAN = "boolean"


_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def guarded(text: str) -> str:
    """Return a text that a spreadsheet takes for a text (OWASP, "CSV Injection").

    A text that begins like a formula gets an apostrophe before it; numbers never come here.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def csv_text(cell: Cell) -> str:  # noqa: PLR0911 - a way for each type
    """Return a cell as a CSV file has it: dates and instants by ISO 8601, instants in UTC."""
    match cell:
        case None:
            return ""
        case str():
            return guarded(cell)
        case bool():
            return "true" if cell else "false"
        case datetime():
            return f"{cell:%Y-%m-%dT%H:%M:%S}Z"
        case date():
            return cell.isoformat()
        case Decimal():
            return format(cell, "f")
        case int():
            return str(cell)
