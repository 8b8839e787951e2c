"""What the search form takes and gives."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from pulse.core.crm_search import CRITERIA_LIMIT, IN_LIMIT, Match, MirrorMark, SearchOperator
from pulse.records.ports import SearchBy
from pulse.web.money import Figure

Value = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class CriterionIn(BaseModel):
    """One comparison."""

    model_config = ConfigDict(extra="forbid")

    field: str = Field(description="API name; GET /api/records/search/fields lists them.")
    operator: SearchOperator
    values: list[Value] = Field(
        min_length=1, max_length=IN_LIMIT, description="One; two for `between`; up to 100 for `in`."
    )


class SearchRequest(BaseModel):
    """One page of one search: criteria, or a text for the other three ways."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "by": "criteria",
                    "criteria": [
                        {"field": "Stage", "operator": "equals", "values": ["Closed Won"]},
                        {"field": "Amount", "operator": "greater_equal", "values": ["100000"]},
                    ],
                },
                {"by": "word", "text": "metro"},
            ]
        },
    )

    by: SearchBy = SearchBy.CRITERIA
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] | None = None
    match: Match = Match.ALL
    criteria: list[CriterionIn] = Field(default=[], max_length=CRITERIA_LIMIT)
    page: int = Field(default=1, ge=1)
    per_page: int = Field(default=50, ge=1, le=200)

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.by is SearchBy.CRITERIA:
            if not self.criteria or self.text is not None:
                raise ValueError("criteria: give 1 to 10 of them, and no text")
        elif not self.text or self.criteria:
            raise ValueError("text: give what to search for, and no criteria")
        elif self.by is SearchBy.WORD and sum(map(str.isalpha, self.text)) < 2:  # noqa: PLR2004 - the CRM's
            raise ValueError("text: a word has two letters at least")
        return self


class CrmDeal(BaseModel):
    """One deal as the CRM's search found it."""

    id: str
    name: str | None
    account: str | None
    owner: str | None
    stage: str | None
    amount: Figure | None
    currency: str | None
    closing_date: date | None
    modified_at: datetime | None
    mark: MirrorMark = Field(description="How it stood to the mirror before this search.")


class SearchPage(BaseModel):
    """Deals as the CRM found them. Its index lags behind writes by some seconds."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "items": [
                        {
                            "id": "554023000000235001",
                            "name": "Metro signalling",
                            "account": "Metro Rail",
                            "owner": "Mei Tan",
                            "stage": "Negotiation",
                            "amount": 250000.0,
                            "currency": "SGD",
                            "closing_date": "2026-09-30",
                            "modified_at": "2026-03-02T09:14:40Z",
                            "mark": "newer",
                        }
                    ],
                    "page": 1,
                    "per_page": 50,
                    "has_more": False,
                    "is_at_the_end": False,
                    "expression": "(Stage:equals:Negotiation)",
                    "refreshed": True,
                }
            ]
        }
    )

    items: list[CrmDeal]
    page: int
    per_page: int
    has_more: bool
    is_at_the_end: bool = Field(
        description="There may be more, and the CRM's search reaches its first 2,000 rows only."
    )
    expression: str = Field(description="What the CRM was asked, for `criteria` of the GET.")
    refreshed: bool = Field(
        description="Whether the mirror took over what was found; not in the mode local to CRM."
    )


class SearchableOption(BaseModel):
    """An option of a picklist."""

    value: str
    label: str


class SearchableField(BaseModel):
    """A field that criteria can compare."""

    api_name: str
    label: str
    data_type: str
    operators: list[SearchOperator]
    options: list[SearchableOption]


class SearchableFields(BaseModel):
    """Every field of deals that can be searched, ours first."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "fields": [
                        {
                            "api_name": "Stage",
                            "label": "Stage",
                            "data_type": "picklist",
                            "operators": ["equals", "not_equal", "in"],
                            "options": [{"value": "Closed Won", "label": "Closed Won"}],
                        }
                    ]
                }
            ]
        }
    )

    fields: list[SearchableField]
