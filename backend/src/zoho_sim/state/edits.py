"""The only functions that change records: each stamps, logs, keeps the indexes and tells observers.

They take values that are already valid and wire-ready; ``writes`` checks what comes from outside.
Times are whole seconds of the simulator's clock, so several edits can share one stamp.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from zoho_sim.state.fields import DataType, Field, JsonValue
from zoho_sim.state.records import (
    MODIFIED_BY,
    OWNER,
    Change,
    ChangeEvent,
    FieldChange,
    Record,
    StageVisit,
    Tombstone,
)
from zoho_sim.state.stages import begin_visit, expected_revenue, unlink_history, visits_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation, User
    from zoho_sim.state.records import Action

# What a new record holds unless it says otherwise.
_DEFAULTS: dict[str, JsonValue] = {"Tag": [], "Locked__s": False}

BIN_DAYS = 60
PURGED_DAYS = 120
_STAGE_FACTS = ("Amount", "Stage", "Probability", "Closing_Date")


@dataclass(frozen=True, slots=True)
class Author:
    """Who changes something, through what (``crm_ui``, ``crm_api``, …), and under which guard."""

    user: User
    source: str = "crm_api"
    guard: str | None = None


def create_record(
    organisation: Organisation, store: ModuleStore, values: Mapping[Field, JsonValue], by: Author
) -> Record:
    """Add a record with these values; system fields and formulas are filled in."""
    now = organisation.now()
    currency = store.by_role.get("Currency")
    if currency is not None and values.get(currency) is None:
        values = {**values, currency: organisation.facts.home_currency}
    row = _blank_row(organisation, store, now, by)
    for field, value in values.items():
        row[field.position] = value
    record = Record(row)
    record.visits = []
    for field, value in _derived(organisation, store, record, values).items():
        row[field.position] = value
    _note_activity(store, record, now)
    store.show(record)
    if store.api_name == "Deals":
        _note_stage(organisation, store, record, by, now)
    steps = tuple(
        FieldChange(field, None, row[field.position])
        for field in values
        if row[field.position] is not None
    )
    change = Change(now, by.user.reference, by.source, "added", steps)
    _log(organisation, store, record, change, guard=by.guard)
    return record


def _blank_row(
    organisation: Organisation, store: ModuleStore, now: str, by: Author
) -> list[JsonValue]:
    """Return what a new record holds before anything is written into it."""
    row: list[JsonValue] = [None] * store.width
    row[:OWNER] = [
        organisation.ids.next(), now, now, by.user.owner_reference, by.user.owner_reference
    ]  # fmt: skip
    if "Owner" in store.by_role:
        row[OWNER] = by.user.owner_reference
    for role, default in _DEFAULTS.items():
        if role in store.by_role:
            row[store.by_role[role].position] = default
    if store.api_name in organisation.layouts and "Layout" in store.by_role:
        layout = organisation.layouts[store.api_name].reference
        row[store.by_role["Layout"].position] = layout
    for field in store.fields.values():
        if field.data_type is DataType.AUTONUMBER:
            row[field.position] = f"D-{store.next_number():07d}"
        elif field.default is not None:
            row[field.position] = field.default
    return row


def edit_record(
    organisation: Organisation,
    store: ModuleStore,
    record: Record,
    values: Mapping[Field, JsonValue],
    by: Author,
) -> tuple[FieldChange, ...]:
    """Set these values; Modified_Time moves even if nothing differs. Return the real changes."""
    now = organisation.now()
    is_deal = store.api_name == "Deals"
    if is_deal and record.visits is None:
        record.visits = list(visits_of(organisation, record))
    old_stage = _role_value(store, record, "Stage")
    stamp_before = record.modified_time
    steps = _assign(record, values)
    steps += _assign(record, _derived(organisation, store, record, values))
    _note_activity(store, record, now)
    store.stamp(record, now)
    record.values[MODIFIED_BY] = by.user.owner_reference
    if any(step.field is store.name_field for step in steps):
        store.refresh_reference(record)
    if is_deal and _role_value(store, record, "Stage") != old_stage:
        _note_stage(organisation, store, record, by, now)
    _log(
        organisation,
        store,
        record,
        Change(now, by.user.reference, by.source, "updated", tuple(steps)),
        stamp_before,
        by.guard,
    )
    return tuple(steps)


def delete_record(
    organisation: Organisation, store: ModuleStore, record: Record, by: Author
) -> Tombstone:
    """Move a live or hidden record to the recycle bin."""
    if record.id in store.hidden:
        del store.hidden[record.id]
    else:
        store.take(record)
    tombstone = Tombstone(
        id=record.id,
        record=record,
        display_name=store.display_name(record),
        deleted_time=organisation.now(),
        deleted_by=by.user.reference,
        created_by=_plain(record.values[3]),
    )
    store.bin[record.id] = tombstone
    if store.api_name == "Deals":
        unlink_history(organisation, record, linked=False)
    _log(organisation, store, record, _bare(organisation, by, "deleted"))
    return tombstone


def restore_record(
    organisation: Organisation,
    store: ModuleStore,
    record_id: str,
    by: Author,
    *,
    moves_modified_time: bool = False,
) -> Record:
    """Bring a record back from the bin; KeyError if it is not there."""
    record = store.bin.pop(record_id).record
    if record is None:
        raise KeyError(record_id)
    if moves_modified_time:
        store.stamp(record, organisation.now())
        record.values[MODIFIED_BY] = by.user.owner_reference
    store.show(record)
    if store.api_name == "Deals":
        unlink_history(organisation, record, linked=True)
    _log(organisation, store, record, _bare(organisation, by, "restored"))
    return record


def purge_record(
    organisation: Organisation, store: ModuleStore, record_id: str, by: Author
) -> None:
    """Delete for good: from the bin, or a live record at once. KeyError if unknown."""
    if record_id not in store.bin:
        live = store.records.get(record_id) or store.hidden[record_id]
        delete_record(organisation, store, live, by)
    tombstone = store.bin.pop(record_id)
    record = tombstone.record
    _entomb(store, tombstone, organisation.now())
    if record is not None:
        _log(organisation, store, record, _bare(organisation, by, "purged"))


def hide_record(organisation: Organisation, store: ModuleStore, record: Record, by: Author) -> None:
    """Withdraw the API user's permission to see a live record; it is neither edited nor deleted."""
    store.take(record)
    store.hidden[record.id] = record
    _log(organisation, store, record, _bare(organisation, by, "hidden"))


def unhide_record(
    organisation: Organisation, store: ModuleStore, record_id: str, by: Author
) -> Record:
    """Let the API user see a hidden record again; its stamp does not move. KeyError if unknown."""
    record = store.hidden.pop(record_id)
    store.show(record)
    _log(organisation, store, record, _bare(organisation, by, "unhidden"))
    return record


def age_bins(organisation: Organisation) -> None:
    """Empty bins of what is over 60 days old, and forget permanent deletions after 120 days."""
    now = organisation.clock.now()
    for store in organisation.modules.values():
        for tombstone in list(store.bin.values()):
            leaves = datetime.fromisoformat(tombstone.deleted_time) + timedelta(days=BIN_DAYS)
            if leaves <= now:
                del store.bin[tombstone.id]
                _entomb(store, tombstone, organisation.wire_time(leaves))
        for tombstone in list(store.purged.values()):
            gone = datetime.fromisoformat(tombstone.deleted_time) + timedelta(days=PURGED_DAYS)
            if gone <= now:
                del store.purged[tombstone.id]


def _entomb(store: ModuleStore, tombstone: Tombstone, at: str) -> None:
    store.purged[tombstone.id] = Tombstone(
        id=tombstone.id,
        record=None,
        display_name=None,
        deleted_time=at,
        deleted_by=None,
        created_by=None,
    )


def _assign(record: Record, values: Mapping[Field, JsonValue]) -> list[FieldChange]:
    steps: list[FieldChange] = []
    for field, value in values.items():
        old = record.values[field.position]
        if old != value:
            record.values[field.position] = value
            steps.append(FieldChange(field, old, value))
    return steps


def _derived(
    organisation: Organisation,
    store: ModuleStore,
    record: Record,
    written: Mapping[Field, JsonValue],
) -> dict[Field, JsonValue]:
    """What follows from the written values: probability, expected revenue, rate and full name."""
    derived: dict[Field, JsonValue] = {}
    stage, probability = store.by_role.get("Stage"), store.by_role.get("Probability")
    if stage is not None and probability is not None and store.is_writable:
        chosen = stage.option(record.values[stage.position] or "")
        if stage in written and probability not in written and chosen is not None:
            derived[probability] = chosen.probability
        revenue, amount = store.by_role.get("Expected_Revenue"), store.by_role.get("Amount")
        if revenue is not None and amount is not None and revenue.data_type is DataType.FORMULA:
            chance = derived.get(probability, record.values[probability.position])
            derived[revenue] = expected_revenue(record.values[amount.position], chance)
    currency, rate = store.by_role.get("Currency"), store.by_role.get("Exchange_Rate")
    if currency is not None and rate is not None and currency in written and rate not in written:
        known = organisation.currencies.get(written[currency] or "")
        derived[rate] = None if known is None else float(known.exchange_rate)
    full, first, last = (store.by_role.get(r) for r in ("Full_Name", "First_Name", "Last_Name"))
    if full is not None and first is not None and last is not None:
        parts = (record.values[first.position], record.values[last.position])
        derived[full] = " ".join(part for part in parts if part)
    return derived


def _note_stage(
    organisation: Organisation, store: ModuleStore, record: Record, by: Author, now: str
) -> None:
    amount, stage, probability, closing = (
        _role_value(store, record, role) for role in _STAGE_FACTS
    )
    if stage is not None:
        begin_visit(
            organisation,
            record,
            StageVisit(stage, now, by.user.owner_reference, amount, probability, closing),
        )


def _note_activity(store: ModuleStore, record: Record, now: str) -> None:
    field = store.by_role.get("Last_Activity_Time")
    if field is not None:
        record.values[field.position] = now


def _role_value(store: ModuleStore, record: Record, role: str) -> JsonValue:
    field = store.by_role.get(role)
    return None if field is None else record.values[field.position]


def _plain(owner: JsonValue) -> JsonValue:
    return None if owner is None else {"name": owner["name"], "id": owner["id"]}


def _bare(organisation: Organisation, by: Author, action: Action) -> Change:
    return Change(organisation.now(), by.user.reference, by.source, action, ())


def _log(
    organisation: Organisation,
    store: ModuleStore,
    record: Record,
    change: Change,
    stamp_before: str | None = None,
    guard: str | None = None,
) -> None:
    if record.changes is None:
        record.changes = []
    record.changes.append(change)
    store.note_values(record)
    event = ChangeEvent(store.api_name, record, change, stamp_before, guard)
    for observer in organisation.observers:
        observer(event)
