from __future__ import annotations

import pytest

from zoho_sim.state.tokens import covers, parse_scopes


@pytest.mark.parametrize(
    ("granted", "needed", "is_covered"),
    [
        ("ZohoCRM.modules.ALL", "ZohoCRM.modules.Deals.READ", True),
        ("ZohoCRM.modules.READ", "ZohoCRM.modules.Deals.READ", True),
        ("ZohoCRM.modules.READ", "ZohoCRM.modules.Deals.UPDATE", False),
        ("zohocrm.modules.deals.all", "ZohoCRM.modules.Deals.DELETE", True),
        ("ZohoCRM.modules.Deals.WRITE", "ZohoCRM.modules.Deals.CREATE", True),
        ("ZohoCRM.modules.Deals.WRITE", "ZohoCRM.modules.Deals.DELETE", False),
        ("ZohoCRM.modules.Deals.READ", "ZohoCRM.modules.DealHistory.READ", False),
        ("ZohoCRM.settings.ALL", "ZohoCRM.settings.fields.READ", True),
        ("ZohoCRM.org.ALL", "ZohoCRM.org.READ", True),
        ("ZohoCRM.ALL", "ZohoCRM.org.READ", False),
        ("ZohoCRM.users.READ ZohoCRM.org.READ", "ZohoCRM.org.READ", True),
    ],
)
def test_a_shorter_scope_covers_what_is_below_it(
    granted: str, needed: str, *, is_covered: bool
) -> None:
    assert covers(parse_scopes(granted), needed) is is_covered
