"""Alerts with the deals that they are about; filtered, counted and cut into pages in SQL.

Alerts of deals that are gone from the CRM are neither listed nor counted, as the deals are in no
list; they are there again when the deal is.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Text, and_, case, cast, func, select
from sqlalchemy.orm import aliased

from pulse.alerts.raising import thresholds_of
from pulse.alerts.schemas import (
    Alert,
    AlertPage,
    AlertState,
    Compared,
    OpenAlerts,
    ThresholdsInForce,
)
from pulse.core.alerts import AlertRule
from pulse.core.deal_filters import Outcome
from pulse.fields.field_book import DealField, label_of, read_field_book
from pulse.fields.reading import exact_json, ids_in, names_of, read_value
from pulse.fields.values import Named
from pulse.models import Alert as StoredAlert
from pulse.models import ChangeLogEntry, Deal
from pulse.queries.deal_filters import conditions
from pulse.queries.deal_names import ACCOUNT, ACCOUNT_NAME, OWNER, OWNER_NAME
from pulse.settings.service import read_settings

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from sqlalchemy import ColumnElement, Row
    from sqlalchemy.ext.asyncio import AsyncSession

    from pulse.core.deal_filters import DealFilter
    from pulse.fields.field_book import FieldBook
    from pulse.fields.reading import Names
    from pulse.queries.deal_filters import Scope
    from pulse.queries.stages import SalesProcess
    from pulse.web.paging import PageRequest

_IS_OPEN: Final = StoredAlert.acknowledged_at.is_(None)
_Acted: Final = aliased(ChangeLogEntry)


@dataclass(frozen=True, slots=True)
class AlertQuestion:
    """Which alerts somebody asks for."""

    wanted: DealFilter
    state: AlertState
    rules: Sequence[AlertRule]
    deal_id: int | None
    page: PageRequest


async def list_alerts(db: AsyncSession, asked: AlertQuestion, scope: Scope) -> AlertPage:
    """Return a page of alerts, latest change first. Raises InvalidFilterError."""
    among = [*conditions(asked.wanted, scope)]
    if asked.deal_id is not None:
        among.append(Deal.id == asked.deal_id)
    is_of_rule: list[ColumnElement[bool]] = (
        [StoredAlert.rule.in_(asked.rules)] if asked.rules else []
    )
    counts = await _counts(db, among)
    by_rule, is_open_or_not = _sums(counts, asked)
    ids = list(
        await db.scalars(
            select(StoredAlert.id)
            .join(Deal, Deal.id == StoredAlert.deal_id)
            .where(*among, *is_of_rule, *_of_state(asked.state))
            .order_by(StoredAlert.changed_at.desc(), StoredAlert.id.desc())
            .limit(asked.page.limit)
            .offset(asked.page.offset)
        )
    )
    settings = await read_settings(db)
    count = is_open_or_not[asked.state]
    return AlertPage(
        count=count,
        items=await _shown(db, ids, scope),
        limit=asked.page.limit,
        offset=asked.page.offset,
        has_more=asked.page.offset + len(ids) < count,
        by_rule=by_rule,
        open=is_open_or_not[AlertState.OPEN],
        acknowledged=is_open_or_not[AlertState.ACKNOWLEDGED],
        base_currency=settings.base_currency,
        thresholds=ThresholdsInForce.model_validate(thresholds_of(settings)),
    )


async def open_alerts(db: AsyncSession) -> OpenAlerts:
    """Return how many alerts of deals that are there nobody has acknowledged."""
    rows = await db.execute(
        select(StoredAlert.rule, func.count())
        .join(Deal, and_(Deal.id == StoredAlert.deal_id, Deal.is_live))
        .where(_IS_OPEN)
        .group_by(StoredAlert.rule)
    )
    found = {AlertRule(rule): count for rule, count in rows}
    return OpenAlerts(
        open=sum(found.values()),
        by_rule={rule: found.get(rule, 0) for rule in AlertRule},
        thresholds=ThresholdsInForce.model_validate(thresholds_of(await read_settings(db))),
    )


def _of_state(state: AlertState) -> list[ColumnElement[bool]]:
    match state:
        case AlertState.OPEN:
            return [_IS_OPEN]
        case AlertState.ACKNOWLEDGED:
            return [StoredAlert.acknowledged_at.is_not(None)]
        case AlertState.ALL:
            return []


_Counts = dict[tuple[AlertRule, bool], int]


async def _counts(db: AsyncSession, among: Sequence[ColumnElement[bool]]) -> _Counts:
    rows = await db.execute(
        select(StoredAlert.rule, _IS_OPEN, func.count())
        .join(Deal, Deal.id == StoredAlert.deal_id)
        .where(*among)
        .group_by(StoredAlert.rule, _IS_OPEN)
    )
    return {(AlertRule(rule), is_open): count for rule, is_open, count in rows}


def _sums(
    counts: _Counts, asked: AlertQuestion
) -> tuple[dict[AlertRule, int], dict[AlertState, int]]:
    """Return how many there are of each rule in the state, and in each state of the rules."""
    meant = {
        AlertState.OPEN: (True,),
        AlertState.ACKNOWLEDGED: (False,),
        AlertState.ALL: (True, False),
    }
    rules = asked.rules or tuple(AlertRule)
    return (
        {rule: sum(counts.get((rule, it), 0) for it in meant[asked.state]) for rule in AlertRule},
        {
            state: sum(counts.get((rule, it), 0) for rule in rules for it in which)
            for state, which in meant.items()
        },
    )


async def _shown(db: AsyncSession, ids: Sequence[int], scope: Scope) -> list[Alert]:
    """Return alerts with their deals and changes, in the order of `ids`."""
    if not ids:
        return []
    process = scope.process
    query = (
        select(
            StoredAlert,
            Deal.name,
            Deal.stage,
            Deal.account_id,
            ACCOUNT_NAME.label("account"),
            Deal.owner_id,
            OWNER_NAME.label("owner"),
            scope.money.value().label("value"),
            case(*((process.has(outcome), outcome.value) for outcome in Outcome), else_=None).label(
                "outcome"
            ),
            _Acted.field,
            cast(_Acted.old_value, Text).label("old"),
            cast(_Acted.new_value, Text).label("new"),
            _Acted.side,
            _Acted.changed_by,
            _Acted.observed_at,
        )
        .join(Deal, Deal.id == StoredAlert.deal_id)
        .join(_Acted, _Acted.id == StoredAlert.change_id)
        .where(StoredAlert.id.in_(ids))
    )
    rows = (await db.execute(OWNER.onto(ACCOUNT.onto(query)))).all()
    book = await read_field_book(db)
    values = ((_field(book, row), exact_json(it)) for row in rows for it in (row.old, row.new))
    people = {int(row.changed_by) for row in rows if row.changed_by and row.changed_by.isdigit()}
    names = await names_of(db, ids_in(values) | people)
    closed = {*process.names(Outcome.WON), *process.names(Outcome.LOST)}
    told = {row.Alert.id: _alert(row, book, names, process, closed) for row in rows}
    return [told[each] for each in ids]


# Any: rows of the statement above.
def _alert(
    row: Row[Any], book: FieldBook, names: Names, process: SalesProcess, closed: Collection[str]
) -> Alert:
    alert: StoredAlert = row.Alert
    field = _field(book, row)
    compared = None
    if alert.compared_in and alert.old_value is not None and alert.new_value is not None:
        compared = Compared(currency=alert.compared_in, old=alert.old_value, new=alert.new_value)
    return Alert(
        id=str(alert.id),
        rule=AlertRule(alert.rule),
        deal=Named(id=str(alert.deal_id), name=row.name),
        account=_named(row.account_id, row.account),
        owner=_named(row.owner_id, row.owner),
        stage=None if row.stage is None else process.label(row.stage),
        outcome=row.outcome,
        value=row.value,
        field=label_of(field),
        old=read_value(field, exact_json(row.old), names, alert.old_currency),
        new=read_value(field, exact_json(row.new), names, alert.new_currency),
        size=alert.size,
        is_reopened=alert.rule == AlertRule.STAGE_BACKWARDS and exact_json(row.old) in closed,
        threshold=alert.threshold,
        compared=compared,
        side=row.side,
        by=_author(row.changed_by, names),
        at=alert.changed_at,
        raised_at=alert.raised_at,
        acknowledged_at=alert.acknowledged_at,
        acknowledged_by=alert.acknowledged_by,
    )


def _field(book: FieldBook, row: Row[Any]) -> DealField:
    """Return the field of a change under its present name; one that nobody describes is text."""
    found = book.at(row.field, row.observed_at)
    return found or DealField(0, row.field, row.field, "text", is_removed=True)


def _author(by: str | None, names: Mapping[str, str | None]) -> Named | None:
    """Return who made a change: a CRM user by id, else whom the log names."""
    if by is None:
        return None
    return Named(id=by, name=names.get(by) if by.isdigit() else by)


def _named(record_id: int | None, name: str | None) -> Named | None:
    return None if record_id is None else Named(id=str(record_id), name=name)
