"""Why a run could not go on, by who must act.

SyncError
├── CrmUnavailableError       nobody: it is tried again
├── CreditsSpentError         nobody: credits come back within a day
├── SignInRefusedError        an admin reconnects
├── NotConnectedError         an admin connects
├── ScopeMissingError         an admin reconnects with the scope
├── PermissionMissingError    the CRM's administrator grants it
├── RequiredFieldMissingError an admin completes the field map
├── CrmRefusedError           a fault of ours or of the CRM: report it
├── MassDeletionError         a person looks, then accepts
├── VerificationFailedError   a person looks: the mirror and the CRM keep disagreeing
├── PageTokenLostError        nobody: the load goes on by queries
├── FullSyncNeededError       a person starts a full sync
├── DiskFullError             the operator makes room
├── LeaseLostError            nobody: another worker goes on with the run
└── CancelledByUserError      nobody
"""

from __future__ import annotations

from pulse.kit.errors import PulseError


class SyncError(PulseError):
    """A run ended early; the sentence goes into the session's log as it is."""

    code = "sync_failed"
    status = 500
    title = "Sync failed"


class CrmUnavailableError(SyncError):
    """The CRM cannot be reached, or kept answering with errors, after all retries."""

    code = "crm_unavailable"
    status = 503
    title = "CRM not reachable"


class CreditsSpentError(SyncError):
    """The budget for this kind of work is used up for now."""

    code = "credits_spent"
    status = 429
    title = "Credits spent"


class NotConnectedError(SyncError):
    """No CRM is connected."""

    code = "not_connected"
    status = 503
    title = "Not connected"


class SignInRefusedError(SyncError):
    """The CRM refuses our client or refresh token."""

    code = "sign_in_refused"
    status = 502
    title = "Sign-in refused by the CRM"


class ScopeMissingError(SyncError):
    """The token lacks a scope."""

    code = "scope_missing"
    status = 502
    title = "Scope missing"


class PermissionMissingError(SyncError):
    """The connected user's profile lacks a permission."""

    code = "permission_missing"
    status = 502
    title = "Permission missing in the CRM"


class RequiredFieldMissingError(SyncError):
    """A field that the product cannot do without is neither mapped nor present."""

    code = "required_field_missing"
    status = 409
    title = "Required field missing"


class CrmRefusedError(SyncError):
    """The CRM refused a request as wrong."""

    code = "crm_refused"
    status = 502
    title = "Refused by the CRM"


class MassDeletionError(SyncError):
    """So many records are gone at once that a person has to look first."""

    code = "mass_deletion"
    status = 409
    title = "Mass deletion held back"


class VerificationFailedError(SyncError):
    """Counts of the mirror and the CRM do not agree after repeated loading."""

    code = "verification_failed"
    status = 500
    title = "Mirror not proven complete"


class PageTokenLostError(SyncError):
    """A page token expired or no longer fits: the walk over pages cannot go on."""

    code = "page_token_lost"
    status = 502
    title = "Page token lost"


class FullSyncNeededError(SyncError):
    """There is no cursor yet to start from."""

    code = "full_sync_needed"
    status = 409
    title = "Full sync needed first"


class DiskFullError(SyncError):
    """PostgreSQL has no room to write (SQLSTATE 53100)."""

    code = "disk_full"
    status = 503
    title = "Disk full"


class LeaseLostError(SyncError):
    """Another worker has taken the run over; this one must not write any more."""

    code = "lease_lost"
    status = 409
    title = "Run taken over"


class CancelledByUserError(SyncError):
    """Somebody asked the run to stop."""

    code = "cancelled"
    status = 409
    title = "Cancelled"
