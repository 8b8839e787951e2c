"""Ending a connection, and what a restart makes of it."""

import asyncio

import pytest

from pulse.adapters.secrets import Vault
from pulse.adapters.tokens import StoredTokens
from pulse.bootstrap import prepare
from pulse.db.engine import database
from pulse.kit.clock import SystemClock
from support.api import SECRET_KEY
from support.connecting import Person
from support.synced import Synced
from zoho_crm.protocol.oauth import AccessToken
from zoho_crm.secret import Secret


def name_of(synced: Synced) -> str:
    return str(synced.crm.connection["organisation"]["company_name"])


def test_a_wrong_name_disconnects_nothing(synced: Synced) -> None:
    answer = synced.api.client.post("/api/crm/disconnect", json={"organisation": "Someone"})

    assert (answer.status_code, answer.json()["code"]) == (400, "confirmation_wrong")
    assert Person(synced.api.client).view()["state"] == "connected"


def test_secrets_go_and_data_stays(synced: Synced) -> None:
    answer = synced.api.client.post(
        "/api/crm/disconnect", json={"organisation": f" {name_of(synced)} "}
    )

    assert answer.json() == {
        "message": f"Disconnected from {name_of(synced)}.",
        "stopped_syncs": 0,
        "is_revoked": True,
        "fix": None,
    }
    assert synced.api.sql(
        "SELECT refresh_token_encrypted, access_token_encrypted, client_secret_encrypted, scopes"
        " FROM crm_connection"
    ) == [(None, None, None, [])]
    assert synced.api.sql("SELECT count(*) FROM deals WHERE is_live") == [(60,)]
    view = Person(synced.api.client).view()
    assert view["state"] == "not_connected"
    assert view["organisation"]["company_name"] == name_of(synced)
    assert synced.api.client.post("/api/live-sync/sync/incremental").status_code == 503
    # Zoho knows it as well.
    refused = synced.crm.token(
        grant_type="refresh_token", refresh_token=synced.crm.connection["refresh_token"]
    )
    assert refused.json() == {"error": "invalid_code"}
    assert ("connection.disconnected",) in synced.api.sql("SELECT action FROM audit_log")
    again = synced.api.client.post("/api/crm/disconnect", json={"organisation": name_of(synced)})
    assert (again.status_code, again.json()["code"]) == (503, "not_connected")


def test_a_disconnect_holds_where_zoho_cannot_be_told(synced: Synced) -> None:
    synced.crm.fault("status", route="oauth.revoke", status=503)

    body = synced.api.client.post(
        "/api/crm/disconnect", json={"organisation": name_of(synced)}
    ).json()

    assert body["is_revoked"] is False
    assert "connected apps" in body["fix"]
    assert Person(synced.api.client).view()["state"] == "not_connected"


def test_syncs_that_wait_are_stopped(synced: Synced) -> None:
    session = synced.api.client.post("/api/live-sync/sync/full").json()["session_id"]

    body = synced.api.client.post(
        "/api/crm/disconnect", json={"organisation": name_of(synced)}
    ).json()

    assert body["stopped_syncs"] == 1
    assert synced.api.sql("SELECT status FROM crm_sync_sessions WHERE id = %(id)s", id=session) == [
        ("cancelled",)
    ]


def test_a_restart_does_not_undo_a_disconnect(synced: Synced) -> None:
    synced.api.client.post("/api/crm/disconnect", json={"organisation": name_of(synced)})

    asyncio.run(prepare(synced.settings))

    assert Person(synced.api.client).view()["state"] == "not_connected"


def test_a_restart_does_not_undo_a_sign_in_in_the_browser(synced: Synced) -> None:
    person = Person(synced.api.client)
    assert person.connect() == "connected"
    before = synced.api.sql("SELECT refresh_token_encrypted FROM crm_connection")

    asyncio.run(prepare(synced.settings))

    assert synced.api.sql("SELECT refresh_token_encrypted FROM crm_connection") == before
    assert person.view()["connected_by"] == "Ada"


def test_connecting_again_after_a_disconnect_goes_on_with_the_mirror(synced: Synced) -> None:
    synced.api.client.post("/api/crm/disconnect", json={"organisation": name_of(synced)})

    assert Person(synced.api.client).connect() == "connected"

    deal = synced.crm.records()[0]["id"]
    synced.crm.edit({deal: {"Description": "after"}})
    session = synced.sync("incremental")["session"]
    assert isinstance(session, dict)
    assert (session["status"], session["records_changed"]) == ("completed", 1)


@pytest.mark.parametrize("store_is", ["old", "present"])
def test_a_run_that_outlives_its_connection_stores_no_token(synced: Synced, store_is: str) -> None:
    ((generation,),) = synced.api.sql("SELECT generation FROM crm_connection")
    assert isinstance(generation, int)
    synced.api.client.post("/api/crm/disconnect", json={"organisation": name_of(synced)})
    used = generation if store_is == "old" else generation + 1

    async def save() -> None:
        async with database(synced.api.database_url) as open_db:
            store = StoredTokens(open_db, Vault(SECRET_KEY), used)
            await store.save(AccessToken(Secret("late"), SystemClock().now()))

    asyncio.run(save())

    stored = synced.api.sql("SELECT access_token_encrypted IS NULL FROM crm_connection")
    assert stored == [(store_is == "old",)]
