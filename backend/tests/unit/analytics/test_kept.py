"""Queries are built once for all moments, and again when anything else changes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import ColumnElement, Select, func, literal, make_url, select
from sqlalchemy.exc import InvalidRequestError

from pulse.analytics.kept import kept
from pulse.analytics.question import Side
from pulse.core.deal_filters import DealFilter, Outcome
from pulse.queries.deal_fields import DealFields
from pulse.queries.deal_filters import Scope
from pulse.queries.moments import Moment, deals_at
from pulse.queries.money import Conversion, Rate

MONDAY = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TUESDAY = datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
DIALECT = make_url("postgresql+psycopg://").get_dialect()()
SCOPE = Scope(DealFields({}, {}), Conversion("EUR", "EUR"), ZoneInfo("UTC"))


class Counting:
    """A query that notes how often it was built."""

    def __init__(self) -> None:
        self.built = 0
        self.query = kept(self._build)

    def _build(self, *sides: Side, at_least: int = 0) -> Select[int]:
        self.built += 1
        return select(func.count()).where(
            literal(at_least) > 0, *(each for side in sides for each in conditions_of(side))
        )


@pytest.fixture
def counting() -> Counting:
    return Counting()


def conditions_of(side: Side) -> list[ColumnElement[bool]]:
    deals = side.deals()
    return [deals.held(), *side.meets(deals)]


def side(at: datetime | None = None) -> Side:
    return Side(DealFilter(), at, SCOPE)


def test_two_moments_share_one_query_and_are_told_when_it_is_asked(counting: Counting) -> None:
    monday, told_monday = counting.query(side(), side(MONDAY))
    tuesday, told_tuesday = counting.query(side(), side(TUESDAY))
    assert monday is tuesday
    assert counting.built == 1
    assert (list(told_monday.values()), list(told_tuesday.values())) == ([MONDAY], [TUESDAY])
    sent = monday.compile(dialect=DIALECT).construct_params(told_tuesday)
    assert TUESDAY in sent.values()
    assert MONDAY not in sent.values()


def test_each_of_two_past_moments_has_a_name_of_its_own(counting: Counting) -> None:
    query, told = counting.query(side(MONDAY), side(TUESDAY))
    assert sorted(told.values()) == [MONDAY, TUESDAY]
    sent = query.compile(dialect=DIALECT).construct_params(told)
    assert {MONDAY, TUESDAY} <= set(sent.values())


def test_a_query_that_is_not_told_its_moment_is_refused(counting: Counting) -> None:
    query, _ = counting.query(side(MONDAY))
    with pytest.raises(InvalidRequestError, match="moment_0"):
        query.compile(dialect=DIALECT).construct_params({}, _check=True)


def test_a_moment_by_itself_is_a_parameter_too() -> None:
    @kept
    def later_query(moment: Moment) -> Select[int]:
        return select(func.count()).where(deals_at(moment).table.valid_from > moment)

    monday, told = later_query(MONDAY)
    assert later_query(TUESDAY)[0] is monday
    assert list(told.values()) == [MONDAY]


def test_now_and_the_past_are_different_queries(counting: Counting) -> None:
    assert counting.query(side())[0] is not counting.query(side(MONDAY))[0]
    assert counting.query(side())[1] == {}


@pytest.mark.parametrize(
    "other",
    [
        replace(side(MONDAY), wanted=DealFilter(outcomes=(Outcome.OPEN,))),
        replace(
            side(MONDAY),
            scope=replace(
                SCOPE,
                money=Conversion("EUR", "EUR", {"USD": Rate(Decimal("1.1"), date(2026, 3, 1))}),
            ),
        ),
        replace(side(MONDAY), scope=replace(SCOPE, zone=ZoneInfo("Asia/Singapore"))),
    ],
    ids=["another filter", "other rates", "another zone"],
)
def test_whatever_else_differs_makes_another_query(counting: Counting, other: Side) -> None:
    assert counting.query(side(MONDAY))[0] is not counting.query(other)[0]
    assert counting.built == 2


def test_what_is_asked_by_name_counts_too(counting: Counting) -> None:
    assert counting.query(side(), at_least=1)[0] is not counting.query(side(), at_least=2)[0]
