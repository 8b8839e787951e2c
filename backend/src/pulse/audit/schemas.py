"""What the routes of the audit log answer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pulse.core.access import Role, Via

if TYPE_CHECKING:
    from pydantic.config import JsonDict

_ENTRY: JsonDict = {
    "id": "4711",
    "at": "2026-08-17T00:41:07.213Z",
    "user_id": "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11",
    "user_name": "Daniel Koh",
    "role": "admin",
    "via": "session",
    "address": "192.0.2.7",
    "action": "settings.changed",
    "kind": "settings",
    "subject": "sync.overlap_seconds",
    "name": "sync.overlap_seconds",
    "before": {"sync.overlap_seconds": 60},
    "after": {"sync.overlap_seconds": 120},
}


class AuditLine(BaseModel):
    """One write: who, how, from where, what, and the values that changed."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ENTRY]})

    id: str = Field(description="Grows with time.")
    at: datetime
    user_id: UUID | None = Field(description="Null: a command on the server, or the product.")
    user_name: str = Field(description="As of then; of a command, the account that ran it.")
    role: Role = Field(description="As of then.")
    via: Via
    address: str | None
    action: str = Field(description="A dotted constant.")
    kind: str = Field(description="What kind of thing was written.")
    subject: str | None = Field(description="Which one: its id or key.")
    name: str | None = Field(description="What people call it.")
    # Any: values of all kinds are changed.
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class AuditPage(BaseModel):
    """Lines of the log, newest first."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"items": [_ENTRY], "has_more": False}]}
    )

    items: list[AuditLine]
    has_more: bool = Field(description="Older lines follow: ask with `older_than` the last id.")


class AuditPerson(BaseModel):
    """Somebody who wrote something."""

    id: UUID
    name: str


class AuditChoices(BaseModel):
    """What can be filtered by: each stands in the log at least once."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "actions": ["settings.changed"],
                    "kinds": ["settings"],
                    "people": [{"id": _ENTRY["user_id"], "name": "Daniel Koh"}],
                }
            ]
        }
    )

    actions: list[str]
    kinds: list[str]
    people: list[AuditPerson]
