"""Modules beyond the reach of one call, one token and one export job arrive complete."""

from collections.abc import Iterator

import psycopg
import pytest

from pulse.adapters.client import USUAL_PATIENCE
from support.engine import FULL, QUICK, Engine
from support.simulator import SimulatorHandle, simulator_process
from support.truth import Truth, differences, exact_json, fields_of, moment, read_mirror, told

_LOOKED_INTO = 97
"""Every so many records are compared field by field; all by id and stamp."""
_ONE_OVER_TOKENS = 100_001
_OVER_AN_EXPORT = 250_000


@pytest.fixture(scope="module", params=[_ONE_OVER_TOKENS, _OVER_AN_EXPORT])
def large_crm(request: pytest.FixtureRequest) -> Iterator[SimulatorHandle]:
    with simulator_process("--deals", str(request.param), "--activity", "0") as handle:
        yield handle


def _assert_complete(engine: Engine) -> int:
    """Compare the mirror with the dump; return the number of records."""
    answer = engine.crm.request("GET", "/__sim__/modules/Deals/records", timeout_s=300)
    lines = answer.body.splitlines()
    stamps = {}
    sample = {}
    for number, line in enumerate(lines):
        row = exact_json(line)
        stamps[int(row["id"])] = moment(row["Modified_Time"])
        if number % _LOOKED_INTO == 0:
            sample[int(row["id"])] = row
    with psycopg.connect(engine.database_url) as connection:
        held = dict(
            connection.execute(
                "SELECT zoho_record_id, crm_modified_at FROM record_sync_status"
                " WHERE presence = 'live'"
            ).fetchall()
        )
        counts = connection.execute(
            "SELECT (SELECT count(*) FROM crm_documents), (SELECT count(*) FROM deals),"
            " (SELECT count(*) FROM deal_versions WHERE valid_to = 'infinity'),"
            " (SELECT count(*) FROM change_log WHERE kind = 'created')"
        ).fetchone()
    assert held == stamps
    assert counts == (len(stamps),) * 4
    truth = Truth(sample, frozenset(), frozenset(), fields_of(engine.crm))
    found = differences(truth, read_mirror(engine.database_url, among=list(sample)))
    assert found == [], told(found)
    return len(stamps)


@pytest.mark.soak
@pytest.mark.timeout(0)
@pytest.mark.parametrize("source", ["pages", "coql", "bulk_read"])
def test_large_module_arrives_complete_from_each_source(
    large_crm: SimulatorHandle, database_url: str, redis_url: str, source: str
) -> None:
    engine = Engine.connected(large_crm, database_url, redis_url)
    engine.patience = USUAL_PATIENCE
    listed = engine.calls().get("records.list", 0)
    session = engine.completed(FULL, source=source)
    assert session["metadata"]["load"]["records"] == _assert_complete(engine)
    if source == "pages":
        # Page tokens reach 100,000 records: what is beyond comes by queries after the last id.
        assert engine.calls()["records.list"] - listed == 500
        told_so = "Pages ended after 100,000 records; going on by COQL."
        assert told_so in engine.log(session["id"])
    assert engine.completed(QUICK)["records_changed"] == 0
