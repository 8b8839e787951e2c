"""A PostgreSQL 18 cluster in a folder of ours: initialise it, say how to start and reach it.

The server listens on a socket in the cluster's folder and nowhere else. That folder has mode 0700
and belongs to the server's account, so the file system decides who may connect; inside, every
local connection is trusted.
"""

import os
import platform
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from pulse.cli.stack.wheels import (
    POSTGRES_MAJOR,
    is_reachable_by_others,
    postgres_binaries,
    server_account,
)
from pulse.kit.errors import ConfigurationError

ROLE = "postgres"
_SOCKET_NAME = ".s.PGSQL.5432"
# sizeof(sockaddr_un.sun_path) less the closing zero byte.
_SOCKET_PATH_LIMIT = 103 if platform.system() == "Darwin" else 107

LAPTOP_SETTINGS: Mapping[str, str] = {
    "max_connections": "100",
    "shared_buffers": "256MB",
    "maintenance_work_mem": "256MB",
    "work_mem": "16MB",
    "effective_cache_size": "1GB",
    "random_page_cost": "1.1",
    # Loads write in bursts: rare checkpoints and compressed full pages keep them short.
    "max_wal_size": "4GB",
    "checkpoint_timeout": "15min",
    "wal_compression": "on",
    "synchronous_commit": "on",
    # Our statements are short; compiling them costs more than it saves.
    "jit": "off",
    "timezone": "'UTC'",
    "log_timezone": "'UTC'",
}
"""What the stack writes into `pulse.conf` of a new cluster; the file may be edited afterwards."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster's folder, the binaries that serve it and the account that owns it.

    `account` is None where the server runs as ourselves.
    """

    folder: Path
    binaries: Path
    account: str | None

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.folder / "data"

    def url(self, database: str) -> str:
        """Return the address of a database, for libpq and SQLAlchemy alike."""
        return f"postgresql://{ROLE}@/{quote(database)}?host={quote(str(self.folder), safe='/')}"

    def server_argv(self) -> tuple[str, ...]:
        """Return the command of the server; it stays in the foreground."""
        return (
            str(self.binaries / "postgres"),
            "-D",
            str(self.data),
            "-k",
            str(self.folder),
            # No TCP: two stacks never meet on a port, and nobody else's network sees the data.
            "-c",
            "listen_addresses=",
        )


def prepare_cluster(folder: Path, settings: Mapping[str, str] = LAPTOP_SETTINGS) -> Cluster:
    """Return the cluster in `folder`, initialised with `settings` if it is new.

    The parent of `folder` must exist. Raises ConfigurationError if the folder cannot hold a
    cluster: out of reach for the server's account, path too long, another major version, no space.
    """
    folder = folder.resolve()
    account = server_account()
    if account is not None and not is_reachable_by_others(folder.parent):
        raise ConfigurationError(
            f"{folder.parent} lies in a private folder, and PostgreSQL, which does not run as "
            f"root, cannot reach it as {account}.",
            code="private_home",
            fix="Set PULSE_HOME to a folder whose parents all have the mode o+x, such as "
            "/var/tmp/pipeline-pulse, or start the stack as an ordinary user.",
        )
    excess = len(os.fsencode(folder / _SOCKET_NAME)) - _SOCKET_PATH_LIMIT
    if excess > 0:
        raise ConfigurationError(
            f"The path {folder} is {excess} bytes too long for the server's socket.",
            code="home_path_too_long",
            fix="Set PULSE_HOME to a shorter path.",
        )
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)
    if account is not None:
        shutil.chown(folder, account, account)
    cluster = Cluster(folder, postgres_binaries(folder.parent, account), account)
    if cluster.data.exists():
        _check_version(cluster)
    else:
        _initialise(cluster, settings)
    return cluster


def _check_version(cluster: Cluster) -> None:
    found = (cluster.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if found != str(POSTGRES_MAJOR):
        raise ConfigurationError(
            f"{cluster.data} was made by PostgreSQL {found}; this product runs PostgreSQL "
            f"{POSTGRES_MAJOR}.",
            code="wrong_postgres_version",
            fix="Upgrade the cluster with pg_upgrade, or set PULSE_HOME to a new folder and let "
            "a full sync fill it.",
        )


def _initialise(cluster: Cluster, settings: Mapping[str, str]) -> None:
    """Make the data directory under another name first: a crash leaves no half of a cluster."""
    partial = cluster.folder / "data.partial"
    shutil.rmtree(partial, ignore_errors=True)
    _run_as(
        cluster,
        "initdb",
        f"--pgdata={partial}",
        f"--username={ROLE}",
        "--auth-local=trust",
        "--auth-host=reject",
        "--encoding=UTF8",
        # Sorts the same on every machine, whatever locales it has.
        "--locale-provider=builtin",
        "--builtin-locale=C.UTF-8",
        "--locale=C",
    )
    with (partial / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\ninclude = 'pulse.conf'\n")
    own = partial / "pulse.conf"
    lines = [f"{name} = {value}\n" for name, value in settings.items()]
    own.write_text("".join(lines), encoding="utf-8")
    if cluster.account is not None:
        shutil.chown(own, cluster.account, cluster.account)
    partial.rename(cluster.data)


def _run_as(cluster: Cluster, program: str, *arguments: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own binary, no shell
        [str(cluster.binaries / program), *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=cluster.folder,
        user=cluster.account,
        group=cluster.account,
        extra_groups=None if cluster.account is None else [],
    )
    if done.returncode != 0:
        raise ConfigurationError(
            f"{program} failed in {cluster.folder}: {done.stderr.strip()}",
            code="postgres_initialisation_failed",
            fix="Free some space on this disk, or set PULSE_HOME to a folder on another."
            if "No space left" in done.stderr
            else "Mend what the message names, then start again; nothing was kept of this try.",
        )


def clear_stale_pid_file(cluster: Cluster, timeout_s: float = 30.0) -> None:
    """Make way for a new server: stop a forgotten one, drop a lock file that names nobody's.

    Call it only while holding the lock of PULSE_HOME. The server drops a stale lock file by
    itself, except where the number in it meanwhile belongs to another process.
    """
    pid_file = cluster.data / "postmaster.pid"
    try:
        pid = int(pid_file.read_text(encoding="ascii").split("\n", 1)[0])
        process = psutil.Process(pid)
        serves_us = process.name() == "postgres" and str(cluster.data) in process.cmdline()
    except FileNotFoundError:
        return
    except (ValueError, psutil.NoSuchProcess):
        serves_us = False
    if serves_us:
        process.send_signal(signal.SIGINT)
        process.wait(timeout_s)
    pid_file.unlink(missing_ok=True)


def ensure_database(cluster: Cluster, database: str) -> None:
    """Create `database` unless it exists; the server must be up."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as db:
        found = db.execute("SELECT 1 FROM pg_database WHERE datname = %s", [database]).fetchone()
        if found is None:
            db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database)))
