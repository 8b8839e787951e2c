"""What the demo's people keep beside the CRM, so that the pages of it are in use when they open.

Plans for milestones, blockers, comments, action items, strategic accounts and saved views, entered
through the product's API by the people who are logged in: each is audited as theirs.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any, TypeAlias

import aiohttp
from rich.console import Console

from demo.people import DemoUser, log_in
from pulse.core.access import Role
from pulse.kit.errors import UpstreamError

# Days from today until the next milestone of one deal after another: some are late already.
_PLANNED_IN_DAYS = (-9, 6, -2, 13, 21, 34, 3, 45, 10, -15, 17, 28)
_BLOCKERS = (
    "Security review by the customer's CISO",
    "Purchase order waits for a signature",
    "Data centre access not granted yet",
)
_COMMENTS = (
    "Their CFO wants the payment terms at 45 days. We can live with it if the PO comes this month.",
    "Met the new programme manager on site. She keeps the plan, but wants a weekly call.",
    "Competitor is 8 % cheaper without support. They asked us to show what support is worth.",
    "Scope of phase two is clear now; the first estimate was about right.",
)
# Title, priority, days until it is due, and who does it.
_ACTIONS = (
    ("Send the penetration test report", "high", -2, Role.EDITOR),
    ("Agree on the kick-off date", "high", 3, Role.EDITOR),
    ("Ask for the purchase order number", "medium", 5, Role.ADMIN),
    ("Book the steering committee", "medium", 8, Role.EDITOR),
    ("Collect the sign-off of the acceptance test", "low", 14, Role.ADMIN),
)
_VIEWS = (
    {
        "page": "analysis",
        "name": "Monday pipeline",
        "query": "closing=current_quarter&probability=presales&outcome=open",
        "is_shared": True,
    },
    {
        "page": "opportunities",
        "name": "Needs attention",
        "query": "attention=true&sort=-value",
        "is_shared": False,
    },
)
_DEALS = 6

_Answer: TypeAlias = Mapping[str, Any]


class Colleagues:
    """The demo's editor and admin at their desks."""

    def __init__(self, api_url: str, people: Sequence[DemoUser]) -> None:
        self._api_url = api_url
        self._people = {Role(each.role): each for each in people}

    async def fill_in(self, today: date, console: Console) -> None:
        """Enter everything. Raises UpstreamError with the product's words if it refuses a thing."""
        async with self._desk(Role.ADMIN) as admin, self._desk(Role.EDITOR) as editor:
            owners = {
                role: (await desk.get("/api/auth/me"))["id"]
                for role, desk in ((Role.ADMIN, admin), (Role.EDITOR, editor))
            }
            deals = [*await editor.deals(phase=3), *await editor.deals(phase=2)]
            for deal, days in zip(deals, _PLANNED_IN_DAYS, strict=False):
                await editor.plan(deal, today + timedelta(days=days))
            for deal, title in zip(deals, _BLOCKERS, strict=False):
                await editor.add(f"{_path(deal)}/blockers", {"title": title})
            for place, text in enumerate(_COMMENTS[: len(deals)]):
                desk = admin if place % 2 else editor
                await desk.add(f"{_path(deals[place])}/comments", {"text": text})
            for deal, (title, priority, days, owner) in zip(deals, _ACTIONS, strict=False):
                await admin.add(
                    "/api/o2r/actions",
                    {
                        "deal_id": deal["id"],
                        "title": title,
                        "priority": priority,
                        "owner_id": owners[owner],
                        "due_on": (today + timedelta(days=days)).isoformat(),
                    },
                )
            for deal in _of_different_accounts(deals)[:2]:
                await admin.put(f"{_path(deal)}/strategic", {"is_strategic": True})
            for view in _VIEWS:
                await editor.add("/api/views", view)
        console.print(f"[green]✓[/] {'Plans':<14} {len(deals)} opportunities")

    @asynccontextmanager
    async def _desk(self, role: Role) -> AsyncIterator["_Desk"]:
        # The jar takes cookies of addresses in figures, which 127.0.0.1 is.
        jar = aiohttp.CookieJar(unsafe=True)
        headers = {"Origin": self._api_url}
        async with aiohttp.ClientSession(cookie_jar=jar, headers=headers) as client:
            await log_in(client, self._api_url, self._people[role])
            yield _Desk(self._api_url, client)


class _Desk:
    """The API as one person uses it."""

    def __init__(self, api_url: str, client: aiohttp.ClientSession) -> None:
        self._api_url = api_url
        self._client = client

    async def get(self, path: str, query: Mapping[str, str] | None = None) -> _Answer:
        return await self._ask("GET", path, query=query)

    async def add(self, path: str, body: Mapping[str, object]) -> None:
        await self._ask("POST", path, body)

    async def put(self, path: str, body: Mapping[str, object]) -> None:
        await self._ask("PUT", path, body)

    async def deals(self, phase: int) -> Sequence[Mapping[str, Any]]:
        """Return deals of a phase that have a milestone ahead, the greatest first."""
        query = {"phase": str(phase), "ended": "false", "sort": "-value", "limit": str(_DEALS)}
        found = await self.get("/api/o2r/opportunities", query)
        return [deal for deal in found["items"] if deal["next_milestone"] is not None]

    async def plan(self, deal: Mapping[str, Any], day: date) -> None:
        """Set when a deal's next milestone is planned."""
        milestone = deal["next_milestone"]["milestone"]
        await self.put(f"{_path(deal)}/milestones/{milestone}", {"planned_on": day.isoformat()})

    async def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, object] | None = None,
        *,
        query: Mapping[str, str] | None = None,
    ) -> _Answer:
        url = f"{self._api_url}{path}"
        async with self._client.request(method, url, json=body, params=query) as answer:
            said: _Answer = await answer.json()
            if not answer.ok:
                raise UpstreamError(
                    f"{method} {path}: {said['detail']}", code=said["code"], fix=said.get("fix")
                )
            return said


def _path(deal: Mapping[str, Any]) -> str:
    return f"/api/o2r/opportunities/{deal['id']}"


def _of_different_accounts(deals: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    """Return the first deal of each account; one without an account has none to be strategic."""
    return list(
        {deal["account"]["id"]: deal for deal in reversed(deals) if deal["account"]}.values()
    )[::-1]
