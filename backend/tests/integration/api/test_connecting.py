"""Connecting in a browser, over HTTP from the product to the simulated accounts server and back."""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from pulse.adapters.secrets import Vault
from pulse.connection.scopes import ASKED_SCOPES, INDISPENSABLE_SCOPES
from pulse.core.access import Role
from support.accounts import add_session, add_user, browser
from support.api import SECRET_KEY, Api, HandClock, served
from support.connecting import Person
from support.simulator import SimulatorHandle, simulator_in_thread
from support.synced import Synced, crm_settings
from zoho_sim.config import Config

ELSEWHERE = "http://127.0.0.1:9"


@pytest.fixture
def unconnected(
    crm: SimulatorHandle, database_url: str, redis_url: str, clock: HandClock
) -> Iterator[Api]:
    """The product with a client in its environment, and no refresh token."""
    settings = crm_settings(crm, database_url, redis_url, zoho_refresh_token=None)
    with served(settings, clock) as api:
        yield api


@pytest.fixture
def person(unconnected: Api) -> Person:
    return Person(unconnected.client)


@contextmanager
def another(api: Api, role: Role, name: str) -> Iterator[httpx.Client]:
    """Another browser in which somebody is logged in."""
    user = add_user(api.database_url, role, name=name)
    with browser(api.url, add_session(api.database_url, user, api.clock.now())) as client:
        yield client


def audited(api: Api) -> list[tuple[object, ...]]:
    return api.sql("SELECT user_name, action FROM audit_log ORDER BY id")


def test_consent_is_asked_for_what_is_needed_and_nothing_else(
    person: Person, crm: SimulatorHandle
) -> None:
    url = urlsplit(person.begin())
    asked = parse_qs(url.query)

    assert f"{url.scheme}://{url.netloc}{url.path}" == f"{crm.url}/oauth/v2/auth"
    assert asked["scope"] == [",".join(ASKED_SCOPES)]
    assert asked["redirect_uri"] == ["http://127.0.0.1:8000/api/crm/callback"]
    assert (asked["access_type"], asked["prompt"]) == (["offline"], ["consent"])
    assert len(asked["state"][0]) >= 43
    assert httpx.get(url.geturl()).status_code == 200


def test_consent_connects_and_tells_all_there_is_to_know(
    person: Person, unconnected: Api, crm: SimulatorHandle
) -> None:
    assert person.view()["state"] == "not_connected"

    assert person.connect() == "connected"

    view = person.view()
    organisation = crm.connection["organisation"]
    assert view["state"] == "connected"
    assert view["organisation"]["id"] == organisation["id"]
    assert view["organisation"]["company_name"] == organisation["company_name"]
    assert view["data_centre"]["slug"] == "configured"
    assert view["api_domain"] == crm.url
    assert view["connected_by"] == "Ada"
    assert view["connected_at"] == view["last_checked_at"] == "2026-03-02T09:30:00Z"
    assert (view["access_token"]["state"], view["has_refresh_token"]) == ("valid", True)
    assert view["scopes_missing"] == []
    assert {area["read"] for area in view["areas"]} == {"granted"}
    writing = {area["name"] for area in view["areas"] if area["write"] == "granted"}
    assert writing == {"Deals and accounts", "Fields and modules", "Bulk updates"}
    assert {area["checked_by"] for area in view["areas"]} == {"scope"}
    assert view["confirm_with"] == organisation["company_name"]
    assert view["is_loaded"] is False
    assert (view["last_attempt"]["outcome"], view["last_attempt"]["by"]) == ("connected", "Ada")
    assert audited(unconnected) == [
        ("Ada", "connection.sign_in_begun"),
        ("Ada", "connection.connected"),
    ]
    assert unconnected.sql("SELECT job FROM outbox") == [("refresh_connection",)]
    assert unconnected.client.get("/api/crm/auth/validate").json()["status"] == "valid"


def test_tokens_are_stored_encrypted_and_shown_nowhere(person: Person, unconnected: Api) -> None:
    person.connect()
    ((refresh, access, secret),) = unconnected.sql(
        "SELECT refresh_token_encrypted, access_token_encrypted, client_secret_encrypted"
        " FROM crm_connection"
    )
    vault = Vault(SECRET_KEY)
    shown = str(person.view()) + str(unconnected.sql("SELECT * FROM audit_log"))
    for blob in (refresh, access, secret):
        assert isinstance(blob, bytes)
        assert vault.decrypt(blob) not in shown
    assert unconnected.sql("SELECT length(client_secret_encrypted) FROM connect_attempts") == [(0,)]


def test_a_state_is_good_for_one_answer(person: Person) -> None:
    answer = person.decide(person.begin())

    assert person.come_back(answer) == "connected"
    assert person.come_back(answer) == "used"
    assert person.view()["state"] == "connected"


def test_a_state_ends_after_ten_minutes(person: Person, clock: HandClock) -> None:
    answer = person.decide(person.begin())
    clock.advance(minutes=10)

    assert person.come_back(answer) == "expired"
    assert person.view()["state"] == "not_connected"


@pytest.mark.parametrize("state", ["", "made-up"])
def test_a_state_that_we_did_not_give_is_refused(person: Person, state: str) -> None:
    answer = person.decide(person.begin())

    assert person.come_back(answer, state=state) == "unknown_state"
    # The real one still counts: a forged answer cannot spoil it.
    assert person.come_back(answer) == "connected"


def test_an_answer_counts_only_in_the_browser_that_began(person: Person, unconnected: Api) -> None:
    answer = person.decide(person.begin())

    with another(unconnected, Role.ADMIN, "Boris") as client:
        assert Person(client).come_back(answer) == "unknown_state"
    with browser(unconnected.url, None) as client:
        assert Person(client).come_back(answer) == "signed_out"
    assert person.view()["state"] == "not_connected"


def test_whoever_is_no_admin_any_more_connects_nothing(person: Person, unconnected: Api) -> None:
    answer = person.decide(person.begin())
    unconnected.sql("UPDATE user_accounts SET role = 'editor' WHERE name = 'Ada'")

    assert person.come_back(answer) == "signed_out"


def test_a_refusal_at_zoho_is_told_as_one(person: Person) -> None:
    assert person.come_back(person.decide(person.begin(), "reject")) == "denied"
    assert person.view()["last_attempt"]["outcome"] == "denied"


@pytest.mark.parametrize(
    ("answer", "outcome"), [({"code": ""}, "no_code"), ({"code": "1000.a.b"}, "code_refused")]
)
def test_an_answer_without_a_good_code_is_refused(
    person: Person, answer: dict[str, str], outcome: str
) -> None:
    assert person.come_back(person.decide(person.begin()), **answer) == outcome


def test_a_code_that_grew_old_at_zoho_is_refused(person: Person, crm: SimulatorHandle) -> None:
    answer = person.decide(person.begin())
    crm.advance(180)

    assert person.come_back(answer) == "code_refused"


def test_only_known_accounts_servers_are_called(person: Person, unconnected: Api) -> None:
    with simulator_in_thread(Config(deals=1)) as stranger:
        answer = person.decide(person.begin())
        outcome = person.come_back(answer, **{"accounts-server": stranger.url})
        assert stranger.state()["calls_total"] == 0

    assert outcome == "unknown_server"
    assert person.view()["state"] == "not_connected"
    assert ("Ada", "connection.sign_in_failed") in audited(unconnected)


def test_a_wrong_client_secret_is_told(person: Person, crm: SimulatorHandle) -> None:
    known = str(crm.connection["client_id"])

    assert person.connect(client_id=known, client_secret="wrong") == "client_refused"
    assert person.connect(client_id=known, client_secret=crm.connection["client_secret"]) == (
        "connected"
    )


def test_a_sign_in_that_cannot_be_renewed_is_refused(person: Person) -> None:
    answer = person.decide(person.begin(), access_type=None)

    assert person.come_back(answer) == "no_refresh_token"
    assert person.view()["state"] == "not_connected"


def test_without_an_indispensable_scope_nothing_is_connected(
    person: Person, crm: SimulatorHandle
) -> None:
    granted = ",".join(scope for scope in ASKED_SCOPES if "coql" not in scope)
    answer = person.decide(person.begin(), scope=granted)

    assert person.come_back(answer) == "scopes_missing"
    attempt = person.view()["last_attempt"]
    assert attempt["detail"] == "Missing: ZohoCRM.coql.READ."
    assert person.view()["state"] == "not_connected"
    assert crm.state()["calls"].get("org.get", 0) == 0


def test_without_another_scope_it_is_connected_and_says_what_is_missing(person: Person) -> None:
    answer = person.decide(person.begin(), scope=",".join(INDISPENSABLE_SCOPES))

    assert person.come_back(answer) == "incomplete"
    view = person.view()
    assert view["state"] == "connected"
    assert view["scopes_missing"] == [
        "ZohoCRM.settings.layouts.READ",
        "ZohoCRM.settings.pipeline.READ",
        "ZohoCRM.settings.currencies.READ",
        "ZohoCRM.users.READ",
        "ZohoCRM.bulk.READ",
        "ZohoCRM.mass_update.ALL",
        "ZohoCRM.bulk.CREATE",
        "ZohoFiles.files.ALL",
        "ZohoCRM.settings.custom_views.READ",
        "ZohoSearch.securesearch.READ",
        "ZohoCRM.settings.fields.CREATE",
        "ZohoCRM.settings.fields.UPDATE",
    ]
    assert [area["name"] for area in view["areas"] if area["read"] == "missing"] == [
        "Layouts and pipelines",
        "Organisation, users, currencies",
        "Bulk jobs",
        "Bulk updates",
        "Search",
    ]
    # Fields are read all the same; ours cannot be added.
    fields = next(area for area in view["areas"] if area["name"] == "Fields and modules")
    assert (fields["read"], fields["write"]) == ("granted", "missing")
    assert fields["missing_scopes"] == [
        "ZohoCRM.settings.fields.CREATE",
        "ZohoCRM.settings.fields.UPDATE",
    ]
    owned = person.client.get("/api/crm/fields/owned").json()
    assert owned["may_create"] is False


def test_an_accounts_server_in_trouble_is_told(person: Person, crm: SimulatorHandle) -> None:
    answer = person.decide(person.begin())
    crm.fault("status", route="oauth.token", status=503)

    assert person.come_back(answer) == "crm_unavailable"


def test_another_organisation_than_the_mirrors_is_refused_and_signed_out_again(
    synced: Synced,
) -> None:
    person, mirrored = Person(synced.api.client), synced.crm.connection["organisation"]
    synced.crm.reset(seed=2)

    assert person.connect() == "other_organisation"

    attempt = person.view()["last_attempt"]
    assert attempt["detail"] == (
        f"The mirror belongs to {mirrored['company_name']}; you signed in to"
        f" {synced.crm.connection['organisation']['company_name']}."
    )
    assert person.view()["organisation"]["id"] == mirrored["id"]
    assert synced.api.sql("SELECT is_from_environment FROM crm_connection") == [(True,)]


def test_another_organisation_may_be_connected_while_nothing_is_mirrored(
    person: Person, unconnected: Api, crm: SimulatorHandle
) -> None:
    person.connect()
    unconnected.client.get("/api/crm/auth/validate")
    crm.reset(seed=2)

    assert person.connect() == "connected"
    assert person.view()["organisation"]["id"] == crm.connection["organisation"]["id"]


def test_a_missing_permission_is_told(person: Person, crm: SimulatorHandle) -> None:
    answer = person.decide(person.begin())
    crm.fault("status", route="org.*", status=403, code="NO_PERMISSION")

    assert person.come_back(answer) == "permission_missing"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"data_centre": "moon"}, "data_centre"),
        ({"data_centre": "in", "client_id": "another"}, "client_secret"),
        ({"data_centre": "in", "client_secret": "lonely"}, "client_id"),
    ],
)
def test_what_cannot_be_connected_is_named(
    unconnected: Api, body: dict[str, str], field: str
) -> None:
    answer = unconnected.client.post("/api/crm/connect", json=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_connection")
    assert answer.json()["field"] == field


def test_data_centres_are_zohos_and_the_configured_one(
    unconnected: Api, crm: SimulatorHandle
) -> None:
    body = unconnected.client.get("/api/crm/data-centres").json()

    assert [centre["slug"] for centre in body["data_centres"]] == [
        "configured", "in", "us", "eu", "au", "jp", "ca", "sa", "cn", "uk", "ae",
    ]  # fmt: skip
    assert body["data_centre"] == "configured"
    assert body["client_id"] == crm.connection["client_id"]
    assert body["redirect_uri"] == "http://127.0.0.1:8000/api/crm/callback"
    assert sorted(body["scopes"]) == sorted(ASKED_SCOPES)


def test_a_data_centre_of_zoho_sends_there(unconnected: Api) -> None:
    url = Person(unconnected.client).begin(data_centre="ca")

    assert url.startswith("https://accounts.zohocloud.ca/oauth/v2/auth?response_type=code&")


def test_only_admins_connect_and_disconnect(unconnected: Api) -> None:
    with another(unconnected, Role.EDITOR, "Edda") as editor:
        answers = [
            editor.post("/api/crm/connect", json={"data_centre": "in"}),
            editor.post("/api/crm/disconnect", json={"organisation": "x"}),
            editor.get("/api/crm/data-centres"),
        ]
        assert [answer.status_code for answer in answers] == [403, 403, 403]
        assert editor.get("/api/crm/connection").json()["admins"] == ["Ada"]
