"""A thousand edits through every kind of trouble: each reaches the CRM once, and nothing else."""

from __future__ import annotations

import os
from random import Random, SystemRandom
from typing import TYPE_CHECKING, Final

import pytest

from pulse.edits import store
from support.engine import FULL, Engine
from support.pushing import MEI, PushingProduct

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pulse.edits.connection import Connection
    from support.simulator import SimulatorHandle

_EDITS: Final = 1_000
_UPDATE: Final = {"route": "records.update"}
_TROUBLE: Final = (
    {"kind": "lost_answer", "count": 20, "probability": 0.3, **_UPDATE},
    {"kind": "cut_body", "count": 20, "probability": 0.2, **_UPDATE},
    {"kind": "drop", "count": 20, "probability": 0.2, **_UPDATE},
    {"kind": "late_write", "count": 10, "probability": 0.2, "duration_s": 0.2, **_UPDATE},
    {"kind": "status", "status": 429, "count": 20, "probability": 0.2, **_UPDATE},
    {"kind": "status", "status": 503, "count": 20, "probability": 0.2, **_UPDATE},
    {"kind": "timeout", "count": 1, **_UPDATE},
    {"kind": "status", "status": 500, "route": "coql.query", "count": 3, "probability": 0.5},
    {"kind": "status", "status": 502, "route": "records.timeline", "count": 5, "probability": 0.1},
)


@pytest.fixture
def large_product(
    crm: SimulatorHandle, database_url: str, redis_url: str
) -> Iterator[PushingProduct]:
    """A product that has loaded a little more than the deals that are edited."""
    crm.reset(deals=_EDITS + 50)
    engine = Engine.connected(crm, database_url, redis_url)
    engine.completed(FULL)
    yield PushingProduct(engine)
    crm.reset(deals=60)


def test_a_thousand_edits_under_mixed_faults_reach_the_crm_once_each(
    large_product: PushingProduct,
) -> None:
    product = large_product
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(10**6))
    rng = Random(seed)
    print(f"SEED={seed}")  # noqa: T201 - how to repeat a failure
    ids = sorted(int(row["id"]) for row in product.crm.records())[:_EDITS]
    wanted = {str(each): f"Agreed on {rng.randrange(10**9)}" for each in ids}

    async def edit_all(db: Connection) -> None:
        for record_id in ids:
            values = {"Next_Step": wanted[str(record_id)]}
            await store.change_record(db, "Deals", record_id, values, MEI)

    product.run(edit_all)
    for order in _TROUBLE:
        trouble = {"seed": rng.randrange(10**6), **order}
        product.crm.fault(str(trouble.pop("kind")), **trouble)
    bystanders = rng.sample(ids, 40)

    for attempt in range(30):
        product.push()
        if attempt == 0:
            product.crm.edit({str(each): {"Description": "Theirs"} for each in bystanders})
        if not product.changes():
            break
        product.forget_waits()
    fired = sum(order["fired"] for order in product.crm.control("GET", "/faults")["faults"])
    product.crm.clear_faults()

    assert product.changes() == []
    assert fired >= 20
    told = product.crm.writes(module="Deals", source="crm_api")["summary"]
    assert (told["records_changed"], told["writes"], told["writes_without_change"]) == (
        _EDITS,
        _EDITS,
        0,
    )
    shown = {row["id"]: row["Next_Step"] for row in product.crm.records()}
    assert {each: shown[each] for each in wanted} == wanted
    assert product.differences() == []
    logged = product.engine.sql(
        "SELECT side, changed_by, count(*) AS rows, count(DISTINCT record_id) AS records"
        " FROM change_log WHERE field = 'Next_Step' AND kind = 'updated' GROUP BY side, changed_by"
    )
    assert logged == [{"side": "local", "changed_by": "Mei Tan", "rows": _EDITS, "records": _EDITS}]
