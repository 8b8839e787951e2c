"""Refuse requests that another web site makes a browser send (CSRF), and names that are not ours.

A cookie goes along with every request to us, whoever caused it; a header that a page cannot set
tells who did. So a request that may change something needs one of these:

- an API token: no other site can add the Authorization header without asking us first (CORS);
- `Sec-Fetch-Site: same-origin`, or `none` for what the reader did by hand;
- an `Origin` with our own host, from browsers that do not send the former (plain http on a LAN);
- neither header and no session cookie: that is a program, which has nothing to be tricked out of.

The Host header must be a name of ours. Otherwise a page of another site could point its own name at
this address (DNS rebinding) and would be "same origin" in the browser's eyes.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from pulse.kit.errors import ForbiddenError, InvalidInputError, PulseError
from pulse.web.credentials import SESSION_COOKIE
from pulse.web.problems import problem_response

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Receive, Scope, Send

LOOPBACK_NAMES: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_OURS: Final = frozenset({"same-origin", "none"})
# Load balancers ask by address, and these answers are the same for everybody.
_ANY_HOST: Final = frozenset({"/health", "/health/ready"})


class CrossSiteError(ForbiddenError):
    """Another web site caused the request."""

    code = "cross_site"
    title = "Request from another site"


class UnknownHostError(InvalidInputError):
    """The request calls us by a name that is not ours."""

    code = "unknown_host"
    title = "Unknown host name"


def cross_site() -> CrossSiteError:
    """Return the error of a request that may come from another site."""
    return CrossSiteError(
        "This request may change something and does not come from a page of Pipeline Pulse.",
        fix="Use the application's own pages, or send an API token instead of the cookie.",
    )


def unknown_host(host: str) -> UnknownHostError:
    """Return the error of a name that is not ours."""
    return UnknownHostError(
        f"Pipeline Pulse is not known by the name {host or '(none)'}.",
        fix="Set PULSE_PUBLIC_URL to the address people use, or add the name to "
        "PULSE_ALLOWED_HOSTS.",
        extra={"host": host},
    )


class RequestGuard:
    """ASGI middleware that lets through only requests of our own pages, or of programs."""

    def __init__(self, app: ASGIApp, *, hosts: Collection[str]) -> None:
        """`hosts` are the names that we are called by, without ports."""
        self._app = app
        self._hosts = LOOPBACK_NAMES | {host.lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what must be refused and pass everything else on."""
        if scope["type"] == "http":
            problem = self._problem_of(scope)
            if problem is not None:
                await problem_response(problem.problem())(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _problem_of(self, scope: Scope) -> PulseError | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if scope["path"] not in _ANY_HOST and name_of(host) not in self._hosts:
            return unknown_host(host)
        if scope["method"] not in _SAFE_METHODS and not is_ours(headers):
            return cross_site()
        return None


def is_ours(headers: Headers) -> bool:
    """Return whether a request that may change something comes from a page of ours."""
    if headers.get("authorization", "").lower().startswith("bearer "):
        return True
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in _OURS
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    return not _has_session(headers)


def name_of(host: str) -> str:
    """Return the name in a Host header, without port and brackets; empty if it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _has_session(headers: Headers) -> bool:
    try:
        return SESSION_COOKIE in SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        # Cookies that nobody can read are as suspect as ours.
        return True
