"""Refusals of the query side as API errors."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from zoho_sim.query.errors import QueryError
from zoho_sim.routes.errors import ApiError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def refusals() -> Iterator[None]:
    """Answer a QueryError raised inside as the call's error."""
    try:
        yield
    except QueryError as error:
        raise ApiError(error.status, error.code, error.message, error.details) from None
