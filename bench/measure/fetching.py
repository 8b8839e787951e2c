"""The floor of a read: the same calls as ours, their bytes thrown away.

Nothing is decoded; the id that the next page starts after is cut out of the last bytes.
"""

from __future__ import annotations

import asyncio
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import aiohttp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from measure.servers import Crm, Json

_ROWS: Final = 2_000
_ID: Final = re.compile(rb'"id":"(\d+)"')
_LOOK_S: Final = 0.05
_JOB_PATH: Final = "/crm/bulk/v8/read"


@dataclass(slots=True)
class Fetched:
    """What the floor took."""

    seconds: float = 0.0
    records: int = 0
    size_bytes: int = 0
    calls: int = 0

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.seconds


def fetch_floor(crm: Crm, load: dict[str, Json], records: int) -> Fetched:
    """Repeat the calls of a full load that was planned as `load` says."""
    fetched = Fetched(records=records)
    asyncio.run(_fetch(crm, load, fetched))
    return fetched


async def _fetch(crm: Crm, load: dict[str, Json], fetched: Fetched) -> None:
    headers = {"Authorization": f"Zoho-oauthtoken {crm.access_token()}"}
    fields: list[str] = load["fields"]
    async with aiohttp.ClientSession(crm.url, headers=headers) as session:
        started = time.perf_counter()
        match load["source"]:
            case "coql":
                await asyncio.gather(
                    *(
                        _slice(session, fields, after, up_to, fetched)
                        for after, up_to in load["slices"]
                    )
                )
            case "pages":
                await _pages(session, fields, fetched)
            case _:
                await _exports(session, fields, fetched)
        fetched.seconds = time.perf_counter() - started


async def _call(session: aiohttp.ClientSession, fetched: Fetched, body: Json) -> bytes:
    async with session.post("/crm/v8/coql", json=body) as answer:
        answer.raise_for_status()
        found = await answer.read()
    fetched.size_bytes += len(found)
    fetched.calls += 1
    return found


async def _slice(
    session: aiohttp.ClientSession,
    fields: Sequence[str],
    after: int | None,
    up_to: int | None,
    fetched: Fetched,
) -> None:
    has_more = True
    while has_more:
        edges = [f"id > {after}"] if after is not None else []
        edges += [f"id <= {up_to}"] if up_to is not None else []
        where = f"({' and '.join(edges)})" if edges else "id is not null"
        query = f"select {','.join(fields)} from Deals where {where}"  # noqa: S608 - COQL, not SQL
        query += f" order by id asc limit {_ROWS}"
        found = await _call(session, fetched, {"select_query": query})
        has_more = b'"more_records":true' in found[-100:]
        if has_more:
            # A row's own id is the last of it that stands outside a looked-up record.
            after = max(int(each) for each in _ID.findall(found[found.rindex(b"},{") :]))


async def _pages(session: aiohttp.ClientSession, fields: Sequence[str], fetched: Fetched) -> None:
    token: str | None = None
    while True:
        asked = {"fields": ",".join(fields), "per_page": "200"}
        asked |= {"sort_by": "id", "sort_order": "asc"}
        async with session.get(
            "/crm/v8/Deals", params=asked | ({"page_token": token} if token else {})
        ) as answer:
            answer.raise_for_status()
            found = await answer.read()
        fetched.size_bytes += len(found)
        fetched.calls += 1
        following = re.search(rb'"next_page_token":"([^"]+)"', found[-2_000:])
        if following is None:
            return
        token = following[1].decode()


async def _exports(session: aiohttp.ClientSession, fields: Sequence[str], fetched: Fetched) -> None:
    body: Json = {"query": {"module": {"api_name": "Deals"}, "fields": list(fields)}}
    while True:
        async with session.post(_JOB_PATH, json=body) as answer:
            job = (await answer.json())["data"][0]["details"]["id"]
        fetched.calls += 1
        while True:
            async with session.get(f"{_JOB_PATH}/{job}") as answer:
                told = (await answer.json())["data"][0]
            fetched.calls += 1
            if told["state"] == "COMPLETED":
                break
            await asyncio.sleep(_LOOK_S)
        async with session.get(f"{_JOB_PATH}/{job}/result") as answer:
            async for chunk in answer.content.iter_chunked(1 << 20):
                fetched.size_bytes += len(chunk)
        fetched.calls += 1
        if not told["result"]["more_records"]:
            return
        body = {"query": {"page_token": told["result"]["next_page_token"]}}
