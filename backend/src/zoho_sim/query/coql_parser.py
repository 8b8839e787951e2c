"""COQL text to syntax tree. What is no sentence of the grammar is refused as SYNTAX_ERROR.

The bodies are those of the vendor's examples for executeCOQLQuery (zoho-crm-v8.md section 6).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple, NoReturn, TypeVar

from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedEOF, UnexpectedToken

from zoho_sim.query.conditions import AllOf, AnyOf, Column, Condition, FieldTest, Literal, Relation
from zoho_sim.query.coql_ast import Aggregate, Function, Ordering, Query, SelectItem
from zoho_sim.query.errors import QueryError

_ESCAPE = re.compile(r"\\(.)|'(')", re.DOTALL)


_COMPARE = {
    "=": Relation.EQUAL,
    "!=": Relation.NOT_EQUAL,
    ">": Relation.GREATER,
    ">=": Relation.GREATER_EQUAL,
    "<": Relation.LESS,
    "<=": Relation.LESS_EQUAL,
}
# By where the pattern has its wildcard: at the start, at the end.
_LIKE = {
    (True, True): Relation.CONTAINS,
    (True, False): Relation.ENDS_WITH,
    (False, True): Relation.STARTS_WITH,
    (False, False): Relation.EQUAL,
}

_T = TypeVar("_T")


class _Select(NamedTuple):
    items: tuple[SelectItem, ...]


class _Module(NamedTuple):
    name: str
    cvid: str | None


class _Where(NamedTuple):
    condition: Condition


class _GroupBy(NamedTuple):
    columns: tuple[Column, ...]


class _OrderBy(NamedTuple):
    orderings: tuple[Ordering, ...]


class _Limit(NamedTuple):
    limit: int | None
    offset: int


@lru_cache(maxsize=256)
def parse(text: str) -> Query:
    """Return the tree of a query; raise QueryError with the CRM's body where it is none."""
    if not re.match(r"\s*select\b", text, re.IGNORECASE):
        raise QueryError("SYNTAX_ERROR", "given coql query not supported")
    try:
        # The transformer runs inside the parser, so what `parse` gives is no Tree but a Query.
        parsed: object = _PARSER.parse(text)
    except UnexpectedEOF:
        raise QueryError(
            "SYNTAX_ERROR", "error occured while parsing the query", {"near": text[-20:]}
        ) from None
    except UnexpectedCharacters as error:
        raise QueryError(
            "SYNTAX_ERROR",
            "error occured while parsing the query",
            {"near": text[error.pos_in_stream :][:20]},
        ) from None
    except UnexpectedToken as error:
        _refuse_token(error, text)
    if not isinstance(parsed, Query):  # pragma: no cover - the start rule makes a Query
        raise TypeError(parsed)
    return parsed


def _refuse_token(error: UnexpectedToken, text: str) -> NoReturn:
    token = error.token
    expected = set(error.accepts or error.expected)
    if token.type == "$END":
        if "FROM" in expected:
            raise QueryError("SYNTAX_ERROR", "missing clause", {"clause": "from"}) from None
        raise QueryError(
            "SYNTAX_ERROR",
            "error occured while parsing the query",
            {"near": text.rsplit(maxsplit=1)[-1]},
        ) from None
    if token.type == "NOT":
        raise QueryError("SYNTAX_ERROR", "operator not supported", {"operator": "not"}) from None
    if token.type == "WHERE" and "FROM" in expected:
        raise QueryError("SYNTAX_ERROR", "missing clause", {"clause": "from"}) from None
    raise QueryError(
        "SYNTAX_ERROR",
        "unexpected token",
        {"line": token.line or 1, "column": token.column or 1, "near": str(token)},
    ) from None


class _ToTree(Transformer[Token, Query]):
    """Each method takes the already transformed children of the rule of its name."""

    def string(self, children: list[Token]) -> str:
        return _unquote(children[0])

    def number(self, children: list[Token]) -> int | float:
        return float(children[0]) if "." in children[0] else int(children[0])

    def boolean(self, children: list[Token]) -> bool:
        return children[0].lower() == "true"

    def literals(self, children: list[Literal]) -> tuple[Literal, ...]:
        return tuple(children)

    def column(self, children: list[Token]) -> Column:
        return Column(tuple(str(name) for name in children))

    def aggregate(self, children: list[Token | Column]) -> Aggregate:
        name, column = str(children[0]), _expect(Column, children[1])
        if name not in Function.__members__:
            raise QueryError(
                "INVALID_DATA",
                "invalid data",
                {"reason": "unsupported aggregate function", "column": f"{name}({column.name})"},
            )
        return Aggregate(Function(name), column)

    def alias(self, children: list[Token]) -> str:
        token = children[0]
        return _unquote(token) if token.type == "STRING" else str(token)

    def item(self, children: list[Column | Aggregate | str | Token]) -> SelectItem:
        value = _value(children[0])
        alias = str(children[-1]) if len(children) > 1 else None
        if alias == "":
            raise QueryError(
                "INVALID_ALIAS",
                "alias name cannot be an empty string",
                {
                    "column_name": value.column.name
                    if isinstance(value, Aggregate)
                    else value.name,
                    "alias": "",
                },
            )
        return SelectItem(value, alias)

    def items(self, children: list[SelectItem]) -> _Select:
        return _Select(tuple(children))

    def module(self, children: list[Token]) -> _Module:
        return _Module(str(children[0]), str(children[1]) if len(children) > 1 else None)

    def conjunction(self, children: list[Condition | Token]) -> AllOf:
        return AllOf((_condition(children[0]), _condition(children[-1])))

    def disjunction(self, children: list[Condition | Token]) -> AnyOf:
        return AnyOf((_condition(children[0]), _condition(children[-1])))

    def where(self, children: list[Condition | Token]) -> _Where:
        return _Where(_condition(children[-1]))

    def compare(self, children: list[object]) -> FieldTest:
        operator = str(children[1])
        if operator not in _COMPARE:
            raise QueryError("SYNTAX_ERROR", "operator not supported", {"operator": operator})
        return _test(_COMPARE[operator], operator, children)

    def like(self, children: list[object]) -> FieldTest:
        pattern = str(_operands(children)[0])
        inner = pattern.strip("%")
        relation = _LIKE[pattern.startswith("%"), pattern.endswith("%")]
        return FieldTest(_expect(Column, children[0]), relation, (inner,), "like")

    def not_like(self, children: list[object]) -> FieldTest:
        pattern = str(_operands(children)[0])
        if not (pattern.startswith("%") and pattern.endswith("%") and pattern.strip("%")):
            raise QueryError("SYNTAX_ERROR", "operator not supported", {"operator": "not like"})
        inner = pattern.strip("%")
        return FieldTest(_expect(Column, children[0]), Relation.NOT_CONTAINS, (inner,), "not like")

    def contained(self, children: list[object]) -> FieldTest:
        return _test(Relation.IN, "in", children)

    def not_contained(self, children: list[object]) -> FieldTest:
        return _test(Relation.NOT_IN, "not in", children)

    def between(self, children: list[object]) -> FieldTest:
        return _test(Relation.BETWEEN, "between", children)

    def not_between(self, children: list[object]) -> FieldTest:
        return _test(Relation.NOT_BETWEEN, "not between", children)

    def is_null(self, children: list[object]) -> FieldTest:
        return _test(Relation.IS_NULL, "is null", children)

    def is_not_null(self, children: list[object]) -> FieldTest:
        return _test(Relation.IS_NOT_NULL, "is not null", children)

    def group_by(self, children: list[Column | Token]) -> _GroupBy:
        return _GroupBy(tuple(child for child in children if isinstance(child, Column)))

    def ordering(self, children: list[Column | Aggregate | Token]) -> Ordering:
        last = children[-1]
        return Ordering(_value(children[0]), isinstance(last, Token) and last.type == "DESC")

    def order_by(self, children: list[Ordering | Token]) -> _OrderBy:
        return _OrderBy(tuple(child for child in children if isinstance(child, Ordering)))

    def amount(self, children: list[Token]) -> int:
        token = children[0]
        if token.type != "NUMBER" or not token.lstrip("+-").isdigit():
            raise QueryError(
                "INVALID_QUERY", "limit given seems to be invalid", {"limit": token.strip("'")}
            )
        return int(token)

    def limit_only(self, children: list[Token | int]) -> _Limit:
        return _Limit(_expect(int, children[-1]), 0)

    def limit_after_offset(self, children: list[Token | int]) -> _Limit:
        return _Limit(_expect(int, children[2]), _expect(int, children[1]))

    def limit_then_offset(self, children: list[Token | int]) -> _Limit:
        return _Limit(_expect(int, children[1]), _expect(int, children[3]))

    def offset_only(self, children: list[Token | int]) -> _Limit:
        return _Limit(None, _expect(int, children[1]))

    def start(self, children: list[object]) -> Query:
        parts = {type(child): child for child in children if not isinstance(child, Token)}
        module = _expect(_Module, parts[_Module])
        if _Where not in parts:
            raise QueryError("SYNTAX_ERROR", "missing clause", {"clause": "where"})
        limit = _expect(_Limit, parts.get(_Limit, _Limit(None, 0)))
        return Query(
            select=_expect(_Select, parts[_Select]).items,
            module=module.name,
            cvid=module.cvid,
            where=_expect(_Where, parts[_Where]).condition,
            group_by=_expect(_GroupBy, parts.get(_GroupBy, _GroupBy(()))).columns,
            order_by=_expect(_OrderBy, parts.get(_OrderBy, _OrderBy(()))).orderings,
            limit=limit.limit,
            offset=limit.offset,
        )


def _unquote(token: Token) -> str:
    return _ESCAPE.sub(r"\1\2", token[1:-1])


def _operands(children: list[object]) -> tuple[Literal, ...]:
    operands: list[Literal] = []
    for child in children[1:]:
        if isinstance(child, tuple):
            operands.extend(_literal(each) for each in child)
        elif not isinstance(child, Token):
            operands.append(_literal(child))
    return tuple(operands)


def _test(relation: Relation, operator: str, children: list[object]) -> FieldTest:
    return FieldTest(_expect(Column, children[0]), relation, _operands(children), operator)


# The grammar already says what a child can be; these say it to the type checker.
def _expect(kind: type[_T], child: object) -> _T:
    if not isinstance(child, kind):  # pragma: no cover - the grammar admits nothing else
        raise TypeError(child)
    return child


def _value(child: object) -> Column | Aggregate:
    return child if isinstance(child, Column) else _expect(Aggregate, child)


def _condition(child: object) -> Condition:
    if isinstance(child, AllOf | AnyOf):
        return child
    return _expect(FieldTest, child)


def _literal(child: object) -> Literal:
    if isinstance(child, str | int | float):
        return child
    raise TypeError(child)  # pragma: no cover - the grammar admits nothing else


_PARSER = Lark.open(
    "coql.lark",
    rel_to=__file__,
    parser="lalr",
    maybe_placeholders=False,
    transformer=_ToTree(),
)
