"""What can be exported, in which formats, and the states an export goes through."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping


class ExportKind(StrEnum):
    """What a file tells of."""

    DEALS = "deals"
    """One row a deal."""
    ANALYSIS = "analysis"
    """The figures of the Analysis page."""
    OPPORTUNITIES = "opportunities"
    """One row an opportunity, as their list shows it."""
    O2R_DEAL = "o2r_deal"
    """One deal on its way to revenue, on a slide."""
    O2R_DECK = "o2r_deck"
    """How the deals of a territory become revenue, on slides."""


class ExportFormat(StrEnum):
    """What kind of file it is."""

    CSV = "csv"
    ZIP = "zip"
    """The CSV with a text beside it that tells filters, moment and rates."""
    XLSX = "xlsx"
    PDF = "pdf"
    PPTX = "pptx"


FORMATS: Final[Mapping[ExportKind, tuple[ExportFormat, ...]]] = {
    ExportKind.DEALS: (ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.ZIP),
    ExportKind.ANALYSIS: (ExportFormat.PDF, ExportFormat.XLSX),
    ExportKind.OPPORTUNITIES: (ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.ZIP),
    ExportKind.O2R_DEAL: (ExportFormat.PPTX,),
    ExportKind.O2R_DECK: (ExportFormat.PPTX,),
}
"""The formats of each kind, the usual one first."""

LISTS: Final = frozenset({ExportKind.DEALS, ExportKind.OPPORTUNITIES})
"""Kinds whose files have a row for each deal."""

MEDIA_TYPES: Final[Mapping[ExportFormat, str]] = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.ZIP: "application/zip",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.PDF: "application/pdf",
    ExportFormat.PPTX: "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

MOST_ROWS: Final[Mapping[ExportFormat, int]] = {
    ExportFormat.CSV: 5_000_000,
    ExportFormat.ZIP: 5_000_000,
    # A sheet ends at row 1,048,576 (Microsoft, "Excel specifications and limits").
    ExportFormat.XLSX: 1_000_000,
}
"""Deals that one file holds at most."""

KEPT_FOR: Final = timedelta(hours=24)
"""How long a file can be fetched, and an export is listed."""
MOST_OPEN: Final = 5
"""Exports of one person that wait or are being made at a time."""
MOST_AT_ONCE: Final = 2
"""Exports that are made at a time, on all machines: syncs need the workers, too."""
MOST_TRIES: Final = 3
"""How often an export is begun whose worker died over it."""
DEAD_AFTER: Final = timedelta(seconds=60)
"""An export that said nothing for so long has lost its worker."""


class ExportState(StrEnum):
    """Where an export stands."""

    WAITING = "waiting"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


OPEN_STATES: Final = frozenset({ExportState.WAITING, ExportState.RUNNING})
"""States that an export leaves by itself."""
