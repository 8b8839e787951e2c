"""The credit ledger: what every call cost, written beside the calls and never in their way.

Calls add to a sum in memory; a writer takes the whole sum to PostgreSQL as often as it can, so
concurrent calls share a statement and a call waits for none. A process that is killed loses the
calls of the last few milliseconds at most.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import OperationalError

from pulse.kit.clock import system_sleep
from pulse.kit.logging import get_logger
from pulse.models import CreditReading, CreditUse

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from pulse.db.engine import OpenDb
    from pulse.kit.clock import Clock, Sleep

NO_SESSION: Final = UUID(int=0)
"""Stands for calls outside any session."""

_PAUSE_S: Final = 0.02
_PAUSE_AFTER_TROUBLE_S: Final = 1.0
_READING_ID: Final = 1

_log = get_logger(__name__)


@dataclass(slots=True)
class _Sum:
    calls: int = 0
    credits: int = 0
    failures: int = 0
    latency_ms: int = 0

    def add(self, other: _Sum) -> None:
        self.calls += other.calls
        self.credits += other.credits
        self.failures += other.failures
        self.latency_ms += other.latency_ms


class Ledger:
    """Counts the calls of one session, or of none; an asynchronous context manager.

    `calls` and `credits` are its own totals since it was opened.
    """

    def __init__(
        self,
        open_db: OpenDb,
        clock: Clock,
        *,
        session_id: UUID | None = None,
        sleep: Sleep = system_sleep,
    ) -> None:
        self._open_db = open_db
        self._clock = clock
        self._session_id = session_id or NO_SESSION
        self._sleep = sleep
        self._sums: defaultdict[tuple[datetime, str], _Sum] = defaultdict(_Sum)
        self._reading: tuple[int, datetime] | None = None
        self._wake = asyncio.Event()
        self._writer: asyncio.Task[None] | None = None
        self._is_closing = False
        self.calls = 0
        self.credits = 0

    async def __aenter__(self) -> Self:
        self._writer = asyncio.create_task(self._write_for_ever(), name="ledger.write")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._writer is not None:
            # Never cancelled: a write that has committed unheard would be written again.
            self._is_closing = True
            self._wake.set()
            await asyncio.wait([self._writer])
            self._writer.result()
        try:
            await self.flush()
        except OperationalError as trouble:
            _log.warning("ledger.not_written", calls=self._waiting_calls(), error=str(trouble.orig))

    def sent(self, operation: str, credits_expected: int) -> datetime:
        """Count a call that is being sent; return the minute it is booked under."""
        minute = self._clock.now().replace(second=0, microsecond=0)
        self._add(minute, operation, _Sum(calls=1, credits=credits_expected))
        return minute

    def answered(
        self,
        minute: datetime,
        operation: str,
        *,
        correction: int,
        is_failure: bool,
        latency_s: float,
    ) -> None:
        """Add what the end of a call tells: `correction` to its credits, its latency."""
        latency_ms = round(latency_s * 1000)
        self._add(
            minute, operation, _Sum(credits=correction, failures=is_failure, latency_ms=latency_ms)
        )

    def refund(self, minute: datetime, operation: str, credits_expected: int) -> None:
        """Take back a call that never reached the CRM."""
        self._add(minute, operation, _Sum(calls=-1, credits=-credits_expected))

    def note_reading(self, remaining: int) -> None:
        """Keep what the CRM says is left of the day's credits."""
        self._reading = (remaining, self._clock.now())
        self._wake.set()

    async def flush(self) -> None:
        """Write what has been counted; on failure it is kept and the error raised."""
        sums, self._sums = self._sums, defaultdict(_Sum)
        reading, self._reading = self._reading, None
        if not sums and reading is None:
            return
        try:
            await self._write(sums, reading)
        except BaseException:
            # Also when cancelled: the next flush writes them.
            self._put_back(sums, reading)
            raise

    def _add(self, minute: datetime, operation: str, amount: _Sum) -> None:
        self._sums[minute, operation].add(amount)
        self.calls += amount.calls
        self.credits += amount.credits
        self._wake.set()

    def _put_back(
        self, sums: dict[tuple[datetime, str], _Sum], reading: tuple[int, datetime] | None
    ) -> None:
        for key, taken in sums.items():
            self._sums[key].add(taken)
        self._reading = self._reading or reading

    def _waiting_calls(self) -> int:
        return sum(amount.calls for amount in self._sums.values())

    async def _write_for_ever(self) -> None:
        while not self._is_closing:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self.flush()
                await self._sleep(_PAUSE_S)
            except OperationalError as trouble:
                # PostgreSQL restarts: the sums wait. The run itself meets the same trouble.
                _log.warning("ledger.waits", error=str(trouble.orig))
                await self._sleep(_PAUSE_AFTER_TROUBLE_S)
                self._wake.set()

    async def _write(
        self, sums: dict[tuple[datetime, str], _Sum], reading: tuple[int, datetime] | None
    ) -> None:
        async with self._open_db.begin() as db:
            if sums:
                row = insert(CreditUse)
                columns = ("calls", "credits", "failures", "latency_ms")
                added = row.on_conflict_do_update(
                    index_elements=[CreditUse.minute, CreditUse.operation, CreditUse.session_id],
                    set_={
                        name: getattr(CreditUse, name) + getattr(row.excluded, name)
                        for name in columns
                    },
                )
                await db.execute(
                    added,
                    [
                        {
                            "minute": minute,
                            "operation": operation,
                            "session_id": self._session_id,
                            **{name: getattr(amount, name) for name in columns},
                        }
                        # In one order in every process, so that no two wait for each other.
                        for (minute, operation), amount in sorted(sums.items())
                    ],
                )
            if reading is not None:
                remaining, read_at = reading
                latest = insert(CreditReading).values(
                    id=_READING_ID, remaining=remaining, read_at=read_at
                )
                await db.execute(
                    latest.on_conflict_do_update(
                        index_elements=[CreditReading.id],
                        set_={
                            "remaining": latest.excluded.remaining,
                            "read_at": latest.excluded.read_at,
                        },
                        where=CreditReading.read_at <= latest.excluded.read_at,
                    )
                )
