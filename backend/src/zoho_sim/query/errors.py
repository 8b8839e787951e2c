"""The one error of the query side: a refusal with the exact body that the CRM would send."""

from __future__ import annotations

from typing import TypeAlias

# What JSON can hold; the details of an error have a different shape for each cause.
Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"


class QueryError(Exception):
    """A request that the CRM refuses.

    ``status`` is the HTTP status; the other three become the body, which is not wrapped in
    ``data`` (zoho-crm-v8.md section 3.3).
    """

    def __init__(
        self, code: str, message: str, details: dict[str, Json] | None = None, *, status: int = 400
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.details: dict[str, Json] = {} if details is None else details
        self.status = status

    def body(self) -> dict[str, Json]:
        """The body of the answer."""
        return {
            "code": self.code,
            "details": self.details,
            "message": self.message,
            "status": "error",
        }
