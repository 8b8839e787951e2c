"""The table of product.md §6, row by row and kind by kind, as the mirror itself decides it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from pulse.sync.domain.merge import DELETED
from support.edited import DEAL, EditedMirror
from support.merge_table import KINDS, ROWS, crm_of, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

FIELDS: Final = {
    "text": "Deal_Name",
    "number": "Probability",
    "currency": "Amount",
    "date": "Closing_Date",
    "picklist": "Stage",
    "lookup": "Account_Name",
    "multi-select": "Solutions",
}
COLUMNS: Final = "name, probability, amount, closing_date::text, stage, account_id::text"
"""Of the first six kinds, in order."""


@dataclass(frozen=True)
class End:
    """Where a row of the table ends in the mirror."""

    status: str
    state: str | None
    """Of the local change of each field; None where there is none."""
    presence: str = "live"


ENDS: Final = {
    "nothing": End("synced", None),
    "push B": End("pending", "queued"),
    "take B": End("synced", None),
    "agreed on B": End("synced", None),
    "conflict": End("conflict", "conflict"),
    "push empty": End("pending", "queued"),
    "take empty": End("synced", None),
    "conflict on the record": End("conflict", "conflict", "deleted"),
    "tombstone": End("synced", None, "deleted"),
}


def values(word: str) -> dict[str, Any]:
    return {FIELDS[kind.name]: value_of(word, kind) for kind in KINDS}


def held(word: str) -> dict[str, Any]:
    return {name: value for name, value in values(word).items() if value is not None}


def let_both_sides_change(mirror: EditedMirror, record_id: int, row: tuple[str, ...]) -> None:
    """Play a row: a first read, the edit made on it, and a later read that shows the CRM's side."""
    base, local, crm, _ = row
    first = {"Next_Step": "Call"} if base == "unknown" else values(base)
    mirror.sees(first, at=0, record_id=record_id)
    if base == "unknown":
        for number, name in enumerate(FIELDS.values()):
            mirror.sql(
                "INSERT INTO crm_fields (module, field_id, api_name, label, data_type, is_custom,"
                " is_read_only, is_mandatory, document) VALUES ('Deals', %s, %s, %s, 'text', true,"
                " false, false, '{}')",
                number,
                name,
                name,
            )
    mirror.edit(values(local), record_id=record_id)
    if crm_of(crm, KINDS[0]) is DELETED:
        mirror.misses(at=60, record_id=record_id)
    else:
        mirror.sees(values(crm), at=60, record_id=record_id)


def narrow(mirror: EditedMirror, record_id: int, table: str = "deals") -> list[Any]:
    where = "id = %s" if table == "deals" else "deal_id = %s AND valid_to = 'infinity'"
    rows = mirror.sql(f"SELECT {COLUMNS} FROM {table} WHERE {where}", record_id)
    return list(rows[0].values()) if rows else []


def as_columns(shown: Mapping[str, Any]) -> list[Any]:
    """Return values as the narrow row shows them, the multi-select left out."""
    return [
        Decimal(value) if isinstance(value, int) else value
        for name, value in shown.items()
        if name != "Solutions"
    ]


def test_every_row_of_the_table_ends_in_the_mirror_as_it_says(mirror: EditedMirror) -> None:
    # The row of the unknown base comes last: the fields that it makes known are then held by all.
    for record_id, row in enumerate(ROWS, DEAL):
        let_both_sides_change(mirror, record_id, row)

    for record_id, (base, local, crm, result) in enumerate(ROWS, DEAL):
        end = ENDS[result]
        status = mirror.status(record_id)
        assert (result, status["sync_status"], status["presence"]) == (
            result,
            end.status,
            end.presence,
        )
        is_gone = crm == "record deleted"
        agreed = base if is_gone else crm
        assert mirror.document(record_id) == held(agreed) | (
            {"Next_Step": "Call"} if base == "unknown" else {}
        )
        # History says what the CRM showed, the page what was typed here as long as it is not over.
        if not is_gone:
            assert narrow(mirror, record_id, "deal_versions") == as_columns(values(agreed))
        shown = agreed if end.state is None else local
        assert narrow(mirror, record_id) == as_columns(values(shown))

        expected = []
        if end.state is not None:
            against = None if is_gone or end.state == "queued" else crm
            expected = [
                {
                    "field": name,
                    "base_value": None if base == "unknown" else values(base)[name],
                    "is_base_known": base != "unknown",
                    "new_value": values(local)[name],
                    "state": end.state,
                    "crm_value": None if against is None else values(against)[name],
                    "is_record_gone": is_gone,
                }
                for name in sorted(FIELDS.values())
            ]
        assert (
            mirror.sql(
                "SELECT field, base_value, is_base_known, new_value, state, crm_value,"
                " is_record_gone FROM pending_changes WHERE record_id = %s ORDER BY field",
                record_id,
            )
            == expected
        )
        named = sorted(FIELDS.values()) if end.state == "conflict" else None
        conflicts = status["conflict_fields"]
        assert (None if conflicts is None else sorted(conflicts)) == named
    # No row of the table gives an edit up.
    assert mirror.sql("SELECT id FROM change_log WHERE kind = 'dropped'") == []


def test_fields_that_do_not_clash_merge_by_themselves(mirror: EditedMirror) -> None:
    mirror.sees({"Amount": 10, "Stage": "Proposal", "Deal_Name": "Metro"}, at=0)
    mirror.edit({"Amount": 20})
    mirror.sees({"Amount": 10, "Stage": "Negotiation", "Deal_Name": "Metro II"}, at=60)

    assert mirror.changes() == [("Amount", 20, "queued")]
    assert mirror.status()["sync_status"] == "pending"
    assert (mirror.deal("amount"), mirror.deal("stage"), mirror.deal("name")) == (
        20,
        "Negotiation",
        "Metro II",
    )
    assert mirror.log() == [
        ("updated", "Deal_Name", "Metro", "Metro II", "crm", "554023000000001001"),
        ("updated", "Stage", "Proposal", "Negotiation", "crm", "554023000000001001"),
    ]
