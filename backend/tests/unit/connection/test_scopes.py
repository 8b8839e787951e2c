"""What a granted scope covers."""

import pytest

from pulse.connection.scopes import AREAS, ASKED_SCOPES, NEEDED_SCOPES, is_covered, uncovered


@pytest.mark.parametrize(
    ("granted", "wanted", "covered"),
    [
        ("ZohoCRM.modules.ALL", "ZohoCRM.modules.ALL", True),
        ("ZohoCRM.modules.ALL", "ZohoCRM.modules.Deals.READ", True),
        ("ZohoCRM.settings.ALL", "ZohoCRM.settings.fields.READ", True),
        ("ZohoCRM.settings.fields.ALL", "ZohoCRM.settings.fields.READ", True),
        ("ZohoCRM.bulk.READ", "ZohoCRM.bulk.READ", True),
        ("zohocrm.MODULES.all", "ZohoCRM.modules.Deals.READ", True),
        ("ZohoCRM.bulk.CREATE", "ZohoCRM.bulk.READ", False),
        ("ZohoCRM.modules.Deals.READ", "ZohoCRM.modules.ALL", False),
        ("ZohoCRM.modules.READ", "ZohoCRM.modules.ALL", False),
        ("ZohoCRM.mod.ALL", "ZohoCRM.modules.ALL", False),
        ("ZohoSearch.securesearch.READ", "ZohoCRM.coql.READ", False),
    ],
)
def test_a_scope_covers_its_operation_and_all_below_it(
    granted: str, wanted: str, *, covered: bool
) -> None:
    assert is_covered(wanted, [granted]) is covered


def test_one_covering_scope_among_many_is_enough() -> None:
    assert is_covered("ZohoCRM.coql.READ", ["ZohoCRM.org.READ", "ZohoCRM.coql.READ"])
    assert not is_covered("ZohoCRM.coql.READ", [])


def test_the_areas_hold_what_is_asked_for_and_nothing_besides() -> None:
    held = [scope for area in AREAS for scope in area.asked]
    assert sorted(held) == sorted(ASKED_SCOPES)


def test_creating_and_changing_fields_is_asked_for_and_not_covered_by_the_rest() -> None:
    assert uncovered(ASKED_SCOPES, NEEDED_SCOPES) == [
        "ZohoCRM.settings.fields.CREATE",
        "ZohoCRM.settings.fields.UPDATE",
    ]
    assert uncovered(ASKED_SCOPES, [*NEEDED_SCOPES, "ZohoCRM.settings.ALL"]) == []
