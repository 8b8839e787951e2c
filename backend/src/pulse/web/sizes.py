"""Refuse bodies that no request of ours has: nobody shall fill the server's memory.

A body is JSON and read whole, also of a caller who is not known yet. Bulk operations name up to
50,000 records, or values for 25,000; all else is small.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from starlette.datastructures import Headers

from pulse.kit.errors import PulseError
from pulse.web.problems import problem_response

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_MEGABYTE: Final = 1_000_000
USUAL_LIMIT_BYTES: Final = 2 * _MEGABYTE
BULK_LIMIT_BYTES: Final = 32 * _MEGABYTE
_BULK_PATH: Final = "/api/bulk/"


class BodyTooLargeError(PulseError):
    """The request's body is longer than what its path takes."""

    code = "body_too_large"
    status: ClassVar[int] = 413
    title = "Body too large"


def limit_of(path: str) -> int:
    """Return how many bytes a request to a path may have."""
    return BULK_LIMIT_BYTES if path.startswith(_BULK_PATH) else USUAL_LIMIT_BYTES


def body_too_large(path: str) -> BodyTooLargeError:
    """Return the error of a body that is too long for its path."""
    megabytes = limit_of(path) // _MEGABYTE
    return BodyTooLargeError(
        f"{path} takes {megabytes} MB at most.",
        fix="Send less at once: split the work into several requests.",
        extra={"limit_bytes": limit_of(path)},
    )


class BodyLimit:
    """ASGI middleware that answers 413 before a body that is too long is in memory."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what must be refused and pass everything else on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = limit_of(scope["path"])
        told = Headers(scope=scope).get("content-length")
        if told is None:
            read = await _read(receive, limit)
            is_too_long = read is None
        else:
            # The server reads no more than the header says; one that is no number never comes here.
            read, is_too_long = [], int(told) > limit
        if is_too_long:
            refusal = problem_response(body_too_large(scope["path"]).problem())
            await refusal(scope, receive, send)
            return
        await self._app(scope, _again(read or [], receive), send)


async def _read(receive: Receive, limit: int) -> list[Message] | None:
    """Return the messages of a body whose length is not told; None where it is too long."""
    messages: list[Message] = []
    length = 0
    while True:
        message = await receive()
        messages.append(message)
        length += len(message.get("body", b""))
        if length > limit:
            return None
        if message["type"] != "http.request" or not message.get("more_body", False):
            return messages


def _again(messages: list[Message], receive: Receive) -> Receive:
    """Return a `receive` that gives messages which were read before, then those that follow."""
    waiting = iter(messages)

    async def next_message() -> Message:
        return next(waiting, None) or await receive()

    return next_message
