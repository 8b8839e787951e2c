"""What goes down the COPY, byte by byte. PostgreSQL's own reading of it: `tests/property`."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from pulse.adapters.mirror.staging import encode
from pulse.sync.domain.observation import JsonValue, Observation
from pulse.sync.ports import Batch

NOON = datetime(2026, 8, 17, 12, tzinfo=UTC)


def line(values: Mapping[str, JsonValue]) -> bytes:
    """Return the document of one record as it stands in its line."""
    encoded = bytes(encode(Batch([Observation(1, NOON, values)], 1, frozenset())))
    record_id, stamp, document = encoded.removesuffix(b"\n").split(b"\t")
    assert (record_id, stamp) == (b"1", b"2026-08-17T12:00:00+00:00")
    return document


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Acme", rb'"Acme"'),
        ("日本", '"日本"'.encode()),
        ("tab\tline\nreturn\r", rb'"tab\\tline\\nreturn\\r"'),
        ('say "hi"', rb'"say \\"hi\\""'),
        ("C:\\new", rb'"C:\\\\new"'),
        ("\\.", rb'"\\\\."'),
        ("\\N", rb'"\\\\N"'),
        ("a\0b", b'"ab"'),
        ("\0", b'""'),
        (r"a\u0000b", rb'"a\\\\u0000b"'),
        ("\\\0", rb'"\\\\"'),
        ("\0\\u0000\\", rb'"\\\\u0000\\\\"'),
        (True, b"true"),
        (12, b"12"),
        (Decimal("1234567890123456.123456789"), b"1234567890123456.123456789"),
        (Decimal("0.10"), b"0.10"),
        (Decimal("-1E+3"), b"-1E+3"),
        (["a", "b;c"], b'["a","b;c"]'),
        ([{"id": "7", "Rate": Decimal("1.5")}], b'[{"id":"7","Rate":1.5}]'),
    ],
)
def test_a_value_is_json_whose_backslashes_copy_reads_once(
    value: JsonValue, written: bytes
) -> None:
    assert line({"Field": value}) == b'{"Field":' + written + b"}"


def test_a_record_without_values_is_an_empty_object() -> None:
    assert line({}) == b"{}"


def test_lines_stand_in_order_of_id_as_numbers() -> None:
    batch = Batch([Observation(i, NOON, {}) for i in (100, 9, 20)], 1, frozenset())

    assert [row.split(b"\t")[0] for row in encode(batch).splitlines()] == [b"9", b"20", b"100"]


@pytest.mark.parametrize(
    ("first", "second", "kept"), [(0, 1, "second"), (1, 0, "first"), (0, 0, "second")]
)
def test_of_a_record_that_comes_twice_the_later_stamp_stays_and_of_equals_the_last(
    first: int, second: int, kept: str
) -> None:
    batch = Batch(
        [
            Observation(1, NOON + timedelta(seconds=first), {"Seen": "first"}),
            Observation(1, NOON + timedelta(seconds=second), {"Seen": "second"}),
        ],
        1,
        frozenset({"Seen"}),
    )

    assert encode(batch).split(b"\t")[2] == b'{"Seen":"%b"}\n' % kept.encode()


def test_a_stamp_keeps_its_offset() -> None:
    stamp = datetime(2026, 8, 17, 17, 30, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    batch = Batch([Observation(1, stamp, {})], 1, frozenset())

    assert encode(batch) == b"1\t2026-08-17T17:30:00+05:30\t{}\n"


def test_an_empty_batch_writes_nothing() -> None:
    assert encode(Batch([], 1, frozenset())) == b""
