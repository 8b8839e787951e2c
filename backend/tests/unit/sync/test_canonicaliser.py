"""Which fields a module's rows are asked for, and how a row becomes an observation."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from pulse.sync.domain.canonical import (
    Canonicaliser,
    UnreadableRecordError,
    instant,
    instant_text,
)
from pulse.sync.domain.field import FieldSpec
from pulse.sync.domain.observation import Observation

FIELDS = (
    FieldSpec("Deal_Name", "text"),
    FieldSpec("Amount", "currency"),
    FieldSpec("Account_Name", "lookup"),
    FieldSpec("Owner", "ownerlookup"),
    FieldSpec("Created_Time", "datetime"),
    FieldSpec("Notes_Text", "textarea", is_rich_text=True),
    FieldSpec("Score", "formula"),
    FieldSpec("Line_Items", "subform", "jsonarray"),
    FieldSpec("Tag", "text", "jsonarray"),
    FieldSpec("Modified_Time", "datetime"),
    FieldSpec("id", "bigint"),
)
CANONICAL = Canonicaliser(FIELDS)
ALL = CANONICAL.all_fields
STAMP = "2026-08-17T08:42:00+08:00"
AT = datetime(2026, 8, 17, 0, 42, tzinfo=UTC)


def test_list_calls_are_asked_for_the_stamp_first_and_never_for_details_or_the_id() -> None:
    assert CANONICAL.list_fields == (
        "Modified_Time",
        "Created_Time",
        "Deal_Name",
        "Amount",
        "Account_Name",
        "Owner",
        "Notes_Text",
        "Score",
    )
    assert CANONICAL.detail_fields == ("Line_Items", "Tag")
    assert CANONICAL.all_fields == CANONICAL.list_fields + CANONICAL.detail_fields


def test_cut_and_computed_fields_are_known_apart() -> None:
    assert CANONICAL.cut_fields == {"Notes_Text"}
    assert CANONICAL.computed_fields == ("Score",)


def test_a_read_decides_what_it_asked_for_but_neither_id_stamp_nor_strangers() -> None:
    assert CANONICAL.covered(["id", "Modified_Time", "Amount", "Nobody_Knows"]) == {"Amount"}


def test_a_row_keeps_filled_fields_that_were_asked_for() -> None:
    read = CANONICAL.reader(ALL)

    assert read(
        {
            "id": "3652397000000123",
            "Modified_Time": STAMP,
            "Deal_Name": "Acme",
            "Amount": 12.5,
            "Account_Name": {"id": "77", "name": "Acme Ltd"},
            "Owner": {},
            "Created_Time": None,
            "Score": "",
            "Line_Items": [{"id": "1"}],
            "$approved": True,
        }
    ) == Observation(
        3652397000000123,
        AT,
        {
            "Deal_Name": "Acme",
            "Amount": Decimal("12.5"),
            "Account_Name": "77",
            "Line_Items": [{"id": "1"}],
        },
    )


def test_a_field_that_was_not_asked_for_is_not_read() -> None:
    read = CANONICAL.reader(["Modified_Time", "Amount"])

    assert read({"id": "1", "Modified_Time": STAMP, "Amount": 1, "Deal_Name": "Acme"}).values == {
        "Amount": 1
    }


def test_a_row_of_cells_is_read_by_its_header() -> None:
    read = CANONICAL.cell_reader(
        ["Owner", "id", "Extra", "Modified_Time", "Amount", "Deal_Name", "Score", "Created_Time"],
        CANONICAL.list_fields,
    )

    assert read(
        ["55", "123", "unasked", STAMP, "12.50", "", "true", "2026-08-01T05:30:00+05:30"]
    ) == Observation(
        123,
        AT,
        {
            "Owner": "55",
            "Amount": Decimal("12.5"),
            "Score": True,
            "Created_Time": "2026-08-01T00:00:00Z",
        },
    )


def test_a_text_field_that_holds_a_number_is_text_though_it_is_nought() -> None:
    read = CANONICAL.reader(["Deal_Name"])

    assert [
        read({"id": "1", "Modified_Time": STAMP, "Deal_Name": value}).values
        for value in (7, 0, "0", "", None)
    ] == [{"Deal_Name": "7"}, {"Deal_Name": "0"}, {"Deal_Name": "0"}, {}, {}]


def test_empty_cells_are_empty_whatever_their_kind() -> None:
    header = ["id", "Modified_Time", "Deal_Name", "Amount", "Owner", "Created_Time", "Score"]
    read = CANONICAL.cell_reader(header, CANONICAL.list_fields)

    assert read(["1", STAMP, "", "", "", "", ""]) == Observation(1, AT, {})


def test_a_cell_that_means_empty_is_empty() -> None:
    choices = Canonicaliser([FieldSpec("Products", "multiselectpicklist")])
    read = choices.cell_reader(["id", "Modified_Time", "Products"], ["Products"])

    assert read(["1", STAMP, ";"]).values == {}


@pytest.mark.parametrize(
    ("record_id", "stamp"),
    [
        (None, STAMP),
        ("", STAMP),
        ("zcrm_12", STAMP),
        ("12", None),
        ("12", ""),
        ("12", "2026-08-17T08:42:00"),
        ("12", "yesterday"),
    ],
)
def test_a_row_that_cannot_be_placed_is_refused_with_its_id_and_stamp(
    record_id: str | None, stamp: str | None
) -> None:
    told = f"Record {record_id!r} has no readable id or Modified_Time ({stamp!r})."
    with pytest.raises(UnreadableRecordError) as refused:
        CANONICAL.reader(ALL)({"id": record_id, "Modified_Time": stamp})

    assert str(refused.value) == told


@pytest.mark.parametrize(
    ("record_id", "stamp"), [("", STAMP), ("zcrm_12", STAMP), ("12", ""), ("12", "2026-08-17")]
)
def test_cells_that_cannot_be_placed_are_refused_with_id_and_stamp(
    record_id: str, stamp: str
) -> None:
    read = CANONICAL.cell_reader(["id", "Modified_Time"], ())
    with pytest.raises(UnreadableRecordError) as refused:
        read([record_id, stamp])

    assert str(refused.value) == (
        f"Record {record_id!r} has no readable id or Modified_Time ({stamp!r})."
    )


def test_names_come_from_lookups_that_carry_both_and_not_from_users() -> None:
    rows = [
        {"Account_Name": {"id": "77", "name": "Acme Ltd"}, "Owner": {"id": "5", "name": "Ito"}},
        {"Account_Name": {"id": "78", "name": ""}},
        {"Account_Name": {"name": "Nameless"}},
        {"Account_Name": "79"},
        {"Account_Name": None},
        {"Account_Name": {"id": 80, "name": "Later"}},
        {},
    ]

    assert CANONICAL.names(rows) == {77: "Acme Ltd", 80: "Later"}


def test_an_instant_keeps_its_offset_until_it_is_written() -> None:
    moment = instant("2026-08-17T06:12:00+05:30")

    assert moment == AT
    assert moment.utcoffset() == timedelta(hours=5, minutes=30)
    assert instant_text(moment) == "2026-08-17T00:42:00Z"
    assert instant_text(AT.astimezone(timezone(timedelta(hours=-9)))) == "2026-08-17T00:42:00Z"


def test_a_time_without_offset_is_no_instant() -> None:
    with pytest.raises(ValueError, match=r"^'2026-08-17T08:42:00' has no offset$"):
        instant("2026-08-17T08:42:00")
