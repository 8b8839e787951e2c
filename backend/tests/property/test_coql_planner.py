"""The planner's answers equal those of a scan that knows no index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from support.small_organisation import NOON, STAGES, add, small_organisation
from zoho_sim.behaviour.switches import Switches
from zoho_sim.query.coql_parser import parse
from zoho_sim.query.coql_rules import bind_query
from zoho_sim.query.coql_run import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoho_sim.state.organisation import Organisation

Row = dict[str, Any]
SECONDS = st.integers(0, 6)
ORDERED = ("=", "!=", ">", ">=", "<", "<=")


@dataclass(frozen=True)
class Written:
    """A condition twice: as COQL, and as a function on a plain row."""

    text: str
    holds: Callable[[Row], bool]


def compare(name: str, operator: str, spelled: str, operand: Any) -> Written:  # noqa: ANN401 - any type
    checks: dict[str, Callable[[Any], bool]] = {
        "=": lambda value: value == operand,
        "!=": lambda value: value != operand,
        ">": lambda value: value > operand,
        ">=": lambda value: value >= operand,
        "<": lambda value: value < operand,
        "<=": lambda value: value <= operand,
    }
    check = checks[operator]
    return Written(
        f"{name} {operator} {spelled}",
        lambda row: row[name] is not None and check(row[name]),
    )


def contained(name: str, operands: list[Any], *, negated: bool) -> Written:
    spelled = ", ".join(f"'{each}'" for each in operands)
    return Written(
        f"{name} {'not in' if negated else 'in'} ({spelled})",
        lambda row: row[name] is not None and (row[name] in operands) is not negated,
    )


def between(name: str, low: Any, high: Any, *, negated: bool) -> Written:  # noqa: ANN401 - any type
    return Written(
        f"{name} {'not between' if negated else 'between'} '{low}' and '{high}'",
        lambda row: row[name] is not None and (low <= row[name] <= high) is not negated,
    )


def stamp(seconds: int) -> str:
    return (NOON + timedelta(seconds=seconds, hours=8)).strftime("%Y-%m-%dT%H:%M:%S+08:00")


STAMPED = st.sampled_from(["Created_Time", "Modified_Time"])


def field_conditions(ids: list[str]) -> st.SearchStrategy[Written]:
    some_id = st.sampled_from([*ids, "1", "9" * 19])
    operator = st.sampled_from(ORDERED)
    return st.one_of(
        st.builds(lambda op, each: compare("id", op, each, each.zfill(19)), operator, some_id),
        st.builds(
            lambda each, negated: contained("id", each, negated=negated),
            st.lists(some_id.filter(lambda each: each != "1"), min_size=1, max_size=4),
            st.booleans(),
        ),
        st.builds(
            lambda name, op, at: compare(name, op, f"'{stamp(at)}'", stamp(at)),
            STAMPED,
            operator,
            SECONDS,
        ),
        st.builds(
            lambda name, low, high, negated: between(
                name, stamp(low), stamp(high), negated=negated
            ),
            STAMPED,
            SECONDS,
            SECONDS,
            st.booleans(),
        ),
        st.builds(
            lambda op, amount: compare("Amount", op, str(amount), amount),
            operator,
            st.integers(0, 4),
        ),
        st.builds(
            lambda stages, negated: contained("Stage", stages, negated=negated),
            st.lists(st.sampled_from(STAGES), min_size=1, max_size=3),
            st.booleans(),
        ),
        st.sampled_from(["Amount", "Stage", "Created_Time", "id"]).map(
            lambda name: Written(f"{name} is null", lambda row: row[name] is None)
        ),
        st.sampled_from(["Amount", "Stage", "Modified_Time", "id"]).map(
            lambda name: Written(f"{name} is not null", lambda row: row[name] is not None)
        ),
    )


def joined(left: Written, right: Written, word: str) -> Written:
    both: dict[str, Callable[[Row], bool]] = {
        "and": lambda row: left.holds(row) and right.holds(row),
        "or": lambda row: left.holds(row) or right.holds(row),
    }
    return Written(f"({left.text} {word} {right.text})", both[word])


def conditions(ids: list[str]) -> st.SearchStrategy[Written]:
    return st.recursive(
        field_conditions(ids),
        lambda inner: st.builds(joined, inner, inner, st.sampled_from(["and", "and", "or"])),
        max_leaves=6,
    )


def plain_rows(organisation: Organisation) -> list[Row]:
    store = organisation.module("Deals")
    positions = {name: field.position for name, field in store.fields.items()}
    return [
        {name: record.values[at] for name, at in positions.items()}
        for record in store.records.values()
    ]


def expected_ids(rows: list[Row], where: Written, order: list[tuple[str, bool]]) -> list[str]:
    found = [row for row in rows if where.holds(row)]
    last_descends = order[-1][1] if order else False
    for name, descending in reversed([*order, ("id", last_descends)]):
        found.sort(
            key=lambda row, name=name: (row[name] is not None, row[name]), reverse=descending
        )
    return [row["id"] for row in found]


@given(data=st.data())
def test_indexes_find_the_rows_the_order_and_the_counts_of_a_full_scan(data: st.DataObject) -> None:
    organisation = small_organisation()
    for _ in range(data.draw(st.integers(0, 14), "records")):
        created = data.draw(SECONDS)
        add(
            organisation,
            "Deals",
            created=NOON + timedelta(seconds=created),
            modified=NOON + timedelta(seconds=created + data.draw(SECONDS)),
            Amount=data.draw(st.none() | st.integers(0, 4)),
            Stage=data.draw(st.none() | st.sampled_from(STAGES)),
        )
    store = organisation.module("Deals")
    where = data.draw(conditions(list(store.by_id)), "where")
    order = data.draw(
        st.lists(
            st.tuples(
                st.sampled_from(["id", "Created_Time", "Modified_Time", "Amount"]), st.booleans()
            ),
            max_size=3,
        ),
        "order",
    )
    limit, offset = data.draw(st.integers(1, 8), "limit"), data.draw(st.integers(0, 8), "offset")
    order_by = ", ".join(f"{name} {'desc' if down else 'asc'}" for name, down in order)
    clause = f"order by {order_by}" if order else ""

    def ask(text: str) -> Any:  # noqa: ANN401 - an answer
        return run(organisation, bind_query(organisation, store, parse(text), Switches()))

    expected = expected_ids(plain_rows(organisation), where, order)
    answer = ask(f"select id from Deals where {where.text} {clause} limit {offset}, {limit}")
    assert [row["id"] for row in answer.rows] == expected[offset : offset + limit]
    assert answer.more_records is (len(expected) > offset + limit)

    aggregates = ask(
        "select COUNT(id), MAX(Modified_Time), MIN(Created_Time), SUM(Amount)"
        f" from Deals where {where.text}"
    ).rows
    found = [row for row in plain_rows(organisation) if row["id"] in set(expected)]
    amounts = [row["Amount"] for row in found if row["Amount"] is not None]
    assert aggregates == [
        {
            "COUNT(id)": len(found),
            "MAX(Modified_Time)": max((row["Modified_Time"] for row in found), default=None),
            "MIN(Created_Time)": min((row["Created_Time"] for row in found), default=None),
            "SUM(Amount)": sum(amounts) if amounts else None,
        }
    ]
