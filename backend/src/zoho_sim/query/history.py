"""A record's past as timeline entries: what the seed tells of it, then every edit since."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from zoho_sim.state.records import CREATED_BY, CREATED_TIME, FieldChange
from zoho_sim.state.stages import seeded_visits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zoho_sim.state.fields import Field, JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation
    from zoho_sim.state.records import Record

# What the API user cannot see leaves no trace that they could read.
_SILENT = ("hidden", "unhidden")


class HistoryStep(NamedTuple):
    """One field's step within an entry."""

    id: str
    field: Field
    old: JsonValue
    new: JsonValue


class Entry(NamedTuple):
    """One thing that was done to a record. ``time`` is wire time."""

    id: str
    time: str
    action: str
    source: str
    done_by: JsonObject
    profile: JsonObject | None
    record: JsonObject
    changes: tuple[HistoryStep, ...]


class _Event(NamedTuple):
    time: str
    action: str
    source: str
    by: JsonObject
    fields: tuple[FieldChange, ...]


def entries_of(organisation: Organisation, module: ModuleStore, record: Record) -> list[Entry]:
    """Return what was done to a record, oldest first; ids are the same at every call."""
    subject: JsonObject = {
        "id": record.id,
        "name": module.display_name(record),
        "module": {"api_name": module.api_name, "id": module.id},
    }
    events = [*_seeded(organisation, module, record), *_since(record)]
    return [
        _entry(organisation, record, subject, place, event) for place, event in enumerate(events)
    ]


def _seeded(organisation: Organisation, module: ModuleStore, record: Record) -> Iterator[_Event]:
    if record.changes and record.changes[0].action == "added":
        return
    created_by, created = record.values[CREATED_BY], record.values[CREATED_TIME]
    yield _Event(created, "added", "crm_ui", created_by, ())
    stage, probability = module.by_role.get("Stage"), module.by_role.get("Probability")
    if stage is None or probability is None:
        return
    visits = seeded_visits(organisation, record)
    for before, after in pairwise(visits):
        steps = [FieldChange(stage, before.stage, after.stage)]
        if before.probability != after.probability:
            steps.append(FieldChange(probability, before.probability, after.probability))
        yield _Event(after.entered, "updated", "crm_ui", after.by, tuple(steps))


def _since(record: Record) -> Iterator[_Event]:
    for change in record.changes or ():
        if change.action not in _SILENT:
            yield _Event(change.time, change.action, change.source, change.by, change.fields)


def _entry(
    organisation: Organisation, record: Record, subject: JsonObject, place: int, event: _Event
) -> Entry:
    user = organisation.users.get(event.by["id"])
    return Entry(
        id=_id(record, place, 0),
        time=event.time,
        action=event.action,
        source=event.source,
        done_by={"id": event.by["id"], "name": event.by["name"]},
        profile=None if user is None else user.profile.reference,
        record=subject,
        changes=tuple(
            HistoryStep(_id(record, place, at), step.field, step.old, step.new)
            for at, step in enumerate(event.fields, start=1)
        ),
    )


def _id(record: Record, place: int, step: int) -> str:
    """Return an id of 19 digits made of the record's own, the entry's place and the step's."""
    return f"{record.id[:5]}{place % 10_000:04d}{step:02d}{record.id[-8:]}"
