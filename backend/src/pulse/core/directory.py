"""What a CRM says of itself: organisation, users, currencies, fields, layouts. Facts alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime
    from decimal import Decimal

# Any: what the CRM sent, kept whole; who reads a key of it validates that key.
RawDocument = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """The connected organisation; edition and licences decide its limits."""

    id: int
    company_name: str
    edition: str
    users_licensed: int
    time_zone: str | None
    currency: str | None
    document: RawDocument


@dataclass(frozen=True, slots=True)
class UserFacts:
    """A user of the organisation."""

    id: int
    full_name: str
    email: str | None
    is_active: bool
    role: str | None
    profile: str | None
    document: RawDocument


@dataclass(frozen=True, slots=True)
class CurrencyFacts:
    """A currency with its present rate to the organisation's home currency."""

    iso_code: str
    name: str
    symbol: str | None
    exchange_rate: Decimal
    is_base: bool
    is_active: bool
    told_at: datetime | None = None
    """The CRM's clock when it said so; None if it did not tell its time."""


@dataclass(frozen=True, slots=True)
class LayoutFieldFacts:
    """A field's place in a layout: whether it is required there, and its options there."""

    api_name: str
    is_required: bool
    options: tuple[tuple[str, str], ...]
    """Stored value and label; none for fields that are no picklists."""


@dataclass(frozen=True, slots=True)
class LayoutFacts:
    """A layout of a module."""

    layout_id: int
    name: str
    is_active: bool
    fields: tuple[LayoutFieldFacts, ...]


@dataclass(frozen=True, slots=True)
class PipelineFacts:
    """A sales process of a layout: its stages, in order, as records carry them."""

    layout_id: int
    pipeline_id: int
    value: str
    label: str
    is_default: bool
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FieldFacts:
    """A field of a module. The id stays when somebody renames the field."""

    field_id: int
    api_name: str
    label: str
    data_type: str
    json_type: str | None
    length: int | None
    is_custom: bool
    is_read_only: bool
    is_mandatory: bool
    pick_list: list[str] | None
    lookup_module: str | None
    document: RawDocument
