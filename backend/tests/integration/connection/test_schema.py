"""Fields and field map over a real database: what a change in the CRM does to the mirror."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

import psycopg
import pytest
from psycopg.types.json import Jsonb
from sqlalchemy.ext.asyncio import AsyncSession

from pulse.connection.field_map import (
    InvalidFieldMapError,
    choose_fields,
    read_field_map,
    refresh_field_map,
)
from pulse.connection.fields import live_fields, store_fields
from pulse.core.directory import FieldFacts
from pulse.core.fields import DEAL_FIELDS, ValueKind
from pulse.db.engine import database
from support.accounts import COMMAND
from support.fields import field

T = TypeVar("T")

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def run(database_url: str, step: Callable[[AsyncSession], Awaitable[T]]) -> T:
    async def scenario() -> T:
        async with database(database_url) as open_db, open_db.begin() as db:
            return await step(db)

    return asyncio.run(scenario())


def read_again(database_url: str, fields: Sequence[FieldFacts]) -> list[tuple[str, str]]:
    changes = run(database_url, lambda db: store_fields(db, "Deals", fields, NOW))
    return [(change.kind, change.api_name) for change in changes]


def add_document(database_url: str, record_id: int, document: dict[str, object]) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "INSERT INTO crm_documents (record_id, module, document) VALUES (%s, 'Deals', %s)",
            [record_id, Jsonb(document)],
        )


def documents(database_url: str) -> list[object]:
    with psycopg.connect(database_url) as connection:
        return [
            row[0]
            for row in connection.execute(
                "SELECT document FROM crm_documents ORDER BY record_id"
            ).fetchall()
        ]


def all_deal_fields() -> list[FieldFacts]:
    """Every canonical field under its stock name."""
    types = {
        ValueKind.RECORD_ID: "lookup",
        ValueKind.TEXT: "text",
        ValueKind.MONEY: "currency",
        ValueKind.NUMBER: "double",
        ValueKind.DATE: "date",
        ValueKind.INSTANT: "datetime",
    }
    return [
        field(number, canonical.candidates[-1], types[canonical.kind])
        for number, canonical in enumerate(DEAL_FIELDS[1:], 1)
    ]


def test_the_first_reading_has_no_past_to_report(database_url: str) -> None:
    assert read_again(database_url, [field(1, "Deal_Name"), field(2, "Amount")]) == []

    stored = run(database_url, lambda db: live_fields(db, "Deals"))
    assert [(row.field_id, row.api_name) for row in stored] == [(2, "Amount"), (1, "Deal_Name")]


def test_changes_are_kept_as_events_and_announced(database_url: str) -> None:
    read_again(database_url, [field(1, "Name"), field(2, "Amount", "currency"), field(3, "Gone")])

    with psycopg.connect(database_url, autocommit=True) as listener:
        listener.execute("LISTEN pulse_events")
        changes = read_again(
            database_url, [field(1, "Title"), field(2, "Amount", "double"), field(4, "Fresh")]
        )
        heard = {note.payload for note in listener.notifies(timeout=2, stop_after=1)}
        events = listener.execute(
            "SELECT kind, api_name, details FROM schema_events ORDER BY id"
        ).fetchall()

    assert changes == [
        ("renamed", "Title"),
        ("retyped", "Amount"),
        ("removed", "Gone"),
        ("added", "Fresh"),
    ]
    assert heard == {"schema:Deals"}
    assert events == [
        ("renamed", "Title", {"before": "Name", "after": "Title", "field_id": "1"}),
        ("retyped", "Amount", {"before": "currency", "after": "double", "field_id": "2"}),
        ("removed", "Gone", {"field_id": "3"}),
        ("added", "Fresh", {"field_id": "4"}),
    ]


def test_a_rename_moves_the_values_of_all_documents(database_url: str) -> None:
    read_again(database_url, [field(1, "Region"), field(2, "Stage")])
    add_document(database_url, 1, {"Region": "North", "Stage": "Won", "Other": [1]})
    add_document(database_url, 2, {"Stage": "Lost"})

    read_again(database_url, [field(1, "Business_Region"), field(2, "Stage")])

    assert documents(database_url) == [
        {"Business_Region": "North", "Stage": "Won", "Other": [1]},
        {"Stage": "Lost"},
    ]


def test_two_fields_can_exchange_their_names(database_url: str) -> None:
    read_again(database_url, [field(1, "A"), field(2, "B")])
    add_document(database_url, 1, {"A": "one", "B": "two"})
    add_document(database_url, 2, {"A": "one"})

    read_again(database_url, [field(1, "B"), field(2, "A")])

    assert documents(database_url) == [{"B": "one", "A": "two"}, {"B": "one"}]


def test_a_removed_field_keeps_its_values_and_returns_with_its_row(database_url: str) -> None:
    read_again(database_url, [field(1, "Region"), field(2, "Stage")])
    add_document(database_url, 1, {"Region": "North"})

    assert read_again(database_url, [field(2, "Stage")]) == [("removed", "Region")]
    assert documents(database_url) == [{"Region": "North"}]
    assert read_again(database_url, [field(2, "Stage")]) == []

    assert read_again(database_url, [field(1, "Region"), field(2, "Stage")]) == [
        ("returned", "Region")
    ]
    assert len(run(database_url, lambda db: live_fields(db, "Deals"))) == 2


def test_a_choice_follows_the_rename_of_its_field(database_url: str) -> None:
    read_again(database_url, [*all_deal_fields(), field(99, "Land")])
    run(database_url, lambda db: choose_fields(db, {"Country": "Land"}, COMMAND))

    read_again(database_url, [*all_deal_fields(), field(99, "Territory")])

    found = run(database_url, read_field_map)
    assert found.mapping["Country"] == "Territory"
    assert found.chosen == {"Country"}


def test_a_removed_choice_falls_back_to_a_proposal_and_holds_again_when_it_returns(
    database_url: str,
) -> None:
    read_again(database_url, [*all_deal_fields(), field(99, "Land")])
    run(database_url, lambda db: choose_fields(db, {"Country": "Land"}, COMMAND))

    read_again(database_url, all_deal_fields())
    fallen = run(database_url, refresh_field_map)
    assert fallen.mapping["Country"] == "Country"
    assert (fallen.chosen, fallen.missing) == (frozenset(), ())

    read_again(database_url, [*all_deal_fields(), field(99, "Land")])
    assert run(database_url, refresh_field_map).mapping["Country"] == "Land"


def test_a_required_field_without_any_candidate_is_reported_missing(database_url: str) -> None:
    without = [facts for facts in all_deal_fields() if facts.api_name != "Country"]
    read_again(database_url, without)

    found = run(database_url, refresh_field_map)

    assert found.missing == ("Country",)
    assert not found.is_complete
    with psycopg.connect(database_url) as connection:
        assert connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE is_chosen) FROM field_map"
        ).fetchone() == (len(DEAL_FIELDS) - 1, 0)


@pytest.mark.parametrize(
    ("name", "api_name", "sentence"),
    [
        ("Region", "Land", "Region is no canonical field."),
        ("Country", "Nowhere", "Country: the organisation's Deals have no field Nowhere."),
        (
            "Closing_Date",
            "Land",
            "Closing_Date: Land is of type text, which cannot hold date.",
        ),
        (
            "Modified_Time",
            "Land",
            "Modified_Time is the CRM's own stamp or id: no other field can stand for it.",
        ),
    ],
)
def test_a_wrong_choice_is_refused_by_its_name_and_nothing_is_stored(
    database_url: str, name: str, api_name: str, sentence: str
) -> None:
    read_again(database_url, [*all_deal_fields(), field(99, "Land")])

    with pytest.raises(InvalidFieldMapError) as refused:
        run(
            database_url, lambda db: choose_fields(db, {"Country": "Land", name: api_name}, COMMAND)
        )

    assert refused.value.detail == sentence
    assert refused.value.extra["field"] == name
    assert run(database_url, read_field_map).chosen == frozenset()


def test_a_choice_can_be_taken_back(database_url: str) -> None:
    read_again(database_url, [*all_deal_fields(), field(99, "Land")])
    run(database_url, lambda db: choose_fields(db, {"Country": "Land"}, COMMAND))

    found = run(database_url, lambda db: choose_fields(db, {"Country": None}, COMMAND))

    assert (found.mapping["Country"], found.chosen) == ("Country", frozenset())
