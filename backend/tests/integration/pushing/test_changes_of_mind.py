"""What changes under a push: the name of a field, the mode of the sync."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pulse.core.sync import SyncMode

if TYPE_CHECKING:
    from support.pushing import Meddler, PushingProduct


def test_an_edit_reaches_a_field_that_the_crm_renamed_within_the_hour(
    product: PushingProduct,
) -> None:
    deal = product.crm.records()[0]["id"]
    product.edit(deal, {"Next_Step": "Call the buyer"})
    product.crm.control("POST", "/modules/Deals/fields/Next_Step/rename", {"api_name": "Next_Move"})

    # What it knows of the fields is an hour old at most: the CRM does not understand the read.
    assert product.push().waiting == {int(deal)}
    assert product.changes("field", "new_value", "state") == [
        ("Next_Move", "Call the buyer", "queued")
    ]
    product.forget_waits()
    told = product.push()

    assert (told.trouble, told.accepted) == (None, {(int(deal), "Next_Move")})
    assert product.record(deal)["Next_Move"] == "Call the buyer"
    assert product.changes() == []
    assert product.status(deal) == "synced"
    assert [row[1:] for row in product.log(deal)] == [
        ("Next_Move", "Call the buyer", "local", "Mei Tan")
    ]


def test_nothing_more_is_written_once_the_mode_lets_nothing_out(
    product: PushingProduct, meddler: type[Meddler]
) -> None:
    first, second = sorted(row["id"] for row in product.crm.records()[:2])
    product.edit(first, {"Next_Step": "Call the buyer"})

    def edit_and_close() -> None:
        product.edit(second, {"Next_Step": "Visit them"})
        product.set(sync__mode=SyncMode.CRM_TO_LOCAL)

    meddler.after.append(edit_and_close)
    told = product.push()

    assert told.accepted == {(int(first), "Next_Step")}
    assert product.writes(second) == []
    assert product.changes() == [(second, "Next_Step", "Visit them", "queued")]
    product.set(sync__mode=SyncMode.BIDIRECTIONAL)
    assert product.push().accepted == {(int(second), "Next_Step")}
