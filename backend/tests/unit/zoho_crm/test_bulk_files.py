from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from zoho_crm.bulk_read import read_bulk_csv
from zoho_crm.errors import BrokenAnswer
from zoho_crm.protocol.bulk_csv import parse_bulk_csv
from zoho_crm.zipped import verify_zip

if TYPE_CHECKING:
    from pathlib import Path


def zipped(path: Path, *members: tuple[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members:
            archive.writestr(name, text)
    return path


def test_rows_come_with_the_header_and_as_long_as_it() -> None:
    header, rows = parse_bulk_csv(io.StringIO('Id,Name,Note\n1,"a, b","x\r\ny"\n2,,\n', newline=""))
    assert header == ["id", "Name", "Note"]
    assert list(rows) == [["1", "a, b", "x\r\ny"], ["2", "", ""]]


@pytest.mark.parametrize("name", ["id", "Id", "ID"])
def test_the_id_column_has_one_name(name: str) -> None:
    header, rows = parse_bulk_csv([f"Stage,{name}\n"])
    assert header == ["Stage", "id"]
    assert list(rows) == []


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no header"),
        ("\n", "no header"),
        ('"id', "header: unexpected end of data"),
        ("Stage\nWon\n", "no id column"),
    ],
)
def test_a_file_without_a_usable_header_is_broken(text: str, problem: str) -> None:
    with pytest.raises(BrokenAnswer, match=problem):
        parse_bulk_csv(io.StringIO(text, newline=""))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id,Name\n1,a\n2\n", "row 2: 1 cells under 2 columns"),
        ('id,Name\n1,a\n2,"b', "after row 1: unexpected end of data"),
    ],
)
def test_a_file_that_stops_in_mid_row_is_broken(text: str, problem: str) -> None:
    _, rows = parse_bulk_csv(io.StringIO(text, newline=""))
    assert next(rows) == ["1", "a"]
    with pytest.raises(BrokenAnswer, match=problem):
        next(rows)


def test_a_result_is_read_out_of_its_zip(tmp_path: Path) -> None:
    path = zipped(tmp_path / "7.zip", ("7.csv", "\ufeffId,Name\r\n1,Ä\r\n"))
    verify_zip(path)
    with read_bulk_csv(path) as (header, rows):
        assert header == ["id", "Name"]
        assert list(rows) == [["1", "Ä"]]


def test_a_large_result_is_read_piece_by_piece(tmp_path: Path) -> None:
    lines = "".join(f"{number},{'x' * 90}\n" for number in range(20_000))
    path = zipped(tmp_path / "7.zip", ("7.csv", f"id,Name\n{lines}"))
    with read_bulk_csv(path) as (_, rows):
        assert next(rows)[0] == "0"
        assert sum(1 for _ in rows) == 19_999


def test_a_zip_that_is_not_whole_is_found(tmp_path: Path) -> None:
    whole = zipped(tmp_path / "7.zip", ("7.csv", "id\n" + "1\n" * 5000)).read_bytes()
    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole[:-10])
    with pytest.raises(BrokenAnswer, match="result file"):
        verify_zip(cut)
    stored = tmp_path / "stored.zip"
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("7.csv", "id\n1\n")
    damaged = stored.read_bytes().replace(b"id\n1\n", b"id\n2\n")
    stored.write_bytes(damaged)
    with pytest.raises(BrokenAnswer, match=r"7\.csv fails its checksum"):
        verify_zip(stored)
    garbled = bytearray(whole)
    garbled[40:60] = b"\xff" * 20
    cut.write_bytes(bytes(garbled))
    with pytest.raises(BrokenAnswer):
        verify_zip(cut)


def test_a_zip_of_two_files_is_no_result(tmp_path: Path) -> None:
    path = zipped(tmp_path / "7.zip", ("a.csv", "id\n"), ("b.csv", "id\n"))
    with pytest.raises(BrokenAnswer, match="2 files in place of one CSV"):
        verify_zip(path)
