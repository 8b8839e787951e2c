"""OAuth 2.0 at the accounts server: the sign-in address, tokens, and their refusals.

Sources: the v8 pages OAuth Overview and Refresh Access Tokens, Token Limits of Zoho Accounts.
A refusal can arrive with HTTP 200: the key `error` decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode, urlsplit

from zoho_crm.errors import (
    CredentialsRefused,
    ServerFault,
    TokenThrottled,
    UnexpectedAnswer,
)
from zoho_crm.protocol.faults import Json, read_json
from zoho_crm.protocol.shape import Shape
from zoho_crm.secret import Secret

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zoho_crm.protocol.wire import Answer

# Ten access tokens in ten minutes, then a block for the rest of the window.
TOKEN_WINDOW_S = 600.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """What the token call needs; the refresh token lives until it is revoked."""

    client_id: str
    client_secret: Secret
    refresh_token: Secret


@dataclass(frozen=True, slots=True)
class AccessToken:
    """An access token, its end, and the API host that goes with it (None: not told).

    `scopes` are those that the token answer named; the CRM need not name any.
    """

    value: Secret
    expires_at: datetime
    api_domain: str | None = None
    scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Grant:
    """What a sign-in yields. No refresh token comes without access_type=offline."""

    token: AccessToken
    refresh_token: Secret | None


def sign_in_url(
    accounts_url: str,
    client_id: str,
    redirect_uri: str,
    scopes: Sequence[str],
    *,
    state: str,
) -> str:
    """Return the address to send a person's browser to; the answer comes to `redirect_uri`."""
    query = {
        "response_type": "code",
        "client_id": client_id,
        "scope": ",".join(scopes),
        "redirect_uri": redirect_uri,
        "access_type": "offline",
        # Without it a second sign-in yields no refresh token.
        "prompt": "consent",
        "state": state,
    }
    return f"{accounts_url.rstrip('/')}/oauth/v2/auth?{urlencode(query, quote_via=quote)}"


def code_form(
    client_id: str, client_secret: Secret, redirect_uri: str, code: Secret
) -> dict[str, str]:
    """Return the form that turns a code into tokens; a code lives for a minute or two, once."""
    return {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "client_secret": client_secret.reveal(),
        "redirect_uri": redirect_uri,
        "code": code.reveal(),
    }


def refresh_form(credentials: Credentials) -> dict[str, str]:
    """Return the form that makes a new access token."""
    return {
        "grant_type": "refresh_token",
        "client_id": credentials.client_id,
        "client_secret": credentials.client_secret.reveal(),
        "refresh_token": credentials.refresh_token.reveal(),
    }


def read_grant(answer: Answer, *, now: datetime) -> Grant:
    """Read the answer of the token call made at `now`."""
    document = _checked(answer)
    shape = Shape(document, "token", status=answer.status)
    refresh = shape.optional_text("refresh_token")
    token = AccessToken(
        value=Secret(shape.text("access_token")),
        expires_at=now + timedelta(seconds=shape.number("expires_in")),
        api_domain=_origin(shape),
        # Between scopes stands a blank in answers, a comma in requests.
        scopes=tuple((shape.optional_text("scope") or "").replace(",", " ").split()),
    )
    return Grant(token, None if refresh is None else Secret(refresh))


def read_revocation(answer: Answer) -> None:
    """Read the answer of the revoke call; a refused one raises."""
    _checked(answer)


def _origin(shape: Shape) -> str | None:
    domain = shape.optional_text("api_domain")
    if domain is None:
        return None
    parts = urlsplit(domain)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise UnexpectedAnswer("token.api_domain", "an http(s) address was expected", status=200)
    return domain.rstrip("/")


def _checked(answer: Answer) -> Json:
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise ServerFault(
            f"accounts server: HTTP {answer.status}",
            status=answer.status,
            retry_after_s=answer.retry_after_s,
        )
    document = read_json(answer)
    error = document.get("error")
    if error is None and answer.status < HTTPStatus.MULTIPLE_CHOICES:
        return document
    description = str(document.get("error_description", ""))
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS or _is_throttle(str(error), description):
        raise TokenThrottled(
            f"{error}: {description}",
            retry_after_s=answer.retry_after_s or TOKEN_WINDOW_S,
        )
    if error is None:
        raise UnexpectedAnswer("token", "neither a token nor an error", status=answer.status)
    raise CredentialsRefused(str(error), description, status=answer.status)


def _is_throttle(error: str, description: str) -> bool:
    """Tell a throttle from a refusal: the wording changed, the status never told them apart."""
    text = f"{error} {description}".lower()
    return "too many requests" in text or "throttle" in text or error == "Access Denied"
