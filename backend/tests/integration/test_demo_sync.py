import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from demo.sync import LiveSync, SyncFailedError
from rich.console import Console

from pulse.kit.errors import UnavailableError

_PROGRESS = {
    "records_total": 300,
    "rate": 1000.0,
    "error_message": None,
    "completed_at": None,
    "status": "in_progress",
}


class _Clock:
    """Each look at the watch takes a second; waiting takes as long as it says."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def monotonic(self) -> float:
        self.seconds += 1
        return self.seconds

    def now(self) -> datetime:
        return datetime(2026, 1, 1, tzinfo=UTC)

    async def sleep(self, seconds: float) -> None:
        self.seconds += seconds


class _Api:
    """The live-sync routes with answers to give in turn, and what was asked of them."""

    def __init__(self, starts: list[tuple[int, dict[str, Any]]], endings: dict[str, str]) -> None:
        self.starts = starts
        self.endings = endings
        self.asked: list[str] = []
        self._polls = dict.fromkeys(endings, 0)

    async def start(self, request: web.Request) -> web.Response:
        self.asked.append(str(request.rel_url).removeprefix("/api/live-sync/sync/"))
        status, body = self.starts.pop(0)
        return web.json_response(body, status=status)

    async def status(self, request: web.Request) -> web.Response:
        session_id = request.match_info["id"]
        self._polls[session_id] += 1
        session: dict[str, Any] = {"id": session_id, "records_processed": 150, **_PROGRESS}
        if self._polls[session_id] > 2:
            session |= {
                "records_processed": 300,
                "completed_at": "2026-01-01T00:00:00Z",
                "status": self.endings[session_id],
                "error_message": "The CRM cannot be reached.",
            }
        return web.json_response({"session": session, "recent_activity": []})


def _drive(
    api: _Api, use: Callable[[LiveSync, Console], Awaitable[Mapping[str, Any]]]
) -> tuple[Mapping[str, Any], str]:
    async def scenario() -> tuple[Mapping[str, Any], str]:
        app = web.Application()
        app.router.add_post("/api/live-sync/sync/{kind}", api.start)
        app.router.add_get("/api/live-sync/status/{id}", api.status)
        clock = _Clock()
        screen = Console(file=io.StringIO(), width=120)
        async with TestServer(app) as server, aiohttp.ClientSession() as client:
            url = str(server.make_url("")).rstrip("/")
            session = await use(LiveSync(url, client, clock, clock.sleep), screen)
        assert isinstance(screen.file, io.StringIO)
        return session, screen.file.getvalue()

    return asyncio.run(scenario())


def _started(session_id: str) -> tuple[int, dict[str, Any]]:
    return 202, {"session_id": session_id, "status": "pending"}


_NEEDS_FULL = (409, {"code": "full_sync_needed", "detail": "No full load yet."})


def test_new_mirror_gets_a_full_sync_with_a_progress_bar() -> None:
    api = _Api([_NEEDS_FULL, _started("a")], {"a": "completed"})
    session, screen = _drive(api, LiveSync.bring_up_to_date)
    assert api.asked == ["incremental", "full"]
    assert (session["id"], session["records_processed"]) == ("a", 300)
    assert "First full sync" in screen
    assert "300/300" in screen


def test_mirror_with_data_gets_a_quick_sync() -> None:
    api = _Api([_started("a")], {"a": "completed"})
    session, screen = _drive(api, LiveSync.bring_up_to_date)
    assert api.asked == ["incremental"]
    assert session["id"] == "a"
    assert "Quick sync" in screen


def test_sync_that_runs_already_is_followed_to_its_end_first() -> None:
    running = (409, {"code": "sync_already_running", "detail": "…", "session_id": "theirs"})
    api = _Api([running, _started("ours")], {"theirs": "failed", "ours": "completed"})
    session, screen = _drive(api, LiveSync.bring_up_to_date)
    assert session["id"] == "ours"
    assert "A sync that runs already" in screen


def test_product_that_is_not_connected_yet_is_asked_again() -> None:
    not_yet = (503, {"code": "not_connected", "detail": "No CRM is connected."})
    api = _Api([not_yet, not_yet, _started("a")], {"a": "completed"})
    session, _ = _drive(api, LiveSync.bring_up_to_date)
    assert session["id"] == "a"
    assert len(api.asked) == 3


def test_product_that_never_connects_ends_in_its_own_words() -> None:
    not_yet = (503, {"code": "not_connected", "detail": "No CRM is connected.", "fix": "Connect."})
    api = _Api([not_yet] * 100, {})
    with pytest.raises(UnavailableError, match=r"No CRM is connected\. Connect\.") as refused:
        _drive(api, LiveSync.bring_up_to_date)
    assert refused.value.code == "not_connected"


def test_sync_that_fails_ends_the_demo_with_the_sessions_message() -> None:
    api = _Api([_started("a")], {"a": "failed"})
    with pytest.raises(SyncFailedError, match=r"ended as failed: The CRM cannot be reached\."):
        _drive(api, LiveSync.bring_up_to_date)


def test_reconcile_after_a_restart_of_the_simulator_may_delete() -> None:
    api = _Api([_started("a")], {"a": "completed"})
    _drive(api, lambda sync, screen: sync.run("reconcile", screen, accept_deletions=True))
    assert api.asked == ["reconcile?accept_deletions=true"]
