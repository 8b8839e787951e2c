"""Bodies that are too long are refused before they are in memory, whether or not they say so."""

import asyncio
from collections.abc import Sequence

import pytest
from starlette.types import Message, Receive, Scope, Send

from pulse.web.sizes import BULK_LIMIT_BYTES, USUAL_LIMIT_BYTES, BodyLimit

PART = b"x" * 500_000


async def echo(_scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the length of the body, read as an application does."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


def answer(path: str, parts: Sequence[bytes], told: int | None) -> tuple[int, bytes, int]:
    """Send a body in parts; return status, answer and how many parts were taken."""
    sent: list[Message] = []
    left = list(parts)

    async def receive() -> Message:
        body = left.pop(0)
        return {"type": "http.request", "body": body, "more_body": bool(left)}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [] if told is None else [(b"content-length", str(told).encode())]
    scope: Scope = {"type": "http", "method": "POST", "path": path, "headers": headers}
    asyncio.run(BodyLimit(echo)(scope, receive, send))
    return sent[0]["status"], sent[1]["body"], len(parts) - len(left)


@pytest.mark.parametrize("path", ["/api/auth/login", "/api/bulk/write"])
def test_body_up_to_the_limit_of_its_path_arrives_whole(path: str) -> None:
    limit = BULK_LIMIT_BYTES if "bulk" in path else USUAL_LIMIT_BYTES
    parts = [PART] * (limit // len(PART))
    assert answer(path, parts, limit) == (200, str(limit).encode(), len(parts))
    assert answer(path, parts, None) == (200, str(limit).encode(), len(parts))


def test_body_that_says_to_be_too_long_is_refused_unread() -> None:
    status, body, taken = answer("/api/auth/login", [PART], USUAL_LIMIT_BYTES + 1)
    assert (status, taken) == (413, 0)
    assert b'"code":"body_too_large"' in body
    assert b"/api/auth/login takes 2 MB at most." in body


def test_body_that_does_not_say_its_length_is_cut_off_at_the_limit() -> None:
    status, _, taken = answer("/api/deals/1", [PART] * 100, None)
    assert (status, taken) == (413, USUAL_LIMIT_BYTES // len(PART) + 1)


def test_request_without_a_body_passes() -> None:
    assert answer("/api/deals", [b""], None) == (200, b"0", 1)
