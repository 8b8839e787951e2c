"""The vendor's SDK exports a module by Bulk Read: create, status, download."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from zohocrmsdk.src.com.zoho.crm.api.bulk_read import (
    BodyWrapper,
    BulkReadOperations,
    Criteria,
    Query,
)
from zohocrmsdk.src.com.zoho.crm.api.fields import MinifiedField
from zohocrmsdk.src.com.zoho.crm.api.modules import MinifiedModule
from zohocrmsdk.src.com.zoho.crm.api.util import Choice

from support.official_sdk.session import seen
from support.official_sdk.values import disagreements

if TYPE_CHECKING:
    from support.official_sdk.session import OfficialSdk
    from support.official_sdk.values import Json, SdkValue

PLAIN = ["Deal_Name", "Stage", "Closing_Date", "Next_Step", "Description", "Currency"]
NUMBERS = ["Amount", "Probability"]
LOOKUPS = ["Account_Name", "Contact_Name", "Owner"]
TIMES = ["Created_Time", "Modified_Time"]
POLLS = 200


def export(module: str, fields: list[str], criteria: SdkValue = None) -> list[dict[str, str]]:
    """Run a job to its end and return the rows of its file, keyed by the header."""
    query = Query()
    about = MinifiedModule()
    about.set_api_name(module)
    query.set_module(about)
    query.set_fields(fields)
    if criteria is not None:
        query.set_criteria(criteria)
    body = BodyWrapper()
    body.set_query(query)
    body.set_file_type("csv")
    created = seen(BulkReadOperations().create_bulk_read_job(body))
    assert (created.status, created.kind) == (201, "ActionWrapper")
    assert disagreements(created.values, created.json) == []
    [told] = created.values["data"]
    assert (told["code"], told["details"]["state"]) == ("ADDED_SUCCESSFULLY", "ADDED")
    job_id = int(told["details"]["id"])
    job = completed(job_id)
    assert job["query"]["module"]["api_name"] == module
    result = job["result"]
    assert (result["page"], result["per_page"], result["more_records"]) == (1, 200_000, False)
    rows = rows_of_file(job_id)
    assert result["count"] == len(rows)
    return rows


def completed(job_id: int) -> dict[str, SdkValue]:
    for _ in range(POLLS):
        answer = seen(BulkReadOperations().get_bulk_read_job_details(job_id))
        assert (answer.status, answer.kind) == (200, "ResponseWrapper")
        assert disagreements(answer.values, answer.json) == []
        [job] = answer.values["data"]
        if job["state"] == "COMPLETED":
            return dict(job)
        assert job["state"] in ("ADDED", "QUEUED", "IN PROGRESS")
    raise AssertionError(f"job {job_id} is not completed after {POLLS} polls")


def rows_of_file(job_id: int) -> list[dict[str, str]]:
    answer = seen(BulkReadOperations().download_result(job_id))
    assert (answer.status, answer.kind) == (200, "FileBodyWrapper")
    file = answer.object.get_file()
    assert file.get_name() == f"{job_id}.zip"
    content = b"".join(file.get_stream())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == [f"{job_id}.csv"]
        text = archive.read(f"{job_id}.csv").decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def cell(name: str, record: dict[str, Json]) -> object:
    """Return what a cell means, from the dump's side."""
    value = record[name]
    if value is None:
        return None
    if name in LOOKUPS:
        return value["id"]
    if name in TIMES:
        return datetime.fromisoformat(value)
    return value


def meaning(name: str, text: str) -> object:
    """Return what a cell of the file means."""
    if text == "":
        return None
    if name in NUMBERS:
        return float(text)
    if name in TIMES:
        return datetime.fromisoformat(text)
    return text


def test_an_export_holds_every_record_field_by_field(sdk: OfficialSdk) -> None:
    names = [*PLAIN, *NUMBERS, *LOOKUPS, *TIMES]
    dump = {row["id"]: row for row in sdk.sim.records()}
    rows = export("Deals", names)
    assert {name.lower() for name in rows[0]} == {"id", *(name.lower() for name in names)}
    [id_column] = [name for name in rows[0] if name.lower() == "id"]
    assert sorted(row[id_column] for row in rows) == sorted(dump)
    for row in rows:
        found = {name: meaning(name, row[name]) for name in names}
        assert found == {name: cell(name, dump[row[id_column]]) for name in names}


def test_an_export_by_criteria_holds_what_meets_it(sdk: OfficialSdk) -> None:
    field = MinifiedField()
    field.set_api_name("Stage")
    criteria = Criteria()
    criteria.set_field(field)
    criteria.set_comparator(Choice("equal"))
    criteria.set_value("Closed Won")
    rows = export("Deals", ["Stage"], criteria)
    wanted = {row["id"] for row in sdk.sim.records() if row["Stage"] == "Closed Won"}
    assert wanted
    assert {row[name] for row in rows for name in row if name.lower() == "id"} == wanted
    assert {row["Stage"] for row in rows} == {"Closed Won"}


@pytest.mark.usefixtures("sdk")
def test_an_unknown_job_is_not_found() -> None:
    for ask in ("get_bulk_read_job_details", "download_result"):
        answer = seen(getattr(BulkReadOperations(), ask)(9_999_999_999_999_999))
        assert (answer.status, answer.kind) == (404, "APIException")
        assert answer.values["code"] == "RESOURCE_NOT_FOUND"
