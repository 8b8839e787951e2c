"""Custom views: the saved filters of a module, by which a mass update can choose its records.

Source: the v8 page Custom Views Metadata.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from zoho_crm.protocol.faults import document_of, rows_of
from zoho_crm.protocol.prices import Operation, Work
from zoho_crm.protocol.shape import Shape
from zoho_crm.protocol.wire import Answer, Call, Request, bounded, path

if TYPE_CHECKING:
    from zoho_crm.protocol.faults import Json


@dataclass(frozen=True, slots=True)
class CustomView:
    """A saved filter; `criteria` is the CRM's own JSON, None for a view without conditions."""

    id: str
    name: str
    display_value: str
    category: str | None
    is_system_defined: bool
    is_default: bool
    criteria: Json | None
    raw: Json


@dataclass(frozen=True, slots=True)
class CustomViewPage:
    """One page of custom views."""

    views: list[CustomView]
    more: bool


def custom_views(module: str, *, page: int = 1) -> Call[CustomViewPage]:
    """List one page of a module's custom views, 200 of them at most."""
    query: tuple[tuple[str, str], ...] = (("module", module),)
    if page > 1:
        # The page documents the module alone; the vendor's SDK has this parameter too.
        query = (*query, ("page", bounded("page", page, 1_000)))
    return Call(
        Work(Operation.CUSTOM_VIEWS, module),
        Request("GET", path("settings", "custom_views"), query),
        partial(_page, key="custom_views"),
    )


def _page(answer: Answer, *, key: str) -> CustomViewPage:
    document = document_of(answer, key)
    if document is None:
        return CustomViewPage([], more=False)
    info = Shape(document, "body", status=answer.status).optional_nested("info")
    return CustomViewPage(
        [
            _view(Shape(row, f"{key}[{index}]", status=answer.status))
            for index, row in enumerate(rows_of(answer, document, key))
        ],
        more=info is not None and info.flag("more_records"),
    )


def _view(row: Shape) -> CustomView:
    criteria = row.optional_nested("criteria")
    name = row.text("name")
    return CustomView(
        id=row.identity(),
        name=name,
        display_value=row.optional_text("display_value") or name,
        category=row.optional_text("category"),
        is_system_defined=row.flag("system_defined"),
        is_default=row.flag("default"),
        criteria=None if criteria is None else criteria.raw,
        raw=row.raw,
    )
