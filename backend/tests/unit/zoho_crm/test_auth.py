"""The life of access tokens: one refresh for many calls, shared between processes."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from support.crm_client import (
    START,
    FakeClock,
    ScriptedTransport,
    answer,
    client_over,
    sample,
)
from zoho_crm import errors
from zoho_crm.auth import MemoryTokenStore
from zoho_crm.protocol.oauth import AccessToken
from zoho_crm.secret import Secret

if TYPE_CHECKING:
    from zoho_crm.protocol.wire import Answer

pytestmark = pytest.mark.anyio

PAGE = sample("list_page")
INVALID = sample("invalid_token")


def token(text: str, *, lives_s: float = 3600) -> AccessToken:
    return AccessToken(Secret(text), START + timedelta(seconds=lives_s))


def sent_tokens(transport: ScriptedTransport) -> list[str]:
    return [
        request.headers["Authorization"].removeprefix("Zoho-oauthtoken ")
        for request in transport.requests
    ]


async def test_a_stored_token_is_used_without_a_refresh() -> None:
    transport = ScriptedTransport(PAGE)
    client = client_over(transport, tokens=MemoryTokenStore(token("stored")))
    await client.get_records("Deals", ["id"])
    assert sent_tokens(transport) == ["stored"]
    assert transport.token_requests == []


async def test_the_refresh_goes_to_the_accounts_server_as_a_form() -> None:
    store = MemoryTokenStore()
    transport = ScriptedTransport(PAGE)
    await client_over(transport, tokens=store).get_records("Deals", ["id"])
    (request,) = transport.token_requests
    assert (request.method, request.url) == ("POST", "https://accounts.test/oauth/v2/token")
    assert request.headers == {}
    assert request.form is not None
    assert request.form["refresh_token"] == "refresh-token"
    assert await store.load() == token("token-1")


async def test_a_token_near_its_end_is_renewed_before_it_is_used() -> None:
    clock = FakeClock()
    transport = ScriptedTransport(PAGE, PAGE, PAGE)
    client = client_over(transport, clock=clock)
    await client.get_records("Deals", ["id"])
    clock.advance(3539)
    await client.get_records("Deals", ["id"])
    clock.advance(1)
    await client.get_records("Deals", ["id"])
    assert sent_tokens(transport) == ["token-1", "token-1", "token-2"]


async def test_a_refused_token_is_refreshed_once_and_the_call_made_again() -> None:
    transport = ScriptedTransport(INVALID, PAGE)
    client = client_over(transport, tokens=MemoryTokenStore(token("stored")))
    page = await client.get_records("Deals", ["id"])
    assert sent_tokens(transport) == ["stored", "token-1"]
    assert (page.meta.attempts, page.meta.credits) == (2, 1)


async def test_a_fresh_token_that_is_refused_too_is_the_users_matter() -> None:
    transport = ScriptedTransport(INVALID, INVALID)
    with pytest.raises(errors.InvalidToken):
        await client_over(transport).get_records("Deals", ["id"])
    assert transport.tokens_granted == 2


async def test_a_refused_token_proves_that_an_insert_was_not_executed() -> None:
    transport = ScriptedTransport(INVALID, sample("write_ids_as_numbers"))
    result = await client_over(transport).insert("Deals", [{"Deal_Name": "Crane lease"}])
    assert result.errors == ()


async def test_an_insert_is_not_lost_while_its_refused_token_cannot_be_replaced() -> None:
    transport = ScriptedTransport(
        INVALID, INVALID, sample("write_ids_as_numbers"), token_steps=[answer({}, 503)]
    )
    client = client_over(transport, tokens=MemoryTokenStore(token("stale")))
    result = await client.insert("Deals", [{"Deal_Name": "Crane lease"}])
    assert result.errors == ()
    assert sent_tokens(transport) == ["stale", "stale", "token-1"]


@pytest.mark.parametrize("name", ["scope_mismatch_401", "scope_mismatch_403"])
async def test_a_missing_scope_never_refreshes(name: str) -> None:
    transport = ScriptedTransport(sample(name))
    with pytest.raises(errors.ScopeMissing):
        await client_over(transport).get_records("Deals", ["id"])
    assert (transport.tokens_granted, len(transport.requests)) == (1, 1)


async def test_a_missing_header_never_refreshes() -> None:
    body = {"code": "AUTHENTICATION_FAILURE", "details": {}, "message": "", "status": "error"}
    transport = ScriptedTransport(answer(body, 401))
    with pytest.raises(errors.InvalidToken):
        await client_over(transport).get_records("Deals", ["id"])
    assert transport.tokens_granted == 1


async def test_many_calls_with_one_stale_token_make_one_refresh() -> None:
    class Checking(ScriptedTransport):
        async def send(self, request: object, **kwargs: object) -> Answer:
            await asyncio.sleep(0)
            if getattr(request, "form", None) is not None:
                return await super().send(request, **kwargs)  # type: ignore[arg-type] # as given
            headers: dict[str, str] = request.headers  # type: ignore[attr-defined] # HttpRequest
            return PAGE if headers["Authorization"].endswith("token-1") else INVALID

    class CountingStore(MemoryTokenStore):
        loads = 0

        async def load(self) -> AccessToken | None:
            self.loads += 1
            return await super().load()

    transport = Checking()
    store = CountingStore(token("stale"))
    client = client_over(transport, tokens=store)
    pages = await asyncio.gather(*(client.get_records("Deals", ["id"]) for _ in range(50)))
    assert len(pages) == 50
    assert transport.tokens_granted == 1
    # Once for the stale one, twice around the store's lock; the others find the new one here.
    assert store.loads == 3


async def test_processes_that_share_a_store_make_one_refresh() -> None:
    class Slow(ScriptedTransport):
        async def send(self, *args: object, **kwargs: object) -> Answer:
            await asyncio.sleep(0)
            return await super().send(*args, **kwargs)  # type: ignore[arg-type] # as given

    store = MemoryTokenStore()
    transports = [Slow(PAGE) for _ in range(5)]
    await asyncio.gather(
        *(
            client_over(transport, tokens=store).get_records("Deals", ["id"])
            for transport in transports
        )
    )
    assert sum(transport.tokens_granted for transport in transports) == 1


async def test_a_token_that_another_process_made_is_taken_in_place_of_a_refresh() -> None:
    store = MemoryTokenStore(token("old"))
    transport = ScriptedTransport(PAGE, INVALID, PAGE)
    client = client_over(transport, tokens=store)
    await client.get_records("Deals", ["id"])
    await store.save(token("newer"))
    await client.get_records("Deals", ["id"])
    assert sent_tokens(transport) == ["old", "old", "newer"]
    assert transport.tokens_granted == 0


async def test_refused_credentials_are_the_users_matter_even_under_200() -> None:
    transport = ScriptedTransport(token_steps=[sample("token_refused_under_200")])
    with pytest.raises(errors.CredentialsRefused) as caught:
        await client_over(transport).get_records("Deals", ["id"])
    assert caught.value.code == "invalid_code"
    assert transport.requests == []


async def test_a_throttled_refresh_is_not_asked_again_inside_its_window() -> None:
    clock = FakeClock()
    transport = ScriptedTransport(PAGE, token_steps=[sample("token_throttled")])
    client = client_over(transport, clock=clock)
    with pytest.raises(errors.TokenThrottled) as caught:
        await client.get_records("Deals", ["id"])
    assert caught.value.retry_after_s == 600.0
    clock.advance(200)
    with pytest.raises(errors.TokenThrottled) as caught:
        await client.insert("Deals", [{"Deal_Name": "x"}])
    assert caught.value.retry_after_s == 400.0
    assert (len(transport.token_requests), clock.sleeps) == (1, [])
    clock.advance(400)
    await client.get_records("Deals", ["id"])
    assert sent_tokens(transport) == ["token-1"]


async def test_trouble_at_the_accounts_server_is_retried_and_never_a_lost_answer() -> None:
    down = answer({}, 503)
    transport = ScriptedTransport(sample("write_ids_as_numbers"), token_steps=[down, down])
    result = await client_over(transport).insert("Deals", [{"Deal_Name": "x"}])
    assert result.errors == ()
    assert (len(transport.token_requests), len(transport.requests)) == (3, 1)
    failing = ScriptedTransport(token_steps=[down] * 6)
    with pytest.raises(errors.ServerFault):
        await client_over(failing).insert("Deals", [{"Deal_Name": "x"}])


async def test_a_token_answer_that_makes_no_sense_is_never_a_lost_answer() -> None:
    transport = ScriptedTransport(token_steps=[answer({"access_token": 5, "expires_in": 60})])
    with pytest.raises(errors.UnexpectedAnswer, match=r"token\.access_token"):
        await client_over(transport).insert("Deals", [{"Deal_Name": "x"}])


async def test_a_token_with_a_minute_left_serves_while_the_accounts_server_is_down() -> None:
    transport = ScriptedTransport(PAGE, token_steps=[answer({}, 503)])
    client = client_over(transport, tokens=MemoryTokenStore(token("stored", lives_s=30)))
    await client.get_records("Deals", ["id"])
    assert sent_tokens(transport) == ["stored"]


async def test_the_host_that_a_token_names_replaces_the_configured_one() -> None:
    grant = answer({"access_token": "a", "expires_in": 3600, "api_domain": "https://eu.test"})
    job = sample("bulk_read_in_progress")
    transport = ScriptedTransport(PAGE, job, token_steps=[grant])
    client = client_over(transport)
    await client.get_records("Deals", ["id"])
    await client.bulk_read.status("5725767000000400001")
    assert [request.url.split("?")[0] for request in transport.requests] == [
        "https://eu.test/crm/v8/Deals",
        "https://eu.test/crm/bulk/v8/read/5725767000000400001",
    ]


async def test_signing_out_revokes_the_refresh_token() -> None:
    transport = ScriptedTransport(token_steps=[answer({"status": "success"})])
    await client_over(transport).sign_out()
    (request,) = transport.token_requests
    assert request.url == "https://accounts.test/oauth/v2/token/revoke"
    assert request.form == {"token": "refresh-token"}
