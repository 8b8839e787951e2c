from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from support.small_organisation import add, small_organisation
from zoho_sim.query.conditions import AllOf, AnyOf, Column, FieldTest, Relation
from zoho_sim.query.errors import QueryError
from zoho_sim.query.search import conditions_of, found
from zoho_sim.query.search_criteria import parse

if TYPE_CHECKING:
    from zoho_sim.state.organisation import Organisation


def field(name: str, operator: str, relation: Relation, *operands: str) -> FieldTest:
    return FieldTest(Column((name,)), relation, operands, operator)


A = field("a", "equals", Relation.EQUAL, "1")
B = field("b", "equals", Relation.EQUAL, "2")
C = field("c", "equals", Relation.EQUAL, "3")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("(a:equals:1)", A),
        ("((a:equals:1))", A),
        ("((a:equals:1)and(b:equals:2))", AllOf((A, B))),
        ("(a:equals:1) or (b:equals:2) and (c:equals:3)", AnyOf((A, AllOf((B, C))))),
        ("(((a:equals:1)or(b:equals:2))and(c:equals:3))", AllOf((AnyOf((A, B)), C))),
        (r"(a:equals:Burns\, B \(Ltd\))", field("a", "equals", Relation.EQUAL, "Burns, B (Ltd)")),
        (r"(a:equals:back\\)", field("a", "equals", Relation.EQUAL, "back\\")),
        (r"(a:in:x,y\,z, w)", field("a", "in", Relation.IN, "x", "y,z", "w")),
        ("(a:between:1,2)", field("a", "between", Relation.BETWEEN, "1", "2")),
        (
            "(t:less_than:2026-01-01T00:00:00+08:00)",
            field("t", "less_than", Relation.LESS, "2026-01-01T00:00:00+08:00"),
        ),
    ],
)
def test_criteria_become_a_tree(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a:equals:1",
        "(a:equals:1",
        "(a:equals:)",
        "(a:equals:x)y)",
        "(a:equals:1)xor(b:equals:2)",
    ],
)
def test_what_is_no_criteria_is_an_invalid_query(text: str) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text)
    assert refused.value.body() == {
        "code": "INVALID_QUERY",
        "details": {},
        "message": "Invalid query formed",
        "status": "error",
    }


@pytest.fixture
def organisation() -> Organisation:
    organisation = small_organisation()
    add(
        organisation,
        "Accounts",
        Account_Name="Acme Marine, (Asia)",
        Phone="+65 6123-4567",
    )
    add(organisation, "Accounts", Account_Name="Marina Foods", Phone=None)
    add(organisation, "Accounts", Account_Name="Sub marine", Phone="99")
    return organisation


def hits(organisation: Organisation, **parameters: str) -> list[object]:
    store = organisation.module("Accounts")
    name = store.fields["Account_Name"].position
    parts = conditions_of(organisation, store, parameters)
    return [record.values[name] for record in found(store, parts, {})]


ACME, FOODS, SUB = "Acme Marine, (Asia)", "Marina Foods", "Sub marine"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"criteria": "(Account_Name:equals:marin)"}, [SUB, FOODS, ACME]),
        ({"criteria": "(Account_Name:not_equal:marine)"}, [FOODS]),
        ({"criteria": "(Account_Name:starts_with:mar)"}, [FOODS]),
        ({"criteria": r"(Account_Name:in:Sub marine,Acme Marine\, \(Asia\))"}, [SUB, ACME]),
        ({"criteria": "((Account_Name:equals:sub)or(Phone:equals:6123))"}, [SUB, ACME]),
        ({"criteria": "(Account_Name:equals:sub)", "word": "foods"}, [SUB]),
        ({"phone": "6561234567"}, [ACME]),
        ({"word": "marin"}, [SUB, FOODS, ACME]),
        ({"word": "arin"}, []),
        ({"word": "asia*"}, [ACME]),
    ],
)
def test_search_finds_newest_first(
    organisation: Organisation, parameters: dict[str, str], expected: list[str]
) -> None:
    assert hits(organisation, **parameters) == expected


@pytest.mark.parametrize(
    ("parameters", "code", "message", "details"),
    [
        (
            {},
            "EXPECTED_PARAM_MISSING",
            "one of the expected parameter is missing",
            {"param_names": ["criteria", "email", "phone", "word"]},
        ),
        (
            {"criteria": "(Nope:equals:1)"},
            "INVALID_QUERY",
            "Invalid query formed",
            {"reason": "the field is not available for search", "api_name": "Nope"},
        ),
        (
            {"criteria": "(Phone:greater_than:1)"},
            "INVALID_QUERY",
            "invalid operator found",
            {
                "operator": "greater_than",
                "reason": "The operator is not valid for the field type",
                "api_name": "Phone",
            },
        ),
        (
            {"criteria": "(Created_Time:equals:yesterday)"},
            "INVALID_QUERY",
            "Invalid query formed",
            {
                "expected_data_type": "datetime",
                "reason": "invalid value for search",
                "api_name": "Created_Time",
                "value": "yesterday",
            },
        ),
        (
            {"criteria": f"(Phone:in:{','.join(['1'] * 101)})"},
            "INVALID_QUERY",
            'Only 100 values are allowed in "IN" criteria',
            {"api_name": "Phone"},
        ),
        (
            {"criteria": "and".join(["(Phone:equals:1)"] * 11)},
            "CRITERIA_LIMIT_EXCEEDED",
            "no of criterium that can be given exceed the limit 15",
            {},
        ),
        (
            {"word": "a"},
            "INVALID_DATA",
            "provide atleast 2 letters for search",
            {"param_name": "word"},
        ),
        (
            {"word": "a(b)c"},
            "INVALID_DATA",
            "special characters are not allowed",
            {"param_name": "word"},
        ),
        (
            {"email": "a@example.com"},
            "FIELD_TYPE_UNAVAILABLE",
            "this data type is not found in this module",
            {},
        ),
        ({"email": "example"}, "INVALID_QUERY", "Invalid query formed", {"param_name": "email"}),
    ],
)
def test_a_search_outside_the_rules_is_refused_with_the_reason(
    organisation: Organisation,
    parameters: dict[str, str],
    code: str,
    message: str,
    details: dict[str, object],
) -> None:
    with pytest.raises(QueryError) as refused:
        hits(organisation, **parameters)
    error = refused.value
    assert (error.code, error.message, error.details) == (code, message, details)


def test_ten_criteria_are_allowed(organisation: Organisation) -> None:
    criteria = "and".join(["(Account_Name:equals:sub)"] * 10)
    assert hits(organisation, criteria=criteria) == [SUB]


def test_search_sees_images_in_the_place_of_present_records(organisation: Organisation) -> None:
    store = organisation.module("Accounts")
    acme, foods, sub = (store.records[record_id] for record_id in store.by_id)
    before = list(foods.values)
    before[store.fields["Account_Name"].position] = "Marina Drinks"
    gone = list(acme.values)
    gone[0] = "0000000000000000001"
    images = {sub.id: None, foods.id: before, "0000000000000000001": gone}
    parts = conditions_of(organisation, store, {"word": "marin"})
    name = store.fields["Account_Name"].position
    assert [record.values[name] for record in found(store, parts, images)] == [
        "Marina Drinks",
        ACME,
        ACME,
    ]
