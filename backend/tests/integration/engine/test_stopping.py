"""Runs that are cancelled, killed or asked for twice: what is loaded stays, and is not read again.

The sixth page of a load of 2,001 records never arrives: so each test knows where the run stands.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from uuid import UUID

import pytest

from pulse.bootstrap import run_session
from pulse.core.sync import SyncType
from pulse.db.engine import database
from pulse.kit.clock import SystemClock
from pulse.live_sync.cancel import cancel_session
from pulse.live_sync.sessions import AlreadyRunningError
from support.accounts import COMMAND
from support.engine import FULL, QUICK, Engine
from support.engine_processes import WorkerProcess
from support.truth import told
from support.waiting import wait_until

_PAGES_LOADED = 5
_LOADED = _PAGES_LOADED * 200
_SECONDS = 10


@pytest.fixture
def stuck_engine(larger_engine: Engine) -> Engine:
    """An engine whose first load will stand still after 1,000 of 2,001 records."""
    larger_engine.crm.fault("timeout", route="records.list", after=_PAGES_LOADED, count=1)
    return larger_engine


def _processed(engine: Engine, session_id: UUID) -> int:
    return int(engine.session(session_id)["records_processed"])


@contextmanager
def _running(engine: Engine, session_id: UUID) -> Iterator[threading.Thread]:
    """Run a session in a thread, as patiently as the product is, until it stands still."""
    thread = threading.Thread(
        target=lambda: asyncio.run(run_session(engine.settings, session_id)), daemon=True
    )
    thread.start()
    wait_until(lambda: _processed(engine, session_id) == _LOADED)
    yield thread
    thread.join(_SECONDS)
    assert not thread.is_alive()


def _cancel(engine: Engine, session_id: UUID) -> None:
    async def cancel() -> None:
        async with database(engine.database_url, pool_size=1) as open_db, open_db.begin() as db:
            await cancel_session(db, session_id, SystemClock().now(), COMMAND)

    asyncio.run(cancel())


def _assert_the_rest_is_loaded_by_queries(engine: Engine, session_id: UUID) -> None:
    """See a run go on after the last record that was committed."""
    assert engine.calls()["records.list"] == _PAGES_LOADED + 1
    session = engine.session(session_id)
    # Two connections commit side by side and never run ahead of one another by more than a batch:
    # the last two before the stop may have been read again.
    assert 2_001 <= session["records_processed"] <= 2_001 + 2 * 200
    assert session["checkpoint"]["pages"]["done"] is True
    assert (found := engine.differences()) == [], told(found)


def test_cancelled_load_stops_within_seconds_and_the_next_goes_on_from_there(
    stuck_engine: Engine,
) -> None:
    engine = stuck_engine
    first = engine.start(FULL, source="pages")
    with _running(engine, first) as run:
        asked = monotonic()
        _cancel(engine, first)
        run.join(_SECONDS)
        assert monotonic() - asked < _SECONDS
    stopped = engine.session(first)
    assert (stopped["status"], stopped["error_code"]) == ("cancelled", None)
    assert engine.log(first)[-1] == "The sync was stopped. What is loaded stays."
    assert len(engine.mirror().live) == _LOADED
    second = engine.completed(FULL)
    assert second["metadata"]["resumed_from"] == str(first)
    _assert_the_rest_is_loaded_by_queries(engine, second["id"])


def _booked(engine: Engine, session_id: UUID) -> tuple[int, int]:
    [booked] = engine.sql(
        "SELECT sum(calls) AS calls, sum(credits) AS credits FROM credit_ledger"
        " WHERE session_id = %s",
        session_id,
    )
    return booked["calls"], booked["credits"]


def test_killed_load_is_taken_over_and_goes_on_from_its_checkpoint(
    stuck_engine: Engine, tmp_path: Path
) -> None:
    engine = stuck_engine
    session_id = engine.start(FULL, source="pages")
    # Its reads time out after a second, and are repeated: they stand still as well.
    engine.crm.clear_faults()
    engine.crm.fault("timeout", route="records.list", after=_PAGES_LOADED)
    with (tmp_path / "worker.log").open("wb") as log:
        worker = WorkerProcess(engine.settings, log)
        worker.begin(session_id)
        wait_until(lambda: _processed(engine, session_id) == _LOADED)
        worker.kill()
    engine.crm.clear_faults()
    asked_before = engine.calls()["records.list"]
    assert engine.run(session_id)["status"] == "in_progress"  # its lease is not old enough yet
    assert engine.calls()["records.list"] == asked_before
    calls, credits_ = _booked(engine, session_id)
    engine.worker_died()
    assert engine.run(session_id)["status"] == "completed"
    assert "Taken over from a worker that stopped answering." in engine.log(session_id)
    # What the first worker spent is counted as well.
    assert engine.session(session_id)["api_calls_made"] > calls
    assert engine.session(session_id)["credits_used"] > credits_
    assert engine.calls()["records.list"] == asked_before
    assert 2_001 <= engine.session(session_id)["records_processed"] <= 2_001 + 2 * 200
    assert (found := engine.differences()) == [], told(found)


def test_message_of_a_running_session_that_arrives_again_does_nothing(
    stuck_engine: Engine,
) -> None:
    engine = stuck_engine
    session_id = engine.start(FULL, source="pages")
    with _running(engine, session_id):
        calls, log = engine.calls(), engine.log(session_id)
        assert engine.run(session_id)["status"] == "in_progress"
        assert (engine.calls(), engine.log(session_id)) == (calls, log)
        _cancel(engine, session_id)


@pytest.mark.parametrize("kind", [FULL, QUICK])
def test_second_sync_is_refused_with_the_id_of_the_running_one(
    engine: Engine, kind: SyncType
) -> None:
    running = engine.start(FULL)
    with pytest.raises(AlreadyRunningError) as refused:
        engine.start(kind)
    assert refused.value.session_id == running
    assert refused.value.problem()["session_id"] == str(running)


def test_message_of_a_session_that_has_ended_does_nothing(engine: Engine) -> None:
    session = engine.completed(FULL)
    calls = engine.calls()
    assert engine.run(session["id"]) == session
    assert engine.calls() == calls


def test_expired_page_token_lets_the_load_go_on_by_queries(larger_engine: Engine) -> None:
    engine = larger_engine
    engine.crm.fault("expire_page_tokens", route="records.list", after=_PAGES_LOADED, count=1)
    session = engine.completed(FULL, source="pages")
    assert "Pages ended after 1,000 records; going on by COQL." in engine.log(session["id"])
    assert engine.calls()["records.list"] == _PAGES_LOADED + 1
    assert session["records_processed"] == 2_001
    assert (found := engine.differences()) == [], told(found)


def test_load_whose_fields_changed_meanwhile_begins_anew(stuck_engine: Engine) -> None:
    engine = stuck_engine
    first = engine.start(FULL, source="pages")
    with _running(engine, first):
        _cancel(engine, first)
    engine.crm.control(
        "POST",
        "/modules/Deals/fields",
        {"api_name": "Region_Code", "label": "Region Code", "data_type": "text", "length": 50},
    )
    engine.refresh()
    session = engine.completed(FULL, source="coql")
    assert session["metadata"]["plan"]["source"] == "coql"
    assert "pages" not in session["checkpoint"]
    assert (found := engine.differences()) == [], told(found)
