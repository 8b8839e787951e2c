from pathlib import Path

import pytest

from pulse.config import Settings, StackSettings, load_settings
from pulse.kit.errors import ConfigurationError

_KEY = "k" * 32
_NEEDED = {
    "DATABASE_URL": "postgresql://pulse:hunter2@db/pulse",
    "REDIS_URL": "redis://broker:6379/0",
    "PULSE_SECRET_KEY": _KEY,
}


@pytest.fixture(autouse=True)
def _only_our_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def _set(monkeypatch: pytest.MonkeyPatch, **values: str) -> None:
    for name, value in (_NEEDED | values).items():
        monkeypatch.setenv(name, value)


def _refusal(monkeypatch: pytest.MonkeyPatch, **values: str) -> str:
    _set(monkeypatch, **values)
    with pytest.raises(ConfigurationError) as refused:
        load_settings(Settings)
    assert refused.value.code == "invalid_settings"
    return refused.value.detail


def test_defaults_are_those_of_the_indian_data_centre_and_a_quarter_of_an_hour(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _set(monkeypatch)
    settings = load_settings(Settings)
    assert settings.zoho_base_url == "https://www.zohoapis.in/crm/v8"
    assert settings.zoho_accounts_url == "https://accounts.zoho.in"
    assert settings.sync_interval_minutes == 15
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.zoho_client_id is None
    assert settings.zoho_refresh_token is None


@pytest.mark.parametrize("name", sorted(_NEEDED))
def test_missing_variable_is_named_with_what_it_is_for(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    _set(monkeypatch)
    monkeypatch.delenv(name)
    with pytest.raises(ConfigurationError, match=f"^{name} is not set") as refused:
        load_settings(Settings)
    assert Settings.model_fields[name.lower()].description in refused.value.detail


def test_empty_variable_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _refusal(monkeypatch, REDIS_URL="").startswith("REDIS_URL is not set")


def test_secrets_show_neither_in_errors_nor_in_the_settings_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert "hunter2" not in _refusal(monkeypatch, DATABASE_URL="mysql://pulse:hunter2@db/pulse")
    assert "short" not in _refusal(monkeypatch, PULSE_SECRET_KEY="short")
    _set(monkeypatch, ZOHO_CLIENT_ID="id", ZOHO_CLIENT_SECRET="s3cret", ZOHO_REFRESH_TOKEN="t0ken")
    shown = repr(load_settings(Settings))
    assert not any(secret in shown for secret in ("hunter2", _KEY, "s3cret", "t0ken"))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_database_address_is_brought_to_the_form_of_libpq(
    monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    _set(monkeypatch, DATABASE_URL=f"{scheme}://pulse@/pulse?host=/run/pg")
    url = load_settings(Settings).database_url.get_secret_value()
    assert url == "postgresql://pulse@/pulse?host=/run/pg"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("DATABASE_URL", "sqlite:///pulse.db", "only PostgreSQL is supported"),
        ("DATABASE_URL", "postgresql://pulse:hunter2@db:five/pulse", "port is no number"),
        ("REDIS_URL", "unix:///run/redis", "redis:// or rediss://"),
        ("REDIS_URL", "redis://:hunter2@broker:99999/0", "port is no number"),
        ("PULSE_SECRET_KEY", "short", "fewer than 32 characters"),
        ("ZOHO_BASE_URL", "www.zohoapis.eu/crm/v8", "not an http:// or https:// address"),
        ("ZOHO_ACCOUNTS_URL", "https://accounts.zoho.in:x", "port is no number"),
        ("SYNC_INTERVAL_MINUTES", "20", "none of 15, 30, 60 and 0"),
        ("SYNC_INTERVAL_MINUTES", "soon", "valid integer"),
        ("PORT", "70000", "less than or equal to 65535"),
    ],
)
def test_wrong_value_is_refused_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, reason: str
) -> None:
    said = _refusal(monkeypatch, **{name: value})
    assert said.startswith(f"{name} is wrong: ")
    assert reason in said
    assert "hunter2" not in said


def test_every_wrong_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = _refusal(monkeypatch, PORT="0", SYNC_INTERVAL_MINUTES="1")
    assert "PORT is wrong" in said
    assert "SYNC_INTERVAL_MINUTES is wrong" in said


def test_half_a_pair_of_credentials_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "go together" in _refusal(monkeypatch, ZOHO_CLIENT_ID="id")


def test_refresh_token_without_its_client_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "needs ZOHO_CLIENT_ID" in _refusal(monkeypatch, ZOHO_REFRESH_TOKEN="token")


def test_address_of_the_crm_loses_its_last_slash(monkeypatch: pytest.MonkeyPatch) -> None:
    _set(monkeypatch, ZOHO_BASE_URL="https://www.zohoapis.eu/crm/v8/")
    assert load_settings(Settings).zoho_base_url == "https://www.zohoapis.eu/crm/v8"


def test_given_values_go_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _set(monkeypatch, PULSE_HOME="/elsewhere")
    assert load_settings(Settings, pulse_home=tmp_path).pulse_home == tmp_path


def test_stack_needs_no_server_in_the_environment() -> None:
    settings = load_settings(StackSettings)
    assert settings.database_url is None
    assert settings.redis_url is None
    assert settings.pulse_secret_key is None
