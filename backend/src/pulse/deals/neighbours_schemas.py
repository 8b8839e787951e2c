"""What `GET /api/deals/{id}/neighbours` gives."""

from pydantic import BaseModel, ConfigDict, Field


class Neighbours(BaseModel):
    """The deals beside one in the table; all null if the table does not show it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "previous": None,
                    "next": "554023000000235002",
                    "place": 1,
                    "count": 4812,
                }
            ]
        }
    )

    previous: str | None
    next: str | None
    place: int | None = Field(description="Place of the deal, from 1.")
    count: int | None = Field(description="Deals in the table.")
