"""The client on a simulator that misbehaves: passing trouble, dying tokens, wrong credentials."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from support.crm_simulator import client_of, ids_of
from support.simulator import SimulatorHandle, simulator_in_thread
from zoho_crm import (
    CredentialsRefused,
    ScopeMissing,
    Secret,
    Timeouts,
    exchange_code,
    sign_in_url,
)
from zoho_sim.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zoho_crm import ZohoClient

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def running() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=250)) as handle:
        yield handle


@pytest.mark.parametrize("kind", ["drop", "lost_answer", "cut_body", "status"])
async def test_a_read_survives_every_passing_trouble(
    crm: ZohoClient, sim: SimulatorHandle, kind: str
) -> None:
    sim.fault(kind, route="*/Deals", count=2)
    page = await crm.get_records("Deals", ["id"], per_page=5)
    assert len(page.records) == 5
    assert page.meta.attempts == 3


async def test_a_throttled_call_is_repeated(crm: ZohoClient, sim: SimulatorHandle) -> None:
    sim.fault("status", status=429, route="*/Deals", count=1, retry_after_s=0)
    page = await crm.get_records("Deals", ["id"], per_page=5)
    assert page.meta.attempts == 2


async def test_silence_is_ended_by_the_clients_own_clock(sim: SimulatorHandle) -> None:
    sim.fault("timeout", route="*/Deals", count=1)
    async with client_of(sim, timeouts=Timeouts(read_s=0.2)) as crm:
        page = await crm.get_records("Deals", ["id"], per_page=5)
    assert page.meta.attempts == 2


async def test_tokens_that_die_in_mid_walk_are_replaced_once(
    crm: ZohoClient, sim: SimulatorHandle
) -> None:
    found: list[str] = []
    async for page in crm.walk_records("Deals", ["id"], per_page=100):
        found += ids_of(page.records)
        sim.expire_tokens()
    assert sorted(found) == sorted(ids_of(sim.records()))


async def test_many_calls_share_one_new_token(sim: SimulatorHandle) -> None:
    async with client_of(sim) as crm:
        await crm.metadata.organisation()
        sim.expire_tokens()
        before = sim.state()["calls"]
        await asyncio.gather(*(crm.get_records("Deals", ["id"], per_page=1) for _ in range(12)))
        after = sim.state()["calls"]
    tokens = {name: after[name] - before.get(name, 0) for name in after if "token" in name}
    assert sum(tokens.values()) == 1


async def test_a_person_signs_in_and_out(sim: SimulatorHandle) -> None:
    told = sim.connection
    sim.control("POST", "/client", {"redirect_uris": ["https://pulse.test/back"]})
    asked = sign_in_url(
        told["accounts_url"],
        told["client_id"],
        "https://pulse.test/back",
        ["ZohoCRM.modules.ALL", "ZohoCRM.org.READ"],
        state="s-1",
    )
    redirect = sim.request(
        "POST",
        asked.removeprefix(told["accounts_url"]),
        body=b"decision=accept",
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert redirect.status == 302
    headers = {name.lower(): value for name, value in redirect.headers.items()}
    answered = parse_qs(urlsplit(headers["location"]).query)
    assert answered["state"] == ["s-1"]
    client = {
        "client_id": told["client_id"],
        "client_secret": Secret(told["client_secret"]),
        "redirect_uri": "https://pulse.test/back",
        "code": Secret(answered["code"][0]),
    }
    grant = await exchange_code(told["accounts_url"], **client)
    assert grant.refresh_token is not None
    with pytest.raises(CredentialsRefused):
        await exchange_code(told["accounts_url"], **client)
    async with client_of(sim, refresh_token=grant.refresh_token.reveal()) as crm:
        assert (await crm.metadata.organisation()).zgid == told["organisation"]["zgid"]
        await crm.sign_out()
        with pytest.raises(CredentialsRefused):
            await crm.metadata.organisation()


async def test_wrong_credentials_are_told_apart_from_a_missing_scope(sim: SimulatorHandle) -> None:
    async with client_of(sim, refresh_token="1000.not.mine") as crm:
        with pytest.raises(CredentialsRefused):
            await crm.metadata.organisation()
    narrow = sim.control("POST", "/tokens/refresh", {"scope": "ZohoCRM.org.READ"})
    for status in (401, 403):
        sim.switch(scope_mismatch_status=status)
        async with client_of(sim, refresh_token=narrow["refresh_token"]) as crm:
            await crm.metadata.organisation()
            with pytest.raises(ScopeMissing):
                await crm.get_records("Deals", ["id"])
    sim.switch(scope_mismatch_status=401)
