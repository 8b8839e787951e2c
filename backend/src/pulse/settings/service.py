"""Read, change and seed stored settings."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from pulse.db.as_text import as_text, rows_of
from pulse.db.events import Topic, notify
from pulse.kit.errors import InvalidInputError
from pulse.models import Setting
from pulse.settings.schema import KEYS, SyncSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.ext.asyncio import AsyncSession


class InvalidSettingError(InvalidInputError):
    """A setting has no such value, or there is no such setting."""

    code = "invalid_setting"


async def read_settings(db: AsyncSession) -> SyncSettings:
    """Return all settings; what is not stored has its default.

    Raises InvalidSettingError that names the key if somebody stored nonsense by other means.
    """
    told: str = (await db.execute(_ASKED)).scalar_one()
    return settings_told(told)


def settings_of(stored: Mapping[str, object]) -> SyncSettings:
    """Return the settings that stored rows (key → value) amount to.

    Raises InvalidSettingError that names the key of a value that is none.
    """
    return _validated(stored)


SETTINGS_AS_TEXT: Final = as_text(
    select(Setting.key, Setting.value).where(Setting.key.in_(KEYS)).order_by(Setting.key)
)
"""All that is stored, to be asked for beside other things."""
_ASKED: Final = select(SETTINGS_AS_TEXT)


@lru_cache(maxsize=8)
def settings_told(told: str) -> SyncSettings:
    """Return the settings that `SETTINGS_AS_TEXT` tells of; raises as `read_settings` does."""
    return _validated(dict(rows_of(told)))


async def change_settings(
    db: AsyncSession, changes: Mapping[str, object], *, changed_by: str
) -> SyncSettings:
    """Store `changes` (key → value) and return all settings; the caller commits.

    Only values that differ are written and announced (`settings:<key>`). Raises
    InvalidSettingError and writes nothing if any of them is wrong.
    """
    before = stored_form(await read_settings(db))
    after = _validated({**before, **changes})
    for key, value in stored_form(after).items():
        if value != before[key]:
            row = insert(Setting).values(key=key, value=value, updated_by=changed_by)
            await db.execute(
                row.on_conflict_do_update(
                    index_elements=[Setting.key],
                    set_={
                        "value": row.excluded.value,
                        "updated_by": row.excluded.updated_by,
                        "updated_at": func.now(),
                    },
                )
            )
            await notify(db, Topic.SETTINGS, key)
    return after


async def seed_interval(db: AsyncSession, minutes: int) -> None:
    """Store the interval of the first start (0: by hand only); a stored one stays as it is."""
    seeded = _validated({"sync.interval_minutes": minutes or None})
    await db.execute(
        insert(Setting)
        .values(key="sync.interval_minutes", value=seeded.interval_minutes)
        .on_conflict_do_nothing()
    )


def stored_form(settings: SyncSettings) -> dict[str, object]:
    """Return the settings as they are kept: key → JSON value."""
    return settings.model_dump(mode="json", by_alias=True)


def _validated(values: Mapping[str, object]) -> SyncSettings:
    try:
        return SyncSettings.model_validate(values)
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        raise InvalidSettingError(
            f"{key}: {problem['msg']}.",
            fix=f"Settings are: {', '.join(KEYS)}."
            if problem["type"] == "extra_forbidden"
            else "Send a value within the bounds.",
            extra={"key": key},
        ) from None
