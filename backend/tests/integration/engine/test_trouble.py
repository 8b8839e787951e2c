"""What goes wrong ends the session with what is wrong and what to do, in its log as well."""

import socket
from collections.abc import Iterator

import psycopg
import pytest

from support.engine import FULL, QUICK, ConnectEngine, Engine, Row
from support.simulator import SimulatorHandle, simulator_in_thread
from support.truth import told
from zoho_sim.config import Config

_BROKEN_BY = """
CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'broken on purpose' USING ERRCODE = '{state}'; END $$;
CREATE TRIGGER broken BEFORE INSERT ON crm_documents EXECUTE FUNCTION broken()
"""


@pytest.fixture
def other_data_centre() -> Iterator[SimulatorHandle]:
    """An accounts server that knows nothing of our organisation: no other test has its seed."""
    with simulator_in_thread(Config(deals=2, seed=902_210_025)) as handle:
        yield handle


def _assert_failed(engine: Engine, session: Row, code: str, *words: str) -> None:
    """Expect a failed session whose message holds `words`, cause and cure, as its log does."""
    assert (session["status"], session["error_code"]) == ("failed", code)
    for word in words:
        assert word in session["error_message"]
    assert engine.log(session["id"])[-1] == session["error_message"]
    assert session["metadata"]["error"]["fix"] in session["error_message"]


def test_wrong_refresh_token_asks_to_connect_again(connect: ConnectEngine) -> None:
    engine = connect(zoho_refresh_token="1000.not.ours")
    _assert_failed(
        engine,
        engine.sync(FULL),
        "sign_in_refused",
        "the CRM refuses our sign-in (invalid_code",
        "Connect again in CRM Integration",
    )


def test_wrong_client_secret_asks_to_connect_again(connect: ConnectEngine) -> None:
    engine = connect(zoho_client_secret="wrong")
    _assert_failed(engine, engine.sync(FULL), "sign_in_refused", "invalid_client")


def test_wrong_data_centre_is_named_as_a_possible_cause(
    connect: ConnectEngine, other_data_centre: SimulatorHandle
) -> None:
    engine = connect(zoho_accounts_url=other_data_centre.connection["accounts_url"])
    _assert_failed(
        engine,
        engine.sync(FULL),
        "sign_in_refused",
        "the CRM refuses our sign-in",
        "in the data centre of your organisation",
    )


def test_missing_scope_asks_to_grant_it(connect: ConnectEngine, crm: SimulatorHandle) -> None:
    scopes = "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.org.READ,ZohoCRM.users.READ"
    token = crm.control("POST", "/tokens/refresh", {"scope": scopes})["refresh_token"]
    engine = connect(zoho_refresh_token=token)
    _assert_failed(
        engine,
        engine.sync(FULL),
        "scope_missing",
        "the connection lacks a scope",
        "Connect again and grant all scopes",
    )


def test_unreachable_crm_says_so_and_the_next_sync_goes_on(connect: ConnectEngine) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    engine = connect(zoho_accounts_url=nobody, zoho_base_url=f"{nobody}/crm/v8")
    _assert_failed(
        engine,
        engine.sync(FULL),
        "crm_unavailable",
        "the CRM did not answer as it should, after several tries",
        "check the network, ZOHO_BASE_URL and ZOHO_ACCOUNTS_URL",
    )


def test_required_field_that_never_was_there_is_named(engine: Engine) -> None:
    engine.crm.control("DELETE", "/modules/Deals/fields/Market_Segment")
    _assert_failed(
        engine,
        engine.sync(FULL),
        "required_field_missing",
        "The CRM's Deals have no field for: Market_Segment.",
        "map another field to it in CRM Integration",
    )


def test_required_field_that_is_removed_later_breaks_no_sync_and_keeps_what_it_held(
    engine: Engine,
) -> None:
    engine.completed(FULL)
    held = engine.sql("SELECT id, name, market_segment FROM deals ORDER BY id")
    assert sum(deal["market_segment"] is not None for deal in held) > 10
    engine.crm.control("DELETE", "/modules/Deals/fields/Market_Segment")
    engine.refresh()
    [changed] = [deal for deal in held if deal["market_segment"] is not None][:1]
    engine.crm.edit({str(changed["id"]): {"Deal_Name": "Renamed meanwhile"}})
    engine.completed(QUICK)
    changed["name"] = "Renamed meanwhile"
    assert engine.sql("SELECT id, name, market_segment FROM deals ORDER BY id") == held


def test_full_disk_is_told_with_its_sqlstate_and_nothing_is_lost(engine: Engine) -> None:
    engine.sql(_BROKEN_BY.format(state="53100"))
    _assert_failed(
        engine,
        engine.sync(FULL),
        "disk_full",
        "PostgreSQL has no room left on its disk (SQLSTATE 53100)",
        "Free space on the database server",
    )
    engine.sql("DROP TRIGGER broken ON crm_documents")
    engine.completed(FULL)
    assert (found := engine.differences()) == [], told(found)


def test_quick_sync_before_any_full_load_asks_for_one(engine: Engine) -> None:
    _assert_failed(engine, engine.sync(QUICK), "full_sync_needed", "Start a full sync.")


def test_database_that_goes_away_leaves_the_run_to_be_taken_over(engine: Engine) -> None:
    engine.sql(_BROKEN_BY.format(state="57P01"))  # what the server says when it is shut down
    session_id = engine.start(FULL)
    with pytest.raises(psycopg.errors.AdminShutdown):
        engine.run(session_id)
    assert engine.session(session_id)["status"] == "in_progress"
    engine.sql("DROP TRIGGER broken ON crm_documents")
    engine.worker_died()
    assert engine.run(session_id)["status"] == "completed"
    assert (found := engine.differences()) == [], told(found)


def test_a_fault_of_ours_ends_the_session_and_is_raised(engine: Engine) -> None:
    engine.sql(_BROKEN_BY.format(state="P0001"))
    session_id = engine.start(FULL)
    with pytest.raises(psycopg.errors.RaiseException, match="broken on purpose"):
        engine.run(session_id)
    _assert_failed(
        engine,
        engine.session(session_id),
        "internal_error",
        "A fault in the product stopped this run (RaiseException).",
        "What is loaded stays. Report it with the worker's log.",
    )
