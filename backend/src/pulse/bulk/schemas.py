"""What the routes of bulk operations take and give."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pulse.bulk import examples
from pulse.core.bulk import ItemState, Way
from pulse.core.sync import SessionStatus, SyncType
from pulse.fields.values import Value
from pulse.web.paging import Page

# Clients handle ids as text: a JSON number would lose its last digits in a browser.
RecordIdText = Annotated[
    str, StringConstraints(pattern=r"^[1-9][0-9]{0,18}$", strip_whitespace=True)
]
# Any: values of CRM fields, as JSON has them.
Values = dict[str, Any]
_MOST_IDS = 50_001  # one more than the greatest limit, so that the limit itself can be named


class RecordValues(BaseModel):
    """One record with values of its own."""

    model_config = ConfigDict(extra="forbid")

    id: RecordIdText
    fields: Values = Field(min_length=1, description="API name → value; null empties the field.")


class Choice(BaseModel):
    """Which records: exactly one of these."""

    model_config = ConfigDict(extra="forbid")

    ids: list[RecordIdText] | None = Field(default=None, max_length=_MOST_IDS)
    filter: str | None = Field(
        default=None,
        max_length=20_000,
        description="Filters of the deals table as its query string: `stage=Negotiation&q=acme`. "
        "An empty text means all deals.",
        examples=["stage=Negotiation&closing=current_quarter"],
    )
    view: RecordIdText | None = Field(
        default=None, description="Id of a custom view of the CRM (GET /api/bulk/views)."
    )
    records: list[RecordValues] | None = Field(
        default=None, max_length=_MOST_IDS, description="Records with values of their own."
    )


class BulkRequest(BaseModel):
    """Which records get which values."""

    model_config = ConfigDict(extra="forbid")

    choose: Choice
    fields: Values | None = Field(
        default=None,
        description="API name → value for all chosen records; null empties the field. "
        "Left out where `choose.records` brings the values.",
        examples=[{"Stage": "Negotiation"}],
    )
    way: Way | None = Field(
        default=None, description="How to write, where the planner shall not choose."
    )


class PreviewRequest(BulkRequest):
    """What would be done."""

    operation: SyncType | None = Field(
        default=None,
        description="small_batch, mass_update or bulk_write; without it the fitting one: "
        "bulk_write for values of their own, else mass_update.",
    )


class StartRequest(BulkRequest):
    """What is to be done."""

    confirmed_count: int | None = Field(
        default=None,
        ge=0,
        description="`will_change` of the preview that was confirmed; "
        "where it is another number now, nothing is started.",
    )


class ShownChange(BaseModel):
    """A field before and after, as people read it; null: empty, or not known yet."""

    field: str = Field(description="API name.")
    label: str
    before: Value | None
    after: Value | None


class PreviewRow(BaseModel):
    """One record before and after."""

    id: str
    name: str | None
    before: Values
    after: Values
    changes: list[ShownChange] = Field(default=[], description="The same for people.")


class NamedRecord(BaseModel):
    """A record as people know it."""

    id: str
    name: str | None


class PreviewReason(BaseModel):
    """Records that will not be written, for one reason."""

    state: ItemState = Field(description="unchanged, failed or left_alone.")
    code: str
    message: str
    field: str | None = Field(description="API name of the field that it is about.")
    count: int
    sample: list[NamedRecord] = Field(description="At most five of them.")


class WriteOption(BaseModel):
    """One way to write, with its price."""

    way: Way
    title: str
    calls: int = Field(description="Calls of all kinds, readings before and after included.")
    credits: int
    seconds: float
    reason: str


class BulkPlan(WriteOption):
    """The chosen way, and the others with why they were not."""

    credits_left: int | None = Field(description="Before it; null while the limit is not known.")
    credits_left_after: int | None
    is_affordable: bool
    runs_automation: bool | None = Field(
        description="Whether the CRM's workflows run; null where the CRM does not document it."
    )
    rejected: list[WriteOption]


class FieldLabel(BaseModel):
    """A field that is set."""

    api_name: str
    label: str
    data_type: str


class Preview(BaseModel):
    """What an operation would do to the records as the mirror holds them now."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.PREVIEW]})

    operation: SyncType
    count: int = Field(description="Records that were chosen.")
    limit: int = Field(description="Most records that this operation takes.")
    will_change: int
    unchanged: int
    left_alone: int
    will_fail: int
    fields: list[FieldLabel]
    sample: list[PreviewRow] = Field(description="The first 20 of those that will change.")
    reasons: list[PreviewReason]
    plan: BulkPlan


class ItemCounts(BaseModel):
    """How many records of an operation stand where; together they are all of it."""

    waiting: int
    sent: int
    done: int
    unchanged: int
    failed: int
    left_alone: int


class StartedBulk(BaseModel):
    """An operation that was started."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STARTED]})

    message: str
    session_id: UUID
    status: SessionStatus
    operation_type: str
    records_total: int
    counts: ItemCounts
    plan: BulkPlan


class ItemResult(BaseModel):
    """What became of one record."""

    id: str
    name: str | None
    state: ItemState
    before: Values | None = Field(description="What the write replaced; null until it is known.")
    after: Values
    changes: list[ShownChange] = Field(default=[], description="The same for people.")
    code: str | None = Field(description="The CRM's code, or ours.")
    message: str | None
    field: str | None
    sent_at: datetime | None
    done_at: datetime | None


class SmallBatchResult(BaseModel):
    """What became of a small batch; the four numbers of records add up to the total."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SMALL_BATCH]})

    message: str
    session_id: UUID
    total_records: int
    successful_updates: int
    failed_updates: int
    unchanged: int
    left_alone: int
    not_written: int = Field(description="Left waiting because the operation ended early.")
    details: list[ItemResult]


class BulkSession(BaseModel):
    """A session with what is particular to bulk operations."""

    id: UUID
    module: str
    sync_type: SyncType
    operation_type: str = Field(description="small_batch, mass_update, bulk_write or undo.")
    status: SessionStatus
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    progress_percentage: float | None
    records_processed: int
    records_total: int | None
    api_calls_made: int
    credits_used: int
    seconds_left: float | None
    plan: BulkPlan | None
    requested_by: str
    cancel_requested_at: datetime | None
    error_code: str | None
    error_message: str | None
    fields: Values | None = Field(description="The values of all records, where they share them.")
    choice: str = Field(description="How the records were chosen, in words.")
    counts: ItemCounts
    undo_of: UUID | None
    undone_by: UUID | None
    can_undo: bool
    can_cancel: bool


class ZohoJob(BaseModel):
    """Where the CRM's own job stands: a mass update over a view, or a Bulk Write."""

    kind: Way
    id: str
    state: str = Field(description="The CRM's own word.")
    counts: dict[str, int]
    asked_at: datetime | None


class BulkStatus(BaseModel):
    """A bulk operation and the CRM's job behind it."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.STATUS]})

    session: BulkSession
    zoho_job_status: ZohoJob | None = Field(
        description="Null where the CRM answers call by call and has no job."
    )


class BulkList(Page[BulkSession]):
    """Operations, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.SESSION_PAGE]})


class ItemList(Page[ItemResult]):
    """Records of an operation, in the order in which they were chosen."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.ITEM_PAGE]})


class View(BaseModel):
    """A custom view of the CRM."""

    id: str
    name: str
    category: str | None
    is_default: bool


class ViewList(BaseModel):
    """The custom views that the connected user may see."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.VIEWS]})

    views: list[View]


class LeftRecord(NamedRecord):
    """A record of which an undo leaves something as it is."""

    state: ItemState = Field(
        description="left_alone or failed: all of it stays. waiting: the fields below stay, the "
        "others are restored."
    )
    code: str
    message: str
    fields: list[str] = Field(description="API names of the fields that somebody has touched.")


class UndoPreview(BaseModel):
    """What an undo would do as the mirror stands now."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.UNDO_PREVIEW]})

    session_id: UUID = Field(description="The operation that would be undone.")
    will_restore: int = Field(description="Records that get values back.")
    in_part: int = Field(description="Of these, records of which touched fields stay.")
    left_alone: int
    will_fail: int
    sample: list[PreviewRow] = Field(
        description="The first 20 to be restored: what stands there now, and what it was before."
    )
    left: list[LeftRecord] = Field(description="The first 100 of which something stays.")
    plan: BulkPlan


class BulkCancellation(BaseModel):
    """What became of the wish to stop."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.CANCELLATION]})

    message: str
    session_id: UUID
    status: SessionStatus
