"""What `/api/analysis/breakdown` gives."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from pulse.analysis.schemas import ChangedNumber, changed
from pulse.analytics.basis import (
    BASIS_EXAMPLE,
    COMPARISON_EXAMPLE,
    Basis,
    Comparison,
    comparison_of,
)
from pulse.analytics.breakdown.table import Breakdown, Heading, HeadingKind, Line, Measure, figure
from pulse.web.money import Figure

if TYPE_CHECKING:
    from pulse.analytics.breakdown.groups import Group


class BreakdownHeading(BaseModel):
    """What a row or column stands for."""

    kind: HeadingKind = Field(
        description="`none`: deals that have no value there; `others`: all beyond those shown."
    )
    key: str | None = Field(description="As records carry it; null unless `kind` is `value`.")
    label: str = Field(description="What people read.")
    filter: str | None = Field(
        description="Parameters of the deals table that find its deals, as a query string. They "
        "take the place of the breakdown's own of the same name; of `field`, of those on the same "
        "CRM field. Null where filters cannot say it."
    )
    groups: int = Field(description="How many values it stands for: 1, of `others` more.")


class BreakdownCell(BaseModel):
    """Deals of a row and a column."""

    deals: int = Field(description="Of a win rate: those that were closed.")
    figure: Figure | None = Field(description="In the measure; null where there is none.")


class WinDays(BaseModel):
    """Which closed deals win rates are of, whatever the filters say of closing and stage."""

    closed_from: date
    closed_to: date


class BreakdownLine(BaseModel):
    """A row's figures; all but `cells` and `figure` are of the row's deals in any measure."""

    deals: int
    value: Figure
    weighted: Figure
    weighted_percent: Figure | None = Field(description="Of the value; null where that is zero.")
    figure: ChangedNumber = Field(
        description="The row as a whole in the measure, against the earlier moment."
    )
    cells: list[BreakdownCell | None] = Field(
        description="In the order of `columns`; null where there are no deals."
    )


class BreakdownRow(BreakdownLine):
    """A row with its heading."""

    heading: BreakdownHeading


class PipelineBreakdown(BaseModel):
    """A pipeline by one dimension, or by two."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "comparison": COMPARISON_EXAMPLE,
                    "measure": "value",
                    "closed": None,
                    "columns": [
                        {
                            "kind": "value",
                            "key": "Proposal/Price Quote",
                            "label": "Proposal",
                            "filter": "stage=Proposal%2FPrice+Quote",
                            "groups": 1,
                        }
                    ],
                    "rows": [
                        {
                            "heading": {
                                "kind": "value",
                                "key": "Singapore",
                                "label": "Singapore",
                                "filter": "country=Singapore",
                                "groups": 1,
                            },
                            "deals": 62,
                            "value": 17842300.00,
                            "weighted": 10295007.00,
                            "weighted_percent": 57.7,
                            "figure": {
                                "now": 17842300.00,
                                "then": 17139577.00,
                                "absolute": 702723.00,
                                "relative": 0.041,
                            },
                            "cells": [{"deals": 62, "figure": 17842300.00}],
                        }
                    ],
                    "total": {
                        "deals": 62,
                        "value": 17842300.00,
                        "weighted": 10295007.00,
                        "weighted_percent": 57.7,
                        "figure": {
                            "now": 17842300.00,
                            "then": 17139577.00,
                            "absolute": 702723.00,
                            "relative": 0.041,
                        },
                        "cells": [{"deals": 62, "figure": 17842300.00}],
                    },
                }
            ]
        }
    )

    basis: Basis
    comparison: Comparison
    measure: Measure
    closed: WinDays | None = Field(description="Null unless the measure is `win_rate`.")
    columns: list[BreakdownHeading] = Field(
        description="At most 24 and the others; none if no columns were asked for."
    )
    rows: list[BreakdownRow] = Field(
        description="At most 200 and the others. Stages, months and bands stand in their order, "
        "other values by their figures, greatest first."
    )
    total: BreakdownLine = Field(description="All deals; its cells are the columns' totals.")


def shown_breakdown(found: Breakdown, measure: Measure) -> PipelineBreakdown:
    """Return a breakdown as it is answered."""
    days = found.closed
    return PipelineBreakdown(
        basis=found.basis,
        comparison=comparison_of(found.question),
        measure=measure,
        closed=None if days is None else WinDays(closed_from=days.first, closed_to=days.last),
        columns=[_heading(each) for each in found.columns],
        rows=[
            BreakdownRow(heading=_heading(line.heading), **_line(line, measure).model_dump())
            for line in found.rows
        ],
        total=_line(found.total, measure),
    )


def _heading(heading: Heading) -> BreakdownHeading:
    return BreakdownHeading(
        kind=heading.kind,
        key=heading.key,
        label=heading.label,
        filter=heading.filter,
        groups=heading.groups,
    )


def _line(line: Line, measure: Measure) -> BreakdownLine:
    sums = line.now.sums
    return BreakdownLine(
        deals=sums.deals,
        value=sums.value,
        weighted=sums.weighted,
        weighted_percent=sums.weighted_percent,
        figure=changed(
            figure(measure, line.now), None if line.then is None else figure(measure, line.then)
        ),
        cells=[_cell(each, measure) for each in line.cells],
    )


def _cell(group: Group, measure: Measure) -> BreakdownCell | None:
    deals = group.closed.deals if measure is Measure.WIN_RATE else group.sums.deals
    if deals == 0:
        return None
    found = figure(measure, group)
    return BreakdownCell(deals=deals, figure=None if found is None else Decimal(found))
