from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from support.small_organisation import add, small_organisation
from zoho_sim.bulk_read.criteria import bind_criteria, bind_fields
from zoho_sim.query.errors import QueryError
from zoho_sim.query.planner import matching, plan_for

if TYPE_CHECKING:
    from zoho_sim.state.organisation import Organisation


@pytest.fixture
def organisation() -> Organisation:
    organisation = small_organisation()
    add(organisation, "Deals", Deal_Name="Alpha", Amount=10, Stage="Proposal")
    add(organisation, "Deals", Deal_Name="Beta", Amount=20, Is_Strategic=True)
    add(organisation, "Deals", Deal_Name="Gamma", Stage="Closed Won")
    return organisation


def one(name: str, comparator: str, value: object) -> dict[str, object]:
    return {"field": {"api_name": name}, "comparator": comparator, "value": value}


def group(operator: str, *parts: object) -> dict[str, object]:
    return {"group_operator": operator, "group": list(parts)}


def names(organisation: Organisation, criteria: Any) -> list[object]:  # noqa: ANN401 - any JSON
    deals = organisation.module("Deals")
    plan = plan_for(deals, bind_criteria(organisation, deals, criteria))
    at = deals.fields["Deal_Name"].position
    return [record.values[at] for record in matching(deals, plan)]


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        (one("Deal_Name", "equal", "alpha"), ["Alpha"]),
        (one("Deal_Name", "contains", "a"), ["Alpha", "Beta", "Gamma"]),
        (one("Deal_Name", "not_contains", "et"), ["Alpha", "Gamma"]),
        (one("Deal_Name", "starts_with", "B"), ["Beta"]),
        (one("Deal_Name", "ends_with", "mma"), ["Gamma"]),
        (one("Deal_Name", "in", ["Alpha", "Gamma"]), ["Alpha", "Gamma"]),
        (one("Stage", "not_in", ["Proposal"]), ["Gamma"]),
        (one("Stage", "equal", "${EMPTY}"), ["Beta"]),
        (one("Stage", "not_equal", "${EMPTY}"), ["Alpha", "Gamma"]),
        (one("Amount", "greater_than", 10), ["Beta"]),
        (one("Amount", "greater_equal", "10"), ["Alpha", "Beta"]),
        (one("Amount", "less_than", 20), ["Alpha"]),
        (one("Amount", "less_equal", 20), ["Alpha", "Beta"]),
        (one("Is_Strategic", "equal", value=True), ["Beta"]),
        (one("Owner", "equal", "5540230000000000021"), ["Alpha", "Beta", "Gamma"]),
        (
            one("Created_Time", "between", ["2026-03-01T00:00:00Z", "2026-03-01T12:00:00Z"]),
            ["Alpha", "Beta", "Gamma"],
        ),
        (one("Created_Time", "greater_than", "2026-03-01T12:00:00Z"), []),
        (
            group("or", one("Amount", "equal", 10), group("and", one("Stage", "equal", "x"))),
            ["Alpha"],
        ),
        (
            group("and", one("Amount", "greater_than", 5), one("Is_Strategic", "equal", "true")),
            ["Beta"],
        ),
    ],
)
def test_criteria_choose_the_rows(
    organisation: Organisation, criteria: object, expected: list[str]
) -> None:
    assert names(organisation, criteria) == expected


@pytest.mark.parametrize(
    ("criteria", "code", "details"),
    [
        ([], "INVALID_CRITERIA", {}),
        ({"field": {"api_name": "Stage"}}, "INVALID_CRITERIA", {"api_name": "Stage"}),
        (group("and"), "INVALID_CRITERIA", {}),
        (
            group("xor", one("Stage", "equal", "x")),
            "GROUP_OPERATOR_NOT_SUPPORTED",
            {"supported": ["and", "or"]},
        ),
        ({**group("and"), **one("Stage", "equal", "x")}, "AMBIGUOUS_CRITERIA", {}),
        (
            one("Stage", "equals", "x"),
            "FIELD_COMPARATOR_IN_CRITERIA_NOT_SUPPORTED",
            {"api_name": "Stage", "comparator": "equals"},
        ),
        (
            one("Nope", "equal", "x"),
            "FIELD_IN_CRITERIA_NOT_AVAILABLE",
            {"api_name": "Nope", "module": "Deals"},
        ),
        (
            one("Description", "equal", "x"),
            "FIELD_IN_CRITERIA_NOT_SUPPORTED",
            {"api_name": "Description"},
        ),
        (
            one("Owner", "contains", "x"),
            "FIELD_AND_COMPARATOR_IN_CRITERIA_NOT_COMPATIBLE",
            {
                "comparator": "contains",
                "api_name": "Owner",
                "supported": ["equal", "not_equal", "in", "not_in"],
            },
        ),
        (
            one("Amount", "equal", "many"),
            "FIELD_AND_VALUE_IN_CRITERIA_NOT_COMPATIBLE",
            {"api_name": "Amount", "reason": "expected double"},
        ),
        (
            one("Created_Time", "between", ["2026-03-01T00:00:00Z"]),
            "INVALID_CRITERIA",
            {"api_name": "Created_Time", "comparator": "between"},
        ),
        (
            group("or", *[one("Amount", "equal", n) for n in range(26)]),
            "CRITERIA_LIMIT_EXCEEDED",
            {"max_limit": 25},
        ),
        (
            one("Amount", "in", list(range(201))),
            "VALUE_LIMIT_EXCEEDED_IN_CRITERIA",
            {"max_limit": 200},
        ),
    ],
)
def test_criteria_outside_the_rules_are_refused_by_code(
    organisation: Organisation, criteria: object, code: str, details: dict[str, object]
) -> None:
    with pytest.raises(QueryError) as refused:
        names(organisation, criteria)
    assert (refused.value.status, refused.value.code, refused.value.details) == (400, code, details)


@pytest.mark.parametrize(
    ("name", "code", "details"),
    [
        ("Nope", "FIELD_NOT_AVAILABLE", {}),
        ("Line_Items", "FIELD_NOT_SUPPORTED", {"api_name": "Line_Items"}),
        (
            "Account_Name.Parent_Account.Parent_Account.Phone",
            "JOIN_LIMIT_EXCEEDED",
            {},
        ),
    ],
)
def test_fields_that_cannot_be_exported_are_refused(
    organisation: Organisation, name: str, code: str, details: dict[str, object]
) -> None:
    with pytest.raises(QueryError) as refused:
        bind_fields(organisation, organisation.module("Deals"), [name])
    assert (refused.value.code, refused.value.details) == (code, details)
