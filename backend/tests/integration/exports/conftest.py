from collections.abc import Iterator

import psycopg
import pytest

from support.api import Api
from support.deal_table import Connection, store_table


@pytest.fixture
def stored(api: Api) -> Iterator[Connection]:
    """A connection to the product's database, which holds the table's six deals."""
    with psycopg.connect(api.database_url, autocommit=True) as connection:
        store_table(connection)
        yield connection


@pytest.fixture
def table(api: Api, stored: Connection) -> Api:
    assert not stored.closed
    return api
