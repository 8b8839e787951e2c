"""What the routes of stored settings take and answer, made from the settings' own schema."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from pydantic.config import JsonDict

_ITEM: JsonDict = {
    "key": "sync.overlap_seconds",
    "title": "Overlap, in seconds",
    "description": "How far an incremental sync reads back before its cursor.",
    "value_schema": {"type": "integer", "minimum": 1, "maximum": 3600},
    "default": 60,
    "value": 120,
    "changed_at": "2026-08-17T00:41:07Z",
    "changed_by": "Daniel Koh",
}


class SettingItem(BaseModel):
    """One stored setting with its meaning, its bounds and its value."""

    model_config = ConfigDict(json_schema_extra={"examples": [_ITEM]})

    key: str
    title: str
    description: str
    # Any, here and below: each setting has a type of its own, and a JSON Schema is open JSON.
    value_schema: dict[str, Any] = Field(
        description="JSON Schema of the value, without references."
    )
    default: Any = Field(description="What holds until somebody sets it.")
    value: Any = Field(description="What holds now.")
    changed_at: datetime | None = Field(description="Null: nobody ever set it.")
    changed_by: str | None


class SettingsAnswer(BaseModel):
    """All stored settings."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"items": [_ITEM]}]})

    items: list[SettingItem]


class SettingsChange(BaseModel):
    """Settings to change; all or none."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"changes": {"sync.overlap_seconds": 120}}]},
    )

    changes: dict[str, Any] = Field(min_length=1, description="Key → value.")
