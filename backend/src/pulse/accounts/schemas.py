"""What the routes of accounts take and answer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from pulse.accounts.tokens import LONGEST_DAYS
from pulse.core.access import Role, Via
from pulse.web.paging import Page

if TYPE_CHECKING:
    from pydantic.config import JsonDict

_ID = "01994f0a-7c1e-7b52-9d0e-2f6c1c9f5b11"
_USER: JsonDict = {
    "id": _ID,
    "email": "priya@halcyon.example",
    "name": "Priya Raghunathan",
    "role": "editor",
    "is_active": True,
    "must_change_password": False,
    "created_at": "2026-08-03T01:12:00Z",
    "last_login_at": "2026-08-17T00:41:07Z",
    "locked_until": None,
    "sessions": 2,
    "tokens": 0,
}
_TOKEN: JsonDict = {
    "id": _ID,
    "name": "Nightly report",
    "role": "viewer",
    "owner": "Daniel Koh",
    "owner_is_active": True,
    "hint": "pp_Zk3xQ",
    "created_at": "2026-08-03T01:12:00Z",
    "expires_at": "2026-11-01T01:12:00Z",
    "last_used_at": None,
    "is_expired": False,
}
_SESSION: JsonDict = {
    "id": _ID,
    "is_current": True,
    "created_at": "2026-08-16T00:41:07Z",
    "last_seen_at": "2026-08-17T00:41:07Z",
    "expires_at": "2026-09-15T00:41:07Z",
    "address": "192.0.2.7",
    "user_agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/142.0",
}

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254)]
Password = Annotated[str, StringConstraints(min_length=1, max_length=1000)]


def _example(value: JsonDict) -> ConfigDict:
    return ConfigDict(json_schema_extra={"examples": [value]})


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Credentials(_Body):
    """What a person logs in with."""

    email: Email
    password: Password


class PasswordChange(_Body):
    """One's present password and the one to have from now on."""

    current_password: Password
    new_password: Password


class Me(BaseModel):
    """Who is asking, and whom one can ask for what one may not do."""

    model_config = _example(
        {
            "id": _ID,
            "name": "Priya Raghunathan",
            "email": "priya@halcyon.example",
            "role": "editor",
            "via": "session",
            "must_change_password": False,
            "expires_at": "2026-09-15T00:41:07Z",
            "organisation": "Halcyon Systems",
            "editors": ["Priya Raghunathan"],
            "admins": ["Daniel Koh"],
        }
    )

    id: UUID
    name: str
    email: str
    role: Role = Field(description="What holds now; of a token it may be less than its owner's.")
    via: Via
    must_change_password: bool = Field(
        description="The password is temporary: all other routes refuse until it is changed."
    )
    expires_at: datetime = Field(description="When the session or token ends in any case.")
    organisation: str | None = Field(description="Of the connected CRM; null: not known yet.")
    editors: list[str] = Field(description="Names of active editors.")
    admins: list[str] = Field(description="Names of active admins.")


class OwnSession(BaseModel):
    """A place where one is logged in."""

    model_config = _example(_SESSION)

    id: UUID
    is_current: bool = Field(description="It is the one that asks.")
    created_at: datetime
    last_seen_at: datetime = Field(description="Exact to the minute.")
    expires_at: datetime
    address: str | None
    user_agent: str | None


class OwnSessions(BaseModel):
    """Where one is logged in."""

    model_config = _example({"items": [_SESSION]})

    items: list[OwnSession]


class SessionsEnded(BaseModel):
    """How many other sessions ended."""

    model_config = _example({"sessions_ended": 1})

    sessions_ended: int


class User(BaseModel):
    """A person who may log in."""

    model_config = _example(_USER)

    id: UUID
    email: str
    name: str
    role: Role
    is_active: bool
    must_change_password: bool = Field(description="The password is temporary.")
    created_at: datetime
    last_login_at: datetime | None
    locked_until: datetime | None = Field(
        description="Log-in is refused until then from some address: too many wrong passwords."
    )
    sessions: int = Field(description="Places where the person is logged in.")
    tokens: int = Field(description="API tokens that have not expired.")


class UserPage(Page[User]):
    """A page of users."""

    model_config = _example(
        {"count": 1, "items": [_USER], "limit": 50, "offset": 0, "has_more": False}
    )


class NewUser(_Body):
    """A person to add."""

    email: Email
    name: Name
    role: Role


class UserPatch(_Body):
    """What shall be different; what is left out or null stays."""

    name: Name | None = None
    role: Role | None = None
    is_active: bool | None = None


class TemporaryPassword(BaseModel):
    """A user and the password to hand over, shown this once; it must be changed at the log-in."""

    model_config = _example({"user": _USER, "temporary_password": "kTq7wRzm3HnVx9Pb"})

    user: User
    temporary_password: str


class Token(BaseModel):
    """An API token; its secret is not kept."""

    id: UUID
    name: str
    role: Role
    owner: str
    owner_is_active: bool = Field(description="False: the token does not work.")
    hint: str = Field(description="How the secret begins.")
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None = Field(description="Exact to the minute.")
    is_expired: bool


class TokenPage(Page[Token]):
    """A page of tokens."""

    model_config = _example(
        {"count": 1, "items": [_TOKEN], "limit": 50, "offset": 0, "has_more": False}
    )


class NewToken(_Body):
    """A token to make; it acts as whoever makes it."""

    name: Name
    role: Role
    expires_in_days: int = Field(ge=1, le=LONGEST_DAYS)


class TokenSecret(BaseModel):
    """A token and its secret, shown this once."""

    model_config = _example({"token": _TOKEN, "secret": "pp_Zk3xQ2hY0n…"})

    token: Token
    secret: str


class Done(BaseModel):
    """It is done; nothing is left to say."""

    model_config = _example({"message": "Logged out."})

    message: str
