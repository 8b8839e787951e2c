"""In the mode CRM to local no field is created or changed in the CRM, and no value is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.core.sync import SyncMode

if TYPE_CHECKING:
    from support.owned import OwningProduct


def test_nothing_of_ours_comes_into_the_crm_in_the_mode_crm_to_local(
    owning: OwningProduct,
) -> None:
    owning.set(sync__mode=SyncMode.CRM_TO_LOCAL)
    [(field_id,)] = [
        tuple(row.values())
        for row in owning.engine.sql(
            "SELECT field_id FROM crm_fields WHERE module = 'Deals' AND is_custom LIMIT 1"
        )
    ]
    fields = {"fields": [{"label": "Win Theme", "data_type": "text"}]}
    answers = [
        owning.client.post("/api/crm/fields/create"),
        owning.client.post("/api/crm/fields/create", json=fields),
        owning.client.patch(f"/api/crm/fields/{field_id}", json={"label": "Win Theme"}),
    ]

    assert {(each.status_code, each.json()["code"]) for each in answers} == {
        (409, "crm_is_read_only")
    }
    assert owning.write_back().attempted == 0
    assert sorted(owning.validate()["missing"]) == [
        "Health Score",
        "Last PP Sync",
        "O2R Phase",
        "PP Sync Status",
    ]
