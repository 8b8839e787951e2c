"""The product's errors: each says who must act, and how.

    PulseError                 500  a fault of ours
    ├── InvalidInputError      400  the caller must send something else
    ├── UnauthorizedError      401  the caller must say who it is
    ├── ForbiddenError         403  the caller may not do this
    ├── NotFoundError          404  there is no such thing
    ├── ConflictError          409  the state forbids it now; the extra fields say which state
    ├── LimitedError           429  a limit is used up; wait
    ├── UpstreamError          502  the CRM answered with an error or with nonsense
    ├── UnavailableError       503  a part that is needed is down; try again
    └── ConfigurationError     500  the operator must change a setting

Facts travel as fields (`extra`), never inside the sentence alone. `problem()` is the body of an
`application/problem+json` answer (RFC 9457). 422 is left to malformed payloads.
"""

from collections.abc import Mapping
from typing import ClassVar

Fact = str | int | float | bool | None
"""A value that an error carries beside its sentence."""


class PulseError(Exception):
    """An expected failure with a code that programs read and a sentence that people read.

    `code` is stable and in snake case; a subclass gives its default and a caller may be more
    precise. `fix` says what to do next. `extra` holds further facts under their own names, which
    may not be one of the standard members of a problem.
    """

    code: str = "internal_error"
    status: ClassVar[int] = 500
    title: ClassVar[str] = "Internal error"

    _STANDARD_MEMBERS: ClassVar[frozenset[str]] = frozenset(
        {"type", "title", "status", "detail", "instance", "code", "fix"}
    )

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        fix: str | None = None,
        extra: Mapping[str, Fact] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.fix = fix
        self.extra = dict(extra or {})
        if taken := self._STANDARD_MEMBERS & self.extra.keys():
            raise ValueError(f"extra may not replace standard members: {', '.join(sorted(taken))}")

    def __str__(self) -> str:
        return f"{self.detail} {self.fix}" if self.fix else self.detail

    def problem(self) -> dict[str, object]:
        """Return the members of the problem document, without empty ones."""
        members: dict[str, object] = {
            "type": f"urn:pulse:problem:{self.code}",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.fix is not None:
            members["fix"] = self.fix
        return members | self.extra


class InvalidInputError(PulseError):
    """What the caller sent cannot be accepted; the detail names the field."""

    code = "invalid_input"
    status = 400
    title = "Invalid input"


class UnauthorizedError(PulseError):
    """The caller did not prove who it is."""

    code = "unauthorized"
    status = 401
    title = "Unauthorized"


class ForbiddenError(PulseError):
    """The caller is known and may not do this."""

    code = "forbidden"
    status = 403
    title = "Forbidden"


class NotFoundError(PulseError):
    """There is nothing under this id."""

    code = "not_found"
    status = 404
    title = "Not found"


class ConflictError(PulseError):
    """The present state forbids the request."""

    code = "conflict"
    status = 409
    title = "Conflict"


class LimitedError(PulseError):
    """A limit or a budget is used up for now."""

    code = "limited"
    status = 429
    title = "Limit reached"


class UpstreamError(PulseError):
    """The CRM failed, or refused what we asked."""

    code = "upstream_error"
    status = 502
    title = "CRM error"


class UnavailableError(PulseError):
    """A part that the request needs cannot be reached."""

    code = "unavailable"
    status = 503
    title = "Unavailable"


class ConfigurationError(PulseError):
    """A setting is missing or wrong, or the machine lacks something; the detail names it."""

    code = "configuration_error"
    status = 500
    title = "Configuration error"
