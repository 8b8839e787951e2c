"""Headers that tell browsers how little each answer may do.

Every answer carries them, the server's own failures included. An answer that is not a page of the
app may load, run and be framed by nothing; the app's pages bring their own policy. Nothing that a
request found out is kept by a cache, unless the answer says otherwise itself.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HSTS: Final = "max-age=31536000"
_CSP: Final = "Content-Security-Policy"

_ALWAYS: Final[Mapping[str, str]] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), "
    "payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_UNLESS_SAID: Final[Mapping[str, str]] = {
    _CSP: "default-src 'none'; frame-ancestors 'none'",
    "Cache-Control": "no-store",
}


def page_policy(nonce: str) -> str:
    """Return the policy of a page of the app.

    Scripts come from our own files only. Styles, too, but for `<style>` elements with this nonce:
    Mantine writes its variables and its responsive properties into such. (ADR 0014)
    """
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "font-src 'self'",
            "img-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class SecurityHeaders:
    """Wraps an application; put it around everything, error answers included."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), scope["scheme"], message["status"])
            await send(message)

        await self._app(scope, receive, send_with_headers)


def _add(headers: MutableHeaders, scheme: str, status: int) -> None:
    headers.update(_ALWAYS)
    if scheme == "https":
        headers["Strict-Transport-Security"] = _HSTS
    if status == HTTPStatus.NOT_MODIFIED:
        # What such an answer says takes the place of what the cached page came with: its policy
        # names the nonce that stands in the page.
        return
    for name, value in _UNLESS_SAID.items():
        headers.setdefault(name, value)
