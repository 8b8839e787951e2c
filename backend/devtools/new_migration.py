"""`make migration NAME="add saved views"`: write the revision that the changed models call for.

A throw-away PostgreSQL is brought to the present schema and compared with the models. What comes
out is a draft: read it, add what a comparison cannot see (functions, data), and test it.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.util import CommandError
from sqlalchemy import create_engine

import pulse.models  # noqa: F401 - its tables register themselves with Base
from pulse.cli.stack.postgres import Cluster, prepare_cluster
from pulse.db.base import Base
from pulse.db.migrate import alembic_config, migrate
from pulse.db.urls import sqlalchemy_url
from pulse.kit.clock import SystemClock

# Alembic keeps the applied revision in a column of this width.
_LONGEST_REVISION = 32


def revision_id(name: str, now: datetime) -> str:
    """Return the id of a revision of this name: the date and the name, cut to what fits."""
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return f"{now:%Y_%m_%d}_{slug}"[:_LONGEST_REVISION].rstrip("_")


@contextmanager
def throw_away_server() -> Iterator[Cluster]:
    """Run a PostgreSQL on a folder that is removed in the end."""
    with tempfile.TemporaryDirectory(prefix="pulse-migration-") as folder:
        # As root the server runs as another account, which must reach its folder.
        Path(folder).chmod(0o755)
        cluster = prepare_cluster(Path(folder) / "postgresql")
        binary, *options = cluster.server_argv()
        data, settings = options[:2], " ".join(options[2:])
        control = (str(Path(binary).with_name("pg_ctl")), "--silent", *data)
        _run(cluster, (*control, "-o", settings, "-l", "/dev/null", "-w", "start"))
        try:
            yield cluster
        finally:
            _run(cluster, (*control, "-m", "immediate", "stop"))


def _run(cluster: Cluster, argv: tuple[str, ...]) -> None:
    subprocess.run(  # noqa: S603 - our own binary, no shell
        argv,
        check=True,
        stdin=subprocess.DEVNULL,
        cwd=cluster.folder,
        user=cluster.account,
        group=cluster.account,
        extra_groups=None if cluster.account is None else [],
    )


def write_revision(database_url: str, name: str, now: datetime) -> Path:
    """Write the revision that leads from the migrations to the models; return its file.

    Raises alembic's CommandError where the database cannot be compared.
    """
    engine = create_engine(sqlalchemy_url(database_url))
    try:
        with engine.connect() as connection:
            config = alembic_config(connection)
            config.attributes["metadata"] = Base.metadata
            script = command.revision(
                config, message=name, rev_id=revision_id(name, now), autogenerate=True
            )
    finally:
        engine.dispose()
    if script is None or isinstance(script, list):
        raise CommandError("Alembic wrote no single revision.")
    return Path(script.path)


def main() -> int:
    """Write the revision that the first argument names."""
    name = " ".join(sys.argv[1:]).strip()
    if not name:
        sys.stderr.write('Say what the migration does: make migration NAME="add saved views"\n')
        return 2
    with throw_away_server() as cluster:
        url = cluster.url("postgres")
        migrate(url)
        file = write_revision(url, name, SystemClock().now())
    sys.stdout.write(f"{file}: a draft. Read it before you commit it.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
