"""A push that is cut off in its middle leaves the rest queued, says why, and goes on later."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from pulse.sync import planner

if TYPE_CHECKING:
    from collections.abc import Mapping

    from support.pushing import PushingProduct


@pytest.mark.parametrize(
    "trouble",
    [
        {"kind": "status", "status": 429, "code": "TOO_MANY_REQUESTS"},
        {"kind": "drop"},
    ],
    ids=["no_more_credits", "no_answers"],
)
def test_what_was_cut_off_stays_queued_is_told_and_is_written_once_when_it_goes_on(
    product: PushingProduct, monkeypatch: pytest.MonkeyPatch, trouble: Mapping[str, Any]
) -> None:
    monkeypatch.setattr(planner, "_WORTH_LARGE_CALLS_S", float("inf"))
    deals = sorted(row["id"] for row in product.crm.records())[:40]
    for deal in deals:
        product.edit(deal, {"Next_Step": "Call the buyer"})
    product.crm.fault(route="records.update", after=1, **trouble)

    told = product.push()

    written = {str(record_id) for record_id, _ in told.accepted}
    assert len(written) == planner.CREDIT_ROWS
    assert told.waiting == {int(deal) for deal in deals if deal not in written}
    left = product.changes("record_id::text", "state", "error_code", "next_try_at > now()")
    # Refused before anything was done, it is queued again, with the reason. Where the answers are
    # lost it may have arrived: that is looked up before anything is sent again.
    state, code = ("queued", "crm_unavailable") if trouble["kind"] == "status" else ("sent", None)
    assert left == [(deal, state, code, True) for deal in deals if deal not in written]
    assert (None if told.trouble is None else told.trouble.code) == code
    assert {product.status(deal) for deal in written} == {"synced"}
    assert {product.status(deal) for deal in set(deals) - written} == {"pending"}

    product.crm.clear_faults()
    product.forget_waits()
    assert product.push().trouble is None
    assert product.changes() == []
    assert [len(product.writes(deal)) for deal in deals] == [1] * len(deals)
