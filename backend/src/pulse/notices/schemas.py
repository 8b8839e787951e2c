"""What `/api/notices` takes and gives."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from pulse.notices.words import NoticeKind


class NoticeItem(BaseModel):
    """One thing that people are told."""

    id: str = Field(description="Grows with time.")
    kind: NoticeKind
    message: str
    link: str = Field(description="Where in the application it is dealt with.")
    created_at: datetime
    is_read: bool


class Notices(BaseModel):
    """What the caller was told, newest first, and how much of it is new to them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "unread": 1,
                    "items": [
                        {
                            "id": "12",
                            "kind": "conflicts",
                            "message": "3 deals were changed on both sides and wait for a "
                            "decision.",
                            "link": "/sync-status?tab=conflicts",
                            "created_at": "2026-08-17T00:05:02Z",
                            "is_read": False,
                        }
                    ],
                }
            ]
        }
    )

    unread: int
    items: list[NoticeItem]


class ReadUpTo(BaseModel):
    """How far somebody has read."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"up_to": "12"}]})

    up_to: str = Field(pattern=r"^\d{1,18}$", description="Id of the newest notice that was seen.")
