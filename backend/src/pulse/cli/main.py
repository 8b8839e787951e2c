"""The `pulse` command: parses arguments, runs one use case, turns its errors into exit codes.

Exit codes: 0 done, 1 an error that the message explains, 2 wrong arguments.
"""

import asyncio
import os
import sys
from typing import Annotated

import typer

from pulse.cli.console import json_events, readable_events, report_error, standard_console
from pulse.cli.stack.run import migrate_database, run_stack
from pulse.cli.status import status
from pulse.cli.sync import app as sync_app
from pulse.cli.users import app as user_app
from pulse.config import DatabaseSettings, StackSettings, load_settings
from pulse.kit.clock import SystemClock
from pulse.kit.errors import PulseError
from pulse.kit.logging import configure_logging

app = typer.Typer(
    name="pulse",
    help="Pipeline Pulse: Zoho CRM deals in a local PostgreSQL mirror, live.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)

app.add_typer(sync_app)
app.add_typer(user_app)
app.command()(status)

AsJson = Annotated[bool, typer.Option("--json", help="Write JSON, one object a line.")]


@app.callback()
def _group() -> None:
    """Keep `pulse` a group of commands whatever their number."""


@app.command()
def up(*, as_json: AsJson = False) -> None:
    """Start everything: PostgreSQL and Valkey unless given, migrations, worker, beat and API.

    Runs until Ctrl-C (SIGINT) or SIGTERM, then stops all that it started. Data, logs and the key
    that encrypts tokens stay in PULSE_HOME; the next start goes on with them.
    """
    emit = (
        json_events(sys.stdout, SystemClock()) if as_json else readable_events(standard_console())
    )
    settings = load_settings(StackSettings)
    configure_logging("WARNING", settings.log_format)
    asyncio.run(run_stack(settings, emit))


@app.command()
def migrate() -> None:
    """Bring the database that DATABASE_URL names to this version's schema."""
    settings = load_settings(DatabaseSettings)
    configure_logging(settings.log_level, settings.log_format)
    migrate_database(settings.database_url.get_secret_value())
    standard_console().print("The database has this version's schema.")


def main() -> None:
    """Run the command line; a known error becomes a message and exit code 1."""
    as_json = "--json" in sys.argv
    try:
        app()
    except PulseError as error:
        report_error(error, as_json=as_json)
        sys.exit(1)
    except BrokenPipeError:
        # Whoever read our output has gone; say nothing more, not even at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


if __name__ == "__main__":
    main()
