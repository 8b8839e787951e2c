"""Tables, one file an aggregate. Importing this package registers them all."""

from pulse.models.accounts import ApiToken, BrowserSession, LoginTries, UserAccount
from pulse.models.alerts import Alert, WatchedChange
from pulse.models.audit import AuditEntry
from pulse.models.bulk import BulkItem
from pulse.models.connection import ConnectAttempt, CrmConnection
from pulse.models.deals import Account, Deal, DealVersion
from pulse.models.directory import Currency, CurrencyRate, LookupName, Organisation, User
from pulse.models.exports import Export, ExportPart
from pulse.models.fields import CrmField, FieldMapEntry, SchemaEvent
from pulse.models.layouts import CrmLayout, CrmPipeline
from pulse.models.limits import CreditReading, CreditUse
from pulse.models.notices import Notice, NoticeRead
from pulse.models.o2r import (
    O2rAction,
    O2rActionVersion,
    O2rBlocker,
    O2rComment,
    O2rMilestone,
    StrategicAccount,
)
from pulse.models.outbox import OutboxMessage
from pulse.models.owned import OwnedField, OwnedValue, WriteBack
from pulse.models.pending import PendingChange
from pulse.models.records import ChangeLogEntry, Document, RecordSyncStatus
from pulse.models.reviews import WeeklyReviewMail
from pulse.models.saved_views import SavedView
from pulse.models.sessions import SyncCursor, SyncLease, SyncSession, SyncStatusLog
from pulse.models.settings import Setting
from pulse.models.stage_history import StageEntry, StageHistoryImport
from pulse.models.stage_stays import StageStay

__all__ = [
    "Account",
    "Alert",
    "ApiToken",
    "AuditEntry",
    "BrowserSession",
    "BulkItem",
    "ChangeLogEntry",
    "ConnectAttempt",
    "CreditReading",
    "CreditUse",
    "CrmConnection",
    "CrmField",
    "CrmLayout",
    "CrmPipeline",
    "Currency",
    "CurrencyRate",
    "Deal",
    "DealVersion",
    "Document",
    "Export",
    "ExportPart",
    "FieldMapEntry",
    "LoginTries",
    "LookupName",
    "Notice",
    "NoticeRead",
    "O2rAction",
    "O2rActionVersion",
    "O2rBlocker",
    "O2rComment",
    "O2rMilestone",
    "Organisation",
    "OutboxMessage",
    "OwnedField",
    "OwnedValue",
    "PendingChange",
    "RecordSyncStatus",
    "SavedView",
    "SchemaEvent",
    "Setting",
    "StageEntry",
    "StageHistoryImport",
    "StageStay",
    "StrategicAccount",
    "SyncCursor",
    "SyncLease",
    "SyncSession",
    "SyncStatusLog",
    "User",
    "UserAccount",
    "WatchedChange",
    "WeeklyReviewMail",
    "WriteBack",
]
