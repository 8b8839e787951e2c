from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from support.crm_client import answer, sample
from zoho_crm import errors
from zoho_crm.protocol import coql
from zoho_crm.protocol.wire import AnswerMeta

FILLED = coql.is_not_null("id")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Won", "'Won'"),
        ("O'Brien", "'O''Brien'"),
        ("' or id is not null --", "''' or id is not null --'"),
        ("a\\", "'a\\\\'"),
        (5, "5"),
        (True, "true"),
        (False, "false"),
        (Decimal("1E+3"), "1000"),
        (date(2026, 9, 1), "'2026-09-01'"),
        (datetime(2026, 9, 1, 12, 0, tzinfo=UTC), "'2026-09-01T12:00:00+00:00'"),
    ],
)
def test_a_value_is_written_so_that_it_stays_a_value(value: coql.Value, text: str) -> None:
    assert coql.literal(value) == text


def test_a_number_that_is_none_cannot_stand_in_a_query() -> None:
    with pytest.raises(ValueError, match="NaN cannot stand in a query"):
        coql.literal(Decimal("NaN"))


def test_a_query_is_built_clause_by_clause() -> None:
    query = coql.select(
        ["Stage", "Account_Name.Account_Name", "SUM(Amount) as total"],
        source="Deals",
        where=coql.all_of(
            coql.compare("Amount", ">=", 5),
            coql.is_in("Stage", ["Won", "Lost"]),
            coql.any_of(coql.is_null("Owner"), coql.between("Closing_Date", 1, 2)),
        ),
        group_by=["Stage"],
        order_by=["Stage asc", "id desc"],
        limit=2000,
        offset=4000,
    )
    assert query == (
        "select Stage, Account_Name.Account_Name, SUM(Amount) as total from Deals"
        " where ((Amount >= 5 and Stage in ('Won', 'Lost'))"
        " and (Owner is null or Closing_Date between 1 and 2))"
        " group by Stage order by Stage asc, id desc limit 4000, 2000"
    )


def test_the_shortest_query_still_has_where_and_limit() -> None:
    assert coql.select(["id"], source="Deals", where=FILLED) == (
        "select id from Deals where id is not null limit 0, 200"
    )


@pytest.mark.parametrize("name", ["id; drop", "a b", "", "id)", "'x'", "count(id)"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot stand for a name"):
        coql.select([name], source="Deals", where=FILLED)
    with pytest.raises(ValueError, match="cannot stand for a name"):
        coql.select(["id"], source=name, where=FILLED)
    with pytest.raises(ValueError, match="cannot stand for a name"):
        coql.select(["id"], source="Deals", where=FILLED, order_by=[name])
    with pytest.raises(ValueError, match="cannot stand for a name"):
        coql.compare(name, "=", 1)


def test_the_limits_of_the_language_are_kept() -> None:
    with pytest.raises(ValueError, match="51 columns"):
        coql.select(["id"] * 51, source="Deals", where=FILLED)
    with pytest.raises(ValueError, match="26 conditions: a query takes 25"):
        coql.select(["id"], source="Deals", where=coql.all_of(*[FILLED] * 26))
    with pytest.raises(ValueError, match="51 values: `in` takes 1 to 50"):
        coql.is_in("id", ["1"] * 51)
    with pytest.raises(ValueError, match="0 values"):
        coql.is_in("id", [])
    with pytest.raises(ValueError, match="limit is 2001"):
        coql.select(["id"], source="Deals", where=FILLED, limit=2001)
    with pytest.raises(ValueError, match="offset is -1"):
        coql.select(["id"], source="Deals", where=FILLED, offset=-1)
    with pytest.raises(ValueError, match="'<>' is no COQL comparator"):
        coql.compare("id", "<>", 1)
    with pytest.raises(ValueError, match="`and` needs at least one"):
        coql.all_of()


def test_the_answer_of_a_query_has_rows_and_whether_more_follow() -> None:
    call = coql.coql("select id from Deals where id is not null")
    assert json.loads(call.request.body or b"") == {
        "select_query": "select id from Deals where id is not null"
    }
    found = call.decode(answer({"data": [{"id": "1"}], "info": {"count": 1, "more_records": True}}))
    assert found == coql.CoqlPage([{"id": "1"}], more=True, meta=AnswerMeta())
    assert call.decode(sample("list_empty_204")) == coql.CoqlPage([], more=False, meta=AnswerMeta())
    with pytest.raises(errors.UnexpectedAnswer, match=r"info\.more_records"):
        call.decode(answer({"data": [], "info": {"count": 0}}))


def test_a_limit_that_the_crm_does_not_allow_is_told_apart() -> None:
    refusal = {"code": "LIMIT_EXCEEDED", "details": {}, "message": "too many", "status": "error"}
    with pytest.raises(errors.LimitExceeded):
        coql.coql("select id from Deals where id is not null limit 2000").decode(
            answer(refusal, 400)
        )
