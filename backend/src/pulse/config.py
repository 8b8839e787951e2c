"""Settings: read from the environment and validated once, when a process starts.

`Settings` is what API and worker need; `StackSettings` is the part that the laptop stack reads
before it has a database and a broker to offer. No secret has a default.
"""

import os
from pathlib import Path
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pulse.kit.errors import ConfigurationError
from pulse.kit.logging import LogFormat

_ROOT_HOME = Path("/var/tmp/pipeline-pulse")  # noqa: S108 - kept over restarts, made with a tight mode
SYNC_INTERVALS = frozenset({0, 15, 30, 60})
"""Minutes between scheduled syncs that can be chosen; 0 means by hand only."""

_KEY_LENGTH = 32
_POSTGRES_SCHEMES = frozenset({"postgresql", "postgres", "postgresql+psycopg"})
_REDIS_SCHEMES = frozenset({"redis", "rediss"})


def default_home() -> Path:
    """Return the folder of the laptop stack's data where PULSE_HOME is not set.

    Root's own folder is private, and PostgreSQL, which does not run as root, cannot reach it.
    """
    return _ROOT_HOME if os.geteuid() == 0 else Path("~/.local/share/pipeline-pulse").expanduser()


class HomeSettings(BaseSettings):
    """Where a process keeps its files, listens and logs."""

    model_config = SettingsConfigDict(env_ignore_empty=True, extra="ignore", frozen=True)

    pulse_home: Path = Field(
        default_factory=default_home,
        description="Folder of the laptop stack: data of PostgreSQL and Valkey, logs, key. "
        "Default: ~/.local/share/pipeline-pulse, as root /var/tmp/pipeline-pulse.",
    )
    host: str = Field(default="127.0.0.1", description="Address that the API listens on.")
    port: int = Field(default=8000, ge=1, le=65_535, description="Port that the API listens on.")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="Least severe log event that is written."
    )
    log_format: LogFormat = Field(
        default=LogFormat.AUTO,
        description="console, json, or auto: console on a terminal, json elsewhere.",
    )


class StackSettings(HomeSettings):
    """What `pulse up` reads first: each of these that is missing it brings itself."""

    database_url: SecretStr | None = None
    redis_url: SecretStr | None = None
    pulse_secret_key: SecretStr | None = None


class DatabaseSettings(HomeSettings):
    """What a command needs that speaks to the database alone."""

    database_url: SecretStr = Field(
        description="Address of the PostgreSQL 18 database, as postgresql://user@host/name. "
        "On a laptop `pulse up` brings its own.",
    )

    @field_validator("database_url")
    @classmethod
    def _libpq_address(cls, value: SecretStr) -> SecretStr:
        scheme, separator, rest = value.get_secret_value().partition("://")
        if scheme not in _POSTGRES_SCHEMES or not separator:
            raise ValueError("only PostgreSQL is supported; the address starts with postgresql://")
        _check_port(value)
        return SecretStr(f"postgresql://{rest}")


class Settings(DatabaseSettings):
    """All settings of the product."""

    redis_url: SecretStr = Field(
        description="Address of Redis or Valkey, as redis://host:6379/0. "
        "On a laptop `pulse up` brings its own.",
    )
    pulse_secret_key: SecretStr = Field(
        description="Encrypts CRM tokens at rest: at least 32 random characters, the same for all "
        "processes and kept with the backups. On a laptop `pulse up` makes one.",
    )
    pulse_public_url: str | None = Field(
        default=None,
        description="Address at which people reach the product in a browser, such as "
        "https://pulse.example.com. Its name is accepted in requests, and with https the session "
        "cookie is sent over TLS only. Default: http:// with HOST and PORT.",
    )
    zoho_client_id: str | None = Field(
        default=None, description="Client id of the Zoho API console."
    )
    zoho_client_secret: SecretStr | None = Field(
        default=None, description="Client secret of the Zoho API console; goes with ZOHO_CLIENT_ID."
    )
    zoho_redirect_uri: str | None = Field(
        default=None,
        description="Redirect address registered with the client, for connecting in a browser. "
        "Default: PULSE_PUBLIC_URL with /api/crm/callback.",
    )
    zoho_base_url: str = Field(
        default="https://www.zohoapis.in/crm/v8",
        description="Address of the CRM API with its version. "
        "Its host holds until a token answer names the organisation's own.",
    )
    zoho_accounts_url: str = Field(
        default="https://accounts.zoho.in",
        description="Address of the accounts server of the organisation's data centre.",
    )
    zoho_refresh_token: SecretStr | None = Field(
        default=None,
        description="Connects without a browser; goes with ZOHO_CLIENT_ID and ZOHO_CLIENT_SECRET.",
    )
    pulse_allowed_hosts: str | None = Field(
        default=None,
        description="Further names that requests may call this server by, parted by commas. This "
        "machine's own (localhost, 127.0.0.1) and that of PULSE_PUBLIC_URL are always accepted.",
    )
    sync_interval_minutes: int = Field(
        default=15,
        description="Minutes between scheduled syncs: 15, 30 or 60; 0 means by hand only. Seeds "
        "the first start; then the stored setting holds.",
    )

    pulse_smtp_host: str | None = Field(
        default=None,
        description="Mail server that editors are told of open conflicts through, and that weekly "
        "reviews go out through; none: people are told in the application only. Goes with "
        "PULSE_SMTP_FROM.",
    )
    pulse_smtp_port: int = Field(
        default=587, ge=1, le=65_535, description="Port of the mail server; with tls usually 465."
    )
    pulse_smtp_user: str | None = Field(
        default=None, description="Name to sign in with; goes with PULSE_SMTP_PASSWORD."
    )
    pulse_smtp_password: SecretStr | None = Field(
        default=None, description="Password to sign in with; goes with PULSE_SMTP_USER."
    )
    pulse_smtp_from: str | None = Field(
        default=None,
        description="Sender of the mail, such as Pipeline Pulse <pulse@example.com>.",
    )
    pulse_smtp_tls: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="starttls: encrypted once connected; tls: from the first byte; none: not at "
        "all, for a server on the same machine.",
    )

    @field_validator("redis_url")
    @classmethod
    def _redis_address(cls, value: SecretStr) -> SecretStr:
        if urlsplit(value.get_secret_value()).scheme not in _REDIS_SCHEMES:
            raise ValueError("the address starts with redis:// or rediss://")
        _check_port(value)
        return value

    @field_validator("pulse_secret_key")
    @classmethod
    def _long_key(cls, value: SecretStr) -> SecretStr:
        if len(value.get_secret_value()) < _KEY_LENGTH:
            raise ValueError(f"it has fewer than {_KEY_LENGTH} characters")
        return value

    @field_validator("sync_interval_minutes")
    @classmethod
    def _offered_interval(cls, value: int) -> int:
        if value not in SYNC_INTERVALS:
            raise ValueError("it is none of 15, 30, 60 and 0")
        return value

    @field_validator("pulse_public_url", "zoho_base_url", "zoho_accounts_url", "zoho_redirect_uri")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("it is not an http:// or https:// address")
        _check_port(SecretStr(value))
        return value.rstrip("/")

    @property
    def host_names(self) -> frozenset[str]:
        """Return the names that this server is called by, beside the machine's own."""
        public = urlsplit(self.pulse_public_url or "").hostname
        given = {name.strip().lower() for name in (self.pulse_allowed_hosts or "").split(",")}
        return frozenset({public or "", self.host, *given} - {"", "0.0.0.0", "::"})  # noqa: S104 - compared, not bound

    @model_validator(mode="after")
    def _whole_credentials(self) -> "Settings":
        if (self.zoho_client_id is None) != (self.zoho_client_secret is None):
            raise ValueError("ZOHO_CLIENT_ID and ZOHO_CLIENT_SECRET go together; one is missing")
        if self.zoho_refresh_token is not None and self.zoho_client_id is None:
            raise ValueError(
                "ZOHO_REFRESH_TOKEN needs ZOHO_CLIENT_ID and ZOHO_CLIENT_SECRET of its client"
            )
        return self

    @model_validator(mode="after")
    def _whole_mail_server(self) -> "Settings":
        if self.pulse_smtp_host is not None and "@" not in (self.pulse_smtp_from or ""):
            raise ValueError("PULSE_SMTP_HOST needs PULSE_SMTP_FROM, the sender's address")
        if (self.pulse_smtp_user is None) != (self.pulse_smtp_password is None):
            raise ValueError("PULSE_SMTP_USER and PULSE_SMTP_PASSWORD go together; one is missing")
        return self

    @property
    def public_url(self) -> str:
        """Return the address at which people reach the product, without a slash at its end."""
        if self.pulse_public_url is not None:
            return self.pulse_public_url
        # A process that listens on every address is on this machine, too.
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104 - compared
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"

    @property
    def redirect_uri(self) -> str:
        """Return where Zoho sends a browser back to after a sign-in."""
        return self.zoho_redirect_uri or f"{self.public_url}/api/crm/callback"


def _check_port(address: SecretStr) -> None:
    try:
        # Split off on reading only; the error's own text may hold part of a password.
        _ = urlsplit(address.get_secret_value()).port
    except ValueError:
        raise ValueError("its port is no number from 0 to 65535") from None


SettingsType = TypeVar("SettingsType", bound=HomeSettings)


def load_settings(kind: type[SettingsType], **given: object) -> SettingsType:
    """Return settings of `kind` from the environment; values in `given` go before it.

    `given` is keyed by field name (`database_url`). Raises ConfigurationError that names each
    wrong variable, what is wrong with it and what it is for; never the value.
    """
    # The generated initialiser has one typed parameter a field; the values are validated there.
    values: dict[str, Any] = given
    try:
        return kind(**values)
    except ValidationError as error:
        problems = [_sentence(kind, problem["loc"], problem) for problem in error.errors()]
        raise ConfigurationError(
            " ".join(problems),
            code="invalid_settings",
            fix="Set it in the environment and start again.",
        ) from None


def _sentence(kind: type[HomeSettings], place: tuple[Any, ...], problem: Any) -> str:  # noqa: ANN401 - a dict of pydantic's own
    reason = str(problem["msg"]).removeprefix("Value error, ")
    if not place:
        return f"{reason}."
    field = kind.model_fields[str(place[0])]
    state = "is not set" if problem["type"] == "missing" else f"is wrong: {reason}"
    return f"{str(place[0]).upper()} {state}. ({field.description})"
