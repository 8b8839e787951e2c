"""The words of notices: the same in the application and in mail."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


class NoticeKind(StrEnum):
    """What a notice is about."""

    CONFLICTS = "conflicts"


@dataclass(frozen=True, slots=True)
class Words:
    """A notice as people read it."""

    message: str
    link: str
    """Where in the application it is dealt with."""


# Any: facts are open JSON; each kind knows its own.
def words_of(kind: NoticeKind, facts: Mapping[str, Any]) -> Words:
    """Return the words of a notice out of its facts."""
    match kind:
        case NoticeKind.CONFLICTS:
            return Words(_conflicts(int(facts["open"])), "/sync-status?tab=conflicts")


def _conflicts(records: int) -> str:
    if records == 1:
        return "1 deal was changed on both sides and waits for a decision."
    return f"{records:,} deals were changed on both sides and wait for a decision."
