"""Records that people want back from the CRM's bin: one that cannot return holds up no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pulse.edits import resolving
from support.engine import QUICK
from support.pushing import MEI

if TYPE_CHECKING:
    from support.pushing import PushingProduct


@pytest.mark.parametrize("is_alone", [True, False])
def test_a_record_that_cannot_return_stays_in_conflict_and_all_others_are_pushed(
    product: PushingProduct, *, is_alone: bool
) -> None:
    purged, faster, back, plain = (row["id"] for row in product.crm.records()[:4])
    wanted_back = [purged] if is_alone else [purged, faster, back]
    for record_id in (*wanted_back, plain):
        product.edit(record_id, {"Next_Step": "Ours"})
    product.crm.delete(*wanted_back)
    product.engine.completed(QUICK)
    for record_id in wanted_back:
        product.run(
            lambda db, deal=int(record_id): resolving.use_local(db, "Deals", deal, None, MEI)
        )
    product.crm.restore(purged)
    product.crm.purge(purged)
    if not is_alone:
        product.crm.restore(faster)

    told = product.push()

    written = {plain} if is_alone else {faster, back, plain}
    assert told.trouble is None
    assert told.refused == {(int(purged), "Next_Step")}
    assert told.accepted == {(int(record_id), "Next_Step") for record_id in written}
    assert product.changes("record_id::text", "state", "is_record_gone", "error_code") == [
        (purged, "conflict", True, "INVALID_DATA")
    ]
    assert {product.record(record_id)["Next_Step"] for record_id in written} == {"Ours"}
