"""As of when: moments that history can answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pulse.kit.errors import InvalidInputError
from pulse.queries.moments import history_began

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncSession


class InvalidMomentError(InvalidInputError):
    """A moment of which there is no history: in the future, or before the first full sync."""

    code = "invalid_moment"


EXAMPLE: Final = InvalidMomentError(
    "as_of: history begins on 2026-03-02 at 09:30 UTC, when the first full sync was complete.",
    fix="Ask for a later moment.",
    extra={"field": "as_of", "history_began": "2026-03-02T09:30:00Z"},
)
"""What a moment before history is answered with."""


async def check_moment(db: AsyncSession, at: datetime, now: datetime, field: str = "as_of") -> None:
    """Raise InvalidMomentError, naming `field`, unless history can tell of a moment."""
    check_within_history(await history_began(db), at, now, field)


def check_within_history(
    began: datetime | None, at: datetime, now: datetime, field: str = "as_of"
) -> None:
    """Raise InvalidMomentError, naming `field`, unless a moment lies in history until `now`."""
    if at > now:
        raise InvalidMomentError(
            f"{field}: {at.isoformat()} has not come yet.",
            fix="Leave it out to ask as of now.",
            extra={"field": field},
        )
    if began is None:
        raise InvalidMomentError(
            f"{field}: there is no history yet, as no full sync is complete.",
            fix="Run a full sync first; history begins when it is complete.",
            extra={"field": field},
        )
    if at < began:
        raise InvalidMomentError(
            f"{field}: history begins on {began:%Y-%m-%d} at {began:%H:%M} UTC, when the first "
            "full sync was complete.",
            fix="Ask for a later moment.",
            extra={"field": field, "history_began": began.isoformat()},
        )
