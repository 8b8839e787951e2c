"""The engine's selections as COQL conditions."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from pulse.adapters.crm.source import condition_of
from pulse.sync.ports import ChangedSince, CreatedRange, IdRange, Selection, TheseIds
from zoho_crm.protocol import coql

AUGUST = datetime(2026, 8, 1, tzinfo=UTC)
NOON_IN_DELHI = datetime(2026, 8, 17, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))


@pytest.mark.parametrize(
    ("selection", "text"),
    [
        (CreatedRange(), "id is not null"),
        (CreatedRange(AUGUST), "Created_Time >= '2026-08-01T00:00:00+00:00'"),
        (CreatedRange(None, AUGUST), "Created_Time < '2026-08-01T00:00:00+00:00'"),
        (
            CreatedRange(AUGUST, NOON_IN_DELHI),
            (
                "(Created_Time >= '2026-08-01T00:00:00+00:00'"
                " and Created_Time < '2026-08-17T06:30:00+00:00')"
            ),
        ),
        (IdRange(), "id is not null"),
        (IdRange(7), "id > 7"),
        (IdRange(0), "id > 0"),
        (IdRange(None, 9), "id <= 9"),
        (IdRange(7, 9), "(id > 7 and id <= 9)"),
        (ChangedSince(AUGUST), "Modified_Time >= '2026-08-01T00:00:00+00:00'"),
        (
            ChangedSince(AUGUST, (3, 4)),
            "(Modified_Time >= '2026-08-01T00:00:00+00:00' or id in (3, 4))",
        ),
        (TheseIds((3652397000000123,)), "id in (3652397000000123)"),
        (TheseIds((1, 2, 3)), "id in (1, 2, 3)"),
    ],
)
def test_a_selection_is_a_condition_that_is_never_absent(selection: Selection, text: str) -> None:
    assert condition_of(selection).text == text


def test_no_in_list_is_longer_than_the_crm_takes() -> None:
    ids = tuple(range(1, 121))

    assert condition_of(TheseIds(ids)).text == (
        f"((id in ({', '.join(map(str, ids[:50]))})"
        f" or id in ({', '.join(map(str, ids[50:100]))}))"
        f" or id in ({', '.join(map(str, ids[100:]))}))"
    )


@pytest.mark.parametrize(("watched", "conditions"), [(0, 1), (50, 2), (51, 3), (1_000, 21)])
def test_a_thousand_watched_records_fit_into_one_query(watched: int, conditions: int) -> None:
    condition = condition_of(ChangedSince(AUGUST, tuple(range(1, watched + 1))))

    assert condition.count == conditions
    assert conditions <= coql.CONDITIONS_LIMIT


def test_an_empty_list_of_records_is_refused_rather_than_read_as_all_of_them() -> None:
    with pytest.raises(ValueError, match="needs at least one condition"):
        condition_of(TheseIds(()))
