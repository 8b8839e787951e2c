"""Phase and health score reach the CRM when they change, and only then."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from support.engine import QUICK

if TYPE_CHECKING:
    from support.owned import OwningProduct
    from support.simulator import Json


def told(owning: OwningProduct, record_id: str) -> tuple[Json, Json]:
    """Return the phase and the health score that a deal in the CRM shows."""
    record = owning.record(record_id)
    phase, score = (owning.field(role)["api_name"] for role in ("phase", "health_score"))
    return record[phase], record[score]


def test_phase_and_score_are_written_once_and_follow_dates_blockers_and_thresholds(
    owning: OwningProduct,
) -> None:
    owning.create_fields()
    assert owning.write_back().written == 60
    today = datetime.now(UTC).date()
    deals = owning.client.get("/api/deals", params={"limit": 100, "outcome": "open"}).json()
    first, second = (deal["id"] for deal in deals["items"][:2])
    calm = {
        "Closing_Date": str(today + timedelta(days=30)),
        "Proposal_Submission_date": None,
        "PO_Generation_Date": None,
        "Kick_off_Date": None,
        "Invoice_Date": None,
        "Received_On": None,
        "OB_Recognition_Date": None,
        "Probability": 50,
    }
    owning.crm.advance(5)
    owning.crm.edit({first: calm, second: calm})
    owning.engine.completed(QUICK)
    owning.write_back()
    assert (told(owning, first), told(owning, second)) == (("phase_1", 100), ("phase_1", 100))
    written = owning.written()
    assert owning.write_back().attempted == 0

    # A proposal that has been out for long: phase II, and 5 severities less.
    owning.crm.advance(5)
    owning.crm.edit({first: {"Proposal_Submission_date": str(today - timedelta(days=40))}})
    owning.engine.completed(QUICK)
    assert owning.write_back().written == 1
    assert told(owning, first) == ("phase_2", 60)

    # A blocker that somebody opens here is told, and so is its end.
    owning.engine.sql(
        "INSERT INTO o2r_blockers (deal_id, title, opened_by_name) VALUES (%s, 'Legal', 'Ada')",
        int(second),
    )
    assert owning.write_back().written == 1
    assert told(owning, second) == ("phase_1", 68)
    owning.engine.sql("UPDATE o2r_blockers SET resolved_at = now()")
    assert owning.write_back().written == 1
    assert told(owning, second) == ("phase_1", 100)

    # Values follow the thresholds, as they follow the days that pass.
    before = Counter(told(owning, each["id"])[1] for each in deals["items"])
    owning.set(o2r__proposal_without_po_days=365)
    changed = owning.write_back().written
    assert changed >= 1
    assert told(owning, first) == ("phase_2", 100)
    assert Counter(told(owning, each["id"])[1] for each in deals["items"]) != before
    assert owning.write_back().attempted == 0
    assert owning.written() - written == 3 + changed
    # None of this is a change of the deals.
    assert owning.engine.completed(QUICK)["records_changed"] == 0


def test_exempt_deals_keep_the_phase_of_their_dates_and_score_a_hundred(
    owning: OwningProduct,
) -> None:
    owning.create_fields()
    today = datetime.now(UTC).date()
    [first, *_] = [row["id"] for row in owning.crm.records()]
    owning.crm.edit(
        {
            first: {
                "Proposal_Submission_date": str(today - timedelta(days=90)),
                "PO_Generation_Date": str(today - timedelta(days=60)),
                "Kick_off_Date": None,
                "Invoice_Date": None,
                "Closing_Date": str(today - timedelta(days=9)),
                "OB_Recognition_Date": str(today - timedelta(days=1)),
            }
        }
    )
    owning.engine.completed(QUICK)

    owning.write_back()

    assert told(owning, first) == ("phase_3", 100)
