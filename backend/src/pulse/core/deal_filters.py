"""Which deals are meant: the filters that lists and analytics share, as data.

Filters are joined by "and"; several values of one filter by "or".
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from pulse.core.periods import Days

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from decimal import Decimal


class ProbabilityBand(StrEnum):
    """A range of probabilities that has a name in the sales process."""

    SALES = "sales"
    PRESALES = "presales"
    DEAL_APPROVAL = "deal_approval"
    DELIVERY = "delivery"
    ACTIVE = "active"
    ALL = "all"


BAND_LIMITS: Final[Mapping[ProbabilityBand, tuple[int, int]]] = {
    ProbabilityBand.SALES: (10, 39),
    ProbabilityBand.PRESALES: (40, 70),
    ProbabilityBand.DEAL_APPROVAL: (71, 80),
    ProbabilityBand.DELIVERY: (81, 100),
    ProbabilityBand.ACTIVE: (10, 89),
}
"""Least and greatest percentage of a band, both included; ALL has none: it holds every deal."""


class Dimension(StrEnum):
    """What deals are grouped and chosen by."""

    COUNTRY = "country"
    REGION = "region"
    SOLUTION = "solution"
    FUNDING = "funding"
    SEGMENT = "segment"
    STAGE = "stage"
    CURRENCY = "currency"
    OWNER = "owner"
    ACCOUNT = "account"


DIMENSION_COLUMN: Final[Mapping[Dimension, str]] = {
    Dimension.COUNTRY: "country",
    Dimension.REGION: "business_region",
    Dimension.SOLUTION: "solution_type",
    Dimension.FUNDING: "funding_type",
    Dimension.SEGMENT: "market_segment",
    Dimension.STAGE: "stage",
    Dimension.CURRENCY: "currency",
    Dimension.OWNER: "owner_id",
    Dimension.ACCOUNT: "account_id",
}
"""The column of the narrow table behind each dimension."""

REFERENCES: Final = frozenset({Dimension.OWNER, Dimension.ACCOUNT})
"""Dimensions whose values are CRM ids."""

EMPTY: Final = ""
"""The value of a choice that means: the field is empty."""


class DealState(StrEnum):
    """How a deal stands to the CRM; DELETED and hidden ones are in no total."""

    SYNCED = "synced"
    PENDING = "pending"
    CONFLICT = "conflict"
    ERROR = "error"
    DELETED = "deleted"


class Outcome(StrEnum):
    """What the CRM forecasts of a deal in a stage."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class FieldTest(StrEnum):
    """How a condition on a CRM field compares."""

    IS = "is"
    CONTAINS = "contains"
    MIN = "min"
    MAX = "max"
    EMPTY = "empty"
    FILLED = "filled"


@dataclass(frozen=True, slots=True)
class FieldCondition:
    """A condition on a field by its API name; `value` is as the caller wrote it."""

    api_name: str
    test: FieldTest
    value: str = ""


@dataclass(frozen=True, slots=True)
class DealFilter:
    """Which deals are meant. The default: all that are in the CRM and shown to us."""

    text: str = ""
    """Each word is looked for in name, account and owner; digits also begin an id."""
    closing: Days = field(default_factory=Days)
    bands: tuple[ProbabilityBand, ...] = ()
    choices: Mapping[Dimension, tuple[str, ...]] = field(default_factory=dict)
    least_value: Decimal | None = None
    """In the base currency; deals without a value have none to compare."""
    greatest_value: Decimal | None = None
    changed_since: datetime | None = None
    states: tuple[DealState, ...] = ()
    outcomes: tuple[Outcome, ...] = ()
    fields: tuple[FieldCondition, ...] = ()

    def without_dimension(self, dimension: Dimension) -> DealFilter:
        """Return the filter with one dimension unset, to offer its other values."""
        rest = {name: values for name, values in self.choices.items() if name is not dimension}
        return replace(self, choices=rest)

    def without_field(self, api_name: str) -> DealFilter:
        """Return the filter without conditions on one CRM field."""
        rest = tuple(condition for condition in self.fields if condition.api_name != api_name)
        return replace(self, fields=rest)
