"""Routes of stored settings, for admins. A setting that the schema gains appears by itself."""

from typing import Any

from fastapi import APIRouter
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from pulse.models import Setting
from pulse.settings.schema import KEYS, SyncSettings
from pulse.settings.schemas import SettingItem, SettingsAnswer, SettingsChange
from pulse.settings.service import (
    InvalidSettingError,
    change_settings,
    read_settings,
    stored_form,
)
from pulse.web.access import Admin
from pulse.web.audit import audit
from pulse.web.database import ReadDb, WriteDb
from pulse.web.errors import DATABASE_PROBLEMS
from pulse.web.problems import merged, problems

router = APIRouter(prefix="/api/settings", tags=["settings"])

_INVALID = InvalidSettingError(
    "sync.overlap_seconds: Input should be less than or equal to 3600.",
    fix="Send a value within the bounds.",
    extra={"key": "sync.overlap_seconds"},
)


@router.get("", summary="Stored settings", responses=DATABASE_PROBLEMS)
async def get_settings(_: Admin, db: ReadDb) -> SettingsAnswer:
    """Return every stored setting with meaning, bounds, default and value."""
    return await _all_settings(db)


@router.put("", summary="Change settings", responses=merged(DATABASE_PROBLEMS, problems(_INVALID)))
async def put_settings(who: Admin, wanted: SettingsChange, db: WriteDb) -> SettingsAnswer:
    """Store values, all or none; every process obeys within seconds, without a restart."""
    before = stored_form(await read_settings(db))
    after = stored_form(await change_settings(db, wanted.changes, changed_by=who.label))
    changed = [key for key in KEYS if before[key] != after[key]]
    if changed:
        await audit(
            db,
            who,
            "settings.changed",
            kind="settings",
            subject=changed[0] if len(changed) == 1 else None,
            before={key: before[key] for key in changed},
            after={key: after[key] for key in changed},
        )
    return await _all_settings(db)


async def _all_settings(db: AsyncSession) -> SettingsAnswer:
    values = stored_form(await read_settings(db))
    defaults = stored_form(SyncSettings())
    rows = await db.scalars(select(Setting).where(Setting.key.in_(KEYS)))
    stored = {row.key: row for row in rows}
    schema = SyncSettings.model_json_schema(by_alias=True)
    definitions = schema.get("$defs", {})
    return SettingsAnswer(
        items=[
            SettingItem(
                key=key,
                title=str(schema["properties"][key]["title"]),
                description=str(schema["properties"][key].get("description", "")),
                value_schema=_resolved(schema["properties"][key], definitions),
                default=defaults[key],
                value=values[key],
                changed_at=stored[key].updated_at if key in stored else None,
                changed_by=stored[key].updated_by if key in stored else None,
            )
            for key in KEYS
        ]
    )


# Any: a JSON Schema is open JSON.
def _resolved(part: Any, definitions: dict[str, Any]) -> Any:  # noqa: ANN401 - as above
    """Return a part of a JSON Schema with what it refers to in place of the references."""
    if isinstance(part, list):
        return [_resolved(each, definitions) for each in part]
    if not isinstance(part, dict):
        return part
    inlined = {
        key: _resolved(value, definitions)
        for key, value in part.items()
        if key not in {"$ref", "default"}
    }
    if "$ref" in part:
        name = str(part["$ref"]).rsplit("/", 1)[1]
        return _resolved(definitions[name], definitions) | inlined
    return inlined
