"""The CRM client over the stored connection: its secrets, its limits, its token, shared by all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from random import SystemRandom
from typing import TYPE_CHECKING, Final

from pulse.adapters.budget import ScheduledBudget
from pulse.adapters.gate import Gate, NoBudget
from pulse.adapters.ledger import Ledger
from pulse.adapters.mirror.store import Spent
from pulse.adapters.slots import Priority, SlotLimits
from pulse.adapters.tokens import CONNECTION_ID, StoredTokens
from pulse.core.limits import organisation_limits
from pulse.kit.ids import Uuid7Source
from pulse.models import CrmConnection
from pulse.queries.credits import limits_of_organisation
from pulse.settings.service import read_settings
from pulse.sync.domain.errors import NotConnectedError
from zoho_crm.client import ZohoClient
from zoho_crm.errors import CallTimedOut, ConnectionFailed, RetryLater, ServerFault, Throttled
from zoho_crm.protocol.oauth import Credentials
from zoho_crm.protocol.prices import Prices
from zoho_crm.secret import Secret
from zoho_crm.transport import RetryPolicy, Timeouts

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from uuid import UUID

    from redis.asyncio import Redis

    from pulse.adapters.secrets import Vault
    from pulse.db.engine import OpenDb
    from pulse.kit.clock import Clock
    from zoho_crm.auth import TokenStore


@dataclass(frozen=True, slots=True)
class OpenClient:
    """A client ready to call, and what it has spent since it was opened."""

    client: ZohoClient
    gate: Gate

    def spent(self) -> Spent:
        """Return calls and credits so far."""
        return Spent(self.gate.calls, self.gate.credits)

    def crm_time(self) -> datetime | None:
        """Return the latest time that the CRM's clock told; None before it answered."""
        return self.client.crm_time


@dataclass(frozen=True, slots=True)
class Caller:
    """For whom the client calls."""

    priority: Priority
    session_id: UUID | None = None
    budget_share: float | None = None
    """Share of the day's credits not to pass; None: the CRM alone limits."""


@dataclass(frozen=True, slots=True, repr=False)
class Account:
    """Where to call and as whom; never shown, because of its secrets."""

    credentials: Credentials
    base_url: str
    accounts_url: str
    tokens: TokenStore


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a call may take, and how often it is repeated."""

    timeouts: Timeouts
    retry: RetryPolicy


OnWait = Callable[[str, float, int | None], Awaitable[None]]
"""Takes what happened in words, the seconds until the call is made again, and the HTTP status."""

USUAL_PATIENCE: Final = Patience(Timeouts(), RetryPolicy())


@asynccontextmanager
async def stored_client(
    open_db: OpenDb,
    redis: Redis,
    vault: Vault,
    clock: Clock,
    caller: Caller,
    patience: Patience = USUAL_PATIENCE,
    on_wait: OnWait | None = None,
) -> AsyncIterator[OpenClient]:
    """Open a client over the stored connection; `on_wait` is told of calls made again.

    Until the organisation was read for the first time, the limits of the smallest edition hold.

    Raises NotConnectedError when there is none, or none that can sign in.
    """
    async with open_db() as db:
        row = await db.get(CrmConnection, CONNECTION_ID)
    if row is None or row.refresh_token_encrypted is None or row.client_secret_encrypted is None:
        raise NotConnectedError(
            "No CRM is connected.",
            fix="Connect one in CRM Integration, or set ZOHO_CLIENT_ID, ZOHO_CLIENT_SECRET and"
            " ZOHO_REFRESH_TOKEN.",
        )
    account = Account(
        Credentials(
            row.client_id,
            Secret(vault.decrypt(row.client_secret_encrypted)),
            Secret(vault.decrypt(row.refresh_token_encrypted)),
        ),
        base_url=row.base_url,
        accounts_url=row.accounts_url,
        tokens=StoredTokens(open_db, vault, row.generation),
    )
    async with client_of(account, open_db, redis, clock, caller, patience, on_wait) as opened:
        yield opened


@asynccontextmanager
async def client_of(
    account: Account,
    open_db: OpenDb,
    redis: Redis,
    clock: Clock,
    caller: Caller,
    patience: Patience,
    on_wait: OnWait | None = None,
) -> AsyncIterator[OpenClient]:
    """Open a client for an account; what it calls and spends is shared by all processes."""
    async with open_db() as db:
        limits = await limits_of_organisation(db) or organisation_limits("free", 0)
        prices = (await read_settings(db)).prices
    budget = (
        NoBudget()
        if caller.budget_share is None
        else ScheduledBudget(open_db, clock, caller.budget_share)
    )
    async with AsyncExitStack() as stack:
        ledger = await stack.enter_async_context(
            Ledger(open_db, clock, session_id=caller.session_id)
        )
        gate = await stack.enter_async_context(
            Gate(
                redis,
                ledger,
                SlotLimits(limits.concurrency, limits.sub_concurrency),
                priority=caller.priority,
                budget=budget,
                ids=Uuid7Source(clock),
                rng=SystemRandom(),
            )
        )
        client = await stack.enter_async_context(
            ZohoClient(
                account.credentials,
                base_url=account.base_url,
                accounts_url=account.accounts_url,
                tokens=account.tokens,
                gate=gate,
                clock=clock.now,
                timer=clock.monotonic,
                timeouts=patience.timeouts,
                retry=patience.retry,
                prices=Prices(**prices.model_dump(exclude_none=True)),
                on_wait=None if on_wait is None else partial(_tell, on_wait),
            )
        )
        yield OpenClient(client, gate)


_TOO_MANY_REQUESTS: Final = 429


async def _tell(on_wait: OnWait, trouble: RetryLater, wait_s: float) -> None:
    """Say in words why a call is made again."""
    match trouble:
        case Throttled():
            await on_wait("CRM answered 429", wait_s, _TOO_MANY_REQUESTS)
        case ServerFault():
            await on_wait(f"CRM answered {trouble.status}", wait_s, trouble.status)
        case ConnectionFailed():
            await on_wait("CRM not reachable", wait_s, None)
        case CallTimedOut():
            await on_wait("CRM gave no answer in time", wait_s, None)
        case _:
            await on_wait("The CRM's answer was cut off", wait_s, None)
