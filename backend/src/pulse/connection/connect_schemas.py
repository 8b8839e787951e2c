"""What the routes about the connection itself take and give."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic.config import JsonDict

from pulse.connection.attempts import SignInOutcome
from pulse.connection.schemas import ConnectedOrganisation


class ConnectionState(StrEnum):
    """Whether the product can sign in."""

    CONNECTED = "connected"
    REFUSED = "refused"
    NOT_CONNECTED = "not_connected"


class TokenState(StrEnum):
    """Whether there is an access token that still works; an expired one is renewed when needed."""

    VALID = "valid"
    EXPIRED = "expired"
    NONE = "none"


class Grant(StrEnum):
    """Whether we may do something."""

    GRANTED = "granted"
    MISSING = "missing"
    NOT_NEEDED = "not_needed"
    UNKNOWN = "unknown"


class DataCentreLine(BaseModel):
    """A data centre."""

    slug: str
    name: str
    crm_host: str = Field(description="Where people use the CRM; its ending is the data centre's.")
    is_configured: bool = Field(description="The environment names it.")


class AskedArea(BaseModel):
    """A part of the CRM that access is asked for."""

    name: str
    access: str = Field(description="`read`, or `read and write`.")
    reason: str


class ConnectOptions(BaseModel):
    """What an admin chooses from when connecting."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "data_centres": [
                        {
                            "slug": "in",
                            "name": "India",
                            "crm_host": "crm.zoho.in",
                            "is_configured": True,
                        }
                    ],
                    "data_centre": "in",
                    "client_id": "1000.W7QX3K0PLB5VJ2M8HD4RTN9YCA6ZEF",
                    "redirect_uri": "https://pulse.example.com/api/crm/callback",
                    "areas": [
                        {
                            "name": "Bulk jobs",
                            "access": "read",
                            "reason": "to load fast with few credits",
                        }
                    ],
                    "scopes": ["ZohoCRM.bulk.READ"],
                }
            ]
        }
    )

    data_centres: list[DataCentreLine]
    data_centre: str = Field(description="The one that is connected, was last, or is configured.")
    client_id: str | None = Field(
        description="The client that is taken where none is given, its secret with it; null: none."
    )
    redirect_uri: str = Field(description="To be registered with the client at Zoho.")
    areas: list[AskedArea]
    scopes: list[str]


class ConnectRequest(BaseModel):
    """Where to sign in, and as which client of the Zoho API console."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"data_centre": "in"}]}
    )

    data_centre: str
    client_id: str | None = Field(default=None, max_length=200)
    client_secret: SecretStr | None = Field(default=None, max_length=200)


class SignInStarted(BaseModel):
    """Where the browser goes now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"authorisation_url": "https://accounts.zoho.in/oauth/v2/auth?response_type=code"}
            ]
        }
    )

    authorisation_url: str = Field(
        description="Zoho's consent page; good for ten minutes and for this browser alone."
    )


class DisconnectRequest(BaseModel):
    """The name of what is disconnected, as a person typed it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"organisation": "Acme"}]}
    )

    organisation: str = Field(max_length=500)


class DisconnectAnswer(BaseModel):
    """What was done."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "message": "Disconnected from Acme.",
                    "stopped_syncs": 0,
                    "is_revoked": True,
                    "fix": None,
                }
            ]
        }
    )

    message: str
    stopped_syncs: int
    is_revoked: bool = Field(description="Zoho knows that the sign-in is over.")
    fix: str | None = Field(description="What is left to do by hand.")


class AccessTokenState(BaseModel):
    """The token that calls are made with; it lives an hour and is renewed by itself."""

    state: TokenState
    expires_at: datetime | None
    minutes_left: int | None


class AreaGrant(BaseModel):
    """What we may do with a part of the CRM."""

    name: str
    read: Grant
    write: Grant
    checked_by: str | None = Field(
        description="`scope`: the token answer named them; `probe`: by a harmless call; null: not "
        "checked yet."
    )
    missing_scopes: list[str]


class LastAttempt(BaseModel):
    """The last sign-in in a browser that came back."""

    outcome: SignInOutcome
    detail: str | None
    at: datetime
    by: str


_ORGANISATION: JsonDict = {
    "id": "554023000000000001",
    "company_name": "Acme",
    "edition": "Enterprise",
    "users_licensed": 20,
    "time_zone": "Asia/Singapore",
    "currency": "SGD",
    "credits_a_day": 70000,
    "concurrency": 20,
}


class ConnectionView(BaseModel):
    """The connection as it is stored and was last checked; the CRM is not asked for it."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "state": "connected",
                    "organisation": _ORGANISATION,
                    "data_centre": {
                        "slug": "in",
                        "name": "India",
                        "crm_host": "crm.zoho.in",
                        "is_configured": True,
                    },
                    "api_domain": "https://www.zohoapis.in",
                    "connected_at": "2026-03-02T09:00:00Z",
                    "connected_by": "Daniel Koh",
                    "refused_at": None,
                    "refusal": None,
                    "access_token": {
                        "state": "valid",
                        "expires_at": "2026-03-02T10:30:00Z",
                        "minutes_left": 41,
                    },
                    "has_refresh_token": True,
                    "last_renewal_at": "2026-03-02T09:30:00Z",
                    "last_checked_at": "2026-03-02T09:48:20Z",
                    "scopes_granted": ["ZohoCRM.modules.ALL"],
                    "scopes_missing": [],
                    "areas": [
                        {
                            "name": "Bulk jobs",
                            "read": "granted",
                            "write": "not_needed",
                            "checked_by": "scope",
                            "missing_scopes": [],
                        }
                    ],
                    "confirm_with": "Acme",
                    "pending_changes": 0,
                    "is_loaded": True,
                    "last_attempt": None,
                    "admins": ["Daniel Koh"],
                }
            ]
        }
    )

    state: ConnectionState
    organisation: ConnectedOrganisation | None = Field(
        description="Of this or the last connection: the mirror belongs to it. Null: never read."
    )
    data_centre: DataCentreLine | None
    api_domain: str | None
    connected_at: datetime | None
    connected_by: str | None = Field(description="Null: the environment connected it.")
    refused_at: datetime | None = Field(description="Since when the CRM refuses our sign-in.")
    refusal: str | None
    access_token: AccessTokenState
    has_refresh_token: bool
    last_renewal_at: datetime | None
    last_checked_at: datetime | None = Field(
        description="When the CRM last answered a check-up or an hourly refresh."
    )
    scopes_granted: list[str] = Field(description="As Zoho named them; empty where it named none.")
    scopes_missing: list[str] = Field(description="Of those that are needed, as far as known.")
    areas: list[AreaGrant]
    confirm_with: str | None = Field(description="What is typed to confirm a disconnect.")
    pending_changes: int = Field(description="Local edits that wait to be sent.")
    is_loaded: bool = Field(description="A full sync of Deals has been completed.")
    last_attempt: LastAttempt | None
    admins: list[str] = Field(description="Names of those who may connect.")
