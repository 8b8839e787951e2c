"""What the routes of mailed reviews take and give."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pulse.settings.schema import Weekday


class LastMail(BaseModel):
    """The mailing to all that was asked for last."""

    week: date
    asked_at: datetime
    asked_by: str
    is_scheduled: bool
    mailed_at: datetime | None = Field(description="Null: it waits, or was put off.")
    letters: int | None
    taken: int | None = Field(description="Letters that the mail server took.")
    failure: str | None = Field(description="Why the mail server took nothing.")


class ReviewMailing(BaseModel):
    """How weekly reviews go out by mail."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "is_set_up": True,
                    "is_on": True,
                    "weekday": "monday",
                    "hour": 8,
                    "zone": "Asia/Singapore",
                    "next_at": "2026-03-09T00:00:00Z",
                    "recipients": 7,
                    "last": {
                        "week": "2026-02-23",
                        "asked_at": "2026-03-02T00:00:03Z",
                        "asked_by": "Pipeline Pulse",
                        "is_scheduled": True,
                        "mailed_at": "2026-03-02T00:00:04Z",
                        "letters": 7,
                        "taken": 7,
                        "failure": None,
                    },
                }
            ]
        }
    )

    is_set_up: bool = Field(description="There is a mail server (PULSE_SMTP_HOST).")
    is_on: bool = Field(description="The last complete week's review goes out once a week.")
    weekday: Weekday
    hour: int
    zone: str
    next_at: datetime | None = Field(description="Null: nothing is scheduled.")
    recipients: int = Field(description="Who gets a review that goes to all.")
    last: LastMail | None


class MailTo(StrEnum):
    """Who gets a review that somebody sends."""

    ME = "me"
    ALL = "all"


class MailWanted(BaseModel):
    """A review to send now."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"to": "me", "week": "2026-02-23"}]}
    )

    to: MailTo
    week: date | None = Field(default=None, description="Its Monday; left out: the usual week.")
    region: Annotated[str, StringConstraints(max_length=200)] | None = Field(
        default=None, description="A territory; empty: deals without one; left out: all."
    )


class MailAsked(BaseModel):
    """What was asked for; the mail goes out within seconds."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"week": "2026-02-23", "to": "all", "recipients": 7}]}
    )

    week: date
    to: Literal["me", "all"]
    recipients: int
