"""What the routes of exports take and give."""

from datetime import datetime
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from pulse.core.exports import ExportFormat, ExportKind, ExportState

_ID: Final = "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11"


class ExportAsked(BaseModel):
    """Which deals a file is to be of."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"kind": "deals", "query": "closing=current_quarter&outcome=open"}]
        },
    )

    kind: ExportKind
    query: str = Field(
        default="",
        max_length=8_000,
        pattern=r"^[^\x00]*$",
        description="As the page's address says it: filters, as_of, compared_with, sort.",
    )
    subject: str | None = Field(
        default=None,
        pattern=r"^[0-9]{1,19}$",
        description="Of `o2r_deal`: the record id of the deal; nothing else takes it.",
    )
    columns: list[str] | None = Field(
        default=None,
        min_length=1,
        max_length=300,
        description="Of deals: keys of the table's columns, and rate, rate_source; all canonical "
        "ones without it.",
    )


class ExportRequest(ExportAsked):
    """A file that is to be made."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"kind": "deals", "format": "xlsx", "query": "closing=current_quarter&outcome=open"}
            ]
        },
    )

    format: ExportFormat


class FormatEstimate(BaseModel):
    """What one format would take."""

    format: ExportFormat
    seconds: float = Field(description="About, as the last files of its kind took.")
    is_too_large: bool = Field(description="More deals than a file of this format holds.")


class ExportPreview(BaseModel):
    """What an export would hold and take."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "rows": 4812,
                    "words": "Closing date: Current quarter (1 Jul 2026 to 30 Sep 2026)",
                    "formats": [{"format": "csv", "seconds": 0.4, "is_too_large": False}],
                }
            ]
        }
    )

    rows: int = Field(description="Deals that fulfil the filters.")
    words: str = Field(description="The filters as people read them.")
    formats: list[FormatEstimate]


class ExportLine(BaseModel):
    """An export: how far it is, or its file."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _ID,
                    "kind": "deals",
                    "format": "xlsx",
                    "query": "closing=current_quarter",
                    "subject": None,
                    "columns": None,
                    "words": "Closing date: Current quarter (1 Jul 2026 to 30 Sep 2026)",
                    "state": "completed",
                    "by": "Mei Tan",
                    "is_mine": True,
                    "rows_done": 4812,
                    "rows_total": 4812,
                    "seconds_left": None,
                    "created_at": "2026-08-17T00:42:11Z",
                    "started_at": "2026-08-17T00:42:11Z",
                    "finished_at": "2026-08-17T00:42:13Z",
                    "expires_at": "2026-08-18T00:42:11Z",
                    "file_name": "pipeline-pulse-deals-2026-08-17-0842.xlsx",
                    "size_bytes": 612340,
                    "error_code": None,
                    "error_message": None,
                }
            ]
        }
    )

    id: UUID
    kind: ExportKind
    format: ExportFormat
    query: str
    subject: str | None = Field(description="Record id of the one deal that it is about.")
    columns: list[str] | None
    words: str = Field(description="The filters as people read them.")
    state: ExportState
    by: str
    is_mine: bool
    rows_done: int
    rows_total: int | None = Field(description="Null where a file is no list of deals.")
    seconds_left: float | None = Field(description="About, while it is being made.")
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    expires_at: datetime = Field(description="When it and its file are gone.")
    file_name: str | None
    size_bytes: int | None
    error_code: str | None
    error_message: str | None


class ExportList(BaseModel):
    """The exports of the last 24 hours, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": []}]})

    items: list[ExportLine]
