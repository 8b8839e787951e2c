"""What a granted scope covers."""

import pytest

from pulse.connection.scopes import NEEDED_SCOPES, is_covered


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


def test_the_needed_scopes_cover_themselves() -> None:
    assert all(is_covered(scope, NEEDED_SCOPES) for scope in NEEDED_SCOPES)
