"""Bulk Write: what goes out for each step, and what its answers say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from support.crm_client import ScriptedTransport, answer, body_of, client_over, sample
from zoho_crm import errors
from zoho_crm.bulk_write import BulkFile, read_bulk_outcomes, write_bulk_file
from zoho_crm.calls import ApiBase
from zoho_crm.protocol import bulk_write
from zoho_crm.protocol.bulk_columns import BulkColumn, ColumnKind
from zoho_crm.protocol.bulk_write import BulkOperation, BulkWriteJob, BulkWriteState
from zoho_crm.protocol.datacentres import DATA_CENTRES
from zoho_crm.protocol.wire import Answer, AnswerMeta, Area, Request
from zoho_crm.transport import FilePart

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from zoho_crm.protocol.wire import Call

JOB = "5725767000000700001"
FILE = "5725767000000710001"
ORG = "60001234"
KEY = BulkColumn("id", ColumnKind.ID)
STAGE = BulkColumn("Stage")
RESULT = f"/v8/crm/org{ORG}/bulk-write/{JOB}/{JOB}.zip"


def creation(
    operation: BulkOperation = BulkOperation.UPDATE,
    columns: Sequence[BulkColumn] = (KEY, STAGE),
    find_by: str | None = "id",
) -> Call[str]:
    return bulk_write.create(
        "Deals",
        operation,
        file_id=FILE,
        file_name="records.csv",
        columns=columns,
        ignore_empty=True,
        find_by=find_by,
    )


def test_a_file_goes_to_the_host_that_takes_files() -> None:
    request = bulk_write.upload(ORG).request
    assert (request.method, request.path, request.area) == ("POST", "/upload", Area.UPLOAD)
    assert request.headers == (("feature", "bulk-write"), ("X-CRM-ORG", ORG))
    assert bulk_write.upload(ORG).decode(sample("bulk_write_uploaded")) == FILE
    with pytest.raises(ValueError, match="'org1' is no CRM id"):
        bulk_write.upload("org1")


@pytest.mark.parametrize(
    ("base_url", "upload_url", "api_domain", "address"),
    [
        ("https://www.zohoapis.in/crm/v8", None, None, "https://content.zohoapis.in/crm/v8/upload"),
        (
            "https://www.zohoapis.in/crm/v8",
            None,
            "https://www.zohoapis.eu",
            "https://content.zohoapis.eu/crm/v8/upload",
        ),
        (
            "https://sandbox.zohoapis.com/crm/v8",
            None,
            None,
            "https://content.zohoapis.com/crm/v8/upload",
        ),
        ("https://www.zohoapis.ca/crm/v8", None, None, "https://upload.zohocloud.ca/crm/v8/upload"),
        ("http://127.0.0.1:8090/crm/v8", None, None, "http://127.0.0.1:8090/crm/v8/upload"),
        (
            "https://www.zohoapis.in/crm/v8",
            "http://127.0.0.1:8091/",
            "https://www.zohoapis.in",
            "http://127.0.0.1:8091/crm/v8/upload",
        ),
    ],
)
def test_the_upload_host_belongs_to_the_api_host_unless_it_is_given(
    base_url: str, upload_url: str | None, api_domain: str | None, address: str
) -> None:
    base = ApiBase.parse(base_url, upload_url)
    assert base.url(bulk_write.upload(ORG).request, api_domain) == address


def test_every_data_centre_has_its_upload_host() -> None:
    assert {slug: centre.upload_url for slug, centre in DATA_CENTRES.items()} == {
        "us": "https://content.zohoapis.com",
        "eu": "https://content.zohoapis.eu",
        "in": "https://content.zohoapis.in",
        "au": "https://content.zohoapis.com.au",
        "jp": "https://content.zohoapis.jp",
        "ca": "https://upload.zohocloud.ca",
        "sa": "https://files.zoho.sa",
        "cn": "https://content.zohoapis.com.cn",
        "uk": "https://content.zohoapis.uk",
        "ae": "https://content.zohoapis.ae",
    }


@pytest.mark.parametrize("upload_url", ["content.zohoapis.in", "https://x.test/crm/v8", ""])
def test_an_upload_url_that_is_no_host_is_refused(upload_url: str) -> None:
    with pytest.raises(ValueError, match="give the host alone"):
        ApiBase.parse("https://www.zohoapis.in/crm/v8", upload_url)


def test_a_job_tells_the_crm_how_to_read_each_column() -> None:
    call = bulk_write.create(
        "Deals",
        BulkOperation.UPSERT,
        file_id=FILE,
        file_name="records.csv",
        columns=[
            BulkColumn("Key"),
            BulkColumn("Account_Name", ColumnKind.LOOKUP),
            BulkColumn("Closing_Date", ColumnKind.DATE),
            BulkColumn("Seen_At", ColumnKind.DATETIME),
        ],
        ignore_empty=False,
        find_by="Key",
        defaults={"Lead_Source": "Web"},
        callback="https://pulse.test/hook",
    )
    assert (call.request.method, call.request.path, call.request.area) == (
        "POST",
        "/write",
        Area.BULK,
    )
    assert json.loads(call.request.body or b"") == {
        "operation": "upsert",
        "character_encoding": "UTF-8",
        "resource": [
            {
                "type": "data",
                "module": {"api_name": "Deals"},
                "file_id": FILE,
                "file_names": ["records.csv"],
                "ignore_empty": False,
                "find_by": "Key",
                "field_mappings": [
                    {"api_name": "Key", "index": 0},
                    {"api_name": "Account_Name", "index": 1, "find_by": "id"},
                    {"api_name": "Closing_Date", "index": 2, "format": "yyyy-MM-dd"},
                    {"api_name": "Seen_At", "index": 3, "format": "yyyy-MM-dd'T'HH:mm:ssXXX"},
                    {"api_name": "Lead_Source", "default_value": {"value": "Web"}},
                ],
            }
        ],
        "callback": {"url": "https://pulse.test/hook", "method": "post"},
    }
    assert call.decode(sample("bulk_write_created")) == JOB


def test_an_insert_needs_no_key() -> None:
    call = creation(BulkOperation.INSERT, find_by=None)
    assert "find_by" not in json.loads(call.request.body or b"")["resource"][0]


@pytest.mark.parametrize("operation", [BulkOperation.UPDATE, BulkOperation.UPSERT])
def test_update_and_upsert_need_a_key(operation: BulkOperation) -> None:
    with pytest.raises(ValueError, match=f"{operation}: name the field by which a record"):
        creation(operation, find_by=None)


def test_a_key_that_no_result_would_give_back_is_refused() -> None:
    others = [BulkColumn(f"F{number}") for number in range(3)]
    assert creation(columns=[*others[:2], KEY]).is_write is True
    with pytest.raises(ValueError, match=r"id: put the column .* among the first 3"):
        creation(columns=[*others, KEY])


def test_a_job_is_followed_to_its_end_with_the_counts_of_its_file() -> None:
    call = bulk_write.status(JOB)
    assert (call.request.path, call.request.area) == (f"/write/{JOB}", Area.BULK)
    running = call.decode(sample("bulk_write_in_progress"))
    assert (running.state, running.state.is_final) == (BulkWriteState.IN_PROGRESS, False)
    assert running.download_url is None
    done = call.decode(sample("bulk_write_completed"))
    assert (done.id, done.state, done.state.is_final) == (JOB, BulkWriteState.COMPLETED, True)
    assert (done.operation, done.download_url) == ("update", RESULT)
    (file,) = done.files
    assert (file.name, file.state, file.code) == ("records.csv", BulkWriteState.COMPLETED, None)
    assert (file.added, file.updated, file.skipped, file.total) == (0, 2, 1, 3)


def test_a_file_that_was_not_taken_names_the_reason() -> None:
    failed = bulk_write.status(JOB).decode(sample("bulk_write_failed"))
    assert (failed.state, failed.state.is_final) == (BulkWriteState.FAILED, True)
    (file,) = failed.files
    assert (file.state, file.code) == (BulkWriteState.SKIPPED, "MANDATORY_FIELDS_NOT_MAPPED")
    assert (file.name, file.total) == (None, 0)


@pytest.mark.parametrize("word", ["INPROGRESS", "IN PROGRESS", "IN_PROGRESS"])
def test_the_running_state_is_known_in_every_spelling(word: str) -> None:
    job = bulk_write.status("7").decode(answer({"id": "7", "status": word}))
    assert (job.state, job.files) == (BulkWriteState.IN_PROGRESS, ())


def test_an_answer_of_another_shape_is_unexpected() -> None:
    with pytest.raises(errors.UnexpectedAnswer, match="another job's status"):
        bulk_write.status("8").decode(sample("bulk_write_completed"))
    with pytest.raises(errors.UnexpectedAnswer, match="an object was expected"):
        bulk_write.status("8").decode(sample("list_empty_204"))
    with pytest.raises(errors.RequestRefused, match="COEXISTENCE_NOT_ALLOWED: no message"):
        creation().decode(sample("bulk_write_refused_400"))


def job(download_url: str | None) -> BulkWriteJob:
    state = BulkWriteState.COMPLETED if download_url else BulkWriteState.ADDED
    return BulkWriteJob(JOB, state, "update", (), download_url, AnswerMeta())


@pytest.mark.parametrize(
    ("location", "address"),
    [
        (RESULT, f"https://www.zohoapis.in{RESULT}"),
        (f"https://www.zohoapis.in{RESULT}", f"https://www.zohoapis.in{RESULT}"),
        (f"https://download-accl.zoho.in{RESULT}", f"https://download-accl.zoho.in{RESULT}"),
        (f"https://content.zohoapis.in{RESULT}", f"https://content.zohoapis.in{RESULT}"),
    ],
)
def test_a_result_is_fetched_where_the_crm_says(location: str, address: str) -> None:
    base = ApiBase.parse("https://www.zohoapis.in/crm/v8")
    assert base.url(bulk_write.result(job(location)).request, None) == address


def test_a_host_that_is_none_of_zohos_may_name_itself() -> None:
    base = ApiBase.parse("http://127.0.0.1:8090/crm/v8")
    address = f"http://127.0.0.1:8090{RESULT}"
    assert base.url(Request("GET", address, area=Area.RESULT), None) == address
    with pytest.raises(errors.UnexpectedAnswer):
        base.url(Request("GET", "https://www.zohoapis.in/x", area=Area.RESULT), None)


@pytest.mark.parametrize(
    "location",
    [
        "https://evil.test/x.zip",
        "https://zoho.in.evil.test/x.zip",
        "https://evilzoho.in/x.zip",
        "https://download.zoho.com/x.zip",
        "http://download.zoho.in/x.zip",
        "https://zoho.in:443@evil.test/x.zip",
        "https://a.zoho.in\\@evil.test/x.zip",
        "https://www.zohoapis.in.evil.test/x.zip",
        "//evil.test/x.zip",
        "/\\evil.test/x.zip",
        "ftp://a.zoho.in/x.zip",
        "",
    ],
)
def test_the_token_never_leaves_the_data_centre(location: str) -> None:
    base = ApiBase.parse("https://www.zohoapis.in/crm/v8")
    with pytest.raises(errors.UnexpectedAnswer, match="leads out of the CRM's data centre"):
        base.url(Request("GET", location, area=Area.RESULT), None)


def test_a_job_without_a_result_has_none_to_fetch() -> None:
    with pytest.raises(ValueError, match=f"job {JOB} is ADDED: it has no result"):
        bulk_write.result(job(None))


def test_a_fetched_result_is_an_empty_200_because_the_body_went_to_a_file() -> None:
    call = bulk_write.result(job(RESULT))
    meta = AnswerMeta(attempts=2)
    assert call.decode(Answer(200, meta=meta)) is meta
    gone = {"code": "RESOURCE_NOT_FOUND", "details": {}, "message": "", "status": "error"}
    with pytest.raises(errors.NotFound):
        call.decode(answer(gone, 404))
    with pytest.raises(errors.BrokenAnswer):
        call.decode(sample("list_empty_204"))


def file_in(folder: Path, *ids: str) -> BulkFile:
    return write_bulk_file(folder / "in.zip", [KEY, STAGE], [(one, "Won") for one in ids])


@pytest.mark.anyio
async def test_a_bulk_write_goes_from_file_to_outcomes(tmp_path: Path) -> None:
    file = file_in(tmp_path, "1", "2")
    # Any ZIP of one CSV is a result to the transport's twin.
    result = Answer(200, {}, file.path.read_bytes())
    transport = ScriptedTransport(
        sample("bulk_write_uploaded"),
        sample("bulk_write_created"),
        sample("bulk_write_completed"),
        result,
    )
    surface = client_over(transport).bulk_write
    file_id = await surface.upload(file, org_id=ORG)
    job_id = await surface.create(
        "Deals", BulkOperation.UPDATE, file, file_id, ignore_empty=True, find_by="id"
    )
    await surface.download(await surface.status(job_id), tmp_path / "out.zip")
    uploaded, created, _, fetched = transport.requests
    assert uploaded.file == FilePart(file.path)
    assert uploaded.url == "https://api.test/crm/v8/upload"
    assert uploaded.headers["feature"] == "bulk-write"
    assert "Content-Type" not in uploaded.headers
    assert body_of(created)["resource"][0]["file_names"] == ["records.csv"]
    assert fetched.url == f"https://api.test{RESULT}"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.zip", "out.zip"]  # noqa: ASYNC240 - a folder of two files
    with (
        pytest.raises(errors.BrokenAnswer, match="no column STATUS"),
        read_bulk_outcomes(tmp_path / "out.zip") as outcomes,
    ):
        next(outcomes)


@pytest.mark.anyio
async def test_an_upload_is_repeated_and_a_job_is_not(tmp_path: Path) -> None:
    file = file_in(tmp_path, "1")
    cut = errors.ConnectionLost("reset")
    transport = ScriptedTransport(cut, sample("bulk_write_uploaded"), cut, cut)
    surface = client_over(transport).bulk_write
    file_id = await surface.upload(file, org_id=ORG)
    with pytest.raises(errors.AnswerLost, match=r"bulk_write\.create"):
        await surface.create(
            "Deals", BulkOperation.UPDATE, file, file_id, ignore_empty=True, find_by="id"
        )
    assert (len(transport.requests), transport.steps_left) == (3, 1)
