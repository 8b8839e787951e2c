"""The README is true: its variables, addresses, scopes, commands and packages are the code's."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from demo.options import DemoSettings
from typer import Typer
from typer.main import get_command

from pulse.cli.main import app
from pulse.config import Settings
from pulse.connection.scopes import ASKED_SCOPES
from zoho_crm.protocol.datacentres import DATA_CENTRES

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    (found,) = re.findall(rf"^## {title}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    return str(found)


def test_every_data_centre_is_listed_with_its_addresses() -> None:
    rows = re.findall(
        r"^\| (\w\w)(?: \(default\))? \| `(\S+)` \| `(\S+)` \|$", README, re.MULTILINE
    )
    assert {slug: (accounts, base) for slug, accounts, base in rows} == {
        slug: (centre.accounts_url, centre.base_url) for slug, centre in DATA_CENTRES.items()
    }


def test_the_default_data_centre_is_that_of_the_settings() -> None:
    (row,) = re.findall(r"\(default\) \| `(\S+)` \| `(\S+)` \|$", README, re.MULTILINE)
    fields = Settings.model_fields
    assert row == (fields["zoho_accounts_url"].default, fields["zoho_base_url"].default)


def test_the_scopes_to_ask_for_are_those_that_a_sign_in_asks_for() -> None:
    (line,) = re.findall(r"^ *(ZohoCRM\S+,\S+)$", README, re.MULTILINE)
    assert tuple(line.split(",")) == ASKED_SCOPES


def test_the_demos_variables_are_listed_with_their_defaults() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]+) \| ", section("Try it"), re.MULTILINE))
    assert rows.keys() == {"PULSE_HOME", "PORT", "SIM_PORT", "DEALS", "ACTIVITY", "PAST_DAYS"}
    fields = DemoSettings.model_fields
    for name in rows.keys() - {"PULSE_HOME"}:
        assert float(rows[name]) == fields[name.lower()].default, name


def test_every_command_and_option_that_is_listed_exists_and_no_command_is_left_out() -> None:
    listed = {
        words: set(re.findall(r"--[a-z-]+", options))
        for words, options in re.findall(
            r"^\| `pulse ([a-z -]+?)((?: [\[A-Z][^`]*)?)` \|", section("Commands"), re.MULTILINE
        )
    }
    known = {
        words: {option for parameter in command.params for option in parameter.opts}
        for words, command in commands(app)
    }
    assert listed.keys() == known.keys()
    assert {words: found - known[words] for words, found in listed.items()} == {
        words: set() for words in listed
    }


def commands(group: Typer, before: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every command of a group with its words. (Any: click's types are Typer's own.)"""
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        name = inner.typer_instance.info.name
        yield from commands(inner.typer_instance, f"{before}{name} ")
    for command in group.registered_commands:
        assert command.callback is not None
        only = Typer(add_completion=False)
        only.command()(command.callback)
        yield f"{before}{command.name or command.callback.__name__}", get_command(only)


def test_every_direct_dependency_says_why_it_is_there() -> None:
    project = tomllib.loads((ROOT / "backend" / "pyproject.toml").read_text(encoding="utf-8"))
    lists = (
        project["project"]["dependencies"],
        *project["project"]["optional-dependencies"].values(),
        *project["dependency-groups"].values(),
    )
    names = {re.split(r"[\[<>=]", entry)[0].lower() for entries in lists for entry in entries}
    table = section("Why each dependency is there").lower()
    # Plugins of pytest and types of a package belong to what they extend.
    silent = {name for name in names if name not in table and not name.startswith("pytest-")}
    assert silent - {"types-psutil"} == set()


def test_every_command_line_of_the_deployment_starts_a_program_of_the_product() -> None:
    lines = re.findall(r"^(pulse|celery|uvicorn) (.+?)(?: +#.*)?$", section("Deploy"), re.MULTILINE)
    words = [shlex.split(f"{program} {rest}") for program, rest in lines]
    assert [line[:4] for line in words] == [
        ["pulse", "migrate"],
        ["celery", "-A", "pulse.worker.app", "worker"],
        ["celery", "-A", "pulse.worker.app", "beat"],
        ["uvicorn", "pulse.api.app:create_app", "--factory", "--host"],
    ]
