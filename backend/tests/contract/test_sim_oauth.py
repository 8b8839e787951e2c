"""OAuth of the simulator over HTTP: bodies, scopes, lifetimes and throttling."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from support.simulator import SimulatorHandle, simulator_in_thread
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

CONSENT = {
    "response_type": "code",
    "scope": "ZohoCRM.modules.ALL,ZohoCRM.org.READ",
    "redirect_uri": "http://127.0.0.1:1/back",
    "access_type": "offline",
}


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=10)) as handle:
        yield handle


@pytest.fixture
def crm(running: SimulatorHandle) -> SimulatorHandle:
    running.reset(deals=10)
    return running


def consent_query(crm: SimulatorHandle, **changes: str) -> dict[str, str]:
    return {"client_id": crm.connection["client_id"], **CONSENT, **changes}


def granted_code(crm: SimulatorHandle) -> str:
    answer = crm.request(
        "POST",
        "/oauth/v2/auth",
        params=consent_query(crm, state="s1"),
        body=b"decision=accept",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status == 302
    back = urlsplit(answer.headers["Location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == CONSENT["redirect_uri"]
    query = parse_qs(back.query)
    assert query["state"] == ["s1"]
    assert query["location"] == ["us"]
    assert query["accounts-server"] == [crm.url]
    return query["code"][0]


def org_answer(crm: SimulatorHandle, token: str) -> tuple[int, object]:
    answer = crm.request(
        "GET", "/crm/v8/org", headers={"Authorization": f"Zoho-oauthtoken {token}"}
    )
    body = answer.json()
    return answer.status, "org" if "org" in body else body


def test_consent_page_names_the_company_and_each_scope(crm: SimulatorHandle) -> None:
    answer = crm.request("GET", "/oauth/v2/auth", params=consent_query(crm))
    page = answer.body.decode()
    assert answer.status == 200
    assert "<strong>Meranti Technologies Pte Ltd</strong>" in page
    assert "<li>ZohoCRM.modules.ALL</li><li>ZohoCRM.org.READ</li>" in page


@pytest.mark.parametrize(
    ("change", "title"),
    [
        ({"client_id": "1000.UNKNOWN"}, "Invalid Client ID"),
        ({"redirect_uri": "nowhere"}, "Invalid Redirect Uri"),
        ({"response_type": "token"}, "Invalid response type"),
        ({"redirect_uri": "https://elsewhere.example.com/back"}, "Invalid Redirect Uri"),
        ({"redirect_uri": "javascript:alert(1)//127.0.0.1"}, "Invalid Redirect Uri"),
        ({"scope": "mail.read"}, "Invalid OAuth Scope"),
        ({"scope": "ZohoCRM.modules.ALL,ZohoCRM.everything.ALL"}, "Invalid OAuth Scope"),
        ({"scope": "ZohoCRM.modules.EVERYTHING"}, "Invalid OAuth Scope"),
    ],
)
def test_consent_page_refuses_a_wrong_request(
    crm: SimulatorHandle, change: dict[str, str], title: str
) -> None:
    answer = crm.request("GET", "/oauth/v2/auth", params=consent_query(crm, **change))
    assert answer.status == 400
    assert f"<h1>{title}</h1>" in answer.body.decode()


def test_registered_redirect_addresses_hold_to_the_letter(crm: SimulatorHandle) -> None:
    registered = CONSENT["redirect_uri"]
    crm.control("POST", "/client", {"redirect_uris": [registered]})
    try:
        statuses = [
            crm.request(
                method, "/oauth/v2/auth", params=consent_query(crm, redirect_uri=uri)
            ).status
            for method in ("GET", "POST")
            for uri in (registered, f"{registered}/", "http://127.0.0.1:2/back")
        ]
    finally:
        crm.control("POST", "/client", {"redirect_uris": []})
    # The POST without a decision is a rejection, and goes back where it may.
    assert statuses == [200, 400, 400, 302, 400, 400]


def test_consent_page_loads_nothing_and_leads_to_the_client_alone(crm: SimulatorHandle) -> None:
    answer = crm.request("GET", "/oauth/v2/auth", params=consent_query(crm))
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";")
    )
    (style,) = re.findall("<style>(.*?)</style>", answer.body.decode(), re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "form-action": "'self' http://127.0.0.1:1",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert "<script" not in answer.body.decode()


def test_consent_page_shows_what_it_was_sent_as_text(crm: SimulatorHandle) -> None:
    forged = consent_query(crm, state='"><script>alert(1)</script>')
    page = crm.request("GET", "/oauth/v2/auth", params=forged).body.decode()
    assert "<script>" not in page


def test_a_rejected_consent_goes_back_with_access_denied(crm: SimulatorHandle) -> None:
    answer = crm.request(
        "POST",
        "/oauth/v2/auth",
        params=consent_query(crm),
        body=b"decision=reject",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.headers["Location"] == "http://127.0.0.1:1/back?error=access_denied"


def test_a_code_becomes_tokens_once(crm: SimulatorHandle) -> None:
    code = granted_code(crm)
    exchange = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": CONSENT["redirect_uri"],
    }
    first = crm.token(**exchange).json()
    assert set(first) == {
        "access_token",
        "refresh_token",
        "scope",
        "api_domain",
        "token_type",
        "expires_in",
    }
    assert (first["api_domain"], first["token_type"], first["expires_in"]) == (
        crm.url,
        "Bearer",
        3600,
    )
    assert org_answer(crm, first["access_token"]) == (200, "org")
    second = crm.token(**exchange)
    assert (second.status, second.json()) == (200, {"error": "invalid_code"})


def test_a_code_needs_its_own_redirect_uri(crm: SimulatorHandle) -> None:
    answer = crm.token(
        grant_type="authorization_code",
        code=granted_code(crm),
        redirect_uri="http://127.0.0.1:1/other",
    )
    assert answer.json() == {"error": "invalid_code"}


def test_a_code_dies_after_three_minutes(crm: SimulatorHandle) -> None:
    code = granted_code(crm)
    crm.advance(180)
    answer = crm.token(
        grant_type="authorization_code", code=code, redirect_uri=CONSENT["redirect_uri"]
    )
    assert answer.json() == {"error": "invalid_code"}


def test_a_self_client_code_needs_no_redirect_uri(crm: SimulatorHandle) -> None:
    code = crm.control("POST", "/tokens/grant", {"scope": "ZohoCRM.org.READ"})["code"]
    tokens = crm.token(grant_type="authorization_code", code=code).json()
    assert org_answer(crm, tokens["access_token"]) == (200, "org")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"client_id": "1000.UNKNOWN"}, "invalid_client"),
        ({"client_secret": "nonsense"}, "invalid_client_secret"),
        ({"refresh_token": "1000.a.b"}, "invalid_code"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
    ],
)
def test_token_errors_arrive_with_status_200(
    crm: SimulatorHandle, wrong: dict[str, str], error: str
) -> None:
    right = {"grant_type": "refresh_token", "refresh_token": crm.connection["refresh_token"]}
    answer = crm.token(**{**right, **wrong})
    assert (answer.status, answer.json()) == (200, {"error": error})


def test_a_refresh_gives_no_new_refresh_token(crm: SimulatorHandle) -> None:
    answer = crm.token(grant_type="refresh_token", refresh_token=crm.connection["refresh_token"])
    assert set(answer.json()) == {"access_token", "api_domain", "token_type", "expires_in"}


@pytest.mark.parametrize("shape", ["form", "multipart"])
def test_parameters_may_come_as_a_form_or_as_multipart(crm: SimulatorHandle, shape: str) -> None:
    given = {
        "grant_type": "refresh_token",
        "refresh_token": crm.connection["refresh_token"],
        "client_id": crm.connection["client_id"],
        "client_secret": crm.connection["client_secret"],
    }
    if shape == "form":
        kind = "application/x-www-form-urlencoded"
        body = "&".join(f"{name}={value}" for name, value in given.items())
    else:
        kind = "multipart/form-data; boundary=cut"
        parts = [
            f'--cut\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in given.items()
        ]
        body = "".join(parts) + "--cut--\r\n"
    answer = crm.request(
        "POST", "/oauth/v2/token", body=body.encode(), headers={"Content-Type": kind}
    )
    assert answer.json()["expires_in"] == 3600


def test_the_eleventh_token_within_ten_minutes_is_refused(crm: SimulatorHandle) -> None:
    refresh = {"grant_type": "refresh_token", "refresh_token": crm.connection["refresh_token"]}
    for _ in range(10):
        assert "access_token" in crm.token(**refresh).json()
    answer = crm.token(**refresh)
    assert answer.status == 400
    assert answer.json() == {
        "error_description": "You have made too many requests continuously."
        " Please try again after some time.",
        "error": "Access Denied",
        "status": "failure",
    }
    crm.advance(600)
    assert "access_token" in crm.token(**refresh).json()


def test_the_sixteenth_live_token_ends_the_oldest(crm: SimulatorHandle) -> None:
    tokens = [crm.access_token() for _ in range(10)]
    crm.advance(600)
    tokens += [crm.access_token() for _ in range(6)]
    assert org_answer(crm, tokens[0])[0] == 401
    assert org_answer(crm, tokens[1])[0] == 200


def test_a_token_lives_an_hour(crm: SimulatorHandle) -> None:
    crm.freeze()
    token = crm.access_token()
    crm.advance(3599)
    assert org_answer(crm, token)[0] == 200
    crm.advance(1)
    assert org_answer(crm, token) == (
        401,
        {
            "code": "INVALID_TOKEN",
            "details": {},
            "message": "invalid oauth token",
            "status": "error",
        },
    )


def test_a_revoked_refresh_token_takes_its_access_tokens_along(crm: SimulatorHandle) -> None:
    token = crm.access_token()
    refresh = crm.connection["refresh_token"]
    answer = crm.request("POST", "/oauth/v2/token/revoke", params={"token": refresh})
    assert (answer.status, answer.json()) == (200, {"status": "success"})
    assert org_answer(crm, token)[0] == 401
    again = crm.token(grant_type="refresh_token", refresh_token=refresh)
    assert again.json() == {"error": "invalid_code"}


def test_a_call_without_the_scheme_is_no_authentication(crm: SimulatorHandle) -> None:
    token = crm.access_token()
    expected = {
        "code": "AUTHENTICATION_FAILURE",
        "details": {},
        "message": "Authentication failed",
        "status": "error",
    }
    for headers in ({}, {"Authorization": f"Bearer {token}"}):
        answer = crm.request("GET", "/crm/v8/org", headers=headers)
        assert (answer.status, answer.json()) == (401, expected)


@pytest.mark.parametrize(
    ("scope", "path", "status"),
    [
        ("ZohoCRM.modules.Deals.READ", "/crm/v8/Deals?fields=Stage", 200),
        ("ZohoCRM.modules.deals.ALL", "/crm/v8/Deals?fields=Stage", 200),
        ("ZohoCRM.modules.READ", "/crm/v8/Deals?fields=Stage", 200),
        ("ZohoCRM.modules.Accounts.READ", "/crm/v8/Deals?fields=Stage", 401),
        ("ZohoCRM.modules.Deals.CREATE", "/crm/v8/Deals?fields=Stage", 401),
        ("ZohoCRM.modules.ALL", "/crm/v8/settings/fields?module=Deals", 401),
        ("ZohoCRM.settings.ALL", "/crm/v8/settings/fields?module=Deals", 200),
        ("ZohoCRM.settings.fields.READ", "/crm/v8/settings/fields?module=Deals", 200),
        ("ZohoCRM.settings.fields.READ", "/crm/v8/org/currencies", 401),
        ("ZohoCRM.settings.ALL", "/crm/v8/org", 401),
        ("ZohoCRM.modules.ALL", "/crm/v8/Deals/search?word=the&fields=Stage", 401),
    ],
)
def test_scopes_decide_which_calls_may_be_made(
    crm: SimulatorHandle, scope: str, path: str, status: int
) -> None:
    token = crm.access_token(scope)
    answer = crm.request("GET", path, headers={"Authorization": f"Zoho-oauthtoken {token}"})
    assert answer.status == status
    if status == 401:
        assert answer.json() == {
            "code": "OAUTH_SCOPE_MISMATCH",
            "details": {},
            "message": "Unauthorized",
            "status": "error",
        }
