"""The queue of conflicts in SQL: found, counted and paged there, whatever its length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ARRAY, BigInteger, Row, Text, any_, bindparam, cast, func, select, text

from pulse.core.modules import DEALS
from pulse.models import Deal, PendingChange, RecordSyncStatus
from pulse.sync.domain.merge import ChangeState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import ColumnElement, Subquery
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.conflicts.schemas import ConflictChoice
    from pulse.queries.money import Conversion
    from pulse.web.paging import PageRequest


@dataclass(frozen=True, slots=True)
class Counts:
    """How many conflicts there are."""

    records: int
    """That match the filter."""
    fields: int
    """In conflict, of those."""
    skipped: int
    """Records that match it but for being skipped."""


def _clashes() -> Subquery:
    """Return the records in conflict, each once."""
    return (
        select(
            PendingChange.record_id,
            func.bool_and(PendingChange.is_skipped).label("is_skipped"),
            func.max(PendingChange.conflict_since).label("since"),
            func.count().label("fields"),
            func.array_agg(PendingChange.field).label("names"),
        )
        .where(PendingChange.module == DEALS, PendingChange.state == ChangeState.CONFLICT)
        .group_by(PendingChange.record_id)
        .subquery("clashes")
    )


def _matches(clashes: Subquery, choice: ConflictChoice) -> list[ColumnElement[bool]]:
    """Return what a filter asks for beside being skipped or not."""
    wanted: list[ColumnElement[bool]] = []
    if choice.field is not None:
        wanted.append(any_(clashes.c.names) == choice.field)
    if choice.owner is not None:
        wanted.append(
            clashes.c.record_id.in_(select(Deal.id).where(Deal.owner_id == int(choice.owner)))
        )
    return wanted


async def count_conflicts(db: AsyncSession, choice: ConflictChoice) -> Counts:
    """Return how many conflicts match a filter."""
    clashes = _clashes()
    is_wanted = clashes.c.is_skipped == choice.skipped
    row = (
        await db.execute(
            select(
                func.count().filter(is_wanted),
                func.coalesce(func.sum(clashes.c.fields).filter(is_wanted), 0),
                func.count().filter(clashes.c.is_skipped),
            )
            .select_from(clashes)
            .where(*_matches(clashes, choice))
        )
    ).one()
    return Counts(row[0], int(row[1]), row[2])


async def find_conflicts(
    db: AsyncSession, choice: ConflictChoice, page: PageRequest
) -> Sequence[int]:
    """Return a page of the records in conflict, newest first."""
    clashes = _clashes()
    found = await db.scalars(
        select(clashes.c.record_id)
        .where(clashes.c.is_skipped == choice.skipped, *_matches(clashes, choice))
        .order_by(clashes.c.since.desc().nulls_last(), clashes.c.record_id)
        .limit(page.limit)
        .offset(page.offset)
    )
    return found.all()


# Any: rows of mixed columns.
async def read_records(
    db: AsyncSession, ids: Sequence[int], conversion: Conversion
) -> Mapping[int, Row[Any]]:
    """Return what is said of each record beside its conflicts."""
    rows = await db.execute(
        select(
            RecordSyncStatus.zoho_record_id.label("id"),
            RecordSyncStatus.presence,
            RecordSyncStatus.gone_at,
            Deal.name,
            Deal.account_id,
            Deal.owner_id,
            Deal.stage,
            Deal.currency,
            conversion.value(Deal).label("value"),
        )
        .outerjoin(Deal, Deal.id == RecordSyncStatus.zoho_record_id)
        .where(RecordSyncStatus.zoho_record_id.in_(ids))
    )
    found: dict[int, Row[Any]] = {row.id: row for row in rows.all()}  # type: ignore[misc] # Any: as above
    return found


# The agreed value came with the change that brought it, or with the record's first reading. A
# change that clashes is no agreement: it is passed over by its stamp.
_AGREED = text("""
    SELECT change.id, coalesce(
      (SELECT max(log.changed_at) FROM change_log log
        WHERE log.record_id = change.record_id AND log.field = change.field
          AND log.kind IN ('updated', 'learned')
          AND log.new_value IS NOT DISTINCT FROM change.base_value
          AND (change.crm_modified_at IS NULL OR log.changed_at < change.crm_modified_at
            OR change.is_record_gone)),
      (SELECT max(log.changed_at) FROM change_log log
        WHERE log.record_id = change.record_id AND log.kind = 'created')
    ) AS at
    FROM pending_changes change WHERE change.id = ANY(:ids) AND change.is_base_known
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))


async def read_agreed(db: AsyncSession, change_ids: Sequence[int]) -> Mapping[int, Any]:
    """Return since when both sides held the base of each change, where that is known."""
    rows = await db.execute(_AGREED, {"ids": list(change_ids)})
    return {row.id: row.at for row in rows}


_UNTOLD = ("Modified_By", "Last_Activity_Time")
"""Fields that follow every change of a record."""
_MERGED_SHOWN = 5

_MERGED = text("""
    WITH clashing AS (
      SELECT record_id, min(created_at) AS edited_at FROM pending_changes
      WHERE module = :module AND record_id = ANY(:ids) AND state = 'conflict' GROUP BY record_id
    ), latest AS (
      SELECT DISTINCT ON (log.record_id, log.field) log.id, log.record_id, log.field,
        log.new_value, log.side, log.changed_at, log.observed_at
      FROM clashing JOIN change_log log ON log.record_id = clashing.record_id
      WHERE log.kind = 'updated' AND log.observed_at >= clashing.edited_at
        AND log.field <> ALL(:untold)
        AND NOT EXISTS (SELECT FROM crm_fields described
          WHERE described.module = log.module AND described.api_name = log.field
            AND described.is_read_only AND described.removed_at IS NULL)
        AND NOT EXISTS (SELECT FROM pending_changes open
          WHERE open.record_id = log.record_id AND open.field = log.field)
      ORDER BY log.record_id, log.field, log.id DESC
    ), numbered AS (
      SELECT *, row_number() OVER (PARTITION BY record_id ORDER BY id DESC) AS place FROM latest
    )
    SELECT record_id, field, CAST(new_value AS text) AS value, side, changed_at, observed_at
    FROM numbered WHERE place <= :shown ORDER BY record_id, place
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)), bindparam("untold", type_=ARRAY(Text)))


# Any: rows of mixed columns.
async def read_merged(db: AsyncSession, ids: Sequence[int]) -> Sequence[Row[Any]]:
    """Return the newest changes of these records that clashed with no edit, field by field.

    What the CRM computes out of other fields is nobody's change.
    """
    rows = await db.execute(
        _MERGED,
        {"module": DEALS, "ids": list(ids), "untold": list(_UNTOLD), "shown": _MERGED_SHOWN},
    )
    return rows.all()


async def claim_conflicts(db: AsyncSession, choice: ConflictChoice, limit: int) -> Sequence[int]:
    """Return up to `limit` records that match, in order of id, as every writer takes them."""
    clashes = _clashes()
    found = await db.scalars(
        select(cast(clashes.c.record_id, BigInteger))
        .where(clashes.c.is_skipped == choice.skipped, *_matches(clashes, choice))
        .order_by(clashes.c.record_id)
        .limit(limit)
    )
    return found.all()
