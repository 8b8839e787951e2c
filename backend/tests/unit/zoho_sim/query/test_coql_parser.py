from __future__ import annotations

import pytest

from zoho_sim.query.conditions import AllOf, AnyOf, Column, FieldTest, Relation
from zoho_sim.query.coql_ast import Aggregate, Function, Ordering, SelectItem
from zoho_sim.query.coql_parser import parse
from zoho_sim.query.errors import QueryError


def where(text: str) -> object:
    return parse(f"select id from Deals where {text}").where


def test_every_clause_lands_in_the_tree() -> None:
    query = parse(
        "SELECT Account_Name.Phone AS phone, COUNT(id) FROM Deals#123 WHERE Amount > 1"
        " GROUP BY Account_Name.Phone ORDER BY COUNT(id) DESC, phone LIMIT 20, 10"
    )
    phone = Column(("Account_Name", "Phone"))
    count = Aggregate(Function.COUNT, Column(("id",)))
    assert query.select == (SelectItem(phone, "phone"), SelectItem(count, None))
    assert (query.module, query.cvid) == ("Deals", "123")
    assert query.where == FieldTest(Column(("Amount",)), Relation.GREATER, (1,), ">")
    assert query.group_by == (phone,)
    assert query.order_by == (
        Ordering(count, descending=True),
        Ordering(Column(("phone",)), descending=False),
    )
    assert (query.limit, query.offset) == (10, 20)


@pytest.mark.parametrize(
    ("clause", "limit", "offset"),
    [
        ("", None, 0),
        ("limit 7", 7, 0),
        ("limit 3, 7", 7, 3),
        ("limit 7 offset 3", 7, 3),
        ("offset 3", None, 3),
    ],
)
def test_limit_has_several_spellings(clause: str, limit: int | None, offset: int) -> None:
    query = parse(f"select id from Deals where id is not null {clause}")
    assert (query.limit, query.offset) == (limit, offset)


@pytest.mark.parametrize(
    ("text", "relation", "operands"),
    [
        ("a = 'x'", Relation.EQUAL, ("x",)),
        ("a != 1.5", Relation.NOT_EQUAL, (1.5,)),
        ("a>=-3", Relation.GREATER_EQUAL, (-3,)),
        ("a < 3", Relation.LESS, (3,)),
        ("a <= 3", Relation.LESS_EQUAL, (3,)),
        ("a = TRUE", Relation.EQUAL, (True,)),
        ("a in ('x', 2)", Relation.IN, ("x", 2)),
        ("a NOT IN ('x')", Relation.NOT_IN, ("x",)),
        ("a between 1 and 2", Relation.BETWEEN, (1, 2)),
        ("a not between 1 and 2", Relation.NOT_BETWEEN, (1, 2)),
        ("a like '%x%'", Relation.CONTAINS, ("x",)),
        ("a like 'x%'", Relation.STARTS_WITH, ("x",)),
        ("a like '%x'", Relation.ENDS_WITH, ("x",)),
        ("a like 'x'", Relation.EQUAL, ("x",)),
        ("a not like '%x%'", Relation.NOT_CONTAINS, ("x",)),
        ("a is null", Relation.IS_NULL, ()),
        ("a is not null", Relation.IS_NOT_NULL, ()),
        (r"a = 'it\'s a \\ here'", Relation.EQUAL, ("it's a \\ here",)),
        ("a = 'one\ntwo; select'", Relation.EQUAL, ("one\ntwo; select",)),
    ],
)
def test_each_comparator_has_its_relation(
    text: str, relation: Relation, operands: tuple[object, ...]
) -> None:
    test = where(text)
    assert isinstance(test, FieldTest)
    assert (test.relation, test.operands) == (relation, operands)


def test_a_third_condition_in_brackets_of_its_own_is_accepted() -> None:
    a, b, c = (FieldTest(Column((name,)), Relation.EQUAL, (1,), "=") for name in "abc")
    nested = AnyOf((AllOf((a, b)), c))
    assert where("((a = 1 and b = 1) or c = 1)") == nested
    assert where("(a = 1 and b = 1) or c = 1") == nested


@pytest.mark.parametrize(
    ("text", "message", "details"),
    [
        ("update Deals set a = 1", "given coql query not supported", {}),
        ("select id from Deals", "missing clause", {"clause": "where"}),
        ("select id from Deals limit 5", "missing clause", {"clause": "where"}),
        ("select id where a = 1", "missing clause", {"clause": "from"}),
        ("select id", "missing clause", {"clause": "from"}),
        (
            "select id from Deals where a = 1 and b = 2 and c = 3",
            "unexpected token",
            {"line": 1, "column": 44, "near": "and"},
        ),
        (
            "select id from\nDeals where and",
            "unexpected token",
            {"line": 2, "column": 13, "near": "and"},
        ),
        ("select id from Deals where not a = 1", "operator not supported", {"operator": "not"}),
        ("select id from Deals where a <> 1", "operator not supported", {"operator": "<>"}),
        ("select id from Deals where a == 1", "operator not supported", {"operator": "=="}),
        (
            "select id from Deals where a not like 'x%'",
            "operator not supported",
            {"operator": "not like"},
        ),
        (
            "select id from Deals where",
            "error occured while parsing the query",
            {"near": "where"},
        ),
        (
            "select * from Deals where a = 1",
            "error occured while parsing the query",
            {"near": "* from Deals where a"},
        ),
        (
            "select id from Deals where a = 'open",
            "error occured while parsing the query",
            {"near": "'open"},
        ),
    ],
)
def test_what_is_no_sentence_is_a_syntax_error_that_says_where(
    text: str, message: str, details: dict[str, object]
) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text)
    assert refused.value.body() == {
        "code": "SYNTAX_ERROR",
        "details": details,
        "message": message,
        "status": "error",
    }


@pytest.mark.parametrize(
    ("text", "code", "message", "details"),
    [
        (
            "select count(id) from Deals where a = 1",
            "INVALID_DATA",
            "invalid data",
            {"reason": "unsupported aggregate function", "column": "count(id)"},
        ),
        (
            "select Name as '' from Deals where a = 1",
            "INVALID_ALIAS",
            "alias name cannot be an empty string",
            {"column_name": "Name", "alias": ""},
        ),
        (
            "select id from Deals where a = 1 limit s",
            "INVALID_QUERY",
            "limit given seems to be invalid",
            {"limit": "s"},
        ),
        (
            "select id from Deals where a = 1 limit 1.5",
            "INVALID_QUERY",
            "limit given seems to be invalid",
            {"limit": "1.5"},
        ),
    ],
)
def test_refusals_that_are_no_syntax_errors_have_their_own_codes(
    text: str, code: str, message: str, details: dict[str, object]
) -> None:
    with pytest.raises(QueryError) as refused:
        parse(text)
    error = refused.value
    assert (error.code, error.message, error.details) == (code, message, details)
