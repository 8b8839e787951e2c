from __future__ import annotations

import pickle
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from support.crm_client import START, answer, credentials, sample
from zoho_crm import errors
from zoho_crm.protocol import oauth
from zoho_crm.protocol.datacentres import DATA_CENTRES
from zoho_crm.protocol.wire import Answer
from zoho_crm.secret import Secret


def test_a_secret_never_shows_itself() -> None:
    secret = Secret("1000.aa.bb")
    token = oauth.AccessToken(secret, START)
    for shown in (repr(secret), str(secret), f"{secret}", repr(token), repr(credentials())):
        assert "1000.aa.bb" not in shown
        assert "client-secret" not in shown
        assert "refresh-token" not in shown
        assert "**********" in shown
    assert secret.reveal() == "1000.aa.bb"
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(secret)


def test_secrets_are_equal_by_their_text() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a")}) == 1


def test_the_sign_in_address_asks_for_a_refresh_token() -> None:
    url = oauth.sign_in_url(
        "https://accounts.zoho.in/",
        "client-1",
        "https://pulse.test/back",
        ["ZohoCRM.modules.ALL", "ZohoCRM.coql.READ"],
        state="s 1",
    )
    parts = urlsplit(url)
    assert (parts.netloc, parts.path) == ("accounts.zoho.in", "/oauth/v2/auth")
    assert parse_qs(parts.query) == {
        "response_type": ["code"],
        "client_id": ["client-1"],
        "scope": ["ZohoCRM.modules.ALL,ZohoCRM.coql.READ"],
        "redirect_uri": ["https://pulse.test/back"],
        "access_type": ["offline"],
        "prompt": ["consent"],
        "state": ["s 1"],
    }


def test_the_forms_carry_the_secrets_in_the_body() -> None:
    assert oauth.refresh_form(credentials()) == {
        "grant_type": "refresh_token",
        "client_id": "client-1",
        "client_secret": "client-secret",
        "refresh_token": "refresh-token",
    }
    assert oauth.code_form("c", Secret("s"), "https://pulse.test/back", Secret("code")) == {
        "grant_type": "authorization_code",
        "client_id": "c",
        "client_secret": "s",
        "redirect_uri": "https://pulse.test/back",
        "code": "code",
    }


def test_a_grant_has_an_end_and_the_host_of_the_api() -> None:
    grant = oauth.read_grant(sample("token_granted"), now=START)
    assert grant.token == oauth.AccessToken(
        Secret("1000.aa.bb"), START + timedelta(seconds=3600), "https://www.zohoapis.in"
    )
    assert grant.refresh_token is None
    first = answer({"access_token": "a", "refresh_token": "r", "expires_in": 60})
    assert oauth.read_grant(first, now=START) == oauth.Grant(
        oauth.AccessToken(Secret("a"), START + timedelta(seconds=60)), Secret("r")
    )


def test_a_host_that_is_no_address_is_refused() -> None:
    odd = answer({"access_token": "a", "expires_in": 60, "api_domain": "file:///etc"})
    with pytest.raises(errors.UnexpectedAnswer, match=r"token\.api_domain"):
        oauth.read_grant(odd, now=START)


def test_a_refusal_under_200_is_a_refusal() -> None:
    with pytest.raises(errors.CredentialsRefused) as caught:
        oauth.read_grant(sample("token_refused_under_200"), now=START)
    assert (caught.value.code, caught.value.status) == ("invalid_code", 200)
    assert "choose the right data centre" in str(caught.value)


@pytest.mark.parametrize("name", ["token_throttled", "token_throttled_newer"])
def test_both_wordings_of_the_throttle_carry_its_window(name: str) -> None:
    with pytest.raises(errors.TokenThrottled) as caught:
        oauth.read_grant(sample(name), now=START)
    assert caught.value.retry_after_s == 600.0


@pytest.mark.parametrize(
    ("given", "kind"),
    [
        (Answer(503), errors.ServerFault),
        (Answer(200, body=b"<html>"), errors.BrokenAnswer),
        (answer({}, 400), errors.UnexpectedAnswer),
        (answer({"error": "slow"}, 429), errors.TokenThrottled),
        (answer({"error": "invalid_client"}, 400), errors.CredentialsRefused),
        (answer({"access_token": 5, "expires_in": 60}), errors.UnexpectedAnswer),
    ],
)
def test_other_answers_of_the_token_endpoint_are_told_apart(
    given: Answer, kind: type[errors.ZohoError]
) -> None:
    with pytest.raises(errors.ZohoError) as caught:
        oauth.read_grant(given, now=START)
    assert type(caught.value) is kind


def test_a_revocation_is_silent_or_refused() -> None:
    oauth.read_revocation(answer({"status": "success"}))
    with pytest.raises(errors.CredentialsRefused):
        oauth.read_revocation(sample("token_refused_under_200"))


def test_every_data_centre_has_its_own_hosts() -> None:
    assert sorted(DATA_CENTRES) == ["ae", "au", "ca", "cn", "eu", "in", "jp", "sa", "uk", "us"]
    assert DATA_CENTRES["in"].accounts_url == "https://accounts.zoho.in"
    assert DATA_CENTRES["in"].base_url == "https://www.zohoapis.in/crm/v8"
    assert DATA_CENTRES["ca"].accounts_url == "https://accounts.zohocloud.ca"
    assert len({centre.api_domain for centre in DATA_CENTRES.values()}) == 10
