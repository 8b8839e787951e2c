"""What `/api/views` takes and gives."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

from pulse.analysis.views_query import ViewPage

_LONGEST_NAME: Final = 80
_LONGEST_QUERY: Final = 8_000

Name = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=_LONGEST_NAME, pattern=r"^[^\x00-\x1f]+$"
    ),
]
Query = Annotated[
    str,
    Field(
        max_length=_LONGEST_QUERY,
        description="The query string of the page's address: filters, `as_of`, `compared_with`, "
        "and how the page shows them.",
    ),
]

_VIEW: Final[dict[str, JsonValue]] = {
    "id": "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11",
    "page": "analysis",
    "name": "Monday pipeline",
    "query": "closing=current_quarter&probability=presales&outcome=open&segment=Enterprise",
    "is_shared": True,
    "owner": "Priya Raghunathan",
    "is_mine": False,
    "may_change": False,
    "created_at": "2026-08-10T00:02:11Z",
    "updated_at": "2026-08-17T00:30:40Z",
}


class SavedView(BaseModel):
    """A page's filters and what they are shown by, under a name."""

    model_config = ConfigDict(json_schema_extra={"examples": [_VIEW]})

    id: UUID
    page: ViewPage
    name: str
    query: str
    is_shared: bool = Field(description="Everybody may open it; otherwise its owner alone.")
    owner: str
    is_mine: bool
    may_change: bool = Field(description="Whether the caller may change, share and delete it.")
    created_at: datetime
    updated_at: datetime


class SavedViews(BaseModel):
    """The caller's own views and those that others share, by name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"count": 1, "items": [_VIEW], "limit": 50, "offset": 0, "has_more": False}
            ]
        }
    )

    count: int
    items: list[SavedView]
    limit: int
    offset: int
    has_more: bool


class NewView(BaseModel):
    """A view to keep."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "page": "analysis",
                    "name": "Monday pipeline",
                    "query": "closing=current_quarter&segment=Enterprise",
                    "is_shared": True,
                }
            ]
        },
    )

    page: ViewPage
    name: Name
    query: Query
    is_shared: bool = False


class ViewChange(BaseModel):
    """What to change of a view; what is left out stays."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"name": "Monday, enterprise"}]}
    )

    name: Name | None = None
    query: Query | None = None
    is_shared: bool | None = None
