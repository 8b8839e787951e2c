"""Pure rules of analytics: keys and their filters, win rates, means, moments of a trend."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from pulse.analytics.breakdown.keys import key_filter
from pulse.analytics.sums import Sums, average, percentage
from pulse.analytics.trend import moments_between
from pulse.analytics.wins import Closed, ClosedDays, closed_days, year_before
from pulse.core.deal_filters import DealFilter, ProbabilityBand
from pulse.core.periods import Days
from pulse.kit.errors import InvalidInputError

ALL = DealFilter()
FROM_MID_AUGUST = DealFilter(closing=Days(date(2026, 8, 10), date(2026, 11, 30)))
ACTIVE = DealFilter(bands=(ProbabilityBand.ACTIVE,))


@pytest.mark.parametrize(
    ("grouping", "key", "wanted", "found"),
    [
        ("country", "Viet Nam & Co", ALL, "country=Viet+Nam+%26+Co"),
        ("country", None, ALL, "country="),
        ("owner", "7", ALL, "owner=7"),
        ("crm.Lead_Source", "Cold: call", ALL, "field=Lead_Source%3Ais%3ACold%3A+call"),
        ("crm.Lead_Source", None, ALL, "field=Lead_Source%3Aempty"),
        ("closing_month", "2028-02", ALL, "closing_from=2028-02-01&closing_to=2028-02-29"),
        ("closing_month", "2026-08", FROM_MID_AUGUST,
         "closing_from=2026-08-10&closing_to=2026-08-31"),
        ("closing_quarter", "2026-Q4", ALL, "closing_from=2026-10-01&closing_to=2026-12-31"),
        ("closing_quarter", "2026-Q4", FROM_MID_AUGUST,
         "closing_from=2026-10-01&closing_to=2026-11-30"),
        ("closing_month", None, ALL, None),
        ("created_month", "2026-08", ALL, None),
        ("outcome", "won", ALL, "outcome=won"),
        ("outcome", None, ALL, None),
        ("probability_band", "presales", ALL, "probability=presales"),
        ("probability_band", "presales", ACTIVE, "probability=presales"),
        # Of 81 to 100, the filter leaves 81 to 89: no band says that.
        ("probability_band", "delivery", ACTIVE, None),
        ("probability_band", "below_sales", ALL, None),
    ],
)  # fmt: skip
def test_a_group_is_found_by_parameters_that_say_exactly_which_deals_it_holds(
    grouping: str, key: str | None, wanted: DealFilter, found: str | None
) -> None:
    assert key_filter(grouping, key, wanted) == found


def test_win_rates_are_of_the_twelve_months_up_to_the_day_unless_a_range_is_given() -> None:
    today = date(2026, 3, 2)

    assert closed_days(today) == ClosedDays(date(2025, 3, 3), today)
    assert closed_days(today, last=date(2025, 12, 31)) == ClosedDays(
        date(2025, 1, 1), date(2025, 12, 31)
    )
    assert closed_days(today, date(2026, 1, 1)) == ClosedDays(date(2026, 1, 1), today)
    with pytest.raises(InvalidInputError) as refused:
        closed_days(today, date(2026, 3, 3))
    assert refused.value.extra == {"field": "closed_from"}


def test_a_year_before_a_leap_day_is_the_last_day_of_that_february() -> None:
    assert year_before(date(2028, 2, 29)) == date(2027, 2, 28)
    assert closed_days(date(2028, 2, 29)).first == date(2027, 3, 1)


def test_nothing_has_no_mean_and_no_share() -> None:
    assert average(Decimal(0), 0) is None
    assert percentage(0, 0) is None
    assert Closed().win_rate is None
    assert Closed(won=1, lost=2).win_rate == Decimal("33.33")
    assert (Sums().average_size, Sums().average_probability, Sums().weighted_percent) == (
        None,
        None,
        None,
    )


def test_groups_add_up_by_their_sums_and_means_are_made_of_these() -> None:
    one = Sums(2, Decimal("10.01"), Decimal(5), 1, 2, Decimal(90), 2, 1)
    other = Sums(1, Decimal("20.00"), Decimal(1), 2, 3, Decimal(10), 1, 0)

    both = one + other

    assert both == Sums(3, Decimal("30.01"), Decimal(6), 3, 5, Decimal(100), 3, 1)
    assert both.average_size == Decimal("10.00")
    assert both.average_probability == Decimal("33.33")
    assert both.without_rate == 2


def test_a_trend_has_eight_moments_from_one_end_to_the_other() -> None:
    first = datetime(2026, 3, 2, tzinfo=UTC)
    last = first + timedelta(days=7)

    assert moments_between(first, last) == [first + timedelta(days=day) for day in range(8)]
    assert moments_between(last, last) == [last]
