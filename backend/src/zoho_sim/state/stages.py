"""A deal's way through the stages: packed at seeding, unpacked when looked at, grown by edits.

The same facts are served as timeline entries, as the related list Stage_History and as the module
DealHistory. Rows of that module exist only once somebody asked for it: a million deals have
millions of rows, and most runs never read one.
"""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from zoho_sim.state.fields import DataType, Field, JsonValue
from zoho_sim.state.modules import ModuleStore
from zoho_sim.state.records import OWNER, Record, StageVisit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from zoho_sim.state.organisation import Organisation

HISTORY_MODULE = "DealHistory"
_STEP = struct.Struct("<BI")  # stage's place in the picklist, seconds since the epoch
_SECONDS_PER_DAY = 86_400
_DEAL = 5  # the column of Potential_Name in a row of DealHistory
_MOVED_TO = 7
_DURATION = 8

_COLUMNS: tuple[tuple[str, str, DataType], ...] = (
    ("id", "Record Id", DataType.SYSTEM_ID),
    ("Created_Time", "Created Time", DataType.DATETIME),
    ("Modified_Time", "Modified Time", DataType.DATETIME),
    ("Created_By", "Created By", DataType.OWNER),
    ("Modified_By", "Modified By", DataType.OWNER),
    ("Potential_Name", "Deal Name", DataType.LOOKUP),
    ("Stage", "Stage", DataType.PICKLIST),
    ("Moved_To__s", "Moved To", DataType.PICKLIST),
    ("Stage_Duration_Calendar_Days", "Stage Duration (Calendar Days)", DataType.INTEGER),
    ("Amount", "Amount", DataType.CURRENCY),
    ("Probability", "Probability", DataType.INTEGER),
    ("Expected_Revenue", "Expected Revenue", DataType.CURRENCY),
    ("Closing_Date", "Closing Date", DataType.DATE),
)


def pack_path(steps: Sequence[tuple[int, int]]) -> bytes:
    """Pack (place of the stage in the picklist, seconds since the epoch) pairs, oldest first."""
    return b"".join(_STEP.pack(stage, moment) for stage, moment in steps)


def visits_of(organisation: Organisation, record: Record) -> Sequence[StageVisit]:
    """Return a deal's stays in stages, oldest first; the last one is where it is now.

    Seeded stays carry the deal's amount, date and owner as they were at its first live edit.
    """
    if record.visits is not None:
        return record.visits
    deals = organisation.modules["Deals"]
    stage_field = deals.by_role.get("Stage")
    if stage_field is None:
        return []
    options = stage_field.options
    amount, closing_date = (_value(deals, record, role) for role in ("Amount", "Closing_Date"))
    return [
        StageVisit(
            stage=options[stage].actual_value,
            entered=organisation.wire_time(moment),
            by=record.values[OWNER],
            amount=amount,
            probability=options[stage].probability,
            closing_date=closing_date,
        )
        for stage, moment in _STEP.iter_unpack(record.seed_path or b"")
    ]


def seeded_visits(organisation: Organisation, record: Record) -> Sequence[StageVisit]:
    """Return the stays that the seed gave a deal, without those since; none for other records."""
    seeded = len(record.seed_path or b"") // _STEP.size
    return visits_of(organisation, record)[:seeded] if seeded else ()


def _value(deals: ModuleStore, record: Record, role: str) -> JsonValue:
    """Return what a record holds in a role; None if an administrator removed the field."""
    field = deals.by_role.get(role)
    return None if field is None else record.values[field.position]


def begin_visit(organisation: Organisation, record: Record, visit: StageVisit) -> None:
    """Note that a deal entered a stage, in its own history and in DealHistory."""
    if record.visits is None:
        record.visits = list(visits_of(organisation, record))
    record.visits.append(visit)
    if HISTORY_MODULE in organisation.late_records:
        return
    history = organisation.modules[HISTORY_MODULE]
    earlier = history_rows(organisation, record.id)
    if earlier:
        latest = earlier[-1]
        latest.values[_MOVED_TO] = visit.stage
        latest.values[_DURATION] = _days_between(str(latest.values[1]), visit.entered)
    row = _row(organisation, record, visit, following=None)
    history.show(row)
    _row_ids(history, record.id).append(row.id)


def history_rows(organisation: Organisation, deal_id: str) -> list[Record]:
    """Return the DealHistory rows of a deal, oldest first."""
    history = organisation.module(HISTORY_MODULE)
    return [history.records[row_id] for row_id in history.children.get(deal_id, ())]


def unlink_history(organisation: Organisation, deal: Record, *, linked: bool) -> None:
    """Blank Potential_Name in the rows of a deleted deal, or bring it back after a restore."""
    if HISTORY_MODULE in organisation.late_records:
        return
    name = organisation.modules["Deals"].reference(deal) if linked else None
    for row in history_rows(organisation, deal.id):
        row.values[_DEAL] = name


def add_history(organisation: Organisation) -> None:
    """Add the DealHistory module; its rows are made from every deal's visits at first use."""
    history = ModuleStore(
        module_id=organisation.ids.next(),
        api_name=HISTORY_MODULE,
        singular="Stage History",
        plural="Stage History",
        name_role="Stage",
    )
    history.is_writable = False
    deals = organisation.modules["Deals"]
    for position, (api_name, label, data_type) in enumerate(_COLUMNS):
        history.add_field(
            Field(
                id=organisation.ids.next(),
                api_name=api_name,
                label=label,
                data_type=data_type,
                position=position,
                role=api_name,
                length=120,
                read_only=True,
                lookup_module="Deals" if data_type is DataType.LOOKUP else None,
                decimal_places=2 if data_type is DataType.CURRENCY else None,
                options=deals.by_role["Stage"].options if data_type is DataType.PICKLIST else [],
            )
        )
    organisation.modules[HISTORY_MODULE] = history
    organisation.late_records[HISTORY_MODULE] = lambda: history.load(
        _all_rows(organisation, deals, history)
    )


def _all_rows(
    organisation: Organisation, deals: ModuleStore, history: ModuleStore
) -> Iterable[Record]:
    for deal in deals.all_records():
        visits = visits_of(organisation, deal)
        ids = _row_ids(history, deal.id)
        for visit, following in zip(visits, [*visits[1:], None], strict=True):
            row = _row(organisation, deal, visit, following)
            if deal.id in deals.bin:
                row.values[_DEAL] = None
            ids.append(row.id)
            yield row


def _row_ids(history: ModuleStore, deal_id: str) -> list[str]:
    return history.children.setdefault(deal_id, [])


def _row(
    organisation: Organisation, deal: Record, visit: StageVisit, following: StageVisit | None
) -> Record:
    values: list[JsonValue] = [
        organisation.ids.next(),
        visit.entered,
        visit.entered,
        visit.by,
        visit.by,
        organisation.modules["Deals"].reference(deal),
        visit.stage,
        following.stage if following else None,
        _days_between(visit.entered, following.entered) if following else None,
        visit.amount,
        visit.probability,
        expected_revenue(visit.amount, visit.probability),
        visit.closing_date,
    ]
    return Record(values)


def expected_revenue(amount: float | None, probability: int | None) -> float | None:
    """Return amount * probability / 100 to the cent, or None where either is empty."""
    if amount is None or probability is None:
        return None
    return round(amount * probability / 100, 2)


def _days_between(start: str, end: str) -> int:
    elapsed = datetime.fromisoformat(end).astimezone(UTC) - datetime.fromisoformat(start)
    return int(elapsed.total_seconds() // _SECONDS_PER_DAY)
