"""The files of a Bulk Write: the CSV that goes out, and the outcomes that come back."""

from __future__ import annotations

import io
import random
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from support.crm_client import SAMPLES
from zoho_crm.bulk_write import read_bulk_outcomes, write_bulk_file
from zoho_crm.errors import BrokenAnswer
from zoho_crm.protocol.bulk_columns import BulkColumn, ColumnKind
from zoho_crm.protocol.bulk_outcomes import (
    BulkWriteRow,
    RowFault,
    RowStatus,
    parse_bulk_outcomes,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = BulkColumn("id", ColumnKind.ID)
NOTE = BulkColumn("Note")
EAST = timezone(timedelta(hours=5, minutes=30))


def csv_in(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        return archive.read(name).decode()


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (ColumnKind.ID, "5725767000000100001", "5725767000000100001"),
        (ColumnKind.LOOKUP, "7", "7"),
        (ColumnKind.TEXT, "Quay", "Quay"),
        (ColumnKind.TEXT, None, ""),
        (ColumnKind.NUMBER, 12, "12"),
        (ColumnKind.NUMBER, Decimal("1E+3"), "1000"),
        (ColumnKind.NUMBER, Decimal("0.10"), "0.10"),
        (ColumnKind.BOOLEAN, True, "true"),
        (ColumnKind.BOOLEAN, False, "false"),
        (ColumnKind.BOOLEAN, None, ""),
        (ColumnKind.DATE, date(2026, 5, 4), "2026-05-04"),
        (
            ColumnKind.DATETIME,
            datetime(2026, 5, 4, 12, 0, 0, 9, tzinfo=EAST),
            "2026-05-04T06:30:00+00:00",
        ),
        (ColumnKind.CHOICES, ["Rail", "Road"], "Rail;Road"),
        (ColumnKind.CHOICES, (), ""),
    ],
)
def test_each_kind_of_value_has_its_text(kind: ColumnKind, value: object, text: str) -> None:
    assert BulkColumn("F", kind).cell(value) == text


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        (ColumnKind.ID, "", "'' is no CRM id"),
        (ColumnKind.LOOKUP, "Harbour & Sons", "is no CRM id"),
        (ColumnKind.ID, 7, "F: 7 is no value of a column of kind id"),
        (ColumnKind.TEXT, 7, "F: 7 is no value of a column of kind text"),
        (ColumnKind.NUMBER, True, "F: True is no value of a column of kind number"),
        (ColumnKind.NUMBER, Decimal("NaN"), "of kind number"),
        (ColumnKind.NUMBER, 1.5, "of kind number"),
        (ColumnKind.BOOLEAN, 1, "of kind boolean"),
        (ColumnKind.DATE, datetime(2026, 5, 4, tzinfo=UTC), "of kind date"),
        (ColumnKind.DATETIME, date(2026, 5, 4), "of kind datetime"),
        (ColumnKind.DATETIME, datetime(2026, 5, 4), "has no time zone"),  # noqa: DTZ001 - the point
        (ColumnKind.CHOICES, ["a;b"], "of kind choices"),
        (ColumnKind.CHOICES, ["a", 1], "of kind choices"),
        (ColumnKind.CHOICES, "ab", "of kind choices"),
    ],
)
def test_a_value_that_its_column_cannot_hold_is_refused(
    kind: ColumnKind, value: object, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        BulkColumn("F", kind).cell(value)


def test_rows_become_one_csv_in_a_zip(tmp_path: Path) -> None:
    columns = [KEY, NOTE, BulkColumn("Amount", ColumnKind.NUMBER)]
    rows = [("1", 'a "quote", Ä\nsecond line', Decimal("9.5")), ("2", None, None)]
    file = write_bulk_file(tmp_path / "in.zip", columns, rows, csv_name="deals.csv")
    assert (file.path, file.csv_name, file.rows) == (tmp_path / "in.zip", "deals.csv", 2)
    assert file.columns == tuple(columns)
    assert file.size_bytes == file.path.stat().st_size
    assert csv_in(file.path) == ('id,Note,Amount\r\n1,"a ""quote"", Ä\nsecond line",9.5\r\n2,,\r\n')
    with zipfile.ZipFile(file.path) as archive:
        assert archive.namelist() == ["deals.csv"]


def test_a_file_takes_25_000_rows_and_reads_them_as_it_goes(tmp_path: Path) -> None:
    taken = 0

    def rows(count: int) -> Iterator[tuple[str, str]]:
        nonlocal taken
        for number in range(count):
            taken += 1
            yield (str(number + 1), "x")

    full = write_bulk_file(tmp_path / "full.zip", [KEY, NOTE], rows(25_000))
    assert full.rows == 25_000
    taken = 0
    with pytest.raises(ValueError, match="more than 25000 rows: split them"):
        write_bulk_file(tmp_path / "over.zip", [KEY, NOTE], rows(30_000))
    assert taken == 25_001
    assert [path.name for path in tmp_path.iterdir()] == ["full.zip"]


def test_a_file_of_more_than_25_mb_is_refused(tmp_path: Path) -> None:
    chance = random.Random(1)
    noise = [chance.randbytes(500_000).hex() for _ in range(60)]
    with pytest.raises(ValueError, match="more than 25 MB zipped: split the rows"):
        write_bulk_file(tmp_path / "in.zip", [NOTE], [[text] for text in noise])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("columns", "rows", "problem"),
    [
        ([KEY, NOTE], [("1", "a"), ("x", "b")], "row 2: 'x' is no CRM id"),
        ([KEY, NOTE], [("1",)], "row 1: 1 values for 2 columns"),
        ([KEY, NOTE], [], "no rows"),
        ([], [()], "0 columns: a file takes 1 to 200"),
        ([BulkColumn(f"F{n}") for n in range(201)], [], "201 columns: a file takes 1 to 200"),
        ([KEY, NOTE, NOTE], [], "Note: a field has one column"),
    ],
)
def test_a_file_that_cannot_be_is_not_left_behind(
    tmp_path: Path, columns: list[BulkColumn], rows: list[tuple[str, ...]], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        write_bulk_file(tmp_path / "in.zip", columns, rows)
    assert list(tmp_path.iterdir()) == []


def test_each_row_of_a_result_has_its_outcome(tmp_path: Path) -> None:
    path = tmp_path / "result.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Deals-records.csv", (SAMPLES / "bulk_write_result.csv").read_bytes())
    with read_bulk_outcomes(path) as outcomes:
        first, second, third, last = outcomes
    one = "5725767000000100001"
    echo = {"id": one, "Deal_Name": "Quay 7 refit", "Stage": "Won"}
    assert first == BulkWriteRow(echo, RowStatus.UPDATED, one, ())
    assert second.echo["Deal_Name"] == "Pier, east"
    assert (second.status, second.record_id) == (RowStatus.SKIPPED, None)
    assert second.faults == (RowFault("RESOURCE_NOT_FOUND", "id"),)
    assert third.faults == (
        RowFault("MANDATORY_NOT_FOUND", "id"),
        RowFault("INVALID_DATA", "Stage"),
    )
    assert (last.status, last.faults) == (
        RowStatus.UNPROCESSED,
        (RowFault("LIMIT_EXCEEDED", None),),
    )


def test_a_field_may_be_called_like_a_column_of_the_crm() -> None:
    text = "id,Status,STATUS,RECORD_ID,ERRORS\n1,open,added,1,\n"
    (row,) = parse_bulk_outcomes(io.StringIO(text, newline=""))
    assert (row.echo, row.status) == ({"id": "1", "Status": "open"}, RowStatus.ADDED)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no column STATUS, RECORD_ID, ERRORS"),
        ("id,STATUS\n", "no column RECORD_ID, ERRORS"),
        ("id,STATUS,RECORD_ID,ERRORS\n1,ADDED,1\n", "row 1: 3 cells under 4 columns"),
        ("id,STATUS,RECORD_ID,ERRORS\n1,MELTED,1,\n", "row 1: 'melted' is no status"),
        ('id,STATUS,RECORD_ID,ERRORS\n1,ADDED,1,\n2,"AD', "after row 1: unexpected end of data"),
    ],
)
def test_a_result_that_is_not_whole_is_broken(text: str, problem: str) -> None:
    with pytest.raises(BrokenAnswer, match=problem):
        list(parse_bulk_outcomes(io.StringIO(text, newline="")))
