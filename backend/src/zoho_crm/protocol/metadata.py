"""Metadata of records: modules, fields, layouts and pipelines.

Sources: the v8 pages of the same names. Keys that are not read here stay in `raw`, exactly as
the CRM sent them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from zoho_crm.errors import NotFound, RequestRefused, UnexpectedAnswer
from zoho_crm.protocol.faults import Json, document_of, rows_of
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.shape import Shape
from zoho_crm.protocol.wire import (
    Answer,
    Call,
    Request,
    path,
    record_id,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")


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
    """A field of a module. Whether it is mandatory in a layout is in `Layout`.

    `is_updatable` tells whether the API may write it at all, `allows_mass_update` whether a mass
    update may; both as the CRM says for the connected user.
    """

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
    decimal_places: int | None = None
    is_unique: bool = False
    is_updatable: bool = True
    allows_mass_update: bool = False

    @property
    def is_computed(self) -> bool:
        """Tell whether the CRM derives the value: it can change without Modified_Time."""
        return self.data_type in {"formula", "rollup_summary"}


@dataclass(frozen=True, slots=True)
class LayoutField:
    """A field's place in a layout, where it may be required although the module does not say so.

    The options are those that the layout offers, which may be fewer than the field has.
    """

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

    @property
    def mandatory(self) -> tuple[str, ...]:
        """Return the API names of the fields that a record of this layout must have."""
        return tuple(field.api_name for field in self.fields if field.is_required)

    def field(self, api_name: str) -> LayoutField | None:
        """Return a field's place in this layout; None when it has none."""
        return next((field for field in self.fields if field.api_name == api_name), None)


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
    """A sales process: stages in order; the CRM refuses a deal in a stage of another pipeline."""

    id: str
    actual_value: str
    display_value: str
    is_default: bool
    stages: tuple[PipelineStage, ...]

    def stage(self, actual_value: str) -> PipelineStage | None:
        """Return the stage that records carry as `actual_value`; None when it is not in here."""
        return next((stage for stage in self.stages if stage.actual_value == actual_value), None)


def modules() -> Call[list[Module]]:
    """List the modules that the connected user may see."""
    return listed(Operation.MODULES, path("settings", "modules"), "modules", _module)


def fields(module: str, *, include_unused: bool = False) -> Call[list[Field]]:
    """List the fields of a module over all its layouts, those in no layout only when asked for."""
    return listed(
        Operation.FIELDS,
        path("settings", "fields"),
        "fields",
        _field,
        module=module,
        query=(("type", "all"),) if include_unused else (),
    )


def field(module: str, field_id: str) -> Call[Field | None]:
    """Read one field by its id; None when the module has no such field."""
    return Call(
        Work(Operation.FIELD, module),
        Request("GET", path("settings", "fields", record_id(field_id)), (("module", module),)),
        _the_field,
    )


def layouts(module: str) -> Call[list[Layout]]:
    """List a module's layouts with what each requires."""
    return listed(Operation.LAYOUTS, path("settings", "layouts"), "layouts", _layout, module=module)


def pipelines(layout_id: str) -> Call[list[Pipeline]]:
    """List the pipelines of a layout of Deals."""
    return listed(
        Operation.PIPELINES,
        path("settings", "pipeline"),
        "pipeline",
        _pipeline,
        query=(("layout_id", record_id(layout_id)),),
    )


def listed(
    operation: Operation,
    location: str,
    key: str,
    read: Callable[[Shape], T],
    *,
    module: str | None = None,
    query: tuple[tuple[str, str], ...] = (),
) -> Call[list[T]]:
    """Return a call that lists the rows under `key`, each read by `read`."""
    if module is not None:
        query = (("module", module), *query)
    return Call(
        Work(operation, module),
        Request("GET", location, query),
        partial(read_list, key=key, read=read),
    )


def read_list(answer: Answer, *, key: str, read: Callable[[Shape], T]) -> list[T]:
    """Return the rows under `key`; none for an empty answer."""
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


def _the_field(answer: Answer) -> Field | None:
    try:
        found = read_list(answer, key="fields", read=_field)
    except RequestRefused as refused:
        # No page says how an unknown id is answered: 204, 404 and 400 for its place in the path.
        if isinstance(refused, NotFound) or (
            refused.code == "INVALID_DATA" and "resource_path_index" in refused.details
        ):
            return None
        raise
    if len(found) > 1:
        raise UnexpectedAnswer("fields", f"{len(found)} fields for one id", status=answer.status)
    return found[0] if found else None


def _field(row: Shape) -> Field:
    api_name = row.text("api_name")
    allowed = row.optional_nested("operation_type")
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
        decimal_places=row.optional_number("decimal_place"),
        # An empty object is what a field without the constraint has.
        is_unique=bool(row.raw.get("unique")),
        is_updatable=allowed is None or allowed.flag("api_update", default=True),
        allows_mass_update=row.flag("mass_update"),
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
            LayoutField(
                field.text("api_name"),
                field.flag("required") or field.flag("system_mandatory"),
                _pick_list(field),
            )
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
