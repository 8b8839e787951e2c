from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from support.small_organisation import NOON, add, small_organisation
from zoho_sim.behaviour.switches import Switches
from zoho_sim.query.coql_parser import parse
from zoho_sim.query.coql_rules import bind_query
from zoho_sim.query.coql_run import Answer, run
from zoho_sim.query.errors import QueryError

if TYPE_CHECKING:
    from zoho_sim.state.organisation import Organisation

OMAR = "5540230000000000022"
DAY_1, DAY_2, DAY_3 = (f"2026-03-0{day}T12:00:00Z" for day in (1, 2, 3))


@pytest.fixture
def organisation() -> Organisation:
    organisation = small_organisation()
    parent = add(organisation, "Accounts", Account_Name="Holding", Phone="1")
    account = add(
        organisation,
        "Accounts",
        Account_Name="Acme",
        Phone="+65 6000",
        Parent_Account=organisation.module("Accounts").reference(parent),
    )
    acme = organisation.module("Accounts").reference(account)
    add(organisation, "Deals", Deal_Name="Alpha", Amount=10.5, Stage="Proposal", Account_Name=acme)
    add(
        organisation,
        "Deals",
        Deal_Name="beta's",
        Amount=30,
        Stage="Closed Won",
        Owner=organisation.users[OMAR].owner_reference,
        Regions=["North", "South"],
        created=NOON + timedelta(days=1),
        modified=NOON + timedelta(days=9),
    )
    add(
        organisation,
        "Deals",
        Deal_Name="Gamma",
        Stage="Proposal",
        Is_Strategic=True,
        Ledger_Number="123456789012345678",
        Closing_Date="2026-05-01",
        created=NOON + timedelta(days=2),
    )
    return organisation


def ask(organisation: Organisation, text: str, **switches: Any) -> Answer:  # noqa: ANN401 - switch values
    query = parse(text)
    module = organisation.module(query.module)
    return run(organisation, bind_query(organisation, module, query, Switches(**switches)))


def names(organisation: Organisation, condition: str) -> list[object]:
    answer = ask(organisation, f"select Deal_Name from Deals where {condition}")
    return [row["Deal_Name"] for row in answer.rows]


def deal_ids(organisation: Organisation) -> list[str]:
    return list(organisation.module("Deals").by_id)


def test_rows_carry_flat_dotted_keys_lookups_as_pairs_and_always_the_id(
    organisation: Organisation,
) -> None:
    account = organisation.module("Accounts").by_id[1]
    first = deal_ids(organisation)[0]
    answer = ask(
        organisation,
        "select Deal_Name, Account_Name, Account_Name.Phone,"
        " Account_Name.Parent_Account.Account_Name as parent, Owner, Owner.email"
        " from Deals where Deal_Name = 'Alpha'",
    )
    assert answer == Answer(
        [
            {
                "Deal_Name": "Alpha",
                "Account_Name": {"name": "Acme", "id": account},
                "Account_Name.Phone": "+65 6000",
                "parent": "Holding",
                "Owner": {"name": "Tan", "id": "5540230000000000021"},
                "Owner.email": "mei@larkspur.example",
                "id": first,
            }
        ],
        more_records=False,
    )


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("id is not null", ["Alpha", "beta's", "Gamma"]),
        ("Deal_Name = 'alpha'", ["Alpha"]),
        (r"Deal_Name = 'beta\'s'", ["beta's"]),
        ("Deal_Name like '%mm%'", ["Gamma"]),
        ("Deal_Name like 'AL%'", ["Alpha"]),
        ("Deal_Name like '%a'", ["Alpha", "Gamma"]),
        ("Deal_Name not like '%a%'", []),
        ("Deal_Name in ('Alpha', 'Gamma', 'x')", ["Alpha", "Gamma"]),
        ("Deal_Name not in ('Alpha')", ["beta's", "Gamma"]),
        ("Amount >= 10.5", ["Alpha", "beta's"]),
        ("Amount > '10.5'", ["beta's"]),
        ("Amount between 10 and 30", ["Alpha", "beta's"]),
        ("Amount not between 10 and 20", ["beta's"]),
        ("Amount != 30", ["Alpha"]),
        ("Amount is null", ["Gamma"]),
        ("Account_Name is null", ["beta's", "Gamma"]),
        ("Account_Name.Phone = '+65 6000'", ["Alpha"]),
        (f"Owner = {OMAR}", ["beta's"]),
        (f"Owner != '{OMAR}'", ["Alpha", "Gamma"]),
        ("Owner.last_name = 'Reyes'", ["beta's"]),
        ("Is_Strategic = true", ["Gamma"]),
        ("Is_Strategic = 'false'", ["Alpha", "beta's"]),
        ("Regions = 'South;North'", ["beta's"]),
        ("Ledger_Number > 123456789012345677", ["Gamma"]),
        ("Closing_Date <= '2026-05-01'", ["Gamma"]),
        ("Created_Time < '2026-03-02T12:00:00+00:00'", ["Alpha"]),
        ("Created_Time >= '2026-03-02T20:00:00+08:00'", ["beta's", "Gamma"]),
        ("Modified_Time > '2026-03-10T12:00:00Z'", []),
        (f"Created_Time >= '{DAY_2}' and Created_Time >= '{DAY_1}'", ["beta's", "Gamma"]),
        (f"Created_Time >= '{DAY_1}' and Created_Time >= '{DAY_2}'", ["beta's", "Gamma"]),
        (f"Created_Time < '{DAY_2}' and Created_Time <= '{DAY_3}'", ["Alpha"]),
        (f"Created_Time <= '{DAY_3}' and Created_Time < '{DAY_2}'", ["Alpha"]),
        ("(Amount > 5 and Stage = 'Proposal') or Is_Strategic = true", ["Alpha", "Gamma"]),
        ("id > 0", ["Alpha", "beta's", "Gamma"]),
        ("id < 9", []),
    ],
)
def test_conditions_find_what_they_say(
    organisation: Organisation, condition: str, expected: list[str]
) -> None:
    assert names(organisation, condition) == expected


def test_a_write_is_seen_at_once(organisation: Organisation) -> None:
    add(organisation, "Deals", Deal_Name="Delta")
    assert names(organisation, "Deal_Name = 'Delta'") == ["Delta"]


def test_pages_follow_the_order_and_say_whether_more_follow(organisation: Organisation) -> None:
    def page(clause: str) -> tuple[list[object], bool]:
        answer = ask(organisation, f"select Deal_Name from Deals where id is not null {clause}")
        return [row["Deal_Name"] for row in answer.rows], answer.more_records

    assert page("order by Amount desc") == (["beta's", "Alpha", "Gamma"], False)
    assert page("order by Amount asc") == (["Gamma", "Alpha", "beta's"], False)
    assert page("order by Stage, Deal_Name desc") == (["beta's", "Gamma", "Alpha"], False)
    assert page("order by Modified_Time desc limit 1") == (["beta's"], True)
    assert page("order by id desc limit 1, 1") == (["beta's"], True)
    assert page("limit 2 offset 1") == (["beta's", "Gamma"], False)
    assert page("limit 5 offset 7") == ([], False)


def test_groups_have_aggregates_and_their_own_order(organisation: Organisation) -> None:
    answer = ask(
        organisation,
        "select Stage, COUNT(id) as deals, SUM(Amount), MAX(Created_Time), AVG(Amount)"
        " from Deals where id is not null group by Stage order by COUNT(id) desc",
    )
    assert answer.rows == [
        {
            "Stage": "Proposal",
            "deals": 2,
            "SUM(Amount)": 10.5,
            "MAX(Created_Time)": "2026-03-03T20:00:00+08:00",
            "AVG(Amount)": 10.5,
        },
        {
            "Stage": "Closed Won",
            "deals": 1,
            "SUM(Amount)": 30,
            "MAX(Created_Time)": "2026-03-02T20:00:00+08:00",
            "AVG(Amount)": 30.0,
        },
    ]


def test_groups_can_be_ordered_by_an_alias(organisation: Organisation) -> None:
    answer = ask(
        organisation,
        "select Stage, COUNT(id) as deals from Deals where id > 0 group by Stage order by deals",
    )
    assert [(row["Stage"], row["deals"]) for row in answer.rows] == [
        ("Closed Won", 1),
        ("Proposal", 2),
    ]


def test_aggregates_of_the_whole_module_equal_those_of_a_scan(organisation: Organisation) -> None:
    select = "select COUNT(id), MIN(Modified_Time), MAX(Modified_Time) from Deals where "
    by_index = ask(organisation, select + "id is not null").rows
    by_scan = ask(organisation, select + "Deal_Name is not null").rows
    assert by_index == by_scan
    assert by_index == [
        {
            "COUNT(id)": 3,
            "MIN(Modified_Time)": "2026-03-01T20:00:00+08:00",
            "MAX(Modified_Time)": "2026-03-10T20:00:00+08:00",
        }
    ]


def test_aggregates_over_nothing_are_a_row_of_zero_and_nulls_unless_switched(
    organisation: Organisation,
) -> None:
    text = "select COUNT(id), MAX(Amount) from Deals where Amount > 1000"
    assert ask(organisation, text).rows == [{"COUNT(id)": 0, "MAX(Amount)": None}]
    assert ask(organisation, text, coql_empty_aggregate_is_no_content=True).rows == []


REFUSALS = [
    (
        "select Nope from Deals where id > 1",
        "INVALID_QUERY",
        "column given seems to be invalid",
        {"column_name": "Nope"},
    ),
    (
        "select Amount.Phone from Deals where id > 1",
        "INVALID_QUERY",
        "column given seems to be invalid",
        {"column_name": "Amount.Phone"},
    ),
    (
        "select Line_Items from Deals where id > 1",
        "INVALID_QUERY",
        "unsupported column",
        {"column_name": "Line_Items"},
    ),
    (
        "select SUM(Deal_Name) from Deals where id > 1",
        "INVALID_QUERY",
        "unsupported column",
        {"column_name": "Deal_Name"},
    ),
    (
        "select id from Deals where Deal_Name > 'a'",
        "INVALID_QUERY",
        "Invalid query formed",
        {"reason": "invalid operator found", "column_name": "Deal_Name", "operator": ">"},
    ),
    (
        "select id from Deals where Is_Strategic is null",
        "INVALID_QUERY",
        "Invalid query formed",
        {"reason": "invalid operator found", "column_name": "Is_Strategic", "operator": "is null"},
    ),
    (
        "select id from Deals where Description = 'x'",
        "INVALID_QUERY",
        "unsupported column in criteria",
        {"cv_criteria": False, "column_name": "Description", "value": "x", "operator": "="},
    ),
    (
        "select id from Deals where Created_Time > '2026-01-01T00:00:00'",
        "INVALID_QUERY",
        "value given seems to be invalid for the column",
        {"column_name": "Created_Time"},
    ),
    (
        "select id from Deals where Closing_Date = '20260101'",
        "INVALID_QUERY",
        "value given seems to be invalid for the column",
        {"column_name": "Closing_Date"},
    ),
    (
        "select Stage, Stage from Deals where id > 1",
        "DUPLICATE_DATA",
        "duplicate select column",
        {"column_name": "Stage"},
    ),
    (
        "select MAX(Amount), MAX(Amount) from Deals where id > 1",
        "DUPLICATE_DATA",
        "duplicate aggregate function",
        {"column_name": "Amount", "aggregate": "MAX"},
    ),
    (
        "select Stage as x, Amount as x from Deals where id > 1",
        "DUPLICATE_ALIAS",
        "same alias cannot refer more than one column",
        {"referred_columns": ["Stage", "Amount"], "alias": "x"},
    ),
    (
        "select Stage as Amount, Amount from Deals where id > 1",
        "INVALID_QUERY",
        (
            "column name or property name given in select columns without alias name cannot"
            " be an alias name for other select columns"
        ),
        {"column_name": "Stage", "alias": "Amount"},
    ),
    (
        "select Stage, COUNT(id) from Deals where id > 1",
        "INVALID_QUERY",
        "Invalid query formed",
        {"column_name": "Stage", "clause": "select"},
    ),
    (
        "select id from Deals where id > 1 limit 0",
        "INVALID_DATA",
        "limit should be greater than 0",
        {},
    ),
    (
        "select id from Deals where id > 1 limit 2001",
        "LIMIT_EXCEEDED",
        "limit exceeded",
        {"limit": 2000, "clause": "limit"},
    ),
    (
        "select id from Deals where id > 1 limit 2000 offset 98001",
        "LIMIT_EXCEEDED",
        "limit exceeded",
        {"limit": 100_000, "clause": "offset"},
    ),
    (
        "select id from Deals where Account_Name.Parent_Account.Parent_Account.Phone = '1'",
        "LIMIT_EXCEEDED",
        "limit exceeded",
        {"limit": 2, "column_name": "Account_Name.Parent_Account.Parent_Account.Phone"},
    ),
    (
        f"select id from Deals where id in ({','.join(['1'] * 51)})",
        "LIMIT_EXCEEDED",
        "limit exceeded",
        {"limit": 50, "column_name": "id", "operator": "in"},
    ),
    (
        f"select {','.join(f'F{n}' for n in range(51))} from Deals where id > 1",
        "LIMIT_EXCEEDED",
        "limit exceeded",
        {"limit": 50, "clause": "select"},
    ),
    (
        "select id from Deals where id > 1 order by " + ",".join(["Stage"] * 11),
        "LIMIT_EXCEEDED",
        "limit exceeded",
        {"limit": 10, "clause": "order by"},
    ),
    (
        "select COUNT(id) from Deals where id > 1 group by " + ",".join(["Stage"] * 5),
        "LIMIT_EXCEEDED",
        "limit exceeded",
        {"limit": 4, "clause": "group by"},
    ),
    (
        "select id from Deals where "
        + "(" * 5
        + "A.x = 1"
        + "".join(f" and {link}.x = 1)" for link in "BCDEF"),
        "LIMIT_EXCEEDED",
        "limit exceeded",
        {"limit": 5, "clause": "where"},
    ),
    (
        "select id from Deals where " + "(" * 25 + "id > 1" + " and id > 1)" * 25,
        "LIMIT_EXCEEDED",
        "limit exceeded",
        {"limit": 25, "clause": "where"},
    ),
]


@pytest.mark.parametrize(("text", "code", "message", "details"), REFUSALS)
def test_a_query_outside_the_rules_is_refused_with_the_reason(
    organisation: Organisation, text: str, code: str, message: str, details: dict[str, object]
) -> None:
    with pytest.raises(QueryError) as refused:
        ask(organisation, text)
    assert refused.value.body() == {
        "code": code,
        "details": details,
        "message": message,
        "status": "error",
    }


def test_the_caps_that_nobody_confirmed_are_switches(organisation: Organisation) -> None:
    wide = ",".join(["1"] * 100)
    text = f"select id from Deals where id in ({wide}) limit 201"
    assert ask(organisation, text, coql_in_maximum=100).rows == []
    with pytest.raises(QueryError, match="LIMIT_EXCEEDED"):
        ask(organisation, text, coql_in_maximum=100, coql_limit_maximum=200)
