"""Syncs as a user of the HTTP API sees them: start one, follow it, show how far it is."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from pulse.kit.clock import Clock, Sleep
from pulse.kit.errors import UnavailableError, UpstreamError

_POLL_S = 0.2
# Worker and API read the credentials when they start; a first token takes a call or two.
_CONNECT_TIMEOUT_S = 60.0
_LABELS = {
    "full": "First full sync",
    "incremental": "Quick sync",
    "reconcile": "Reconcile",
}


class SyncFailedError(UpstreamError):
    """A sync of the demo did not complete."""

    code = "demo_sync_failed"


class LiveSync:
    """The part of the API that the demo uses."""

    def __init__(
        self, api_url: str, client: aiohttp.ClientSession, clock: Clock, sleep: Sleep
    ) -> None:
        self._base = f"{api_url}/api/live-sync"
        self._client = client
        self._clock = clock
        self._sleep = sleep

    async def bring_up_to_date(self, console: Console) -> Mapping[str, Any]:
        """Run a quick sync, or the first full one where there was none; return the session.

        A sync that runs already is followed to its end first.
        """
        try:
            return await self.run("incremental", console)
        except _FullSyncNeededError:
            return await self.run("full", console)

    async def run(
        self, kind: str, console: Console, *, accept_deletions: bool = False
    ) -> Mapping[str, Any]:
        """Start a sync of this kind and follow it; return the completed session.

        Raises SyncFailedError if it fails or is cancelled.
        """
        while True:
            session_id, is_ours = await self._start(kind, accept_deletions=accept_deletions)
            label = _LABELS[kind] if is_ours else "A sync that runs already"
            session = await self._follow(session_id, label, console)
            if is_ours:
                break
        if session["status"] != "completed":
            raise SyncFailedError(
                f"{_LABELS[kind]} ended as {session['status']}: {session['error_message']}",
                extra={"session_id": session_id},
            )
        return session

    async def _start(self, kind: str, *, accept_deletions: bool) -> tuple[str, bool]:
        """Return the id of the session to follow, and whether we started it."""
        query = {"accept_deletions": "true"} if accept_deletions else {}
        deadline = self._clock.monotonic() + _CONNECT_TIMEOUT_S
        while True:
            async with self._client.post(f"{self._base}/sync/{kind}", params=query) as answer:
                said = await answer.json()
                if answer.ok:
                    return said["session_id"], True
                code = said.get("code")
                if answer.status == HTTPStatus.CONFLICT and "session_id" in said:
                    return said["session_id"], False
                if code == "full_sync_needed":
                    raise _FullSyncNeededError(said["detail"])
                not_yet = answer.status == HTTPStatus.SERVICE_UNAVAILABLE
            if not not_yet or self._clock.monotonic() > deadline:
                raise UnavailableError(said["detail"], code=code, fix=said.get("fix"))
            await self._sleep(_POLL_S)

    async def _follow(self, session_id: str, label: str, console: Console) -> Mapping[str, Any]:
        columns = (
            *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()),
            *(TextColumn("{task.fields[rate]}"), TimeRemainingColumn()),
        )
        with Progress(*columns, console=console) as progress:
            task = progress.add_task(label, total=None, rate="")
            while True:
                async with self._client.get(
                    f"{self._base}/status/{session_id}", raise_for_status=True
                ) as answer:
                    session: Mapping[str, Any] = (await answer.json())["session"]
                rate = session["rate"]
                progress.update(
                    task,
                    completed=session["records_processed"],
                    total=session["records_total"],
                    rate="" if rate is None else f"{rate:,.0f} records/s",
                )
                if session["completed_at"] is not None:
                    return session
                await self._sleep(_POLL_S)


class _FullSyncNeededError(Exception):
    """The API has no full load to continue from."""
