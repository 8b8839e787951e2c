"""What of a built app is served, how long it is kept, and what a missing build says."""

import asyncio
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import Message

from pulse.api.app_files import AppFiles
from pulse.api.headers import SecurityHeaders

SCRIPT = "assets/app-8f3a.js"
BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8", "sec-fetch-mode": "navigate"}
FOR_EVER = "public, max-age=31536000, immutable"
NOT_THERE = b"nothing here"


@dataclass
class Answer:
    status: int
    headers: Headers
    body: bytes


class App:
    def __init__(self, folder: Path) -> None:
        not_there = PlainTextResponse(NOT_THERE, 404)
        self.folder = folder
        self._application = SecurityHeaders(AppFiles(not_there, folder))

    def ask(
        self, path: str, headers: dict[str, str] | None = None, method: str = "GET", **scope: str
    ) -> Answer:
        sent: list[Message] = []
        raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        asked = {"type": "http", "method": method, "path": path, "headers": raw, "scheme": "http"}

        async def receive() -> Message:
            return {"type": "http.request"}

        async def send(message: Message) -> None:
            sent.append(message)

        asyncio.run(self._application(asked | scope, receive, send))
        start, *rest = sent
        body = b"".join(message["body"] for message in rest)
        return Answer(start["status"], Headers(raw=start["headers"]), body)


@pytest.fixture
def app(tmp_path: Path) -> App:
    (tmp_path / "assets").mkdir()
    page = '<!doctype html><meta property="csp-nonce" nonce="__CSP_NONCE__"><title>App</title>'
    (tmp_path / "index.html").write_text(page)
    (tmp_path / "docs.html").write_text("<!doctype html><title>Docs</title>")
    for ending, content in {"": b"show()", ".gz": b"gzipped", ".br": b"brotli"}.items():
        (tmp_path / f"{SCRIPT}{ending}").write_bytes(content)
    (tmp_path / "favicon.svg").write_bytes(b"<svg/>")
    return App(tmp_path)


def test_hashed_file_is_kept_for_ever_with_its_media_type(app: App) -> None:
    answer = app.ask(f"/{SCRIPT}")
    assert (answer.status, answer.body) == (200, b"show()")
    assert answer.headers["cache-control"] == FOR_EVER
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in answer.headers


@pytest.mark.parametrize(
    ("accepted", "coding", "body"),
    [
        ("gzip, deflate, br, zstd", "br", b"brotli"),
        ("gzip", "gzip", b"gzipped"),
        ("br;q=0, gzip;q=0.5", "gzip", b"gzipped"),
        ("*", "br", b"brotli"),
        ("*;q=0", None, b"show()"),
        ("br;q=0.0, *", "gzip", b"gzipped"),
        ("identity", None, b"show()"),
        ("", None, b"show()"),
    ],
)
def test_file_goes_out_in_the_best_coding_that_is_taken(
    app: App, accepted: str, coding: str | None, body: bytes
) -> None:
    answer = app.ask(f"/{SCRIPT}", {"accept-encoding": accepted})
    assert (answer.headers.get("content-encoding"), answer.body) == (coding, body)


def test_each_coding_of_a_file_has_a_tag_of_its_own(app: App) -> None:
    tags = {
        app.ask(f"/{SCRIPT}", {"accept-encoding": coding}).headers["etag"]
        for coding in ("br", "gzip", "identity")
    }
    assert len(tags) == 3


def test_file_without_a_hash_in_its_name_is_asked_for_again_and_answered_304(app: App) -> None:
    first = app.ask("/favicon.svg")
    assert first.headers["cache-control"] == "no-cache"
    assert first.headers["content-type"] == "image/svg+xml"
    second = app.ask("/favicon.svg", {"if-none-match": f'"else", W/{first.headers["etag"]}'})
    assert (second.status, second.body) == (304, b"")


@pytest.mark.parametrize("path", ["/", "/deals", "/deals/3652397000000649013", "/login"])
def test_navigation_gets_the_apps_page(app: App, path: str) -> None:
    answer = app.ask(path, BROWSER)
    assert (answer.status, answer.headers["cache-control"]) == (200, "no-cache")
    assert b"<title>App</title>" in answer.body


def test_documentation_has_a_page_of_its_own(app: App) -> None:
    assert b"<title>Docs</title>" in app.ask("/docs", BROWSER).body


@pytest.mark.parametrize(
    "path",
    ["/api", "/api/deals/unknown", "/health/unknown", "/assets/app-0000.js", "/assets/../x"],
)
def test_navigation_to_what_is_not_the_apps_gets_what_is_not_there(app: App, path: str) -> None:
    answer = app.ask(path, BROWSER)
    assert (answer.status, answer.body) == (404, NOT_THERE)


@pytest.mark.parametrize(
    ("method", "headers"),
    [
        ("POST", BROWSER),
        ("GET", {"accept": "*/*"}),
        ("GET", {"accept": "application/json"}),
        ("GET", BROWSER | {"sec-fetch-mode": "cors"}),
    ],
)
def test_only_a_navigation_is_taken_for_a_page(
    app: App, method: str, headers: dict[str, str]
) -> None:
    answer = app.ask("/deals", headers, method)
    assert (answer.status, answer.body) == (404, NOT_THERE)


@pytest.mark.parametrize("path", ["/index.html", "/docs.html"])
def test_template_of_a_page_is_never_sent_as_a_file(app: App, path: str) -> None:
    assert app.ask(path).status == 404


def test_file_outside_the_build_cannot_be_reached(app: App) -> None:
    (app.folder.parent / "secret").write_text("s")
    for path in ("/../secret", "/assets/../../secret", "//secret", f"/{app.folder.parent}/secret"):
        assert app.ask(path).status == 404, path


def test_each_page_has_a_nonce_that_no_other_has_and_its_policy_names_it(app: App) -> None:
    seen = set()
    for _ in range(3):
        answer = app.ask("/", BROWSER)
        (nonce,) = re.findall(rb'nonce="([^"]+)"', answer.body)
        policy = answer.headers["content-security-policy"].split("; ")
        assert f"style-src 'self' 'nonce-{nonce.decode()}'" in policy
        assert {"default-src 'none'", "script-src 'self'", "frame-ancestors 'none'"} < set(policy)
        assert "unsafe" not in answer.headers["content-security-policy"]
        seen.add(nonce)
    assert len(seen) == 3


def test_unchanged_page_is_answered_304_without_a_policy_that_its_nonce_would_not_meet(
    app: App,
) -> None:
    tag = app.ask("/", BROWSER).headers["etag"]
    answer = app.ask("/deals", BROWSER | {"if-none-match": tag})
    assert (answer.status, answer.body) == (304, b"")
    assert "content-security-policy" not in answer.headers
    assert answer.headers["cache-control"] == "no-cache"


def test_app_that_is_built_anew_is_served_at_once(app: App) -> None:
    assert b"<title>App</title>" in app.ask("/").body
    page = app.folder / "index.html"
    before = page.stat().st_mtime_ns
    page.write_text("<title>Newer</title>")
    os.utime(page, ns=(before + 1, before + 1))
    assert b"<title>Newer</title>" in app.ask("/").body


def test_missing_build_names_the_command_that_makes_it(tmp_path: Path) -> None:
    app = App(tmp_path)
    answer = app.ask("/", BROWSER)
    assert answer.status == 503
    assert b"<code>make app</code>" in answer.body
    assert app.ask("/api/unknown", BROWSER).body == NOT_THERE


def test_every_answer_says_how_little_a_browser_may_do_with_it(app: App) -> None:
    for path in ("/", f"/{SCRIPT}", "/api/unknown"):
        headers = app.ask(path, BROWSER).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "same-origin", path
        assert headers["cross-origin-opener-policy"] == "same-origin", path
        assert headers["cross-origin-resource-policy"] == "same-origin", path
        assert "camera=()" in headers["permissions-policy"], path
        assert "frame-ancestors 'none'" in headers["content-security-policy"], path
        assert "strict-transport-security" not in headers, path
    unknown = app.ask("/api/unknown").headers
    assert unknown["cache-control"] == "no-store"
    assert unknown["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"


def test_browser_that_came_by_https_is_told_to_stay_there(app: App) -> None:
    headers = app.ask("/", BROWSER, scheme="https").headers
    assert headers["strict-transport-security"] == "max-age=31536000"
