"""The built web application, as `make app` leaves it in this package: what is served, and how.

Files under `assets/` carry a hash of their content in their names and are kept by browsers for
ever; everything else is asked for again and answered 304 while it is the same. A navigation to a
path that no route and no file answers gets the app's page, whose router knows the rest; anything
else gets what is not there: a 404. A file is sent as its `.br` or `.gz` neighbour to those who
take that.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response

from pulse.api.headers import page_policy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from starlette.types import ASGIApp, Receive, Scope, Send

BUILT_APP: Final = Path(__file__).parent / "static"
"""Where `make app` puts the app; the wheel carries it along."""
_APP: Final = "index.html"
_PAGES: Final = {"/": _APP, "/docs": "docs.html"}
"""Pages by path; the first also answers every path that only its router knows."""
NONCE_PLACE: Final = "__CSP_NONCE__"
"""What stands in a built page where the answer's nonce goes."""

_HASHED: Final = "assets/"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_ASK_AGAIN: Final = "no-cache"
_ENCODINGS: Final = {"br": ".br", "gzip": ".gz"}
"""Content codings in the order of preference, and how the files that hold them end."""
# Of our own, since the machine's list of media types is not the same everywhere.
_MEDIA_TYPES: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_NOT_THE_APPS: Final = ("/api/", "/health/", f"/{_HASHED}")
_NONCE_BYTES: Final = 18

_NOT_BUILT: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Pipeline Pulse is not built</title>
<h1>The web application is not built</h1>
<p>The API is running. To build the pages, run <code>make app</code> in the project's folder, then
load this page again.</p>
<p>The wheel of a release has them inside: this installation was made from sources.</p>
"""


@dataclass(frozen=True, slots=True)
class _File:
    """One file of the build: its content as it is, and by content coding."""

    media_type: str
    bodies: Mapping[str, bytes]
    tag: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tag", hashlib.sha256(self.bodies[""]).hexdigest()[:32])


class AppFiles:
    """Answers what no route does: with a file of the built app, or with `otherwise`.

    The files are held in memory, and read again when the app was built anew.
    """

    def __init__(self, otherwise: ASGIApp, folder: Path = BUILT_APP) -> None:
        self._otherwise = otherwise
        self._folder = folder
        self._files: Mapping[str, _File] = {}
        self._read_at_build: int | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET and HEAD of files and pages; hand anything else on."""
        answer = self._answer(scope) if scope["type"] == "http" else None
        await (answer or self._otherwise)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response | None:
        if scope["method"] not in {"GET", "HEAD"}:
            return None
        path: str = scope["path"]
        file = self._built().get(path.removeprefix("/"))
        if file is not None and file.media_type != "text/html":
            return _file_response(path, file, scope)
        if path in _PAGES:
            return self._page(_PAGES[path], scope)
        if _is_navigation(scope) and not f"{path}/".startswith(_NOT_THE_APPS):
            return self._page(_APP, scope)
        return None

    def _page(self, name: str, scope: Scope) -> Response:
        file = self._built().get(name)
        if file is None:
            return HTMLResponse(_NOT_BUILT, HTTPStatus.SERVICE_UNAVAILABLE)
        headers = {"Cache-Control": _ASK_AGAIN, "ETag": f'"{file.tag}"'}
        if _is_known(scope, file.tag):
            return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
        nonce = secrets.token_urlsafe(_NONCE_BYTES)
        headers["Content-Security-Policy"] = page_policy(nonce)
        body = file.bodies[""].replace(NONCE_PLACE.encode(), nonce.encode())
        return HTMLResponse(body, headers=headers)

    def _built(self) -> Mapping[str, _File]:
        """Return the files by their path inside the folder; none if the app is not built."""
        try:
            # The build puts the whole folder in place at once, its page included.
            built = (self._folder / _APP).stat().st_mtime_ns
        except FileNotFoundError:
            return {}
        if built != self._read_at_build:
            self._files = {
                path.relative_to(self._folder).as_posix(): _read(path)
                for path in sorted(self._folder.rglob("*"))
                if path.is_file() and path.suffix not in _ENCODINGS.values()
            }
            self._read_at_build = built
        return self._files


def _read(path: Path) -> _File:
    media_type = _MEDIA_TYPES.get(path.suffix, "application/octet-stream")
    bodies = {"": path.read_bytes()}
    for coding, ending in _ENCODINGS.items():
        neighbour = path.with_name(path.name + ending)
        if neighbour.exists():
            bodies[coding] = neighbour.read_bytes()
    return _File(media_type, bodies)


def _file_response(path: str, file: _File, scope: Scope) -> Response:
    coding = _preferred(file.bodies, Headers(scope=scope).getlist("accept-encoding"))
    tag = f"{file.tag}-{coding}" if coding else file.tag
    headers = {
        "Cache-Control": _FOR_EVER if path.startswith(f"/{_HASHED}") else _ASK_AGAIN,
        "ETag": f'"{tag}"',
    }
    if len(file.bodies) > 1:
        headers["Vary"] = "Accept-Encoding"
    if _is_known(scope, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    if coding:
        headers["Content-Encoding"] = coding
    return Response(file.bodies[coding], headers=headers, media_type=file.media_type)


def _preferred(bodies: Mapping[str, bytes], accepted: Sequence[str]) -> str:
    """Return the first content coding that is there and taken; `""` is the file as it is."""
    taken: dict[str, bool] = {}
    for entry in ",".join(accepted).lower().split(","):
        coding, _, parameters = entry.partition(";")
        weight = parameters.partition("=")[2].strip()
        # Zero in any of its forms (0, 0.0, 0.000) refuses.
        taken[coding.strip()] = weight.strip("0.") != "" or weight == ""
    for coding in _ENCODINGS:
        if coding in bodies and taken.get(coding, taken.get("*", False)):
            return coding
    return ""


def _is_known(scope: Scope, tag: str) -> bool:
    """Tell whether the request names the tag of what it has already."""
    asked = ",".join(Headers(scope=scope).getlist("if-none-match"))
    tags = {entry.strip().removeprefix("W/") for entry in asked.split(",")}
    return f'"{tag}"' in tags


def _is_navigation(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    mode = headers.get("sec-fetch-mode")
    return mode == "navigate" or (mode is None and "text/html" in headers.get("accept", ""))
