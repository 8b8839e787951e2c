"""Reading a timeline: what happened since a moment, who changed a field last, was it us."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from support.crm_client import ScriptedTransport, answer, client_over, sample
from zoho_crm import errors
from zoho_crm.protocol import timeline
from zoho_crm.protocol.timeline import FieldChange, api_changes, last_change

US = "5725767000000300001"
FIRST = datetime(2026, 5, 4, 10, 15, 30, tzinfo=UTC)
ALL = timeline.timeline("Deals", "1").decode(sample("timeline_page")).events


def test_an_empty_value_is_none_whether_it_comes_as_null_or_as_a_word() -> None:
    assert [event.change_of("Next_Step") for event in ALL] == [
        None,
        FieldChange("Next_Step", None, "Invoice"),
        None,
        None,
    ]
    assert ALL[2].change_of("Amount") == FieldChange("Amount", "$ 9.00", None)
    assert (ALL[2].done_by_id, ALL[2].done_by_name) == ("5725767000000300002", "Grace")
    assert ALL[3].changes == ()


def test_the_last_change_of_a_field_says_when_and_by_whom() -> None:
    stage, amount = last_change(ALL, "Stage"), last_change(ALL, "Amount")
    assert stage is not None
    assert amount is not None
    assert (stage.id, stage.audited_time, stage.done_by_name) == (
        "8",
        FIRST + timedelta(seconds=2),
        "Ada",
    )
    assert (amount.id, amount.done_by_name) == ("7", "Grace")
    assert last_change(ALL, "Closing_Date") is None
    backwards = last_change(reversed(ALL), "Stage")
    assert backwards == stage


def test_of_changes_in_one_second_the_first_in_the_timeline_is_the_last() -> None:
    row = {
        "audited_time": "2026-05-04T12:15:30+02:00",
        "field_history": [{"api_name": "Stage", "_value": {"old": "a", "new": "b"}}],
    }
    body = {
        "__timeline": [{"id": "2", **row}, {"id": "1", **row}],
        "info": {"more_records": False},
    }
    events = timeline.timeline("Deals", "1").decode(answer(body)).events
    latest = last_change(events, "Stage")
    assert latest is not None
    assert (latest.id, latest.done_by_id, latest.done_by_name) == ("2", None, None)


@pytest.mark.parametrize(
    ("user", "fields", "found"),
    [
        (US, ["Stage"], ["8"]),
        (US, ["Amount", "Next_Step"], ["8"]),
        # A workflow acts in our user's name, and did not come through the API.
        (US, ["Probability"], []),
        (US, ["Closing_Date"], []),
        ("5725767000000300002", ["Stage"], []),
    ],
)
def test_our_own_write_is_found_by_user_source_and_field(
    user: str, fields: list[str], found: list[str]
) -> None:
    assert [event.id for event in api_changes(ALL, user, fields)] == found


def test_a_page_that_reaches_the_moment_is_the_last_one() -> None:
    since = FIRST + timedelta(seconds=2, milliseconds=700)
    page = timeline.timeline("Deals", "1", since=since).decode(sample("timeline_page"))
    assert ([event.id for event in page.events], page.more) == (["9", "8"], False)
    page = timeline.timeline("Deals", "1", since=FIRST).decode(sample("timeline_page"))
    assert ([event.id for event in page.events], page.more) == (["9", "8", "7", "6"], True)


@pytest.mark.anyio
async def test_history_since_a_moment_is_read_over_all_its_pages() -> None:
    old = {"id": "1", "audited_time": "2026-05-04T12:15:29+02:00"}
    edge = {"id": "2", "audited_time": "2026-05-04T12:15:30+02:00"}
    last = answer(
        {"__timeline": [edge, old], "info": {"more_records": True, "next_page_token": "t2"}}
    )
    transport = ScriptedTransport(sample("timeline_page"), last)
    events = await client_over(transport).timeline_since("Deals", "1", FIRST)
    assert [event.id for event in events] == ["9", "8", "7", "6", "2"]
    assert transport.requests[1].url.endswith("&page_token=t1")
    again = ScriptedTransport(sample("timeline_page"), sample("timeline_page"))
    with pytest.raises(errors.PageTokenRepeated):
        await client_over(again).timeline_since("Deals", "1", FIRST)


@pytest.mark.anyio
async def test_a_record_without_a_history_has_an_empty_one() -> None:
    transport = ScriptedTransport(sample("list_empty_204"))
    assert await client_over(transport).timeline_since("Deals", "1", FIRST) == []
