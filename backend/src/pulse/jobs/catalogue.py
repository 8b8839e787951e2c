"""Every job there is, with the payload that it takes.

A payload holds ids, never rows: a job reads what is true when it runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from uuid import UUID


@dataclass(frozen=True, slots=True)
class RunSession:
    """Run a session of sync, or go on with one whose worker died."""

    name: ClassVar[str] = "run_session"
    session_id: UUID

    def payload(self) -> dict[str, str]:
        """Return the JSON that travels."""
        return {"session_id": str(self.session_id)}


@dataclass(frozen=True, slots=True)
class RefreshConnection:
    """Read organisation, users, currencies and field metadata again."""

    name: ClassVar[str] = "refresh_connection"

    def payload(self) -> dict[str, str]:
        """Return the JSON that travels."""
        return {}


@dataclass(frozen=True, slots=True)
class RefillDeals:
    """Read the narrow columns of all deals out of their documents again: the field map changed."""

    name: ClassVar[str] = "refill_deals"

    def payload(self) -> dict[str, str]:
        """Return the JSON that travels."""
        return {}


@dataclass(frozen=True, slots=True)
class PushChanges:
    """Write the local changes of a module that are due to the CRM."""

    name: ClassVar[str] = "push_changes"
    module: str

    def payload(self) -> dict[str, str]:
        """Return the JSON that travels."""
        return {"module": self.module}


@dataclass(frozen=True, slots=True)
class WriteBackValues:
    """Write the product's own fields of deals where they differ."""

    name: ClassVar[str] = "write_back_values"

    def payload(self) -> dict[str, str]:
        """Return the JSON that travels."""
        return {}


@dataclass(frozen=True, slots=True)
class MailNotice:
    """Mail a notice to whom it concerns, once, where there is a mail server."""

    name: ClassVar[str] = "mail_notice"
    notice_id: int

    def payload(self) -> dict[str, str]:
        """Return the JSON that travels."""
        return {"notice_id": str(self.notice_id)}


@dataclass(frozen=True, slots=True)
class MailReview:
    """Mail a weekly review to whom it was asked for, once, where there is a mail server."""

    name: ClassVar[str] = "mail_review"
    review_id: int

    def payload(self) -> dict[str, str]:
        """Return the JSON that travels."""
        return {"review_id": str(self.review_id)}


@dataclass(frozen=True, slots=True)
class RaiseAlerts:
    """Judge the changes that alerts watch and that no rule has judged yet."""

    name: ClassVar[str] = "raise_alerts"

    def payload(self) -> dict[str, str]:
        """Return the JSON that travels."""
        return {}


@dataclass(frozen=True, slots=True)
class MakeExports:
    """Make the exports that wait."""

    name: ClassVar[str] = "make_exports"

    def payload(self) -> dict[str, str]:
        """Return the JSON that travels."""
        return {}


@dataclass(frozen=True, slots=True)
class ImportStageHistory:
    """Read the CRM's own stage history, if an import of it waits."""

    name: ClassVar[str] = "import_stage_history"

    def payload(self) -> dict[str, str]:
        """Return the JSON that travels."""
        return {}


Job = (
    RunSession
    | RefreshConnection
    | RefillDeals
    | PushChanges
    | WriteBackValues
    | MailNotice
    | MailReview
    | RaiseAlerts
    | MakeExports
    | ImportStageHistory
)
