"""Typed async client for the Zoho CRM v8 REST API."""

from zoho_crm.auth import MemoryTokenStore, TokenStore
from zoho_crm.bulk_read import read_bulk_csv
from zoho_crm.bulk_write import BulkFile, read_bulk_outcomes, write_bulk_file
from zoho_crm.client import ZohoClient, exchange_code, revoke_token
from zoho_crm.errors import (
    AlreadyScheduled,
    AnswerLost,
    AskUser,
    BrokenAnswer,
    CallTimedOut,
    CodedError,
    ConnectionFailed,
    ConnectionLost,
    CredentialsRefused,
    InvalidModule,
    InvalidToken,
    LimitExceeded,
    NoPermission,
    NotFound,
    PageTokenExpired,
    PageTokenMismatch,
    PageTokenRepeated,
    RequestRefused,
    RetryLater,
    ScopeMissing,
    ServerFault,
    Throttled,
    TokenThrottled,
    UnexpectedAnswer,
    WalkBroken,
    ZohoError,
)
from zoho_crm.gate import AttemptResult, CallGate, NullGate
from zoho_crm.protocol.bulk_columns import BulkColumn, ColumnKind
from zoho_crm.protocol.bulk_outcomes import BulkWriteRow, RowFault, RowStatus
from zoho_crm.protocol.bulk_read import BulkReadJob, BulkState
from zoho_crm.protocol.bulk_write import (
    BulkOperation,
    BulkWriteFile,
    BulkWriteJob,
    BulkWriteState,
)
from zoho_crm.protocol.coql import CoqlPage
from zoho_crm.protocol.custom_views import CustomView
from zoho_crm.protocol.datacentres import DATA_CENTRES, DataCentre
from zoho_crm.protocol.mass_update import MassUpdateJob, MassUpdateState
from zoho_crm.protocol.metadata import (
    Field,
    Layout,
    LayoutField,
    Module,
    PickListValue,
    Pipeline,
    PipelineStage,
)
from zoho_crm.protocol.oauth import AccessToken, Credentials, Grant, sign_in_url
from zoho_crm.protocol.organisation import Currency, Organisation, User, UserPage
from zoho_crm.protocol.outcomes import RecordError, RecordWritten, Refusal, WriteResult
from zoho_crm.protocol.prices import CallCost, Operation, Prices
from zoho_crm.protocol.records import (
    DeletedKind,
    DeletedPage,
    DeletedRecord,
    RecordPage,
    SortBy,
    SortOrder,
)
from zoho_crm.protocol.timeline import FieldChange, TimelineEvent, TimelinePage
from zoho_crm.protocol.wire import AnswerMeta
from zoho_crm.secret import Secret
from zoho_crm.transport import RetryPolicy, Timeouts

__all__ = [
    "DATA_CENTRES",
    "AccessToken",
    "AlreadyScheduled",
    "AnswerLost",
    "AnswerMeta",
    "AskUser",
    "AttemptResult",
    "BrokenAnswer",
    "BulkColumn",
    "BulkFile",
    "BulkOperation",
    "BulkReadJob",
    "BulkState",
    "BulkWriteFile",
    "BulkWriteJob",
    "BulkWriteRow",
    "BulkWriteState",
    "CallCost",
    "CallGate",
    "CallTimedOut",
    "CodedError",
    "ColumnKind",
    "ConnectionFailed",
    "ConnectionLost",
    "CoqlPage",
    "Credentials",
    "CredentialsRefused",
    "Currency",
    "CustomView",
    "DataCentre",
    "DeletedKind",
    "DeletedPage",
    "DeletedRecord",
    "Field",
    "FieldChange",
    "Grant",
    "InvalidModule",
    "InvalidToken",
    "Layout",
    "LayoutField",
    "LimitExceeded",
    "MassUpdateJob",
    "MassUpdateState",
    "MemoryTokenStore",
    "Module",
    "NoPermission",
    "NotFound",
    "NullGate",
    "Operation",
    "Organisation",
    "PageTokenExpired",
    "PageTokenMismatch",
    "PageTokenRepeated",
    "PickListValue",
    "Pipeline",
    "PipelineStage",
    "Prices",
    "RecordError",
    "RecordPage",
    "RecordWritten",
    "Refusal",
    "RequestRefused",
    "RetryLater",
    "RetryPolicy",
    "RowFault",
    "RowStatus",
    "ScopeMissing",
    "Secret",
    "ServerFault",
    "SortBy",
    "SortOrder",
    "Throttled",
    "TimelineEvent",
    "TimelinePage",
    "Timeouts",
    "TokenStore",
    "TokenThrottled",
    "UnexpectedAnswer",
    "User",
    "UserPage",
    "WalkBroken",
    "WriteResult",
    "ZohoClient",
    "ZohoError",
    "exchange_code",
    "read_bulk_csv",
    "read_bulk_outcomes",
    "revoke_token",
    "sign_in_url",
    "write_bulk_file",
]
