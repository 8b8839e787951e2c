"""Bytes over HTTP: one request, one answer or one typed failure; and the one retry policy.

The transport knows no operation and no token. It follows no redirect, so that a token never
travels to another host.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import aiohttp
from yarl import URL

from zoho_crm.errors import BrokenAnswer, CallTimedOut, ConnectionFailed, ConnectionLost
from zoho_crm.protocol.wire import Answer

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path
    from random import Random

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds until a connection, between two reads, and for a whole call."""

    connect_s: float = 10.0
    read_s: float = 60.0
    total_s: float = 300.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how long a call is repeated.

    Waits grow exponentially from `base_s` to `cap_s` with full jitter, and are never shorter than
    what the CRM asked for. A wait that would end later than `max_total_s` after the first attempt
    is not begun.
    """

    max_tries: int = 6
    max_total_s: float = 120.0
    base_s: float = 0.5
    cap_s: float = 30.0

    def wait_s(self, tries: int, asked_s: float | None, rng: Random) -> float:
        """Return the wait after `tries` failed attempts."""
        ceiling = min(self.cap_s, self.base_s * 2.0 ** (tries - 1))
        return max(rng.uniform(0.0, ceiling), asked_s or 0.0)

    def allows(self, tries: int, elapsed_s: float, wait_s: float) -> bool:
        """Tell whether another attempt may follow after `wait_s`."""
        return tries < self.max_tries and elapsed_s + wait_s <= self.max_total_s


@dataclass(frozen=True, slots=True)
class FilePart:
    """A file that goes out as one field of a multipart form."""

    path: Path
    field: str = "file"
    content_type: str = "application/zip"


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request as it goes out. `form` or `file` is sent as a form in place of `body`."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None = None
    form: Mapping[str, str] | None = None
    file: FilePart | None = None


class Transport(Protocol):
    """Send one request; raise ConnectionFailed, ConnectionLost, CallTimedOut or BrokenAnswer."""

    async def send(self, request: HttpRequest, *, to: Path | None = None) -> Answer:
        """Return the answer; the body of a 200 goes to the file `to` if one is given."""

    async def close(self) -> None:
        """Close the connections."""


class HttpTransport:
    """The transport over aiohttp, with a pool of `connections`."""

    def __init__(self, *, timeouts: Timeouts, connections: int) -> None:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=connections),
            timeout=aiohttp.ClientTimeout(
                total=timeouts.total_s, sock_connect=timeouts.connect_s, sock_read=timeouts.read_s
            ),
            # A session of another user must not ride along in a cookie.
            cookie_jar=aiohttp.DummyCookieJar(),
            middlewares=(_no_silent_resend,),
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()

    async def send(self, request: HttpRequest, *, to: Path | None = None) -> Answer:
        """Return the answer; the body of a 200 goes to the file `to` if one is given."""
        url = URL(request.url, encoded=True)
        try:
            async with (
                _payload(request) as data,
                self._session.request(
                    request.method,
                    url,
                    headers=request.headers,
                    data=data,
                    allow_redirects=False,
                ) as response,
            ):
                headers = {name.lower(): value for name, value in response.headers.items()}
                if to is not None and response.status == 200:  # noqa: PLR2004 - HTTP OK
                    await _save(response.content, to)
                    return Answer(response.status, headers)
                return Answer(response.status, headers, await response.read())
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as failed:
            raise ConnectionFailed(f"no connection to {url.host}: {failed}") from failed
        except TimeoutError as late:
            raise CallTimedOut(f"{url.host} gave no complete answer in time") from late
        except (aiohttp.ClientPayloadError, aiohttp.ClientResponseError) as cut:
            raise BrokenAnswer(f"{url.host} sent a cut or unreadable answer: {cut}") from cut
        except (aiohttp.ClientConnectionError, ConnectionError) as lost:
            raise ConnectionLost(f"the connection to {url.host} broke: {lost}") from lost


async def _no_silent_resend(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """Keep aiohttp from sending GET, PUT and DELETE a second time when the connection breaks.

    It repeats them unasked after ClientOSError and ServerDisconnectedError; a guarded update would
    then meet its own first execution. An error of our own passes it by.
    """
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as lost:
        raise ConnectionLost(f"the connection to {request.url.host} broke: {lost}") from lost


@asynccontextmanager
async def _payload(
    request: HttpRequest,
) -> AsyncIterator[bytes | dict[str, str] | aiohttp.FormData | None]:
    """Give what goes out as the body; a file is opened for each attempt and read as it is sent."""
    part = request.file
    if part is None:
        yield request.body if request.form is None else dict(request.form)
        return
    file = await asyncio.to_thread(part.path.open, "rb")
    try:
        form = aiohttp.FormData()
        form.add_field(part.field, file, filename=part.path.name, content_type=part.content_type)
        yield form
    finally:
        await asyncio.to_thread(file.close)


async def _save(content: aiohttp.StreamReader, to: Path) -> None:
    """Write a body to a file piece by piece, off the event loop."""
    file = await asyncio.to_thread(to.open, "wb")
    try:
        async for chunk in content.iter_chunked(CHUNK_BYTES):
            await asyncio.to_thread(file.write, chunk)
    finally:
        await asyncio.to_thread(file.close)
