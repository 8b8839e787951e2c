"""Names of what a deal refers to: its account and its owner, for sorting, searching and showing.

An account's and a user's own record say their names; a record of which none is held has the name
last seen in a lookup. Queries join what they need of it by `Join.onto`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from sqlalchemy import ColumnElement, Select, func
from sqlalchemy.orm import aliased

from pulse.core.deal_filters import Dimension
from pulse.models import Account, Deal, LookupName, User

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pulse.models.deals import DealFacts

# Any: a select of whatever columns.
Query = TypeVar("Query", bound=Select[*tuple[Any, ...]])

_AccountSeen: Final = aliased(LookupName, name="account_seen")
_OwnerSeen: Final = aliased(LookupName, name="owner_seen")

ACCOUNT_NAME: Final[ColumnElement[str | None]] = func.coalesce(Account.name, _AccountSeen.name)
OWNER_NAME: Final[ColumnElement[str | None]] = func.coalesce(User.full_name, _OwnerSeen.name)


@dataclass(frozen=True, slots=True)
class Join:
    """Tables beside `deals`, each joined so that no deal is lost."""

    # Any: mapped classes and their aliases share no type.
    tables: tuple[tuple[Any, ColumnElement[bool]], ...]

    def onto(self, query: Query) -> Query:
        """Return the query with the tables joined."""
        for table, condition in self.tables:
            query = query.outerjoin(table, condition)
        return query


def account_of(deal: type[DealFacts]) -> Join:
    """Return what the name of a deal's account is read from; `deal` may be a past version."""
    return Join(
        (
            (Account, Account.id == deal.account_id),
            (_AccountSeen, _AccountSeen.id == deal.account_id),
        )
    )


def owner_of(deal: type[DealFacts]) -> Join:
    """Return what the name of a deal's owner is read from; `deal` may be a past version."""
    return Join(((User, User.id == deal.owner_id), (_OwnerSeen, _OwnerSeen.id == deal.owner_id)))


ACCOUNT: Final = account_of(Deal)
OWNER: Final = owner_of(Deal)

NAME_OF: Final[
    Mapping[Dimension, tuple[ColumnElement[str | None], Callable[[type[DealFacts]], Join]]]
] = {
    Dimension.ACCOUNT: (ACCOUNT_NAME, account_of),
    Dimension.OWNER: (OWNER_NAME, owner_of),
}
"""The name behind a dimension whose values are ids, and what it is read from."""
