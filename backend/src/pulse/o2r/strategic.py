"""Strategic accounts: the flag is the account's, so it stands on each of its deals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select

from pulse.kit.errors import ConflictError
from pulse.models import StrategicAccount
from pulse.o2r.opportunities_known import known_deal, tell

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, SQLColumnExpression
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.o2r.opportunities_known import KnownDeal
    from pulse.queries.moments import Moment
    from pulse.web.access import Principal


def no_account(deal_id: int) -> ConflictError:
    """Return the error of flagging the account of a deal that has none."""
    return ConflictError(
        f"Deal {deal_id} has no account that could be strategic.",
        code="no_account",
        fix="Give the deal an account first.",
    )


def is_strategic(
    account_id: SQLColumnExpression[int | None], at: Moment | None = None
) -> ColumnElement[bool]:
    """Return whether an account was strategic at a moment; None is now. False without account."""
    flagged = select(StrategicAccount.account_id)
    if at is None:
        flagged = flagged.where(StrategicAccount.unset_at.is_(None))
    else:
        flagged = flagged.where(
            StrategicAccount.set_at <= at,
            or_(StrategicAccount.unset_at.is_(None), StrategicAccount.unset_at > at),
        )
    return func.coalesce(account_id.in_(flagged), False)


async def set_strategic(
    db: AsyncSession, who: Principal, deal_id: int, *, wanted: bool, now: datetime
) -> bool:
    """Flag the account of a deal, or take the flag off; return whether that changed anything.

    Raises NotFoundError, and ConflictError for a deal without account.
    """
    deal = await known_deal(db, deal_id)
    if deal.account_id is None:
        raise no_account(deal_id)
    # One at a time for an account: two who flag at once would meet in the unique index.
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtext("strategic"), _key(deal))))
    flag = await db.scalar(
        select(StrategicAccount).where(
            StrategicAccount.account_id == deal.account_id, StrategicAccount.unset_at.is_(None)
        )
    )
    if wanted == (flag is not None):
        return False
    if flag is None:
        db.add(
            StrategicAccount(
                account_id=deal.account_id, set_at=now, set_by=who.user_id, set_by_name=who.name
            )
        )
    else:
        flag.unset_at = max(now, flag.set_at)
        flag.unset_by, flag.unset_by_name = who.user_id, who.name
    await db.flush()
    await tell(
        db,
        who,
        "account.strategic_set" if wanted else "account.strategic_unset",
        deal,
        before={"account_id": str(deal.account_id), "is_strategic": not wanted},
        after={"account_id": str(deal.account_id), "is_strategic": wanted},
    )
    return True


def _key(deal: KnownDeal) -> ColumnElement[int]:
    return func.hashtext(str(deal.account_id))
