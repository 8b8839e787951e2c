"""The connection against a running simulator: refresh, check-up, shared tokens, refusals."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest
from redis.asyncio import Redis

from pulse.adapters.client import Caller, stored_client
from pulse.adapters.secrets import SecretUnreadableError, Vault
from pulse.adapters.slots import Priority
from pulse.adapters.tokens import StoredTokens
from pulse.bootstrap import prepare
from pulse.bootstrap_connection import refresh_connection, validate_connection
from pulse.config import Settings, load_settings
from pulse.connection.refresh import Reading, store_reading
from pulse.connection.scopes import NEEDED_SCOPES
from pulse.connection.service import (
    ConnectionSeed,
    read_connection,
    rotate_secrets,
    seed_connection,
)
from pulse.core.directory import CurrencyFacts
from pulse.db.engine import OpenDb, database
from pulse.kit.clock import SystemClock
from pulse.live_sync.schedule import Hold, next_sync
from pulse.sync.domain.errors import NotConnectedError, SignInRefusedError
from support.simulator import SimulatorHandle, simulator_in_thread
from support.workers import product_environment
from zoho_sim.config import Config

KEY_A, KEY_B = "a" * 40, "b" * 40


@pytest.fixture
def simulator() -> Iterator[SimulatorHandle]:
    with simulator_in_thread(Config(deals=50)) as handle:
        yield handle


@pytest.fixture
def settings(database_url: str, redis_url: str, simulator: SimulatorHandle) -> Settings:
    given = product_environment(database_url, redis_url, simulator)
    return load_settings(Settings, **{key.lower(): value for key, value in given.items()})


def query(settings: Settings, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(settings.database_url.get_secret_value(), autocommit=True) as connection:
        cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def test_a_refresh_stores_what_the_organisation_is(
    settings: Settings, simulator: SimulatorHandle
) -> None:
    async def scenario() -> None:
        await prepare(settings)
        await refresh_connection(settings)

    asyncio.run(scenario())

    assert query(settings, "SELECT edition, users_licensed FROM crm_organisation") == [
        ("enterprise", simulator.state()["limits"]["licences"])
    ]
    assert query(settings, "SELECT DISTINCT module FROM crm_fields ORDER BY module") == [
        ("Accounts",),
        ("Deals",),
    ]
    assert query(settings, "SELECT count(*) > 10, bool_or(is_active) FROM crm_users") == [
        (True, True)
    ]
    assert query(settings, "SELECT iso_code, exchange_rate FROM crm_currencies WHERE is_base") == [
        ("SGD", Decimal(1))
    ]
    assert query(settings, "SELECT count(*) FROM field_map WHERE NOT is_chosen") == [(23,)]
    assert query(settings, "SELECT count(*) FROM schema_events") == [(0,)]


def test_the_first_refresh_finds_out_what_a_silent_token_may_do(
    settings: Settings, simulator: SimulatorHandle
) -> None:
    async def scenario() -> None:
        await prepare(settings)
        await refresh_connection(settings)

    asyncio.run(scenario())
    assert query(settings, "SELECT probed FROM crm_connection") == [
        (dict.fromkeys(NEEDED_SCOPES, True),)
    ]
    searches = simulator.state()["calls"]["records.search"]
    asyncio.run(refresh_connection(settings))
    assert simulator.state()["calls"]["records.search"] == searches == 1


def test_a_field_renamed_in_the_crm_is_noticed_by_the_next_refresh(
    settings: Settings, simulator: SimulatorHandle
) -> None:
    async def scenario() -> None:
        await prepare(settings)
        await refresh_connection(settings)
        simulator.control("POST", "/modules/Deals/fields/Country/rename", {"api_name": "Land"})
        await refresh_connection(settings)

    asyncio.run(scenario())

    assert query(settings, "SELECT module, kind, api_name FROM schema_events") == [
        ("Deals", "renamed", "Land")
    ]
    # Nobody chose it, and now nothing proposes it: it is reported missing, nothing breaks.
    assert query(settings, "SELECT count(*) FROM field_map WHERE canonical_name = 'Country'") == [
        (0,)
    ]


@pytest.mark.parametrize("answer_has_scope", [False, True])
def test_the_check_up_lists_every_scope_whether_or_not_the_token_names_them(
    settings: Settings, simulator: SimulatorHandle, *, answer_has_scope: bool
) -> None:
    simulator.switch(refresh_answer_has_scope=answer_has_scope)

    async def scenario() -> None:
        await prepare(settings)
        report = await validate_connection(settings)
        assert report.permissions == dict.fromkeys(NEEDED_SCOPES, True)
        assert report.module_access == {"deals": True}
        assert report.is_complete
        assert report.organisation is not None
        assert report.organisation.edition == "enterprise"
        assert (report.limits.concurrency, report.limits.sub_concurrency) == (20, 10)
        assert report.token_expires_at is not None

    asyncio.run(scenario())


@pytest.mark.parametrize("answer_has_scope", [False, True])
def test_a_missing_scope_is_found(
    settings: Settings, simulator: SimulatorHandle, *, answer_has_scope: bool
) -> None:
    simulator.switch(refresh_answer_has_scope=answer_has_scope)
    granted = [scope for scope in NEEDED_SCOPES if "coql" not in scope and "org" not in scope]
    narrow = simulator.control("POST", "/tokens/refresh", {"scope": ",".join(granted)})
    limited = load_settings(
        Settings,
        **settings.model_dump(exclude={"zoho_refresh_token"}),
        zoho_refresh_token=narrow["refresh_token"],
    )

    async def scenario() -> None:
        await prepare(limited)
        report = await validate_connection(limited)
        assert [scope for scope, is_granted in report.permissions.items() if not is_granted] == [
            "ZohoCRM.org.READ",
            "ZohoCRM.coql.READ",
        ]
        assert report.organisation is None
        assert not report.is_complete

    asyncio.run(scenario())


def test_without_a_connection_the_check_up_says_how_to_connect(
    database_url: str, redis_url: str
) -> None:
    given = product_environment(database_url, redis_url)
    settings = load_settings(Settings, **{key.lower(): value for key, value in given.items()})

    with pytest.raises(NotConnectedError, match="ZOHO_REFRESH_TOKEN"):
        asyncio.run(validate_connection(settings))


def test_a_refused_sign_in_is_noted_holds_the_schedule_and_is_forgotten_when_it_works(
    settings: Settings,
) -> None:
    wrong = load_settings(
        Settings,
        **settings.model_dump(exclude={"zoho_refresh_token"}),
        zoho_refresh_token="1000.of.another.data.centre",
    )

    async def hold() -> Hold | None:
        url = settings.database_url.get_secret_value()
        async with database(url) as open_db, open_db() as db:
            return (await next_sync(db, SystemClock().now())).hold

    async def scenario() -> None:
        await prepare(wrong)
        with pytest.raises(SignInRefusedError):
            await validate_connection(wrong)
        assert await hold() is Hold.SIGN_IN_REFUSED
        await prepare(settings)
        await validate_connection(settings)
        assert await hold() is Hold.FULL_SYNC_NEEDED

    with psycopg.connect(settings.database_url.get_secret_value(), autocommit=True) as listener:
        listener.execute("LISTEN pulse_events")
        asyncio.run(scenario())
        heard = [note.payload for note in listener.notifies(timeout=1)]

    # Stored, refused, stored anew, checked.
    assert [payload for payload in heard if payload == "connection:crm"] == ["connection:crm"] * 4
    assert query(settings, "SELECT refused_at, refusal FROM crm_connection") == [(None, None)]


def test_a_refusal_says_what_was_refused(settings: Settings) -> None:
    wrong = load_settings(
        Settings,
        **settings.model_dump(exclude={"zoho_refresh_token"}),
        zoho_refresh_token="1000.of.another.data.centre",
    )

    async def scenario() -> None:
        await prepare(wrong)
        await refresh_connection(wrong)  # logs it and ends well

    asyncio.run(scenario())
    ((refusal,),) = query(settings, "SELECT refusal FROM crm_connection")
    assert str(refusal).startswith("invalid_code: ")
    assert "1000.of.another" not in str(refusal)


@asynccontextmanager
async def connected(settings: Settings) -> AsyncIterator[tuple[OpenDb, Redis, Vault]]:
    await prepare(settings)
    vault = Vault(settings.pulse_secret_key.get_secret_value())
    url = settings.database_url.get_secret_value()
    async with (
        database(url, pool_size=40) as open_db,
        Redis.from_url(settings.redis_url.get_secret_value()) as redis,
    ):
        yield open_db, redis, vault


def test_more_clients_than_the_crm_makes_tokens_for_share_one(settings: Settings) -> None:
    async def scenario() -> None:
        async with connected(settings) as (open_db, redis, vault):

            async def ask() -> str:
                async with stored_client(
                    open_db, redis, vault, SystemClock(), Caller(Priority.PERSON)
                ) as opened:
                    return (await opened.client.metadata.organisation()).id

            answers = await asyncio.gather(*(ask() for _ in range(12)))
            # Eleven tokens within ten minutes would have been refused.
            assert len(answers) == 12
            assert len(set(answers)) == 1
            stored = await StoredTokens(open_db, vault, 1).load()
            assert stored is not None
            assert stored.expires_at > SystemClock().now() + timedelta(minutes=50)

    asyncio.run(scenario())


def test_secrets_can_be_rotated_and_a_lost_key_is_said(settings: Settings) -> None:
    seed = ConnectionSeed("https://a", "https://b/crm/v8", "id", "secret", "refresh")

    async def scenario() -> None:
        url = settings.database_url.get_secret_value()
        async with database(url) as open_db:
            async with open_db.begin() as db:
                assert await seed_connection(db, seed, Vault(KEY_A))
                assert not await seed_connection(db, seed, Vault(KEY_A))
            with pytest.raises(SecretUnreadableError, match="PULSE_SECRET_KEY"):
                async with open_db.begin() as db:
                    await rotate_secrets(db, Vault(KEY_B))
            async with open_db.begin() as db:
                await rotate_secrets(db, Vault(f"{KEY_B},{KEY_A}"))
            async with open_db() as db:
                row = await read_connection(db)
                assert row is not None
                assert row.refresh_token_encrypted is not None
                assert Vault(KEY_B).decrypt(row.refresh_token_encrypted) == "refresh"
                with pytest.raises(SecretUnreadableError):
                    Vault(KEY_A).decrypt(row.client_secret_encrypted)

    asyncio.run(scenario())


def test_a_sign_in_that_is_under_way_survives_a_new_key(settings: Settings) -> None:
    begun = {
        "state": "waiting", "secret": Vault(KEY_A).encrypt("client secret"), "answered": None,
    }  # fmt: skip
    ended = {"state": "ended", "secret": b"", "answered": SystemClock().now()}
    with psycopg.connect(settings.database_url.get_secret_value(), autocommit=True) as connection:
        for attempt in (begun, ended):
            connection.execute(
                "INSERT INTO connect_attempts (state_digest, session_id, user_name, accounts_url,"
                " base_url, client_id, client_secret_encrypted, redirect_uri, expires_at,"
                " answered_at) VALUES (%(state)s, uuidv7(), 'Ada', 'https://a', 'https://b', 'id',"
                " %(secret)s, 'https://c', now(), %(answered)s)",
                attempt,
            )

    async def rotate() -> None:
        url = settings.database_url.get_secret_value()
        async with database(url) as open_db, open_db.begin() as db:
            await rotate_secrets(db, Vault(f"{KEY_B},{KEY_A}"))

    asyncio.run(rotate())

    (stored, empty) = query(
        settings, "SELECT client_secret_encrypted FROM connect_attempts ORDER BY state_digest DESC"
    )
    assert isinstance(stored[0], bytes)
    assert Vault(KEY_B).decrypt(stored[0]) == "client secret"
    assert empty == (b"",)


def test_what_people_did_stays_until_the_environment_changes(settings: Settings) -> None:
    seed = ConnectionSeed("https://a", "https://b/crm/v8", "id", "secret", "refresh")

    async def scenario() -> list[bool]:
        async with database(settings.database_url.get_secret_value()) as open_db:
            async with open_db.begin() as db:
                first = await seed_connection(db, seed, Vault(KEY_A))
                row = await read_connection(db)
                assert row is not None
                row.refresh_token_encrypted = Vault(KEY_A).encrypt("from the browser")
            async with open_db.begin() as db:
                same = await seed_connection(db, seed, Vault(KEY_A))
            async with open_db.begin() as db:
                lost_key = await seed_connection(db, seed, Vault(KEY_B))
            async with open_db.begin() as db:
                new = await seed_connection(db, replace(seed, refresh_token="x"), Vault(KEY_B))
            return [first, same, lost_key, new]

    assert asyncio.run(scenario()) == [True, False, True, True]
    assert query(settings, "SELECT generation FROM crm_connection") == [(3,)]


def test_a_seed_without_refresh_token_leaves_a_connection_of_its_client_alone(
    settings: Settings,
) -> None:
    seed = ConnectionSeed("https://a", "https://b/crm/v8", "id", "secret", "refresh")

    async def scenario() -> list[bool]:
        url = settings.database_url.get_secret_value()
        vault = Vault(KEY_A)
        async with database(url) as open_db, open_db.begin() as db:
            return [
                await seed_connection(db, seed, vault),
                await seed_connection(db, replace(seed, refresh_token=None), vault),
                await seed_connection(db, replace(seed, client_id="other"), vault),
            ]

    assert asyncio.run(scenario()) == [True, False, True]
    assert query(settings, "SELECT client_id, access_token_encrypted FROM crm_connection") == [
        ("other", None)
    ]


def test_the_history_of_rates_grows_only_when_a_rate_changes(settings: Settings) -> None:
    def reading(rate: str) -> Reading:
        currency = CurrencyFacts(
            "USD", "US Dollar", "$", Decimal(rate), is_base=False, is_active=True
        )
        return Reading(None, None, [currency], {})

    async def scenario() -> None:
        start = SystemClock().now().replace(month=3, day=1)
        url = settings.database_url.get_secret_value()
        async with database(url) as open_db:
            for day, rate in ((1, "1.350000000"), (2, "1.35"), (3, "1.36"), (3, "1.37")):
                async with open_db.begin() as db:
                    await store_reading(db, reading(rate), start.replace(day=day))

    asyncio.run(scenario())
    assert query(
        settings,
        "SELECT extract(day FROM valid_from)::int, exchange_rate FROM currency_rates ORDER BY 1",
    ) == [(1, Decimal("1.35")), (3, Decimal("1.37"))]


@pytest.mark.parametrize("hours", [-30, 30])
def test_a_rate_holds_from_the_day_that_the_crm_told(settings: Settings, hours: int) -> None:
    ours = datetime(2026, 3, 10, 12, tzinfo=UTC)
    told = ours + timedelta(hours=hours)
    rate = CurrencyFacts(
        "USD", "US Dollar", "$", Decimal("1.35"), is_base=False, is_active=True, told_at=told
    )

    async def scenario() -> None:
        url = settings.database_url.get_secret_value()
        async with database(url) as open_db, open_db.begin() as db:
            await store_reading(db, Reading(None, None, [rate], {}), ours)

    asyncio.run(scenario())
    assert query(settings, "SELECT valid_from FROM currency_rates") == [(told.date(),)]
    assert query(settings, "SELECT refreshed_at FROM crm_currencies") == [(ours,)]
