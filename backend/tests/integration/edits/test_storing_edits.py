"""A local edit is stored by field, folds, cancels, and lies over the document it was made on."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pulse.core.sync import RecordStatus
from pulse.edits import store
from support.edited import DEAL, EditedMirror

if TYPE_CHECKING:
    from collections.abc import Mapping

SEEN: Mapping[str, Any] = {
    "Deal_Name": "Metro signalling",
    "Amount": Decimal("1280000.10"),
    "Stage": "Proposal",
    "Closing_Date": "2026-08-21",
    "Solutions": ["Core", "Edge"],
}
EDITED: Mapping[str, Any] = {
    "Amount": Decimal("9007199254740993.17"),
    "Closing_Date": None,
    "Solutions": ["Core"],
}


def test_an_edit_lies_over_the_document_and_asks_for_a_push(mirror: EditedMirror) -> None:
    mirror.sees(SEEN, at=0)
    changed = mirror.edit({**EDITED, "Stage": "Proposal"})
    assert changed == store.Changed(
        DEAL, ("Amount", "Closing_Date", "Solutions"), (), ("Stage",), RecordStatus.PENDING
    )
    assert mirror.changes("field", "base_value", "new_value", "state", "author_name") == [
        ("Amount", Decimal("1280000.10"), Decimal("9007199254740993.17"), "queued", "Mei Tan"),
        ("Closing_Date", "2026-08-21", None, "queued", "Mei Tan"),
        ("Solutions", ["Core", "Edge"], ["Core"], "queued", "Mei Tan"),
    ]
    assert mirror.status()["sync_status"] == "pending"
    assert mirror.status()["local_modified_at"] is not None
    # The page shows the edit, history and document what the CRM showed.
    assert mirror.deal("amount") == Decimal("9007199254740993.17")
    assert mirror.deal("closing_date") is None
    assert mirror.document() == SEEN
    assert [row["amount"] for row in mirror.sql("SELECT amount FROM deal_versions")] == [
        Decimal("1280000.10")
    ]
    assert mirror.log() == []
    assert mirror.jobs() == [("push_changes", {"module": "Deals"})]
