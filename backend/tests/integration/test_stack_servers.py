import asyncio

import psycopg
import redis
import redis.asyncio
from kombu import Connection
from psycopg import sql

from pulse.cli.stack.postgres import LAPTOP_SETTINGS, Cluster


def test_each_test_gets_a_database_of_its_own(
    empty_database_url: str, postgres_cluster: Cluster
) -> None:
    with psycopg.connect(empty_database_url) as db:
        (name,) = db.execute("SELECT current_database()").fetchone() or ("",)
    assert name.startswith("test_")
    assert postgres_cluster.url(name) == empty_database_url


def test_migrated_database_starts_without_records(database_url: str) -> None:
    with psycopg.connect(database_url) as db:
        assert db.execute("SELECT count(*) FROM crm_sync_sessions").fetchone() == (0,)


def test_server_is_postgresql_18_without_tcp(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as db:
        assert db.info.server_version // 10_000 == 18
        assert db.execute("SHOW listen_addresses").fetchone() == ("",)
        assert db.execute("SHOW jit").fetchone() == ("off",)
        assert db.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_every_laptop_setting_is_one_the_server_knows(empty_database_url: str) -> None:
    with psycopg.connect(empty_database_url) as db:
        for name in LAPTOP_SETTINGS:
            assert db.execute(sql.SQL("SHOW {}").format(sql.Identifier(name))).fetchone()


def test_valkey_answers_redis_py_asyncio_and_celery_under_one_address(redis_url: str) -> None:
    async def ping() -> bool:
        async with redis.asyncio.Redis.from_url(redis_url) as client:
            return bool(await client.ping())

    assert asyncio.run(ping()) is True
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
    with Connection(redis_url) as broker:
        broker.ensure_connection(max_retries=1)
        assert broker.connected
