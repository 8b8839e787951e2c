"""Small tables as one text each: what nearly every request reads of them, in one round trip.

Each request asks the database anew, so nothing is ever stale; what a text means is worked out once
for each wording, by a reader that keeps the last few.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, cast, func, literal, select

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement, Select


def as_text(rows: Select[*tuple[Any, ...]]) -> ColumnElement[str]:
    """Return the rows of a query, in its order, as one column: a JSON list of lists.

    Numbers that must keep their digits are to be cast to text before.
    """
    found = rows.subquery()
    listed = cast(func.json_agg(func.json_build_array(*found.c)), Text)
    return select(func.coalesce(listed, literal("[]"))).scalar_subquery()


def rows_of(told: str) -> list[list[Any]]:
    """Return the rows that `as_text` told."""
    rows: list[list[Any]] = json.loads(told)
    return rows
