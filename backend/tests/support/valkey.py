"""A real Valkey for tests: one server a session, emptied before each test that asks for it."""

import shutil
import subprocess
from collections.abc import Iterator

import pytest
import redis

from pulse.cli.stack.valkey import Broker, prepare_broker
from support.postgres import make_public_folder
from support.waiting import wait_until


def _is_up(broker: Broker) -> bool:
    with redis.Redis.from_url(broker.url) as client:
        try:
            client.ping()
        except redis.ConnectionError:
            return False
    return True


@pytest.fixture(scope="session")
def valkey_broker() -> Iterator[Broker]:
    folder = make_public_folder()
    broker = prepare_broker(folder / "valkey")
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            broker.server_argv(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        wait_until(lambda: _is_up(broker) or server.poll() is not None)
        assert server.poll() is None, (folder / "server.log").read_text()
        yield broker
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


@pytest.fixture
def redis_url(valkey_broker: Broker) -> str:
    with redis.Redis.from_url(valkey_broker.url) as client:
        client.flushall()
    return valkey_broker.url
