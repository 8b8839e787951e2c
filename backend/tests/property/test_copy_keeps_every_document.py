"""Whatever a CRM lets people type arrives in PostgreSQL as it was: the COPY text loses nothing."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import msgspec
import psycopg
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pulse.adapters.mirror.staging import STAGING_TABLES, copy_lines, encode
from pulse.sync.domain.observation import Observation
from pulse.sync.ports import Batch

NOON = datetime(2026, 8, 17, 12, tzinfo=UTC)

# PostgreSQL holds no NUL, JSON no half of a surrogate pair; all else is allowed.
texts = st.text(st.characters(exclude_categories=("Cs",)), max_size=20)
# What escapes are made of, so that they meet each other often.
escapes = st.text(st.sampled_from('\\u0N.tn"\t\n\r\0\x7f\u2028'), max_size=12)
numbers = st.one_of(
    st.integers(-(10**25), 10**25),
    st.decimals(allow_nan=False, allow_infinity=False, places=9, min_value=-(10**16)).filter(
        lambda number: abs(number) < 10**16
    ),
)
values = st.recursive(
    st.one_of(texts, escapes, numbers, st.booleans()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
names = st.from_regex(r"[A-Za-z][A-Za-z0-9_]{0,12}", fullmatch=True)
documents = st.dictionaries(names, values, max_size=5)
stamps = st.builds(
    lambda seconds, minutes: (NOON + timedelta(seconds=seconds)).astimezone(
        timezone(timedelta(minutes=minutes))
    ),
    st.integers(0, 10**8),
    st.sampled_from([-720, -570, -210, 0, 330, 345, 840]),
)


def without_nul(value: object) -> object:
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [without_nul(item) for item in value]
        case dict():
            return {without_nul(name): without_nul(item) for name, item in value.items()}
        case _:
            return value


async def copied(
    database_url: str, observations: Sequence[Observation]
) -> dict[int, tuple[datetime, Any]]:
    """Return what PostgreSQL read: record → stamp and document with exact numbers."""
    async with await psycopg.AsyncConnection.connect(database_url) as connection:
        for statement in STAGING_TABLES:
            await connection.execute(statement)
        staged = await copy_lines(connection, encode(Batch(observations, 1, frozenset())))
        cursor = await connection.execute("SELECT record_id, stamp, document::text FROM incoming")
        rows = await cursor.fetchall()
    assert staged == len(rows)
    decode = msgspec.json.Decoder(float_hook=Decimal).decode
    return {record_id: (stamp, decode(text)) for record_id, stamp, text in rows}


@given(
    st.dictionaries(st.integers(1, 2**63 - 1), st.tuples(stamps, documents), min_size=1, max_size=6)
)
@example({1: (NOON, {"Path": r"a\u0000b"}), 2: (NOON, {"Path": "\\\0\\"})})
@example({1: (NOON, {"Amount": Decimal("9999999999999999.123456789")})})
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_document_survives_the_copy(
    database_url: str, records: dict[int, tuple[datetime, dict[str, Any]]]
) -> None:
    read = asyncio.run(
        copied(
            database_url,
            [Observation(i, stamp, document) for i, (stamp, document) in records.items()],
        )
    )

    assert read == {
        record_id: (stamp, without_nul(document))
        for record_id, (stamp, document) in records.items()
    }
