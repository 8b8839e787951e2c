"""What the CRM lets into the fields of a module, read off its live metadata.

Source: Zoho CRM v8, "Fields Metadata", "Layouts", "Pipelines". A field's own metadata says what it
takes; a record's layout may require more of it and offer other options; a pipeline says which
stages a deal can have. What the connection may not read restricts nothing: the CRM has the last
word.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from pulse.core.fields import DEAL_FIELDS, propose_field_map
from pulse.core.modules import DEALS
from pulse.edits.rights import read_only_reason
from pulse.models import CrmField, CrmLayout, CrmPipeline, FieldMapEntry, User
from pulse.queries.owned_fields import is_not_owned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession

Option = tuple[str, str]
"""A stored value and what people read for it."""

STAGE: Final = "Stage"
"""Canonical name of the stage."""
PIPELINE: Final = "Pipeline"
"""API name of the pipeline: a field of Zoho's own that nobody can rename."""
PROBABILITY: Final = "Probability"
_USER_TYPES: Final = frozenset({"ownerlookup", "userlookup"})
_LABELS: Final = {field.name: field.label for field in DEAL_FIELDS}


@dataclass(frozen=True, slots=True)
class FieldRule:
    """What one field takes."""

    api_name: str
    label: str
    """As the product's pages call it."""
    data_type: str
    canonical_name: str | None = None
    length: int | None = None
    """Characters of a text, digits of a number."""
    decimals: int | None = None
    options: tuple[Option, ...] = ()
    is_mandatory: bool = False
    read_only_reason: str | None = None
    """Why it cannot be edited here, as a sentence; None if it can."""
    lookup_module: str | None = None

    @property
    def is_user(self) -> bool:
        """Whether it points to a user of the CRM."""
        return self.data_type in _USER_TYPES

    @property
    def is_share(self) -> bool:
        """Whether it holds a share of 100."""
        return self.data_type == "percent" or self.canonical_name == PROBABILITY


@dataclass(frozen=True, slots=True)
class LayoutRule:
    """What a layout requires, and which options it offers, by API name."""

    layout_id: str
    required: frozenset[str]
    options: Mapping[str, tuple[Option, ...]]


@dataclass(frozen=True, slots=True)
class PipelineRule:
    """The stages of a pipeline of a layout."""

    layout_id: str
    value: str
    label: str
    stages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a module."""

    fields: Mapping[str, FieldRule]
    """By API name, in the order in which the organisation made them."""
    layouts: tuple[LayoutRule, ...] = ()
    """Those in use."""
    pipelines: tuple[PipelineRule, ...] = ()

    @property
    def stage(self) -> FieldRule | None:
        """The field that holds a deal's stage."""
        return next((each for each in self.fields.values() if each.canonical_name == STAGE), None)

    def in_layout(self, layout_id: str | None) -> Mapping[str, FieldRule]:
        """Return the fields with what a record's layout adds to them.

        Of a record whose layout was not read, what all layouts agree on holds.
        """
        own = [each for each in self.layouts if each.layout_id == layout_id]
        layouts = own or list(self.layouts)
        if not layouts:
            return self.fields
        required = frozenset[str].intersection(*(each.required for each in layouts))
        options = layouts[0].options if len(layouts) == 1 else {}
        return {
            name: replace(
                field,
                is_mandatory=field.is_mandatory or name in required,
                options=options.get(name) or field.options,
            )
            for name, field in self.fields.items()
        }

    def pipeline(self, value: object, layout_id: str | None) -> PipelineRule | None:
        """Return a pipeline by the value that records carry; its layout's own before others'."""
        named = [each for each in self.pipelines if each.value == value]
        own = (each for each in named if each.layout_id == layout_id)
        return next(own, next(iter(named), None))


async def read_rules(db: AsyncSession, module: str) -> Rules:
    """Return the rules of a module as its metadata was read last; no fields before that."""
    rows = (
        await db.scalars(
            select(CrmField)
            .where(CrmField.module == module, CrmField.removed_at.is_(None), is_not_owned())
            .order_by(CrmField.field_id)
        )
    ).all()
    canonical = await _canonical_names(db, module, frozenset(row.api_name for row in rows))
    profile = await db.scalar(
        select(User.document["profile"]["id"].as_string()).where(User.is_connected)
    )
    layouts = await db.scalars(
        select(CrmLayout)
        .where(CrmLayout.module == module, CrmLayout.is_active)
        .order_by(CrmLayout.layout_id)
    )
    pipelines = (
        await db.scalars(
            select(CrmPipeline).order_by(CrmPipeline.layout_id, CrmPipeline.pipeline_id)
        )
        if module == DEALS
        else ()
    )
    return Rules(
        fields={row.api_name: _field(row, canonical.get(row.api_name), profile) for row in rows},
        layouts=tuple(_layout(row) for row in layouts),
        pipelines=tuple(
            PipelineRule(str(row.layout_id), row.value, row.label, tuple(row.stages))
            for row in pipelines
        ),
    )


async def _canonical_names(
    db: AsyncSession, module: str, live: frozenset[str]
) -> Mapping[str, str]:
    if module != DEALS:
        return {}
    stored = await db.execute(
        select(FieldMapEntry.canonical_name, FieldMapEntry.api_name).where(
            FieldMapEntry.module == module
        )
    )
    mapping = propose_field_map(live, {row.canonical_name: row.api_name for row in stored}).mapping
    # One field may stand for two canonical ones; the first of them names it.
    return {mapping[each.name]: each.name for each in reversed(DEAL_FIELDS) if each.name in mapping}


def _field(row: CrmField, canonical_name: str | None, profile: str | None) -> FieldRule:
    places = row.document.get("decimal_place")
    return FieldRule(
        api_name=row.api_name,
        label=_LABELS.get(canonical_name or "", row.label),
        data_type=row.data_type,
        canonical_name=canonical_name,
        length=row.length,
        decimals=places if isinstance(places, int) else None,
        options=_options(row.document.get("pick_list_values")),
        is_mandatory=row.is_mandatory,
        read_only_reason=read_only_reason(
            row.api_name, row.data_type, row.json_type, row.document, profile
        ),
        lookup_module=row.lookup_module,
    )


# Any: a part of the CRM's own description, validated here.
def _options(values: Any) -> tuple[Option, ...]:  # noqa: ANN401 - as above
    return tuple(
        (str(value["actual_value"]), str(value.get("display_value") or value["actual_value"]))
        for value in (values if isinstance(values, list) else [])
        if isinstance(value, dict)
        and value.get("actual_value") not in (None, "", "-None-")
        and value.get("type") != "unused"
    )


def _layout(row: CrmLayout) -> LayoutRule:
    return LayoutRule(
        layout_id=str(row.layout_id),
        required=frozenset(name for name, facts in row.fields.items() if facts["required"]),
        options={
            name: tuple((value, label) for value, label in facts["options"] if value != "-None-")
            for name, facts in row.fields.items()
            if facts["options"]
        },
    )
