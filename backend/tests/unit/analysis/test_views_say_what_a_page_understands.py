"""A saved view is kept only if its page understands every part of it."""

import pytest

from pulse.analysis.views_query import ViewPage, check_query
from pulse.queries.deal_filters import InvalidFilterError


@pytest.mark.parametrize(
    ("page", "query"),
    [
        (ViewPage.ANALYSIS, ""),
        (ViewPage.ANALYSIS, "closing=current_quarter&probability=presales&outcome=open"),
        (ViewPage.ANALYSIS, "closing=all&probability=all&outcome=all"),
        (ViewPage.ANALYSIS, "rows=country&columns=stage&measure=weighted"),
        (ViewPage.ANALYSIS, "rows=crm.Tools_Used&country=&country=Viet+Nam"),
        (ViewPage.ANALYSIS, "as_of=2026-08-10T08%3A00%3A00%2B08%3A00"),
        (ViewPage.ANALYSIS, "compared_with=2026-08-10T00%3A00%3A00Z"),
        (ViewPage.DEALS, "sort=-changed_at&field=Seats%3Amin%3A100"),
        (ViewPage.DEALS, "columns=" + "%2C".join(f"crm.Field_{at}" for at in range(200))),
        (ViewPage.OPPORTUNITIES, "phase=2&health=red&strategic=true&waiting=invoice"),
    ],
)
def test_address_of_a_page_is_kept_as_it_is(page: ViewPage, query: str) -> None:
    assert check_query(page, query) == query
    assert check_query(page, f"?{query}") == query


@pytest.mark.parametrize(
    ("page", "query", "parameter", "detail"),
    [
        (
            ViewPage.ANALYSIS,
            "closing=someday",
            "closing",
            "query: closing: input should be 'current_month'",
        ),
        (ViewPage.ANALYSIS, "sorted=1", "sorted", "query: sorted: extra inputs are not permitted"),
        (ViewPage.DEALS, "measure=value", "measure", "query: measure: extra inputs"),
        (ViewPage.DEALS, "phase=2", "phase", "query: phase: extra inputs"),
        (ViewPage.ANALYSIS, "rows=a+b", "rows", "query: rows: 'a b' is not one word."),
        (ViewPage.ANALYSIS, "rows=", "rows", "query: rows: '' is not one word."),
        (ViewPage.ANALYSIS, "as_of=monday", "as_of", "query: as_of: 'monday' is no moment."),
        (
            ViewPage.ANALYSIS,
            "as_of=2026-08-10T08%3A00%3A00",
            "as_of",
            "query: as_of: '2026-08-10T08:00:00' is no moment.",
        ),
        (ViewPage.ANALYSIS, "q=a%00b", "q", "query: q: a text cannot hold the character NUL."),
        (ViewPage.ANALYSIS, "outcome=maybe", "outcome", "query: outcome: input should be 'open'"),
        (ViewPage.ANALYSIS, "value_from=much", "value_from", "query: value_from: input should be"),
    ],
)
def test_what_a_page_would_not_understand_is_refused_by_name(
    page: ViewPage, query: str, parameter: str, detail: str
) -> None:
    with pytest.raises(InvalidFilterError) as refused:
        check_query(page, query)

    assert refused.value.detail.startswith(detail)
    assert refused.value.extra == {"field": "query", "parameter": parameter}
    assert refused.value.fix is not None


def test_condition_that_is_none_is_refused() -> None:
    with pytest.raises(InvalidFilterError, match="'Seats' is no condition"):
        check_query(ViewPage.DEALS, "field=Seats")
