"""How a field stands that was edited here and is not agreed with the CRM yet."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, Field

from pulse.fields.values import Named, Value


class MarkState(StrEnum):
    """What the mark on a field says, as the statuses of records do."""

    PENDING = "pending"
    CONFLICT = "conflict"
    ERROR = "error"


class FieldMark(BaseModel):
    """A local edit of a field: both sides' values, who made it and when, and where it stands."""

    state: MarkState
    local: Value | None = Field(description="What is wanted here; null: empty.")
    base: Value | None = Field(description="What both sides held when it was made.")
    is_base_known: bool = Field(description="False where the field had never been read.")
    crm: Value | None = Field(description="Of a conflict: what the CRM holds; null: empty.")
    by: str = Field(description="Who made the edit.")
    is_mine: bool = Field(description="Whether that is who asks.")
    at: datetime = Field(description="When the value was typed that now stands.")
    crm_by: Named | None = Field(description="Of a conflict: who changed the record in the CRM.")
    crm_at: datetime | None = Field(description="Of a conflict: when the record changed there.")
    is_on_its_way: bool = Field(description="Sent; its fate is not known yet.")
    is_record_gone: bool = Field(description="The conflict is that the CRM deleted the record.")
    is_skipped: bool = Field(description="Somebody left the conflict for later.")
    can_be_dropped: bool = Field(description="False where all there is was sent already.")
    error_code: str | None = Field(description="The CRM's own code, if it refused the edit.")
    error: str | None = Field(description="The CRM's own words.")
