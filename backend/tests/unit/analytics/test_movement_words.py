"""Why a deal moved, in words with the values before and after."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from pulse.analytics.movement.reasons import WORDS, Reason, parts
from pulse.analytics.movement.words import DealFactsAt, sentence
from pulse.core.deal_filters import DealFilter, Dimension, Outcome, ProbabilityBand
from pulse.core.periods import Days

THEN = DealFactsAt(
    closing_date=date(2026, 9, 24),
    probability=Decimal("50.00"),
    stage="Proposal",
    owner="Mei Tan",
    account="Orchid Airways",
    country="India",
    amount=Decimal(612000),
    currency="USD",
    exchange_rate=Decimal("0.7500"),
    created_at=datetime(2026, 2, 3, tzinfo=UTC),
)
NOW = DealFactsAt(
    closing_date=date(2026, 10, 5),
    probability=Decimal(80),
    stage="Closed Won",
    owner=None,
    account="Kaveri Power",
    country="Malaysia",
    region="ASEAN",
    solution="IoT",
    funding="Capex",
    segment="Public",
    amount=None,
    currency="SGD",
    exchange_rate=Decimal("0.8"),
    created_at=datetime(2026, 2, 3, tzinfo=UTC),
)


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        (Reason.CLOSING_DATE, "Closing date 24 Sep 2026 → 5 Oct 2026"),
        (Reason.PROBABILITY, "Probability 50 % → 80 %"),
        (Reason.STAGE, "Stage Proposal → Closed Won"),
        (Reason.WON, "Won: Proposal → Closed Won"),
        (Reason.LOST, "Lost: Proposal → Closed Won"),
        (Reason.REOPENED, "Reopened: Proposal → Closed Won"),
        (Reason.OWNER, "Owner Mei Tan → Empty"),
        (Reason.ACCOUNT, "Account Orchid Airways → Kaveri Power"),
        (Reason.COUNTRY, "Country India → Malaysia"),
        (Reason.REGION, "Region Empty → ASEAN"),
        (Reason.SOLUTION, "Solution Empty → IoT"),
        (Reason.FUNDING, "Funding Empty → Capex"),
        (Reason.SEGMENT, "Segment Empty → Public"),
        (Reason.CURRENCY, "Currency USD → SGD"),
        (Reason.AMOUNT, "Amount USD 612,000.00 → Empty"),
        (Reason.OWN_RATE, "The deal's exchange rate 0.75 → 0.8"),
        (Reason.MISSING_RATE, "SGD got or lost its rate"),
        (Reason.RATES, "Only the CRM's rates moved"),
        (Reason.VALUE, "Value crossed a bound of the filter"),
        (Reason.TEXT, "Name, account or owner changed"),
        (Reason.OTHER, "Another change"),
        (Reason.CREATED, "Created since then"),
        (Reason.FIRST_SEEN, "First seen since then"),
        (Reason.RESTORED, "Back in the CRM"),
        (Reason.DELETED, "Deleted in the CRM"),
        (Reason.HIDDEN, "No longer shown to us"),
    ],
)
def test_a_reason_tells_both_values(reason: Reason, words: str) -> None:
    assert sentence(reason, THEN, NOW) == words


def test_every_reason_has_words() -> None:
    assert set(WORDS) == set(Reason)


@pytest.mark.parametrize(
    ("reason", "then", "now", "words"),
    [
        (Reason.CREATED, None, NOW, "Created on 3 Feb 2026"),
        (Reason.FIRST_SEEN, None, NOW, "Created on 3 Feb 2026, first seen since then"),
        (Reason.FIRST_SEEN, None, DealFactsAt(), "First seen since then"),
        (Reason.RESTORED, None, NOW, "Back in the CRM"),
        (Reason.DELETED, THEN, None, "Deleted in the CRM"),
        (Reason.HIDDEN, THEN, None, "No longer shown to us"),
    ],
)
def test_a_deal_of_one_moment_is_told_by_that(
    reason: Reason, then: DealFactsAt | None, now: DealFactsAt | None, words: str
) -> None:
    assert sentence(reason, then, now) == words


def test_parts_of_a_filter_are_told_in_one_order_each_alone() -> None:
    wanted = DealFilter(
        text="metro",
        closing=Days(date(2026, 1, 1), None),
        bands=(ProbabilityBand.PRESALES,),
        choices={Dimension.COUNTRY: ("India",), Dimension.STAGE: ("Propose",)},
        least_value=Decimal(1),
        outcomes=(Outcome.OPEN,),
    )
    assert list(parts(wanted)) == [
        (Reason.STAGE, DealFilter(outcomes=(Outcome.OPEN,))),
        (Reason.CLOSING_DATE, DealFilter(closing=Days(date(2026, 1, 1), None))),
        (Reason.PROBABILITY, DealFilter(bands=(ProbabilityBand.PRESALES,))),
        (Reason.STAGE, DealFilter(choices={Dimension.STAGE: ("Propose",)})),
        (Reason.COUNTRY, DealFilter(choices={Dimension.COUNTRY: ("India",)})),
        (Reason.VALUE, DealFilter(least_value=Decimal(1))),
        (Reason.TEXT, DealFilter(text="metro")),
    ]
    assert list(parts(DealFilter())) == []
