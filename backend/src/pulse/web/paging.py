"""Pages of a list: asked for by limit and offset, counted in SQL."""

from typing import Annotated, Final, Generic, TypeVar

from fastapi import Depends, Query
from pydantic import BaseModel, Field

Item = TypeVar("Item")

_MOST_ROWS: Final = 2**63 - 1  # PostgreSQL counts rows in a bigint


class PageRequest(BaseModel):
    """Which part of a list is wanted."""

    limit: int
    offset: int


def _page_request(
    limit: Annotated[int, Query(ge=1, le=200, description="Rows on a page.")] = 50,
    offset: Annotated[int, Query(ge=0, le=_MOST_ROWS, description="Rows to pass over.")] = 0,
) -> PageRequest:
    return PageRequest(limit=limit, offset=offset)


Paging = Annotated[PageRequest, Depends(_page_request)]


class Page(BaseModel, Generic[Item]):
    """A part of a list, and how long the whole is."""

    count: int = Field(description="Length of the whole list.")
    items: list[Item]
    limit: int
    offset: int
    has_more: bool
