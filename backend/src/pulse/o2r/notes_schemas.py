"""What the routes of comments, blockers and the strategic flag take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pulse.o2r.actions_schemas import Title

Words = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=4000, pattern=r"^[^\x00]+$"),
]


class NewComment(BaseModel):
    """What somebody writes about a deal; line breaks are kept."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"text": "Their CISO is back on Wednesday."}]},
    )

    text: Words


class Comment(BaseModel):
    """What somebody wrote."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "7",
                    "text": "Their CISO is back on Wednesday.",
                    "author": "Arjun Mehta",
                    "is_mine": True,
                    "may_delete": True,
                    "created_at": "2026-08-17T00:12:00Z",
                    "edited_at": None,
                }
            ]
        }
    )

    id: str
    text: str
    author: str
    is_mine: bool = Field(description="The caller wrote it and may rewrite it.")
    may_delete: bool = Field(description="The caller wrote it or is an admin.")
    created_at: datetime
    edited_at: datetime | None


class NewBlocker(BaseModel):
    """What holds a deal up."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"title": "Security review"}]}
    )

    title: Title


class BlockerResolution(BaseModel):
    """How a blocker ended."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"resolution": "CISO signed."}]}
    )

    resolution: Words | None = Field(default=None, description="In words; may be left out.")


class Blocker(BaseModel):
    """What holds, or held, a deal up."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "3",
                    "title": "Security review",
                    "opened_at": "2026-08-11T02:00:00Z",
                    "opened_by": "Arjun Mehta",
                    "days": 6,
                    "resolved_at": None,
                    "resolved_by": None,
                    "resolution": None,
                }
            ]
        }
    )

    id: str
    title: str
    opened_at: datetime
    opened_by: str
    days: int = Field(description="The organisation's days it was open, so far or in all.")
    resolved_at: datetime | None
    resolved_by: str | None
    resolution: str | None


class StrategicFlag(BaseModel):
    """Whether the account of a deal is strategic."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"is_strategic": True}]}
    )

    is_strategic: bool
