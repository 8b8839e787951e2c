"""Everything the client raises, split by what the caller does next; names say what that is.

    ZohoError
    ├── RetryLater                 the same call can succeed later; nothing is known to be wrong
    │   ├── Throttled              HTTP 429: a limit was reached; nothing was executed
    │   ├── TokenThrottled         too many access tokens were made: wait for the window to pass
    │   ├── ServerFault            HTTP 5xx or INTERNAL_ERROR
    │   ├── ConnectionFailed       no connection: the request never left
    │   ├── ConnectionLost         the connection broke after the request had left
    │   ├── CallTimedOut           no complete answer in time
    │   └── BrokenAnswer           a body that is cut, or not what its status promises
    ├── AnswerLost                 a write was sent and its fate is unknown: look, then decide
    ├── WalkBroken                 start this walk over pages again
    │   ├── PageTokenExpired       page tokens live for 24 hours
    │   ├── PageTokenMismatch      a parameter changed between two pages
    │   └── PageTokenRepeated      the CRM handed out a token a second time
    ├── AskUser                    a person must act
    │   ├── CredentialsRefused     sign in again, or correct client id, secret or data centre
    │   ├── InvalidToken           the access token is refused, a fresh one too
    │   ├── ScopeMissing           sign in again and grant the scope
    │   └── NoPermission           an administrator must widen the user's profile
    ├── RequestRefused             fix the request: repeating it changes nothing
    │   ├── AlreadyScheduled       wait until the mass update before it has ended
    │   ├── InvalidModule
    │   ├── LimitExceeded
    │   └── NotFound
    └── UnexpectedAnswer           a well-formed answer of a shape that the protocol does not know

What happens to one row of a write is no exception but a value: `RecordError`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


class ZohoError(Exception):
    """Base of every error of this package."""


class RetryLater(ZohoError):  # noqa: N818 - named by what the caller does next
    """The same call can succeed later.

    `retry_after_s` is the wait that the CRM asked for or that its documented window implies;
    None when nothing is known.
    """

    def __init__(self, message: str, *, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class Throttled(RetryLater):
    """HTTP 429. The request was refused before any work: repeating it duplicates nothing.

    The body does not tell reliably which limit ran out, so no cause is given.
    """


class TokenThrottled(RetryLater):
    """The accounts server refuses to make more access tokens for now.

    Ten tokens per refresh token in ten minutes, then a block for the rest of the window.
    """


class ServerFault(RetryLater):
    """HTTP 5xx or INTERNAL_ERROR: the request may or may not have been executed."""

    def __init__(
        self, message: str, *, status: int, code: str = "", retry_after_s: float | None = None
    ) -> None:
        super().__init__(message, retry_after_s=retry_after_s)
        self.status = status
        self.code = code


class ConnectionFailed(RetryLater):
    """No connection could be made, so the request was certainly not executed."""


class ConnectionLost(RetryLater):
    """The connection broke after the request had left."""


class CallTimedOut(RetryLater):
    """No complete answer arrived in time."""


class BrokenAnswer(RetryLater):
    """The body is cut, is not JSON, or is a proxy's page in place of the CRM's answer."""


class AnswerLost(ZohoError):  # noqa: N818 - named by what the caller does next
    """A write was sent and no answer tells what became of it.

    Read the record (or its timeline) first, then decide whether to send again: the CRM has no
    idempotency key. `operation` and `module` name the call; `cause` is the failure that hid the
    answer. `rows` has one entry for each record as it was meant to be, with its id where it had
    one; none for work that names no records. `if_unmodified_since` is the guard that was set: a
    write that arrived has a Modified_Time later than that.
    """

    def __init__(
        self,
        operation: str,
        cause: ZohoError,
        *,
        module: str | None = None,
        rows: Sequence[Mapping[str, Any]] = (),
        if_unmodified_since: datetime | None = None,
    ) -> None:
        super().__init__(
            f"{operation}: the answer was lost ({cause}); look whether the write arrived "
            "before sending it again"
        )
        self.operation = operation
        self.cause = cause
        self.module = module
        # Rows of the CRM: values of any JSON type.
        self.rows: tuple[Mapping[str, Any], ...] = tuple(rows)
        self.if_unmodified_since = if_unmodified_since


class CodedError(ZohoError):
    """An error that the CRM itself reported.

    `code` and `message` are the CRM's own words, `details` its JSON object, `status` the HTTP
    status, which is 200 for some errors.
    """

    def __init__(
        self,
        code: str,
        message: str = "",
        details: Mapping[str, Any] | None = None,
        *,
        status: int,
    ) -> None:
        self.code = code
        self.message = message
        # JSON of the CRM: its keys differ by code.
        self.details: Mapping[str, Any] = details or {}
        self.status = status
        super().__init__(self.describe())

    def describe(self) -> str:
        """Return one line: code, the CRM's message, and the place that it names."""
        place = next(
            (
                f" ({key}: {self.details[key]})"
                for key in ("param_name", "api_name", "json_path", "column_name")
                if key in self.details
            ),
            "",
        )
        return f"{self.code}: {self.message or 'no message'}{place}"


class WalkBroken(CodedError):  # noqa: N818 - named by what the caller does next
    """The walk over pages cannot go on from its token: start it again from the first page."""


class PageTokenExpired(WalkBroken):
    """A page token lives for 24 hours."""


class PageTokenMismatch(WalkBroken):
    """A page token is bound to its user and to every other parameter of the first call."""


class PageTokenRepeated(WalkBroken):
    """The CRM handed out a page token for the second time: the walk would never end."""

    def __init__(self, page: int) -> None:
        super().__init__(
            "PAGE_TOKEN_REPEATED",
            f"page {page} came with a page token that was already used in this walk",
            status=200,
        )


class AskUser(CodedError):  # noqa: N818 - named by what the caller does next
    """A person must act; no repetition helps."""


class CredentialsRefused(AskUser):
    """The accounts server refuses the client id, the secret, the code or the refresh token."""

    def describe(self) -> str:
        """Name the refused part and the remedy."""
        remedy = {
            "invalid_client": "check the client id, and that the client exists in this data centre",
            "invalid_client_secret": "check the client secret",
            "invalid_code": (
                "the code or refresh token is wrong, used, revoked or of another data centre: "
                "sign in again, or choose the right data centre"
            ),
        }.get(self.code, self.message or "sign in again")
        return f"{self.code}: {remedy}"


class InvalidToken(AskUser):
    """The access token is refused: expired, revoked, or made in another data centre."""


class ScopeMissing(AskUser):
    """The connection lacks a scope; a new access token would lack it too."""

    def describe(self) -> str:
        """Say what to grant."""
        return f"{super().describe()}; sign in again and grant the scope that this call needs"


class NoPermission(AskUser):
    """The connected user's profile does not allow this; `permissions` as the CRM names them."""

    @property
    def permissions(self) -> tuple[str, ...]:
        """Return the permissions that the CRM says are missing; often empty."""
        named = self.details.get("permissions")
        return tuple(str(name) for name in named) if isinstance(named, list) else ()

    def describe(self) -> str:
        """Say which permission an administrator has to grant."""
        wanted = ", ".join(self.permissions) or "this operation"
        return f"{super().describe()}; the user's profile must allow {wanted}"


class RequestRefused(CodedError):  # noqa: N818 - named by what the caller does next
    """The CRM understood the request and refuses it: fix it before sending it again."""


class AlreadyScheduled(RequestRefused):
    """A mass update waits already (HTTP 202): this one was not accepted; follow that one first."""


class InvalidModule(RequestRefused):
    """No module has this API name (names are case-sensitive)."""


class LimitExceeded(RequestRefused):
    """The request asks for more than one call may: rows, fields, pages, criteria."""


class NotFound(RequestRefused):
    """No such path, job or record."""


class UnexpectedAnswer(ZohoError):  # noqa: N818 - named by what the caller does next
    """A well-formed answer that the protocol does not know: a change of the CRM, or our bug.

    `where` names the part of the answer, `status` the HTTP status.
    """

    def __init__(self, where: str, problem: str, *, status: int) -> None:
        super().__init__(f"HTTP {status}, {where}: {problem}")
        self.where = where
        self.status = status
