"""Which product a command speaks to: the one of the environment, or the stack of PULSE_HOME."""

from pathlib import Path
from urllib.parse import quote

from pulse.cli.stack.home import Home, is_locked
from pulse.cli.stack.postgres import ROLE
from pulse.cli.stack.run import DATABASE
from pulse.config import Settings, StackSettings, load_settings
from pulse.kit.errors import UnavailableError


def target_settings() -> Settings:
    """Return the settings of the running product; what the environment names goes first.

    Raises UnavailableError if the environment leaves something open and no stack runs on
    PULSE_HOME that could fill it in.
    """
    stack = load_settings(StackSettings)
    home = Home(stack.pulse_home.expanduser().resolve())
    given: dict[str, object] = {}
    if None in {stack.database_url, stack.redis_url, stack.pulse_secret_key}:
        if not is_locked(home):
            raise UnavailableError(
                f"No stack runs on PULSE_HOME {home.path}, and the environment does not name all "
                "of DATABASE_URL, REDIS_URL and PULSE_SECRET_KEY.",
                code="nothing_runs",
                fix="Start one with `pulse up` in another terminal, or set the three variables.",
            )
        if stack.database_url is None:
            given["database_url"] = _cluster_url(home.path)
        if stack.redis_url is None:
            given["redis_url"] = _broker_url(home.path)
        if stack.pulse_secret_key is None:
            given["pulse_secret_key"] = (home.path / "secret.key").read_text("ascii").strip()
    return load_settings(Settings, **given)


def _cluster_url(home: Path) -> str:
    folder = quote(str(home / "postgresql"), safe="/")
    return f"postgresql://{ROLE}@/{DATABASE}?host={folder}"


def _broker_url(home: Path) -> str:
    """Return the address of the running broker, out of the configuration that it was given."""
    lines = (home / "valkey" / "valkey.conf").read_text("utf-8").splitlines()
    conf = dict(line.split(" ", 1) for line in lines if " " in line)
    return f"redis://:{conf['requirepass']}@{conf['bind']}:{conf['port']}/0"
