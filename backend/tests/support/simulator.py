"""A running simulator for tests: in a thread of this process, or as the real program.

``SimulatorHandle`` speaks to its control plane over HTTP, whoever runs it. Tests reach the CRM's
API at ``handle.url``; ``handle.access_token()`` gives a token for direct calls.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import quote, urlencode, urlsplit

from zoho_sim.config import Config
from zoho_sim.server import SimulatorServer

if TYPE_CHECKING:
    from collections.abc import Iterator

START_TIMEOUT_S = 120

Json: TypeAlias = Any  # whatever an answer holds; tests compare it exactly


class ControlRefusedError(AssertionError):
    """The control plane refused a request; the message holds its answer."""


class Answer:
    """An HTTP answer, read to its end."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status = status
        self.headers = headers
        self.body = body

    def json(self) -> Json:
        return json.loads(self.body)


class SimulatorHandle:
    """A simulator that runs somewhere; ``connection`` is the line it prints when ready."""

    def __init__(self, connection: dict[str, Json]) -> None:
        self.connection = connection

    @property
    def url(self) -> str:
        return str(self.connection["api_url"])

    def request(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        body: object = None,
        headers: dict[str, str] | None = None,
        timeout_s: float = 60,
    ) -> Answer:
        """Make one call on a connection of its own."""
        target = f"{path}?{urlencode(params, quote_via=quote)}" if params else path
        raw = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=timeout_s)
        try:
            connection.request(method, target, body=raw, headers=headers or {})
            response = connection.getresponse()
            return Answer(response.status, dict(response.getheaders()), response.read())
        finally:
            connection.close()

    def control(self, method: str, path: str, body: object = None) -> Json:
        """Call ``/__sim__`` + path; fail the test if it is refused."""
        answer = self.request(method, f"/__sim__{path}", body=body)
        if answer.status >= 400:
            raise ControlRefusedError(f"{method} {path}: {answer.status} {answer.body.decode()}")
        return answer.json()

    # OAuth

    def token(self, **parameters: str) -> Answer:
        """Ask the token endpoint, as the seeded client unless told otherwise."""
        given = {
            "client_id": self.connection["client_id"],
            "client_secret": self.connection["client_secret"],
            **parameters,
        }
        return self.request("POST", "/oauth/v2/token", params=given)

    def access_token(self, scope: str | None = None) -> str:
        """Return a fresh access token: every scope, or only ``scope``, through a new grant."""
        refresh = self.connection["refresh_token"]
        if scope is not None:
            refresh = self.control("POST", "/tokens/refresh", {"scope": scope})["refresh_token"]
        answer = self.token(grant_type="refresh_token", refresh_token=refresh).json()
        return str(answer["access_token"])

    # State

    def state(self) -> Json:
        return self.control("GET", "/state")

    def reset(self, **options: object) -> None:
        """Seed anew; the connection's tokens are replaced."""
        self.connection = self.control("POST", "/reset", options)

    def records(self, module: str = "Deals", *, hidden: bool = False) -> list[dict[str, Json]]:
        """Return the dump: every live record, as the single-record call gives it, by id."""
        params = {"include": "hidden"} if hidden else None
        answer = self.request("GET", f"/__sim__/modules/{module}/records", params=params)
        return [json.loads(line) for line in answer.body.splitlines()]

    def deleted(self, module: str = "Deals") -> list[dict[str, Json]]:
        return list(self.control("GET", f"/modules/{module}/deleted")["deleted"])

    # Records, as another user at a screen

    def create(self, *rows: dict[str, Json], module: str = "Deals") -> list[dict[str, Json]]:
        return list(self._records(module, "create", {"records": list(rows)}))

    def edit(
        self, edits: dict[str, dict[str, Json]], module: str = "Deals"
    ) -> list[dict[str, Json]]:
        """Edit records by id, all within one second."""
        rows = [{"id": record_id, "values": values} for record_id, values in edits.items()]
        return list(self._records(module, "edit", {"edits": rows}))

    def delete(self, *ids: str, module: str = "Deals") -> None:
        self._act(module, "delete", ids)

    def purge(self, *ids: str, module: str = "Deals") -> None:
        self._act(module, "purge", ids)

    def restore(self, *ids: str, module: str = "Deals") -> None:
        self._act(module, "restore", ids)

    def hide(self, *ids: str, module: str = "Deals") -> None:
        self._act(module, "hide", ids)

    def unhide(self, *ids: str, module: str = "Deals") -> None:
        self._act(module, "unhide", ids)

    # What keeps the API user from writing, and what was written

    def lock(self, *ids: str, locked: bool = True, module: str = "Deals") -> None:
        body = {"ids": list(ids), "locked": locked}
        self.control("POST", f"/modules/{module}/records/lock", body)

    def blueprint(self, *ids: str, inside: bool = True, module: str = "Deals") -> None:
        body = {"ids": list(ids), "inside": inside}
        self.control("POST", f"/modules/{module}/records/blueprint", body)

    def editable(self, *ids: str, editable: bool, module: str = "Deals") -> None:
        body = {"ids": list(ids), "editable": editable}
        self.control("POST", f"/modules/{module}/records/editable", body)

    def rights(self, module: str = "Deals", **rights: bool) -> None:
        """Grant or withhold ``create``, ``edit`` and ``delete``."""
        self.control("POST", f"/modules/{module}/rights", rights)

    def demand(self, *fields: str, module: str = "Deals") -> None:
        """Make these fields mandatory in the module's layout, and no others."""
        self.control("POST", f"/modules/{module}/layout", {"required": list(fields)})

    def view(self, name: str, module: str = "Deals", **shown: Json) -> str:
        """Add a custom view by ``criteria`` or ``ids``; return its id."""
        made = self.control("POST", f"/modules/{module}/views", {"name": name, **shown})
        return str(made["id"])

    def writes(self, **wanted: str | int) -> Json:
        """Return ``writes``, ``more`` and ``summary`` of the writes that reached a record."""
        return self.control("GET", f"/writes?{urlencode(wanted)}")

    # Behaviour

    def freeze(self) -> None:
        self.control("POST", "/clock/freeze")

    def thaw(self) -> None:
        self.control("POST", "/clock/thaw")

    def advance(self, seconds: float) -> None:
        self.control("POST", "/clock/advance", {"seconds": seconds})

    def latency(self, base_ms: float, jitter_ms: float = 0.0) -> None:
        self.control("POST", "/latency", {"base_ms": base_ms, "jitter_ms": jitter_ms})

    def fault(self, kind: str, **order: object) -> int:
        """Order trouble; return the order's id."""
        return int(self.control("POST", "/faults", {"kind": kind, **order})["faults"][0]["id"])

    def clear_faults(self) -> None:
        self.control("DELETE", "/faults")

    def switch(self, **switches: object) -> None:
        self.control("POST", "/switches", switches)

    def limits(self, **limits: object) -> Json:
        return self.control("POST", "/limits", limits)

    def expire_tokens(self) -> None:
        self.control("POST", "/tokens/expire")

    def expire_page_tokens(self) -> None:
        self.control("POST", "/page-tokens/expire")

    def activity(self, edits_per_minute: float) -> None:
        self.control("POST", "/activity", {"edits_per_minute": edits_per_minute})

    def _records(self, module: str, action: str, body: dict[str, Json]) -> list[Json]:
        answer = self.control("POST", f"/modules/{module}/records/{action}", body)
        return list(answer["records"])

    def _act(self, module: str, action: str, ids: tuple[str, ...]) -> None:
        self.control("POST", f"/modules/{module}/records/{action}", {"ids": list(ids)})


@contextmanager
def simulator_in_thread(config: Config | None = None) -> Iterator[SimulatorHandle]:
    """Run a simulator in a loop of its own, in a thread, on a free port."""
    ready: list[dict[str, Json]] = []
    trouble: list[BaseException] = []
    started = threading.Event()
    loop = asyncio.new_event_loop()
    stop = asyncio.Event()

    async def serve() -> None:
        async with SimulatorServer(config or Config(deals=200)) as server:
            ready.append(server.connection)
            started.set()
            await stop.wait()

    def run() -> None:
        try:
            loop.run_until_complete(serve())
        except BaseException as error:  # noqa: BLE001 - handed to the waiting test
            trouble.append(error)
            started.set()
        finally:
            loop.close()

    thread = threading.Thread(target=run, name="simulator", daemon=True)
    thread.start()
    started.wait(START_TIMEOUT_S)
    if not ready:
        raise RuntimeError("the simulator did not start") from (trouble or [None])[0]
    try:
        yield SimulatorHandle(ready[0])
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(START_TIMEOUT_S)


@contextmanager
def simulator_process(*arguments: str) -> Iterator[SimulatorHandle]:
    """Run ``zoho-sim serve --port 0`` with more arguments, as a program of its own."""
    command = [sys.executable, "-m", "zoho_sim.cli", "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise RuntimeError(f"zoho-sim ended with status {process.wait()}")
            yield SimulatorHandle(json.loads(line))
        finally:
            process.terminate()
            process.wait(START_TIMEOUT_S)
