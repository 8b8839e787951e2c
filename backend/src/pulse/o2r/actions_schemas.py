"""What the routes of action items take and give."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, JsonValue, StringConstraints

Priority = Literal["high", "medium", "low"]

Title = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$"
    ),
]
DealIdText = Annotated[str, Field(pattern=r"^([1-9]\d{0,17}|[1-8]\d{18})$")]

_ACTION: Final[dict[str, JsonValue]] = {
    "id": "12",
    "deal_id": "554023000000235001",
    "title": "Send penetration test report",
    "priority": "high",
    "owner": {"id": "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11", "name": "Arjun Mehta"},
    "due_on": "2026-08-18",
    "is_overdue": False,
    "created_at": "2026-08-12T02:11:00Z",
    "created_by": "Priya Raghunathan",
    "done_at": None,
    "done_by": None,
}


class Person(BaseModel):
    """Somebody who logs in here."""

    id: UUID
    name: str | None


class People(BaseModel):
    """Everybody who can own an action item, by name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"items": [{"id": "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11", "name": "Arjun Mehta"}]}
            ]
        }
    )

    items: list[Person]


class ActionItem(BaseModel):
    """Something to be done."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ACTION]})

    id: str
    deal_id: str | None = Field(description="Null: it is no deal's, but general.")
    title: str
    priority: Priority
    owner: Person | None
    due_on: date | None
    is_overdue: bool = Field(description="Not done, and due before the organisation's today.")
    created_at: datetime
    created_by: str
    done_at: datetime | None
    done_by: str | None


class NewAction(BaseModel):
    """An action item to add."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "deal_id": "554023000000235001",
                    "title": "Send penetration test report",
                    "priority": "high",
                    "owner_id": "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11",
                    "due_on": "2026-08-18",
                }
            ]
        },
    )

    deal_id: DealIdText | None = Field(default=None, description="Left out: a general one.")
    title: Title
    priority: Priority = "medium"
    owner_id: UUID | None = None
    due_on: date | None = None


class ActionChange(BaseModel):
    """What to change of an action item; what is left out stays."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"is_done": True}]})

    title: Title | None = None
    priority: Priority | None = None
    owner_id: UUID | None = Field(default=None, description="Null takes the owner off.")
    due_on: date | None = Field(default=None, description="Null takes the date off.")
    is_done: bool | None = None
