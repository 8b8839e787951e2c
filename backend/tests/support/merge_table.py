"""The table of product.md §6 over every kind of value: base, edit, CRM, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pulse.sync.domain.merge import DELETED, NEVER_READ, Outcome

if TYPE_CHECKING:
    from pulse.sync.domain.merge import Base, Crm, Value


@dataclass(frozen=True)
class Kind:
    """Three different values of one kind of field, in canonical form."""

    name: str
    a: Value
    b: Value
    c: Value


KINDS = (
    Kind("text", "Send revised terms", "Legal review", "Waiting for board date"),
    Kind("number", 10, 20, 30),
    Kind("currency", Decimal("1280000.00"), Decimal("1350000.00"), Decimal("1310000.00")),
    Kind("date", "2026-08-21", "2026-09-11", "2026-08-28"),
    Kind("picklist", "Proposal", "Negotiation", "Closed Won"),
    Kind("lookup", "554023000000235001", "554023000000235002", "554023000000235003"),
    Kind("multi-select", ["Core", "Edge"], ["Core"], ["Edge", "Wi-Fi"]),
)

# product.md §6, row by row: base, local, CRM, result.
TABLE = """
| A       | A     | A              | nothing                |
| A       | B     | A              | push B                 |
| A       | A     | B              | take B                 |
| A       | B     | B              | agreed on B            |
| A       | B     | C              | conflict               |
| A       | empty | A              | push empty             |
| A       | A     | empty          | take empty             |
| A       | empty | B              | conflict               |
| A       | B     | record deleted | conflict on the record |
| A       | A     | record deleted | tombstone              |
| unknown | B     | A              | conflict               |
"""
RESULTS = {
    "nothing": Outcome.NOTHING,
    "push": Outcome.PUSH,
    "take": Outcome.TAKE,
    "agreed": Outcome.AGREED,
    "conflict": Outcome.CONFLICT,
    "conflict on the record": Outcome.RECORD_CONFLICT,
    "tombstone": Outcome.TOMBSTONE,
}
ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split("|"))
    for line in TABLE.strip().splitlines()
]


def value_of(word: str, kind: Kind) -> Value:
    return {"A": kind.a, "B": kind.b, "C": kind.c, "empty": None}[word]


def base_of(word: str, kind: Kind) -> Base:
    return NEVER_READ if word == "unknown" else value_of(word, kind)


def crm_of(word: str, kind: Kind) -> Crm:
    return DELETED if word == "record deleted" else value_of(word, kind)
