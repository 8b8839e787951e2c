"""From watched lines of the change log to alerts, each line judged exactly once.

The batch that writes a line about a watched field notes it in `watched_changes` and asks for this
job, in one commit (`pulse.adapters.mirror.statements.LOG_CHANGES`). Here the notes are taken and
the alerts written, in one commit as well. So it does not matter in which order batches commit, nor
whether the job arrives twice, late or from two workers: a note that is not yet seen is judged by
the job that comes with it, and one that is taken is gone. A job that was lost is asked for again by
the next tick. Whoever dies in between leaves the notes as they were.

Only changes that were seen are judged: a first load, a record that is created or comes back and a
field that is read for the first time write no such line.

An amount is compared in the deal's own currency. If the same change gave the deal another currency,
both amounts are compared in the base currency instead, by the rates that hold now: a deal that is
written down in another currency has not moved. Where such a rate is missing nothing can be said,
and nothing is raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Final, assert_never

from sqlalchemy import ARRAY, BigInteger, bindparam, exists, or_, select, text
from sqlalchemy.dialects.postgresql import insert

from pulse.alerts.stage_orders import StageOrders, read_stage_orders
from pulse.core.alerts import (
    RULE_OF_FIELD,
    AlertRule,
    Thresholds,
    amount_moved,
    amount_of,
    closing_pushed,
    probability_fell,
    stage_went_back,
)
from pulse.db.events import Topic, notify
from pulse.fields.field_book import read_field_book
from pulse.fields.reading import exact_json
from pulse.jobs.catalogue import RaiseAlerts
from pulse.jobs.outbox import enqueue
from pulse.models import Alert, OutboxMessage, WatchedChange
from pulse.queries.money import read_conversion
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Row
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.db.engine import OpenDb
    from pulse.queries.money import Conversion
    from pulse.settings.schema import SyncSettings

AT_ONCE: Final = 1_000
"""Lines that one transaction judges."""
TAKEN_WITHIN: Final = timedelta(seconds=10)
"""A message that was sent so lately is on its way to a worker."""
_CENTS: Final = Decimal("0.01")

_TAKE: Final = text("""
    WITH due AS MATERIALIZED (
      SELECT change_id, field FROM watched_changes
      ORDER BY change_id, field LIMIT :limit FOR UPDATE SKIP LOCKED
    ), taken AS (
      DELETE FROM watched_changes watched USING due
      WHERE watched.change_id = due.change_id AND watched.field = due.field
      RETURNING watched.change_id, watched.field
    )
    SELECT taken.field AS watched, change.id, change.record_id, change.changed_at,
      CAST(change.old_value AS text) AS old, CAST(change.new_value AS text) AS new,
      document.document ->> 'Layout' AS layout, document.document ->> 'Pipeline' AS pipeline
    FROM taken JOIN change_log change ON change.id = taken.change_id
    LEFT JOIN crm_documents document ON document.record_id = change.record_id
    ORDER BY change.id, taken.field
""")

# A value before and after a change is what the same change says of it; if it says nothing, what the
# next change of that field found; if there was none, what the record holds.
_BESIDE_AMOUNT: Final = text("""
    SELECT change.id,
      CASE WHEN currency.id IS NULL THEN currency_held.value ELSE currency.old_value END
        #>> '{}' AS old_currency,
      CASE WHEN currency.id IS NULL THEN currency_held.value ELSE currency.new_value END
        #>> '{}' AS new_currency,
      CASE WHEN rate.id IS NULL THEN rate_held.value ELSE rate.old_value END
        #>> '{}' AS old_rate,
      CASE WHEN rate.id IS NULL THEN rate_held.value ELSE rate.new_value END
        #>> '{}' AS new_rate
    FROM change_log change
    LEFT JOIN LATERAL (
      SELECT id, old_value, new_value FROM change_log
      WHERE record_id = change.record_id AND observed_at = change.observed_at
        AND kind = 'updated' AND field = :currency LIMIT 1
    ) currency ON true
    LEFT JOIN LATERAL (
      SELECT id, old_value, new_value FROM change_log
      WHERE record_id = change.record_id AND observed_at = change.observed_at
        AND kind = 'updated' AND field = :rate LIMIT 1
    ) rate ON true
    LEFT JOIN crm_documents document ON document.record_id = change.record_id
    LEFT JOIN LATERAL (
      SELECT id, old_value FROM change_log
      WHERE record_id = change.record_id AND id > change.id
        AND kind = 'updated' AND field = :currency ORDER BY id LIMIT 1
    ) next_currency ON true
    LEFT JOIN LATERAL (
      SELECT id, old_value FROM change_log
      WHERE record_id = change.record_id AND id > change.id
        AND kind = 'updated' AND field = :rate ORDER BY id LIMIT 1
    ) next_rate ON true
    CROSS JOIN LATERAL (
      SELECT CASE WHEN next_currency.id IS NULL THEN document.document -> :currency
        ELSE next_currency.old_value END AS value
    ) currency_held
    CROSS JOIN LATERAL (
      SELECT CASE WHEN next_rate.id IS NULL THEN document.document -> :rate
        ELSE next_rate.old_value END AS value
    ) rate_held
    WHERE change.id = ANY(:ids)
""").bindparams(bindparam("ids", type_=ARRAY(BigInteger)))


@dataclass(frozen=True, slots=True)
class Judged:
    """What one transaction did."""

    lines: int
    raised: int


def thresholds_of(settings: SyncSettings) -> Thresholds:
    """Return the thresholds that are set."""
    return Thresholds(
        amount_percent=settings.alert_amount_percent,
        probability_points=settings.alert_probability_points,
        closing_days=settings.alert_closing_days,
    )


async def start_alerts(db: AsyncSession, now: datetime) -> bool:
    """Ask for the job if lines wait that nobody takes; return whether. The caller commits."""
    is_on_its_way = exists().where(
        OutboxMessage.job == RaiseAlerts.name,
        or_(OutboxMessage.sent_at.is_(None), OutboxMessage.sent_at > now - TAKEN_WITHIN),
    )
    if not await db.scalar(select(exists(select(WatchedChange)) & ~is_on_its_way)):
        return False
    await enqueue(db, RaiseAlerts())
    return True


async def raise_alerts(open_db: OpenDb) -> Judged:
    """Judge all lines that wait, a transaction for each part of them."""
    lines = raised = 0
    while True:
        async with open_db.begin() as db:
            part = await judge_lines(db, AT_ONCE)
        lines, raised = lines + part.lines, raised + part.raised
        if part.lines < AT_ONCE:
            return Judged(lines, raised)


async def judge_lines(db: AsyncSession, limit: int) -> Judged:
    """Take up to `limit` lines and write the alerts that they raise; the caller commits."""
    rows = (await db.execute(_TAKE, {"limit": limit})).all()
    if not rows:
        return Judged(0, 0)
    settings = await read_settings(db)
    judge = _Judge(
        thresholds=thresholds_of(settings),
        orders=await read_stage_orders(db),
        money=await read_conversion(db, settings.base_currency),
        beside=await _beside_amounts(db, rows),
    )
    found = [alert for row in rows if (alert := judge.alert(row)) is not None]
    if found:
        await db.execute(
            insert(Alert).on_conflict_do_nothing(index_elements=[Alert.rule, Alert.change_id]),
            found,
        )
        await notify(db, Topic.ALERTS, "deals")
    return Judged(len(rows), len(found))


# Any: rows of statements that are written out.
async def _beside_amounts(db: AsyncSession, rows: Sequence[Row[Any]]) -> Mapping[int, Row[Any]]:
    ids = [row.id for row in rows if RULE_OF_FIELD[row.watched] is AlertRule.AMOUNT_MOVED]
    if not ids:
        return {}
    mapping = (await read_field_book(db)).mapping
    found = await db.execute(
        _BESIDE_AMOUNT,
        {
            "ids": ids,
            "currency": mapping.get("Currency", "Currency"),
            "rate": mapping.get("Exchange_Rate", "Exchange_Rate"),
        },
    )
    return {row.id: row for row in found}


@dataclass(frozen=True, slots=True)
class _Judge:
    """What lines are judged against."""

    thresholds: Thresholds
    orders: StageOrders
    money: Conversion
    beside: Mapping[int, Row[Any]]

    def alert(self, row: Row[Any]) -> dict[str, object] | None:
        """Return the alert that a line raises, as a row of its table."""
        rule = RULE_OF_FIELD[row.watched]
        old, new = exact_json(row.old), exact_json(row.new)
        amounts: dict[str, object] = dict.fromkeys(
            ("old_currency", "new_currency", "compared_in", "old_value", "new_value")
        )
        match rule:
            case AlertRule.AMOUNT_MOVED:
                size = self._amount(row.id, amount_of(old), amount_of(new), amounts)
            case AlertRule.PROBABILITY_FELL:
                size = probability_fell(old, new, self.thresholds.probability_points)
            case AlertRule.CLOSING_PUSHED:
                size = closing_pushed(old, new, self.thresholds.closing_days)
            case AlertRule.STAGE_BACKWARDS:
                order = self.orders.of(row.layout, row.pipeline, old, new)
                size = stage_went_back(old, new, order)
            case _:
                assert_never(rule)
        if size is None:
            return None
        return {
            "rule": rule,
            "change_id": row.id,
            "deal_id": row.record_id,
            "changed_at": row.changed_at,
            "size": size,
            "threshold": self.thresholds.of(rule),
            **amounts,
        }

    def _amount(
        self, line: int, old: Decimal | None, new: Decimal | None, told: dict[str, object]
    ) -> Decimal | None:
        """Return how far an amount moved, if too far, and tell in what it was compared."""
        beside = self.beside[line]
        percent = self.thresholds.amount_percent
        told |= {"old_currency": beside.old_currency, "new_currency": beside.new_currency}
        if old is None or new is None or beside.old_currency == beside.new_currency:
            return amount_moved(old, new, percent)
        before = self._worth(old, beside.old_currency, beside.old_rate)
        after = self._worth(new, beside.new_currency, beside.new_rate)
        if before is None or after is None:
            return None
        told |= {"compared_in": self.money.base, "old_value": before, "new_value": after}
        return amount_moved(before, after, percent)

    def _worth(self, amount: Decimal, currency: str | None, rate: str | None) -> Decimal | None:
        value = self.money.worth(amount, currency, amount_of(rate))
        return None if value is None else value.quantize(_CENTS, ROUND_HALF_UP)
