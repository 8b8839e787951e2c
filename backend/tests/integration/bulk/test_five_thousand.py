"""Five thousand deals changed at once, with a worker that dies halfway, and all of it undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from support.api import served
from support.bulk import BulkProduct, KilledError, killed
from support.synced import Synced, crm_settings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from support.api import HandClock
    from support.bulk import BulkMeddler
    from support.simulator import SimulatorHandle

_DEALS: Final = 5_000
_CALLS: Final = 10
"""The CRM takes 500 ids a call."""
# What the CRM writes by itself: stamps with each write, and amount by probability.
_STAMPS: Final = frozenset({"Modified_Time", "Modified_By", "Last_Activity_Time"})
_DERIVED: Final = "Expected_Revenue"


@pytest.fixture
def large(
    crm: SimulatorHandle, database_url: str, redis_url: str, clock: HandClock
) -> Iterator[BulkProduct]:
    """A product that has loaded five thousand deals."""
    crm.reset(deals=_DEALS)
    settings = crm_settings(crm, database_url, redis_url)
    with served(settings, clock) as api:
        product = Synced(api, crm, settings)
        product.sync("full")
        yield BulkProduct(product)
    crm.reset(deals=60)


# Any: values as the CRM gives them.
def _kept(bulk: BulkProduct) -> dict[str, dict[str, Any]]:
    """Return what each deal of the CRM holds, without the stamps of writes."""
    return {
        row["id"]: {name: value for name, value in row.items() if name not in _STAMPS}
        for row in bulk.crm.records()
    }


# Any: as above.
def _changed(
    before: dict[str, dict[str, Any]], after: dict[str, dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return by deal the fields that hold another value than before, but what is derived."""
    changed = {
        record_id: {
            name: value
            for name, value in held.items()
            if value != before[record_id].get(name) and name != _DERIVED
        }
        for record_id, held in after.items()
    }
    return {record_id: fields for record_id, fields in changed.items() if fields}


def test_five_thousand_deals_survive_a_killed_worker_and_an_undo(
    large: BulkProduct, bulk_meddler: type[BulkMeddler], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pulse.sync.bulk.SETTLE_S", 0.01)
    was = _kept(large)
    ids = sorted(was)
    values = {"Next_Step": "Agree on a date", "Probability": 7}
    foreseen = large.preview({"filter": ""}, values, operation="mass_update")
    assert (foreseen["will_change"], foreseen["plan"]["way"]) == (_DEALS, "mass_update")

    session_id = large.start(
        "mass-update", {"filter": ""}, values, confirmed_count=foreseen["will_change"]
    )
    # It dies halfway, when the fifth call has reached the CRM and its answer has not been kept.
    bulk_meddler.after += [lambda: None] * (_CALLS // 2 - 1) + [killed]
    with pytest.raises(KilledError):
        large.run(session_id)
    half = large.session(session_id)["counts"]
    assert (half["done"], half["sent"], half["waiting"]) == (2_000, 500, 2_500)
    large.worker_died()
    session = large.run(session_id)

    assert (session["status"], session["counts"]["done"]) == ("completed", _DEALS)
    assert large.writes() == dict.fromkeys(ids, 1)
    after = _kept(large)
    assert all(values.items() <= after[each].items() for each in ids)
    assert {name for fields in _changed(was, after).values() for name in fields} == values.keys()
    assert large.mirror_values("Next_Step") == dict.fromkeys(ids, "Agree on a date")

    # Later work: in the CRM, in one of the two fields there, and here.
    there, half_there, here, *rest = ids
    large.crm.edit({there: {"Next_Step": "Theirs", "Probability": 9}})
    large.crm.edit({half_there: {"Probability": 9}})
    large.synced.sync("incremental")
    large.edit(here, {"Next_Step": "Mine", "Probability": 11})
    undone = large.undo(session_id)

    left = {item["id"]: item["field"] for item in large.items(undone["id"], "left_alone")}
    assert left == dict.fromkeys((there, here), "Next_Step, Probability")
    partial = [item for item in large.items(undone["id"], "done") if item["code"] is not None]
    assert [(item["id"], item["code"], item["field"]) for item in partial] == [
        (half_there, "changed_since", "Probability")
    ]
    assert (undone["status"], undone["counts"]["done"]) == ("completed", _DEALS - 2)
    # Each was written once by the operation, and once by its undo.
    assert large.writes() == {
        **dict.fromkeys((there, here), 1),
        **dict.fromkeys((half_there, *rest), 2),
    }
    after = _kept(large)
    assert _changed(was, after) == {
        there: {"Next_Step": "Theirs", "Probability": 9},
        half_there: {"Probability": 9},
        here: values,
    }
    assert {each: after[each] for each in rest} == {each: was[each] for each in rest}
    assert large.mirror_values("Next_Step") == {
        each: held.get("Next_Step") for each, held in after.items()
    }
