"""Who made a local edit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from uuid import UUID

    from pulse.web.access import Principal


@dataclass(frozen=True, slots=True)
class Author:
    """Somebody who edits; `id` is none for a command on the server and for the product itself."""

    id: UUID | None
    name: str


def author_of(who: Principal) -> Author:
    """Return the author that a request's principal is."""
    return Author(who.user_id, who.name)
