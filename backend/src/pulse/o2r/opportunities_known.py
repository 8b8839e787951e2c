"""The deal that a request is about, as the mirror knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from pulse.db.events import Topic, notify
from pulse.kit.errors import NotFoundError
from pulse.models import Deal
from pulse.web.audit import audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.web.access import Principal

GENERAL: Final = "general"
"""Subject of the event where something belongs to no deal."""


@dataclass(frozen=True, slots=True)
class KnownDeal:
    """A deal of the mirror; deleted ones are known too."""

    id: int
    name: str | None
    account_id: int | None


def deal_not_found(deal_id: int) -> NotFoundError:
    """Return the error for an id that the mirror does not know."""
    return NotFoundError(
        f"There is no deal {deal_id} in the mirror.",
        code="deal_not_found",
        fix=f"If it exists in the CRM, POST /api/records/{deal_id}/sync fetches it.",
    )


async def known_deal(db: AsyncSession, deal_id: int) -> KnownDeal:
    """Return a deal. Raises NotFoundError."""
    row = (
        await db.execute(select(Deal.name, Deal.account_id).where(Deal.id == deal_id))
    ).one_or_none()
    if row is None:
        raise deal_not_found(deal_id)
    return KnownDeal(deal_id, row.name, row.account_id)


# An audit line has as many members as it has.
async def tell(
    db: AsyncSession,
    who: Principal,
    action: str,
    deal: KnownDeal | None,
    *,
    subject: int | None = None,
    name: str | None = None,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    """Write down a change and let open pages know, when it commits.

    Without a deal the line is about `subject`, a general action item.
    """
    kind = "action_item" if deal is None else "deal"
    await audit(
        db,
        who,
        action,
        kind=kind,
        subject=str(subject if deal is None else deal.id),
        name=name if deal is None else deal.name,
        before=before,
        after=after,
    )
    await notify(db, Topic.O2R, GENERAL if deal is None else deal.id)
