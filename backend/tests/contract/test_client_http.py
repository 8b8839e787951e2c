"""The client over real sockets: what networks do to it, and how it moves bytes."""

from __future__ import annotations

import asyncio
import gzip
import io
import json
import zipfile
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest

from support.crm_client import credentials
from zoho_crm import (
    AnswerLost,
    BrokenAnswer,
    BulkColumn,
    CallTimedOut,
    ConnectionFailed,
    ConnectionLost,
    RetryPolicy,
    Secret,
    Timeouts,
    UnexpectedAnswer,
    ZohoClient,
    exchange_code,
    read_bulk_csv,
    write_bulk_file,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

pytestmark = pytest.mark.anyio

ONCE = RetryPolicy(max_tries=1)
TWICE = RetryPolicy(max_tries=2, base_s=0.0)
HANG = b"hang"
GUARD = datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def http(status: int, body: bytes, *headers: str, declared: int | None = None) -> bytes:
    """Return the bytes of an HTTP answer; `declared` is a length that may be a lie."""
    length = len(body) if declared is None else declared
    head = [f"HTTP/1.1 {status} X", f"content-length: {length}", "connection: close", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def page(*ids: str) -> bytes:
    return json.dumps(
        {"data": [{"id": one} for one in ids], "info": {"more_records": False}}
    ).encode()


class RawServer:
    """A server that answers API requests with prepared bytes, token requests with a token."""

    def __init__(self, answers: list[bytes]) -> None:
        self._answers = list(answers)
        self.requests: list[tuple[str, bytes]] = []
        self.url = ""

    async def handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        length = next(
            (
                int(line.split(":")[1])
                for line in head.splitlines()
                if line.lower().startswith("content-length:")
            ),
            0,
        )
        body = await reader.readexactly(length)
        first = head.split("\r\n", 1)[0]
        self.requests.append((first, body))
        if "/oauth/" in first:
            writer.write(http(200, json.dumps({"access_token": "t", "expires_in": 3600}).encode()))
        else:
            given = self._answers.pop(0)
            if given is HANG:
                await reader.read()
            writer.write(given)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def serving(*answers: bytes) -> AsyncIterator[RawServer]:
    scripted = RawServer(list(answers))
    server = await asyncio.start_server(scripted.handle, "127.0.0.1", 0)
    async with server:
        scripted.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield scripted


def client_of(
    server: RawServer, *, retry: RetryPolicy = ONCE, timeouts: Timeouts | None = None
) -> ZohoClient:
    return ZohoClient(
        credentials(),
        base_url=f"{server.url}/crm/v8",
        accounts_url=server.url,
        retry=retry,
        timeouts=timeouts,
    )


async def test_a_page_travels_over_http() -> None:
    async with serving(http(200, page("1", "2"))) as server, client_of(server) as crm:
        found = await crm.get_records("Deals", ["id"])
    assert found.records == [{"id": "1"}, {"id": "2"}]
    (token_line, form), (list_line, _) = server.requests
    assert token_line == "POST /oauth/v2/token HTTP/1.1"
    assert parse_qs(form.decode()) == {
        "grant_type": ["refresh_token"],
        "client_id": ["client-1"],
        "client_secret": ["client-secret"],
        "refresh_token": ["refresh-token"],
    }
    assert list_line == "GET /crm/v8/Deals?fields=id&per_page=200 HTTP/1.1"


async def test_special_characters_arrive_once_encoded() -> None:
    async with serving(http(204, b"")) as server, client_of(server) as crm:
        await crm.search("Deals", criteria="(Deal_Name:equals:a+b \\(c\\)&d)")
    assert server.requests[1][0].split()[1].split("?")[1].split("&")[0] == (
        "criteria=%28Deal_Name%3Aequals%3Aa%2Bb%20%5C%28c%5C%29%26d%29"
    )


async def test_a_compressed_body_is_read() -> None:
    squeezed = http(200, gzip.compress(page("1")), "content-encoding: gzip")
    async with serving(squeezed) as server, client_of(server) as crm:
        assert (await crm.get_records("Deals", ["id"])).records == [{"id": "1"}]


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (http(200, page("1")[:20], declared=500), BrokenAnswer),
        (b"this is not HTTP\r\n\r\n", BrokenAnswer),
        (b"HTTP/1.1 200 X\r\ncontent-le", ConnectionLost),
    ],
)
async def test_a_broken_answer_is_told_apart_and_the_next_one_taken(
    given: bytes, kind: type[Exception]
) -> None:
    async with serving(given) as server, client_of(server) as crm:
        with pytest.raises(kind):
            await crm.get_records("Deals", ["id"])
    async with (
        serving(given, http(200, page("1"))) as server,
        client_of(server, retry=TWICE) as crm,
    ):
        assert (await crm.get_records("Deals", ["id"])).meta.attempts == 2
    async with serving(given) as server, client_of(server, retry=TWICE) as crm:
        with pytest.raises(AnswerLost) as caught:
            await crm.insert("Deals", [{"Deal_Name": "Crane lease"}])
        assert type(caught.value.cause) is kind


async def test_a_guarded_update_whose_connection_breaks_leaves_once() -> None:
    async with serving(b"", http(200, b"{}")) as server, client_of(server, retry=TWICE) as crm:
        with pytest.raises(AnswerLost) as caught:
            await crm.update("Deals", [{"id": "1"}], if_unmodified_since=GUARD)
        assert type(caught.value.cause) is ConnectionLost
    assert [line.split()[0] for line, _ in server.requests] == ["POST", "PUT"]


async def test_silence_ends_with_a_time_out() -> None:
    hasty = Timeouts(read_s=0.05)
    async with serving(HANG) as server, client_of(server, timeouts=hasty) as crm:
        with pytest.raises(CallTimedOut, match=r"127\.0\.0\.1 gave no complete answer"):
            await crm.get_records("Deals", ["id"])


async def test_a_server_that_is_not_there_is_a_failed_connection() -> None:
    async with serving() as server:
        pass
    async with client_of(server) as crm:
        with pytest.raises(ConnectionFailed, match=r"no connection to 127\.0\.0\.1"):
            await crm.get_records("Deals", ["id"])


async def test_a_redirect_is_not_followed() -> None:
    elsewhere = http(302, b"", "location: http://127.0.0.1:1/")
    async with serving(elsewhere) as server, client_of(server) as crm:
        with pytest.raises(UnexpectedAnswer):
            await crm.get_records("Deals", ["id"])
    assert len(server.requests) == 2


def result_zip(rows: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        lines = "".join(f"{number},{'x' * 100}\n" for number in range(rows))
        archive.writestr("7.csv", f"Id,Deal_Name\n{lines}")
    return buffer.getvalue()


async def test_a_result_is_downloaded_in_pieces_and_a_cut_one_fetched_again(
    tmp_path: Path,
) -> None:
    whole = result_zip(30_000)
    to = tmp_path / "7.zip"
    answers = (
        http(200, whole[:100_000], declared=len(whole)),
        http(200, whole[:-30]),
        http(200, whole),
    )
    patient = RetryPolicy(max_tries=3, base_s=0.0)
    async with serving(*answers) as server, client_of(server, retry=patient) as crm:
        meta = await crm.bulk_read.download("7", to)
    assert meta.attempts == 3
    assert server.requests[-1][0] == "GET /crm/bulk/v8/read/7/result HTTP/1.1"
    assert [path.name for path in tmp_path.iterdir()] == ["7.zip"]  # noqa: ASYNC240 - one file
    with read_bulk_csv(to) as (header, rows):
        assert header == ["id", "Deal_Name"]
        assert sum(1 for _ in rows) == 30_000


async def test_a_file_is_uploaded_whole_and_again_after_a_broken_connection(
    tmp_path: Path,
) -> None:
    file = write_bulk_file(
        tmp_path / "deals.zip", [BulkColumn("Deal_Name")], [(f"Quay {n}",) for n in range(9_000)]
    )
    taken = http(200, json.dumps({"details": {"file_id": "77"}}).encode())
    async with serving(b"", taken) as server, client_of(server, retry=TWICE) as crm:
        assert await crm.bulk_write.upload(file, org_id="60001234") == "77"
    _, (first_line, first), (second_line, second) = server.requests
    assert first_line == second_line == "POST /crm/v8/upload HTTP/1.1"
    for body in (first, second):
        head, _, rest = body.partition(b"\r\n\r\n")
        boundary = head.split(b"\r\n", 1)[0]
        assert b'name="file"; filename="deals.zip"' in head
        assert b"Content-Type: application/zip" in head
        assert rest == file.path.read_bytes() + b"\r\n" + boundary + b"--\r\n"


async def test_files_go_to_the_host_that_was_given_for_them(tmp_path: Path) -> None:
    file = write_bulk_file(tmp_path / "deals.zip", [BulkColumn("Deal_Name")], [("Quay",)])
    taken = http(200, json.dumps({"details": {"file_id": "77"}}).encode())
    async with serving() as api, serving(taken) as files:
        client = ZohoClient(
            credentials(),
            base_url=f"{api.url}/crm/v8",
            accounts_url=api.url,
            upload_url=files.url,
            retry=ONCE,
        )
        async with client as crm:
            assert await crm.bulk_write.upload(file, org_id="60001234") == "77"
    assert [line for line, _ in files.requests] == ["POST /crm/v8/upload HTTP/1.1"]
    assert len(api.requests) == 1


async def test_a_code_is_exchanged_for_tokens() -> None:
    async with serving() as server:
        grant = await exchange_code(
            server.url,
            client_id="client-1",
            client_secret=Secret("client-secret"),
            redirect_uri="https://pulse.test/back",
            code=Secret("code"),
        )
    assert grant.token.value == Secret("t")
    assert grant.refresh_token is None
    ((_, form),) = server.requests
    assert parse_qs(form.decode())["grant_type"] == ["authorization_code"]
