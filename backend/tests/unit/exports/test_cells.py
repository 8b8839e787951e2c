"""Cells of CSV files: exact, and never a formula."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pulse.exports.cells import Cell, csv_text


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""),
        ("Metro, signalling", "Metro, signalling"),
        ("=1+1", "'=1+1"),
        ("+65 6123", "'+65 6123"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\r=x", "'\r=x"),
        ("\n=x", "'\n=x"),
        ("a=b", "a=b"),
        (Decimal("-1234.50"), "-1234.50"),
        (Decimal("1E+3"), "1000"),
        (12, "12"),
        (True, "true"),
        (False, "false"),
        (date(2026, 8, 17), "2026-08-17"),
        (datetime(2026, 8, 17, 0, 42, 7, tzinfo=UTC), "2026-08-17T00:42:07Z"),
    ],
)
def test_a_cell_is_written_exactly_and_never_as_a_formula(cell: Cell, text: str) -> None:
    assert csv_text(cell) == text
