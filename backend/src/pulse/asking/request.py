"""How a request says which deals it means: query parameters that become a `DealFilter`."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from pydantic import AwareDatetime

from pulse.core.deal_filters import (
    DealFilter,
    DealState,
    Dimension,
    Outcome,
    ProbabilityBand,
)
from pulse.core.periods import Days, Period
from pulse.queries.asked_deals import AskedFilter, field_condition
from pulse.queries.deal_filters import InvalidFilterError

_MOST_VALUE: Final = 10**16
_LONGEST_TEXT: Final = 200
_MOST_VALUES: Final = 200

Choice = Annotated[
    list[str],
    Query(
        max_length=_MOST_VALUES,
        description="One of these values; an empty one finds deals without any.",
    ),
]
Money = Annotated[Decimal | None, Query(ge=-_MOST_VALUE, le=_MOST_VALUE)]


# A filter has as many parts as it has; FastAPI reads them off the signature.
def _deal_filter(  # noqa: PLR0913, PLR0917 - as above
    request: Request,
    q: Annotated[
        str, Query(max_length=_LONGEST_TEXT, description="Words in name, account, owner; an id.")
    ] = "",
    closing: Annotated[Period, Query(description="When it closes, as seen today.")] = Period.ALL,
    closing_from: Annotated[date | None, Query(description="In place of `closing`.")] = None,
    closing_to: Annotated[date | None, Query(description="In place of `closing`.")] = None,
    probability: Annotated[
        list[ProbabilityBand],
        Query(
            description="sales 10-39, presales 40-70, deal_approval 71-80, delivery 81-100, "
            "active 10-89 %."
        ),
    ] = [],  # noqa: B006 - FastAPI copies it
    country: Choice = [],  # noqa: B006 - as above
    region: Choice = [],  # noqa: B006 - as above
    solution: Choice = [],  # noqa: B006 - as above
    funding: Choice = [],  # noqa: B006 - as above
    segment: Choice = [],  # noqa: B006 - as above
    stage: Choice = [],  # noqa: B006 - as above
    currency: Choice = [],  # noqa: B006 - as above
    owner: Choice = [],  # noqa: B006 - as above
    account: Choice = [],  # noqa: B006 - as above
    value_from: Money = None,
    value_to: Money = None,
    changed_since: AwareDatetime | None = None,
    state: Annotated[
        list[DealState], Query(description="Sync status; without it deals that are gone are out.")
    ] = [],  # noqa: B006 - as above
    outcome: Annotated[
        list[Outcome], Query(description="What the CRM forecasts of the stage; without it any.")
    ] = [],  # noqa: B006 - as above
    field: Annotated[
        list[str],
        Query(
            max_length=_MOST_VALUES,
            description="A condition on another CRM field: `API_Name:test:value`, tests being is, "
            "contains, min, max, empty, filled.",
        ),
    ] = [],  # noqa: B006 - as above
) -> AskedFilter:
    for name, value in request.query_params.multi_items():
        if "\0" in value:
            raise InvalidFilterError(
                f"{name}: a text cannot hold the character NUL.",
                fix="Leave it out.",
                extra={"field": name},
            )
    choices = {
        Dimension.COUNTRY: country,
        Dimension.REGION: region,
        Dimension.SOLUTION: solution,
        Dimension.FUNDING: funding,
        Dimension.SEGMENT: segment,
        Dimension.STAGE: stage,
        Dimension.CURRENCY: currency,
        Dimension.OWNER: owner,
        Dimension.ACCOUNT: account,
    }
    wanted = DealFilter(
        text=q,
        closing=Days(closing_from, closing_to),
        bands=tuple(probability),
        choices={name: tuple(values) for name, values in choices.items() if values},
        least_value=value_from,
        greatest_value=value_to,
        changed_since=changed_since,
        states=tuple(state),
        outcomes=tuple(outcome),
        fields=tuple(field_condition(each) for each in field),
    )
    return AskedFilter(wanted, closing)


Asked = Annotated[AskedFilter, Depends(_deal_filter)]
