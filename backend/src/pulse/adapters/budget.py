"""The share of the day's credits that scheduled work may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.queries.credits import credit_state, used_falls_to
from pulse.sync.domain.errors import CreditsSpentError

if TYPE_CHECKING:
    from pulse.db.engine import OpenDb
    from pulse.kit.clock import Clock

_LOOK_AGAIN_AFTER_S: Final = 5.0


class ScheduledBudget:
    """Refuses calls that would take the organisation past `share` of its credits.

    The state is read from PostgreSQL every few seconds, and the calls let through since are added
    to it: what other processes spend meanwhile is seen a little late.
    """

    def __init__(self, open_db: OpenDb, clock: Clock, share: float) -> None:
        self._open_db = open_db
        self._clock = clock
        self._share = share
        self._looked_at: float | None = None
        self._used = 0
        self._most: int | None = None

    async def check(self, credits_needed: int) -> None:
        """Raise CreditsSpentError, with when credits come back, if the share is used up."""
        now = self._clock.monotonic()
        if self._looked_at is None or now - self._looked_at >= _LOOK_AGAIN_AFTER_S:
            self._looked_at = now
            async with self._open_db() as db:
                state = await credit_state(db, self._clock.now())
            self._used = state.used
            # Before the organisation was first read its limit is unknown: then the CRM decides.
            self._most = None if state.limit is None else int(state.limit * self._share)
        if self._most is not None and self._used + credits_needed > self._most:
            raise await self._spent(credits_needed, self._most)
        self._used += credits_needed

    async def _spent(self, credits_needed: int, most: int) -> CreditsSpentError:
        async with self._open_db() as db:
            back_at = await used_falls_to(db, most - credits_needed, self._used, self._clock.now())
        when = "later" if back_at is None else f"from {back_at:%Y-%m-%d %H:%M} UTC on"
        return CreditsSpentError(
            f"Scheduled work has used its share of the day's credits: {self._used} of {most}.",
            fix=f"Credits come back one by one, {when}. Raise sync.budget_share to allow more.",
            extra={
                "credits_used": self._used,
                "credits_allowed": most,
                "credits_back_at": None if back_at is None else back_at.isoformat(),
            },
        )
