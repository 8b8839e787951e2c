"""What set a run off: derived from its type and from who asked for it, never stored twice."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, and_, or_

from pulse.core.sync import SyncType
from pulse.models import SyncSession

if TYPE_CHECKING:
    from collections.abc import Iterable


class Trigger(StrEnum):
    """What set a run off."""

    SCHEDULE = "schedule"
    WEBHOOK = "webhook"
    """A notification of the CRM."""
    COMMAND_LINE = "command_line"
    API = "api"
    """A script, without a person's name."""
    PERSON = "person"
    """Somebody on a page; `requested_by` is the name."""


_BY_NAME: Final = {
    "schedule": Trigger.SCHEDULE,
    "cli": Trigger.COMMAND_LINE,
    "api": Trigger.API,
}
"""What `requested_by` holds where it is nobody's name."""


def trigger_of(sync_type: SyncType, requested_by: str) -> Trigger:
    """Return what set a run off."""
    if sync_type is SyncType.WEBHOOK:
        return Trigger.WEBHOOK
    return _BY_NAME.get(requested_by, Trigger.PERSON)


def was_set_off_by(triggers: Iterable[Trigger]) -> ColumnElement[bool]:
    """Match the runs that one of the triggers set off; the same rule as `trigger_of`, in SQL."""
    return or_(*(_is_set_off_by(trigger) for trigger in triggers))


def _is_set_off_by(trigger: Trigger) -> ColumnElement[bool]:
    is_webhook = SyncSession.sync_type == SyncType.WEBHOOK
    if trigger is Trigger.WEBHOOK:
        return is_webhook
    names = [name for name, meant in _BY_NAME.items() if meant is trigger]
    by_name = (
        SyncSession.requested_by.in_(names)
        if names
        else SyncSession.requested_by.not_in(_BY_NAME.keys())
    )
    return and_(~is_webhook, by_name)
