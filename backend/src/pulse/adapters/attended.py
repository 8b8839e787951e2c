"""From the claim of a run to its end: whatever happens in between, the session tells it.

Loads and bulk operations end alike. What can be expected to fail ends the session with its message.
A fault of ours ends it too and is raised. A database that goes away, or a lease that is lost,
leaves the session open: another worker takes the run over.
"""

from __future__ import annotations

import os
import socket
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final, Protocol

import psycopg
import sqlalchemy.exc

from pulse.adapters.runs import claim
from pulse.kit.clock import system_sleep
from pulse.kit.errors import PulseError
from pulse.kit.logging import get_logger
from pulse.kit.memory import seldom_collected
from pulse.kit.turns import short_turns
from pulse.sync.domain.errors import LeaseLostError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from uuid import UUID

    from psycopg_pool import AsyncConnectionPool

    from pulse.adapters.runs import PostgresRun
    from pulse.core.bulk import ItemState
    from pulse.kit.clock import Clock

_DATABASE_AWAY: Final = (
    psycopg.OperationalError,
    psycopg.InterfaceError,
    sqlalchemy.exc.OperationalError,
    sqlalchemy.exc.InterfaceError,
)

_log = get_logger(__name__)


class Items(Protocol):
    """The records of a run that writes: each has a state of its own."""

    async def close(self) -> None:
        """Settle what was sent as well as it can be: the run ends before it could look."""

    async def counts(self) -> Mapping[ItemState, int]:
        """Return how many records stand where."""


async def claim_here(pool: AsyncConnectionPool, session_id: UUID, kind: str) -> PostgresRun | None:
    """Take a session's lease for this process; None: it has ended, or another worker runs it.

    `kind` begins the names of what the log is told, "sync" or "bulk".
    """
    run = await claim(pool, session_id, f"{socket.gethostname()}:{os.getpid()}")
    if run is None:
        _log.info(f"{kind}.run.nothing_to_do", session_id=str(session_id))
    return run


@asynccontextmanager
async def attended(
    run: PostgresRun, kind: str, clock: Clock, items: Items | None = None
) -> AsyncIterator[None]:
    """Keep a run alive while the block does its work, and end its session if the block fails.

    The block ends the session where all goes well. `items` are settled before a session fails.
    """
    started = clock.monotonic()
    session_id = str(run.session_id)
    try:
        with seldom_collected(), short_turns():
            async with run.kept_alive(system_sleep):
                yield
    except LeaseLostError:
        _log.warning(f"{kind}.run.lease_lost", session_id=session_id)
        return
    except PulseError as error:
        await _fail(run, error, items)
    except _DATABASE_AWAY:
        _log.warning(f"{kind}.run.database_away", session_id=session_id)
        raise
    # All of them: the worker only logs what is raised here, and a session left open would be taken
    # over to meet the same fault again and again. It ends, and the fault goes on its way.
    except Exception as error:
        kept = "loaded" if items is None else "written"
        told = PulseError(
            f"A fault in the product stopped this run ({type(error).__name__}).",
            fix=f"What is {kept} stays. Report it with the worker's log.",
        )
        await _fail(run, told, items)
        raise
    counts = {} if items is None else await items.counts()
    _log.info(
        f"{kind}.run.finished",
        session_id=session_id,
        module=run.request.module,
        sync_type=run.request.sync_type.value,
        status=run.status.value,
        **{state.value: count for state, count in counts.items()},
        calls=run.spent().calls,
        credits=run.spent().credits,
        seconds=round(clock.monotonic() - started, 3),
    )


async def _fail(run: PostgresRun, error: PulseError, items: Items | None) -> None:
    if items is not None:
        await items.close()
    await run.fail(error)
