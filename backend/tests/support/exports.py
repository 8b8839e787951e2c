"""Exports as tests ask for them, and files as other programs read them."""

import asyncio
import csv
import io
from typing import Any

import openpyxl

from pulse.bootstrap_opportunities import OpportunityList
from pulse.exports.making import Readers
from pulse.exports.running import make_exports
from pulse.worker.slides import O2rSlides
from support.api import Api

Row = dict[str, Any]


def ask(api: Api, kind: str, format_: str, query: str = "", **other: object) -> dict[str, Any]:
    """Ask for an export as the signed-in browser does."""
    answer = api.client.post(
        "/api/exports", json={"kind": kind, "format": format_, "query": query, **other}
    )
    assert answer.status_code == 202, answer.text
    line: dict[str, Any] = answer.json()
    return line


def work(api: Api) -> int:
    """Make what waits, as a worker does."""
    return asyncio.run(make_exports(api.database_url, Readers(O2rSlides(), OpportunityList())))


def exported(api: Api, kind: str, format_: str, query: str = "", **other: object) -> bytes:
    """Return the bytes of a file that was asked for, made and fetched."""
    line = ask(api, kind, format_, query, **other)
    assert work(api) == 1
    told = api.client.get(f"/api/exports/{line['id']}").json()
    assert (told["state"], told["error_message"]) == ("completed", None)
    answer = api.client.get(f"/api/exports/{line['id']}/download")
    assert answer.status_code == 200
    assert len(answer.content) == told["size_bytes"]
    return answer.content


def csv_rows(content: bytes) -> list[Row]:
    """Read a CSV file as a program would: UTF-8, with or without a byte order mark."""
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def workbook(content: bytes) -> openpyxl.Workbook:
    """Open a workbook."""
    return openpyxl.load_workbook(io.BytesIO(content))


def sheet_rows(content: bytes, name: str) -> list[Row]:
    """Return the rows of a sheet by its head."""
    rows = list(workbook(content)[name].iter_rows(values_only=True))
    return [dict(zip((str(each) for each in rows[0]), row, strict=True)) for row in rows[1:]]


def about(content: bytes) -> dict[str, str]:
    """Return what a workbook tells of itself."""
    rows = workbook(content)["About"].iter_rows(values_only=True)
    return {str(row[0]): str(row[1]) for row in rows}
