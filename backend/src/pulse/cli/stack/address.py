"""Where the stack of a PULSE_HOME is reached: written by `pulse up`, read by other commands."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pulse.cli.stack.home import Home, is_locked
from pulse.config import HomeSettings, Settings, StackSettings, load_settings
from pulse.kit.errors import ConfigurationError

_FILE = "stack.json"


@contextmanager
def published(home: Home, settings: Settings) -> Iterator[None]:
    """Keep the addresses in the home while the stack runs; the file is for its owner alone."""
    file = home.run / _FILE
    write_private(
        file,
        {
            "database_url": settings.database_url.get_secret_value(),
            "redis_url": settings.redis_url.get_secret_value(),
            "pulse_secret_key": settings.pulse_secret_key.get_secret_value(),
        },
    )
    try:
        yield
    finally:
        file.unlink(missing_ok=True)


def write_private(file: Path, content: dict[str, object]) -> None:
    """Write JSON that only the owner may read; a reader sees the old file or the new one whole."""
    partial = file.with_name(f"{file.name}.partial")
    partial.unlink(missing_ok=True)
    partial.touch(mode=0o600)
    partial.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    partial.replace(file)


def command_settings() -> Settings:
    """Return settings for a command beside the stack.

    DATABASE_URL, REDIS_URL and PULSE_SECRET_KEY come from the environment; those that are missing
    there come from the stack that runs on PULSE_HOME. Raises ConfigurationError if DATABASE_URL is
    not set and no stack runs.
    """
    given = load_settings(StackSettings)
    missing = [
        name
        for name in ("database_url", "redis_url", "pulse_secret_key")
        if getattr(given, name) is None
    ]
    return load_settings(Settings, **(_addresses(given, missing) if missing else {}))


def _addresses(where: HomeSettings, names: list[str]) -> dict[str, object]:
    home = Home(where.pulse_home.expanduser().absolute())
    file = home.run / _FILE
    # A stack that was killed leaves its file, but not its lock.
    if not file.exists() or not os.access(file, os.R_OK) or not is_locked(home):
        raise ConfigurationError(
            f"No stack runs on PULSE_HOME {home.path}, and the environment does not hold "
            f"{', '.join(name.upper() for name in names)}.",
            code="no_stack",
            fix="Start one with pulse up, set PULSE_HOME to that of a running one, or set the "
            "variables.",
        )
    known = json.loads(file.read_text(encoding="utf-8"))
    return {name: known[name] for name in names}
