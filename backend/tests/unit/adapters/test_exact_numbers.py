"""A number of the CRM reaches the mirror digit by digit, whichever way it came."""

import json
from decimal import Decimal

import pytest

from pulse.adapters.mirror.staging import encode
from pulse.sync.domain.canonical import Canonicaliser
from pulse.sync.domain.field import FieldSpec
from pulse.sync.ports import Batch
from zoho_crm.protocol.records import page_of
from zoho_crm.protocol.wire import Answer

FIELDS = ["id", "Modified_Time", "Amount"]
STAMP = "2026-08-17T08:00:00+08:00"
# The most that a currency field takes, 16 digits and 9, and what floats are known to bend.
AMOUNTS = [
    "1234567890123456.123456789",
    "-9999999999999999.999999999",
    "0.000000001",
    "0.1",
    "9007199254740993",
    "12.50",
]


@pytest.fixture
def canonical() -> Canonicaliser:
    return Canonicaliser(
        [
            FieldSpec("Modified_Time", "datetime", "string"),
            FieldSpec("Amount", "currency", "double"),
        ]
    )


@pytest.mark.parametrize("amount", AMOUNTS)
def test_amount_keeps_every_digit_from_a_page_to_the_mirror(
    canonical: Canonicaliser, amount: str
) -> None:
    body = (
        f'{{"data":[{{"id":"1","Modified_Time":"{STAMP}","Amount":{amount}}}],'
        '"info":{"more_records":false}}'
    )
    [row] = page_of(Answer(200, {}, body.encode()), "data").records
    seen = canonical.reader(FIELDS)(row)
    assert seen.values == {"Amount": Decimal(amount)}
    [line] = encode(Batch([seen], 1, frozenset(["Amount"]))).splitlines()
    sent = json.loads(line.split(b"\t")[2], parse_float=Decimal, parse_int=Decimal)
    assert sent == {"Amount": Decimal(amount)}


@pytest.mark.parametrize("amount", AMOUNTS)
def test_page_and_export_give_the_same_observation(canonical: Canonicaliser, amount: str) -> None:
    body = (
        f'{{"data":[{{"id":"1","Modified_Time":"{STAMP}","Amount":{amount}}}],'
        '"info":{"more_records":false}}'
    )
    [row] = page_of(Answer(200, {}, body.encode()), "data").records
    by_page = canonical.reader(FIELDS)(row)
    by_export = canonical.cell_reader(FIELDS, FIELDS)(["1", STAMP, amount])
    assert by_page == by_export
