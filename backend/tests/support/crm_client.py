"""Twins for tests of the CRM client: samples, a scripted transport, a clock that jumps."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from zoho_crm.client import ZohoClient
from zoho_crm.protocol.oauth import Credentials
from zoho_crm.protocol.wire import Answer
from zoho_crm.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from zoho_crm.auth import TokenStore
    from zoho_crm.gate import AttemptResult, CallGate
    from zoho_crm.protocol.prices import CallCost
    from zoho_crm.transport import HttpRequest, RetryPolicy

SAMPLES = Path(__file__).parent.parent / "samples" / "client"
START = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
API = "https://api.test/crm/v8"
ACCOUNTS = "https://accounts.test"


def sample(name: str) -> Answer:
    """Return the recorded answer of that name."""
    recorded = json.loads((SAMPLES / f"{name}.json").read_text())
    body = (
        recorded["text"].encode() if "text" in recorded else json.dumps(recorded["body"]).encode()
    )
    return Answer(recorded["status"], recorded["headers"], body)


def answer(body: object, status: int = 200, **headers: str) -> Answer:
    """Return an answer with a JSON body."""
    return Answer(status, headers, json.dumps(body).encode())


def credentials() -> Credentials:
    """Return the credentials of the test connection."""
    return Credentials("client-1", Secret("client-secret"), Secret("refresh-token"))


class FakeClock:
    """A clock that moves only when told to, or when somebody sleeps."""

    def __init__(self) -> None:
        self.now = START
        self.sleeps: list[float] = []

    def __call__(self) -> datetime:
        """Return the time."""
        return self.now

    def seconds(self) -> float:
        """Return the time as a monotonic timer would."""
        return (self.now - START).total_seconds()

    def advance(self, seconds: float) -> None:
        """Move on."""
        self.now += timedelta(seconds=seconds)

    async def sleep(self, seconds: float) -> None:
        """Move on without waiting."""
        self.sleeps.append(seconds)
        self.advance(seconds)


Step = Answer | Exception


class ScriptedTransport:
    """Answer API requests from a list, and token requests with numbered tokens.

    `token_steps` come before the numbered tokens. Every request is kept.
    """

    def __init__(self, *steps: Step, token_steps: list[Step] | None = None) -> None:
        self._steps = list(steps)
        self._token_steps = list(token_steps or [])
        self.requests: list[HttpRequest] = []
        self.token_requests: list[HttpRequest] = []
        self.tokens_granted = 0
        self.is_closed = False
        self.on_send: Callable[[], None] = lambda: None

    async def send(self, request: HttpRequest, *, to: Path | None = None) -> Answer:
        """Return or raise the next step."""
        if request.form is not None:
            self.token_requests.append(request)
            return self._taken(self._token_steps.pop(0) if self._token_steps else self._grant())
        self.requests.append(request)
        self.on_send()
        given = self._taken(self._steps.pop(0))
        if to is not None and given.status == 200:
            to.write_bytes(given.body)  # noqa: ASYNC240 - a few bytes of a test
            return Answer(given.status, given.headers)
        return given

    async def close(self) -> None:
        """Note that the client closed it."""
        self.is_closed = True

    @property
    def steps_left(self) -> int:
        """Return how many steps nobody has asked for."""
        return len(self._steps)

    def _grant(self) -> Answer:
        self.tokens_granted += 1
        return answer({"access_token": f"token-{self.tokens_granted}", "expires_in": 3600})

    @staticmethod
    def _taken(step: Step) -> Answer:
        if isinstance(step, Exception):
            raise step
        return step


class RecordingGate:
    """A gate that lets everything pass and keeps what it was told."""

    def __init__(self) -> None:
        self.entered: list[CallCost] = []
        self.left: list[AttemptResult] = []

    async def enter(self, call: CallCost) -> None:
        """Keep the cost."""
        self.entered.append(call)

    async def leave(self, call: CallCost, result: AttemptResult) -> None:
        """Keep the result."""
        assert call == self.entered[-1]
        self.left.append(result)


def client_over(
    transport: ScriptedTransport,
    *,
    clock: FakeClock | None = None,
    gate: CallGate | None = None,
    tokens: TokenStore | None = None,
    retry: RetryPolicy | None = None,
) -> ZohoClient:
    """Return a client whose time, chance and network are the test's."""
    clock = clock or FakeClock()
    return ZohoClient(
        credentials(),
        base_url=API,
        accounts_url=ACCOUNTS,
        tokens=tokens,
        gate=gate,
        sleep=clock.sleep,
        clock=clock,
        timer=clock.seconds,
        rng=Random(1),
        retry=retry,
        transport=transport,
    )


def body_of(request: HttpRequest) -> Any:  # noqa: ANN401 - JSON of any shape
    """Return the JSON that a request carries."""
    assert request.body is not None
    return json.loads(request.body)
