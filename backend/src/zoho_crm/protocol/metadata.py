"""Metadata: modules, fields, layouts, pipelines, organisation, users and currencies.

Sources: the v8 pages of the same names. Keys that the product of the day does not need stay in
`raw`, exactly as the CRM sent them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from zoho_crm.errors import UnexpectedAnswer
from zoho_crm.protocol.faults import Json, document_of, rows_of
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.records import page_of
from zoho_crm.protocol.shape import Shape
from zoho_crm.protocol.wire import (
    Answer,
    AnswerMeta,
    Call,
    Request,
    bounded,
    iso_seconds,
    path,
    record_id,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from decimal import Decimal

T = TypeVar("T")

USERS_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Module:
    """A module; `api_name` is its key, `module_name` can differ from it."""

    id: str
    api_name: str
    module_name: str | None
    singular_label: str | None
    plural_label: str | None
    generated_type: str | None
    is_api_supported: bool
    raw: Json


@dataclass(frozen=True, slots=True)
class PickListValue:
    """An option; records carry `actual_value`, people see `display_value`.

    `probability` (0 to 100) and `forecast_type` come with the stages of Deals only.
    """

    id: str | None
    actual_value: str
    display_value: str
    sequence_number: int | None
    probability: int | None
    forecast_type: str | None
    is_used: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a module. Whether it is mandatory in a layout is in `Layout`."""

    id: str
    api_name: str
    label: str
    data_type: str
    json_type: str | None
    length: int | None
    is_custom: bool
    is_system_mandatory: bool
    is_read_only: bool
    is_visible: bool
    lookup_module: str | None
    pick_list_values: tuple[PickListValue, ...]
    raw: Json

    @property
    def is_computed(self) -> bool:
        """Tell whether the CRM derives the value: it can change without Modified_Time."""
        return self.data_type in {"formula", "rollup_summary"}


@dataclass(frozen=True, slots=True)
class LayoutField:
    """A field's place in a layout, where it may be required although the module does not say so."""

    api_name: str
    is_required: bool
    pick_list_values: tuple[PickListValue, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout with the fields of all its sections, in order."""

    id: str
    name: str
    status: str | None
    fields: tuple[LayoutField, ...]
    raw: Json


@dataclass(frozen=True, slots=True)
class PipelineStage:
    """A stage of a pipeline; its forecast type, not its name, tells won from lost."""

    id: str
    actual_value: str
    display_value: str
    sequence_number: int | None
    forecast_type: str | None
    forecast_category: str | None


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A sales process: stages in order."""

    id: str
    actual_value: str
    display_value: str
    is_default: bool
    stages: tuple[PipelineStage, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """The connected organisation. Edition and users decide its credits and concurrency."""

    id: str
    zgid: str | None
    company_name: str | None
    time_zone: str | None
    currency_code: str | None
    is_multi_currency: bool
    environment: str | None
    edition: str | None
    users_licensed: int | None
    raw: Json


@dataclass(frozen=True, slots=True)
class User:
    """A user of the organisation."""

    id: str
    full_name: str | None
    email: str | None
    status: str | None
    role: str | None
    profile: str | None
    time_zone: str | None
    raw: Json


@dataclass(frozen=True, slots=True)
class UserPage:
    """One page of users."""

    users: list[User]
    more: bool
    meta: AnswerMeta


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency of the organisation; `exchange_rate` is its amount per unit of the base one."""

    id: str
    name: str
    iso_code: str
    symbol: str | None
    exchange_rate: Decimal
    is_base: bool
    is_active: bool
    raw: Json


def modules() -> Call[list[Module]]:
    """List the modules that the connected user may see."""
    return _list(Operation.MODULES, path("settings", "modules"), "modules", _module)


def fields(module: str) -> Call[list[Field]]:
    """List the used fields of a module over all its layouts."""
    return _list(Operation.FIELDS, path("settings", "fields"), "fields", _field, module=module)


def layouts(module: str) -> Call[list[Layout]]:
    """List a module's layouts with what each requires."""
    return _list(Operation.LAYOUTS, path("settings", "layouts"), "layouts", _layout, module=module)


def pipelines(layout_id: str) -> Call[list[Pipeline]]:
    """List the pipelines of a layout of Deals."""
    return _list(
        Operation.PIPELINES,
        path("settings", "pipeline"),
        "pipeline",
        _pipeline,
        query=(("layout_id", record_id(layout_id)),),
    )


def organisation() -> Call[Organisation]:
    """Read the organisation of the access token."""
    return Call(Work(Operation.ORGANISATION), Request("GET", path("org")), _the_organisation)


def users(
    kind: str = "AllUsers",
    *,
    page: int = 1,
    per_page: int = USERS_LIMIT,
    if_modified_since: datetime | None = None,
) -> Call[UserPage]:
    """List one page of users of a kind such as AllUsers, ActiveUsers, DeletedUsers, CurrentUser."""
    query = (
        ("type", kind),
        ("page", bounded("page", page, 1_000_000)),
        ("per_page", bounded("per_page", per_page, USERS_LIMIT)),
    )
    headers = (
        ()
        if if_modified_since is None
        else (("If-Modified-Since", iso_seconds(if_modified_since)),)
    )
    return Call(Work(Operation.USERS), Request("GET", path("users"), query, headers), _user_page)


def currencies() -> Call[list[Currency]]:
    """List the currencies; none when the organisation has a single one (204)."""
    return _list(Operation.CURRENCIES, path("org", "currencies"), "currencies", _currency)


def _list(
    operation: Operation,
    location: str,
    key: str,
    read: Callable[[Shape], T],
    *,
    module: str | None = None,
    query: tuple[tuple[str, str], ...] = (),
) -> Call[list[T]]:
    if module is not None:
        query = (("module", module), *query)
    return Call(
        Work(operation, module),
        Request("GET", location, query),
        partial(_read_list, key=key, read=read),
    )


def _read_list(answer: Answer, *, key: str, read: Callable[[Shape], T]) -> list[T]:
    document = document_of(answer, key)
    if document is None:
        return []
    return [
        read(Shape(row, f"{key}[{index}]", status=answer.status))
        for index, row in enumerate(rows_of(answer, document, key))
    ]


def _module(row: Shape) -> Module:
    return Module(
        id=row.identity(),
        api_name=row.text("api_name"),
        module_name=row.optional_text("module_name"),
        singular_label=row.optional_text("singular_label"),
        plural_label=row.optional_text("plural_label"),
        generated_type=row.optional_text("generated_type"),
        is_api_supported=row.flag("api_supported"),
        raw=row.raw,
    )


def _field(row: Shape) -> Field:
    api_name = row.text("api_name")
    return Field(
        id=row.identity(),
        api_name=api_name,
        label=row.optional_text("field_label") or row.optional_text("display_label") or api_name,
        data_type=row.text("data_type"),
        json_type=row.optional_text("json_type"),
        length=row.optional_number("length"),
        is_custom=row.flag("custom_field"),
        is_system_mandatory=row.flag("system_mandatory"),
        is_read_only=row.flag("read_only") or row.flag("field_read_only"),
        is_visible=row.flag("visible", default=True),
        lookup_module=_lookup_module(row.raw.get("lookup")),
        pick_list_values=_pick_list(row),
        raw=row.raw,
    )


def _lookup_module(lookup: object) -> str | None:
    """Return the API name of a lookup's module: fields that are no lookups carry an empty one."""
    module = lookup.get("module") if isinstance(lookup, dict) else None
    named: Mapping[str, object] = module if isinstance(module, dict) else {}
    api_name = named.get("api_name")
    return api_name if isinstance(api_name, str) else None


def _pick_list(row: Shape) -> tuple[PickListValue, ...]:
    return tuple(
        PickListValue(
            id=None if value.raw.get("id") is None else value.identity(),
            actual_value=value.text("actual_value"),
            display_value=value.text("display_value"),
            sequence_number=value.optional_number("sequence_number"),
            probability=value.optional_number("probability"),
            forecast_type=value.optional_text("forecast_type"),
            is_used=value.raw.get("type") != "unused",
        )
        for value in row.items("pick_list_values")
    )


def _layout(row: Shape) -> Layout:
    return Layout(
        id=row.identity(),
        name=row.text("name"),
        status=row.optional_text("status"),
        fields=tuple(
            LayoutField(field.text("api_name"), field.flag("required"), _pick_list(field))
            for section in row.items("sections")
            for field in section.items("fields")
        ),
        raw=row.raw,
    )


def _pipeline(row: Shape) -> Pipeline:
    return Pipeline(
        id=row.identity(),
        actual_value=row.text("actual_value"),
        display_value=row.text("display_value"),
        is_default=row.flag("default"),
        stages=tuple(_stage(stage) for stage in row.items("maps")),
    )


def _stage(stage: Shape) -> PipelineStage:
    category = stage.optional_nested("forecast_category")
    return PipelineStage(
        id=stage.identity(),
        actual_value=stage.text("actual_value"),
        display_value=stage.text("display_value"),
        sequence_number=stage.optional_number("sequence_number"),
        forecast_type=stage.optional_text("forecast_type"),
        forecast_category=None if category is None else category.optional_text("name"),
    )


def _the_organisation(answer: Answer) -> Organisation:
    found = _read_list(answer, key="org", read=_organisation)
    if len(found) != 1:
        raise UnexpectedAnswer("org", f"{len(found)} organisations", status=answer.status)
    return found[0]


def _organisation(row: Shape) -> Organisation:
    licence = row.optional_nested("license_details")
    return Organisation(
        id=row.identity(),
        zgid=None if row.raw.get("zgid") is None else row.identity("zgid"),
        company_name=row.optional_text("company_name"),
        time_zone=row.optional_text("time_zone"),
        currency_code=row.optional_text("iso_code"),
        is_multi_currency=row.flag("mc_status"),
        environment=row.optional_text("type"),
        edition=None if licence is None else licence.optional_text("paid_type"),
        users_licensed=None
        if licence is None
        else licence.optional_number("users_license_purchased"),
        raw=row.raw,
    )


def _user_page(answer: Answer) -> UserPage:
    page = page_of(answer, "users")
    return UserPage(
        [
            _user(Shape(row, f"users[{index}]", status=answer.status))
            for index, row in enumerate(page.records)
        ],
        page.more,
        page.meta,
    )


def _user(row: Shape) -> User:
    role, profile = row.optional_nested("role"), row.optional_nested("profile")
    return User(
        id=row.identity(),
        full_name=row.optional_text("full_name"),
        email=row.optional_text("email"),
        status=row.optional_text("status"),
        role=None if role is None else role.optional_text("name"),
        profile=None if profile is None else profile.optional_text("name"),
        time_zone=row.optional_text("time_zone"),
        raw=row.raw,
    )


def _currency(row: Shape) -> Currency:
    return Currency(
        id=row.identity(),
        name=row.text("name"),
        iso_code=row.text("iso_code"),
        symbol=row.optional_text("symbol"),
        exchange_rate=row.decimal("exchange_rate"),
        is_base=row.flag("is_base"),
        is_active=row.flag("is_active", default=True),
        raw=row.raw,
    )
