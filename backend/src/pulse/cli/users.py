"""`pulse user`: add people, list them, give one another password. The first admin is made here.

It works on the database that the environment (or the running laptop stack) names, and is audited
like everything that writes.
"""

import json
import sys
from typing import Annotated

import typer
from rich.table import Table

from pulse.accounts import users
from pulse.accounts.passwords import Passwords
from pulse.cli.account import operator
from pulse.cli.console import standard_console
from pulse.cli.stack.address import command_settings
from pulse.cli.sync import run_step
from pulse.core.access import Role
from pulse.db.engine import database
from pulse.kit.clock import SystemClock
from pulse.kit.logging import configure_logging
from pulse.models import UserAccount
from pulse.web.paging import PageRequest

app = typer.Typer(name="user", help="People who may log in.", no_args_is_help=True)

_PAGE = 200

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Read the password from standard input, one line."),
]
Prompt = Annotated[bool, typer.Option("--prompt", help="Ask for the password, twice.")]


@app.command()
def add(
    email: str,
    *,
    name: Annotated[str, typer.Option(help="The person's name, as others see it.")],
    role: Annotated[Role, typer.Option(help="What the person may do.")] = Role.VIEWER,
    password_stdin: FromStdin = False,
    prompt: Prompt = False,
    as_json: AsJson = False,
) -> None:
    """Add a person. Without a password a temporary one is made and printed, this once."""
    url = _database_url()
    password = _password(from_stdin=password_stdin, prompt=prompt)

    async def step() -> tuple[UserAccount, str | None]:
        async with database(url, pool_size=1) as open_db, open_db.begin() as db:
            return await users.add_user(
                db, Passwords(), operator(), email=email, name=name, role=role, password=password
            )

    user, made = run_step(step)
    _print_account(user, made, as_json=as_json, done="can log in now")


@app.command(name="list")
def list_all(*, as_json: AsJson = False) -> None:
    """List everybody who may log in."""
    url = _database_url()

    async def step() -> list[users.UserRow]:
        found: list[users.UserRow] = []
        async with database(url, pool_size=1) as open_db, open_db() as db:
            while True:
                page = PageRequest(limit=_PAGE, offset=len(found))
                count, rows = await users.list_users(db, page, SystemClock().now())
                found.extend(rows)
                if not rows or len(found) >= count:
                    return found

    rows = run_step(step)
    if as_json:
        typer.echo(json.dumps([_facts(row.user) for row in rows]))
        return
    if not rows:
        standard_console().print("Nobody yet. Add the first admin: pulse user add … --role admin")
        return
    table = Table("E-mail", "Name", "Role", "State", "Last log-in", box=None)
    for row in rows:
        last = row.user.last_login_at
        state = "locked" if row.locked_until else "active" if row.user.is_active else "deactivated"
        seen = "never" if last is None else f"{last:%Y-%m-%d %H:%M} UTC"
        table.add_row(row.user.email, row.user.name, row.user.role, state, seen)
    standard_console().print(table)


@app.command(name="reset-password")
def reset_password(
    email: str,
    *,
    password_stdin: FromStdin = False,
    prompt: Prompt = False,
    as_json: AsJson = False,
) -> None:
    """Give a person another password; sessions and locks of that person end."""
    url = _database_url()
    password = _password(from_stdin=password_stdin, prompt=prompt)

    async def step() -> tuple[UserAccount, str | None]:
        async with database(url, pool_size=1) as open_db, open_db.begin() as db:
            user = await users.user_of_email(db, email)
            return await users.reset_password(db, Passwords(), operator(), user.id, password)

    user, made = run_step(step)
    _print_account(user, made, as_json=as_json, done="has another password")


def _database_url() -> str:
    settings = command_settings()
    configure_logging("ERROR", settings.log_format)
    return settings.database_url.get_secret_value()


def _password(*, from_stdin: bool, prompt: bool) -> str | None:
    """Return the password that was given, or None to make one."""
    if from_stdin and prompt:
        raise typer.BadParameter("--password-stdin and --prompt exclude each other.")
    if from_stdin:
        return sys.stdin.readline().rstrip("\n")
    if prompt:
        given: str = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
        return given
    return None


def _facts(user: UserAccount) -> dict[str, object]:
    return {
        "id": str(user.id),
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "is_active": user.is_active,
        "must_change_password": user.must_change_password,
        "last_login_at": None if user.last_login_at is None else user.last_login_at.isoformat(),
    }


def _print_account(user: UserAccount, made: str | None, *, as_json: bool, done: str) -> None:
    if as_json:
        typer.echo(json.dumps(_facts(user) | {"temporary_password": made}))
        return
    console = standard_console()
    console.print(f"{user.name} <{user.email}>, {user.role}, {done}.", markup=False)
    if made is not None:
        console.print(f"Temporary password, to be changed at the log-in: {made}", markup=False)
