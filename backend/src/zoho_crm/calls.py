"""Run a call from request to typed answer: token, gate, attempt, retry.

The only place where anything is sent twice; `CallRunner.run` decides what goes out again after
which failure.
"""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar

from zoho_crm.errors import (
    AnswerLost,
    ConnectionFailed,
    InvalidToken,
    RetryLater,
    Throttled,
    TokenThrottled,
    UnexpectedAnswer,
    ZohoError,
)
from zoho_crm.gate import AttemptResult
from zoho_crm.protocol.datacentres import result_address, upload_url_of
from zoho_crm.protocol.wire import (
    Answer,
    AnswerMeta,
    Area,
    Call,
    Resend,
    credits_remaining,
    server_time,
)
from zoho_crm.transport import HttpRequest

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime
    from pathlib import Path
    from random import Random

    from zoho_crm.auth import TokenSource
    from zoho_crm.gate import CallGate
    from zoho_crm.protocol.oauth import AccessToken
    from zoho_crm.protocol.prices import CallCost, Prices
    from zoho_crm.protocol.wire import Request
    from zoho_crm.transport import FilePart, RetryPolicy, Transport

    OnWait = Callable[[RetryLater, float], Awaitable[None]]
    """Takes why a call is made again, and after how many seconds."""

T = TypeVar("T")

BAD_REQUEST = HTTPStatus.BAD_REQUEST
# 2,000 rows have 3 MB: decoded on the event loop they would hold up every other call for 15 ms.
LARGE_BODY_BYTES = 1 << 18

log = logging.getLogger("zoho_crm")

_BASE = re.compile(r"(https?://[^/?#]+(?:/[^?#]+?)?)/crm/(v\d+(?:\.\d+)?)/?")
_HOST = re.compile(r"https?://[^/?#]+/?")


@dataclass(frozen=True, slots=True)
class ApiBase:
    """Host and version of the API; a token's `api_domain` takes the place of the host.

    `upload_domain` takes files; None stands for the one that belongs to the API's host.
    """

    domain: str
    version: str
    upload_domain: str | None = None

    @classmethod
    def parse(cls, base_url: str, upload_url: str | None = None) -> ApiBase:
        """Read addresses such as `https://www.zohoapis.in/crm/v8`, `https://content.zohoapis.in`."""
        if upload_url is not None and _HOST.fullmatch(upload_url) is None:
            raise ValueError(
                f"upload_url is {upload_url!r}: give the host alone, "
                "e.g. https://content.zohoapis.in"
            )
        found = _BASE.fullmatch(base_url)
        if found is None:
            raise ValueError(
                f"base_url is {base_url!r}: give host and version, "
                "e.g. https://www.zohoapis.in/crm/v8"
            )
        return cls(found[1], found[2], None if upload_url is None else upload_url.rstrip("/"))

    def url(self, request: Request, api_domain: str | None) -> str:
        """Return the full address of a request."""
        domain = api_domain or self.domain
        match request.area:
            case Area.RESULT:
                return result_address(request.path, domain)
            case Area.UPLOAD:
                host = self.upload_domain or upload_url_of(domain)
                return f"{host}/{Area.CRM.value}/{self.version}{request.target}"
            case area:
                return f"{domain}/{area.value}/{self.version}{request.target}"


@dataclass(frozen=True, slots=True)
class Retrier:
    """The loop around attempts: the one place that waits and tries again."""

    policy: RetryPolicy
    sleep: Callable[[float], Awaitable[object]]
    rng: Random
    timer: Callable[[], float]
    on_wait: OnWait | None = None

    async def run(
        self,
        attempt: Callable[[], Awaitable[T]],
        may_repeat: Callable[[RetryLater], bool],
    ) -> T:
        """Run `attempt` until it returns, fails for good, or the policy ends it."""
        started, tries = self.timer(), 0
        while True:
            tries += 1
            try:
                return await attempt()
            except RetryLater as trouble:
                wait_s = self.policy.wait_s(tries, trouble.retry_after_s, self.rng)
                elapsed_s = self.timer() - started
                if not (may_repeat(trouble) and self.policy.allows(tries, elapsed_s, wait_s)):
                    raise
                log.debug(
                    "crm.call.repeats",
                    extra={"error": type(trouble).__name__, "tries": tries, "wait_s": wait_s},
                )
                if self.on_wait is not None:
                    await self.on_wait(trouble, wait_s)
                await self.sleep(wait_s)


class CallRunner:
    """Send calls for one connection."""

    def __init__(
        self,
        *,
        base: ApiBase,
        transport: Transport,
        tokens: TokenSource,
        gate: CallGate,
        prices: Prices,
        retrier: Retrier,
        timer: Callable[[], float],
    ) -> None:
        self._base = base
        self._transport = transport
        self._tokens = tokens
        self._gate = gate
        self._prices = prices
        self._retrier = retrier
        self._timer = timer
        self._crm_time: datetime | None = None

    @property
    def crm_time(self) -> datetime | None:
        """The latest time that the CRM's clock told with an answer; None before the first."""
        return self._crm_time

    async def run(
        self,
        call: Call[T],
        *,
        to: Path | None = None,
        check: Callable[[Path], Awaitable[None]] | None = None,
        upload: FilePart | None = None,
    ) -> T:
        """Run a call to its typed answer.

        `upload` is a file that goes out as the request's body. With `to` the body of a success is
        written to that file, and `check` may raise BrokenAnswer to have it fetched again. The
        fate of a write that stays unknown raises AnswerLost; every other failure is the error
        that `errors` draws.
        """
        run = _Run(self._prices.cost_of(call.work), to, upload)

        async def attempt() -> T:
            run.was_sent = False
            value = await self._with_token(call, run)
            if to is not None and check is not None:
                await check(to)
            return value

        def may_repeat(trouble: RetryLater) -> bool:
            if isinstance(trouble, TokenThrottled):
                return False  # Its window is longer than any call may take.
            if not run.was_sent or isinstance(trouble, Throttled | ConnectionFailed):
                return not run.was_sent or call.resend is not Resend.NEVER
            if call.is_write:
                run.doubt = trouble
            return call.resend is Resend.ALWAYS

        try:
            return await self._retrier.run(attempt, may_repeat)
        except ZohoError as error:
            # A later refusal does not tell what became of an earlier attempt without an answer.
            doubt = run.doubt
            if call.is_write and run.was_sent and _hides_a_success(error):
                doubt = error
            if doubt is not None:
                raise AnswerLost(
                    call.work.operation.value,
                    doubt,
                    module=call.work.module,
                    rows=call.rows,
                    if_unmodified_since=call.guard,
                ) from error
            raise
        finally:
            log.debug("crm.call.finished", extra=run.facts())

    async def _with_token(self, call: Call[T], run: _Run) -> T:
        """Make one attempt; a refused token is replaced once and the call made again."""
        token = await self._tokens.current()
        try:
            return await self._attempt(call, run, token)
        except InvalidToken as refused:
            if refused.code == "AUTHENTICATION_FAILURE":
                raise
            run.was_sent = False  # A refused token proves that nothing was done.
            fresh = await self._tokens.current(refused=token.value)
            return await self._attempt(call, run, fresh)

    async def _attempt(self, call: Call[T], run: _Run, token: AccessToken) -> T:
        request = call.request
        headers = {
            "Authorization": f"Zoho-oauthtoken {token.value.reveal()}",
            "Accept": "*/*" if run.to is not None else "application/json",
            **dict(request.headers),
        }
        if request.body is not None:
            headers["Content-Type"] = "application/json"
        outgoing = HttpRequest(
            request.method,
            self._base.url(request, token.api_domain),
            headers,
            request.body,
            file=run.upload,
        )
        answer: Answer | None = None
        failure: str | None = None
        await self._gate.enter(run.cost)
        started = self._timer()
        run.was_sent = True
        try:
            answer = await self._transport.send(outgoing, to=run.to)
        except (ZohoError, asyncio.CancelledError) as error:
            failure = type(error).__name__
            raise
        finally:
            status = None if answer is None else answer.status
            remaining = None if answer is None else credits_remaining(answer.headers)
            latency_s = self._timer() - started
            spent = self._prices.charged(run.cost, status)
            run.add(spent, status, latency_s)
            await self._gate.leave(
                run.cost, AttemptResult(status, spent, remaining, latency_s, failure)
            )
        told = server_time(answer.headers)
        if told is not None:
            self._crm_time = told if self._crm_time is None else max(self._crm_time, told)
        meta = AnswerMeta(told, remaining, latency_s, run.attempts, run.credits)
        whole = Answer(answer.status, answer.headers, answer.body, meta)
        if len(answer.body) < LARGE_BODY_BYTES:
            return call.decode(whole)
        return await asyncio.to_thread(call.decode, whole)


def _hides_a_success(error: ZohoError) -> bool:
    """Tell whether the CRM said yes in words that could not be read."""
    return isinstance(error, UnexpectedAnswer) and error.status < BAD_REQUEST


class _Run:
    """One call's files, what it has used up, and the attempt whose outcome stayed unknown."""

    def __init__(self, cost: CallCost, to: Path | None, upload: FilePart | None) -> None:
        self.cost = cost
        self.to = to
        self.upload = upload
        self.attempts = 0
        self.credits = 0
        self.was_sent = False
        self.doubt: ZohoError | None = None
        self._status: int | None = None
        self._latency_s = 0.0

    def add(self, spent: int, status: int | None, latency_s: float) -> None:
        self.attempts += 1
        self.credits += spent
        self._status = status
        self._latency_s += latency_s

    def facts(self) -> dict[str, object]:
        return {
            "operation": self.cost.operation,
            # "module" is a name that the logging package keeps for itself.
            "crm_module": self.cost.module,
            "status": self._status,
            "attempts": self.attempts,
            "credits": self.credits,
            "latency_s": round(self._latency_s, 4),
        }
