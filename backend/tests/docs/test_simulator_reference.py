"""``docs/reference/simulator.md`` against the simulator itself."""

from __future__ import annotations

import json
import re
from pathlib import Path

from zoho_sim.app import create_app
from zoho_sim.behaviour.faults import Fault, FaultKind
from zoho_sim.behaviour.switches import Switches
from zoho_sim.config import Config

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "simulator.md"


def section(title: str) -> str:
    (found,) = re.findall(
        rf"^## {title}\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL
    )
    return str(found)


def test_every_switch_is_listed_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(.+?)` \|", section("Switches"), re.MULTILINE)
    assert {name: json.loads(default) for name, default in rows} == Switches().as_dict()


def test_every_fault_kind_and_key_is_listed() -> None:
    keys, kinds = (table for table in section("Faults").split("\n\n") if table.startswith("| k"))
    listed_kinds = re.findall(r"^\| `(\w+)` \|", kinds, re.MULTILINE)
    assert listed_kinds == [kind.value for kind in FaultKind]
    listed_keys = set(re.findall(r"^\| `(\w+)` \|", keys, re.MULTILINE))
    facts = set(Fault(id=1, kind=FaultKind.STATUS).as_dict()) - {"id", "seen", "fired"}
    assert listed_keys == facts


def test_every_control_endpoint_is_listed() -> None:
    listed = {
        f"{method} {path}"
        for row in re.findall(r"^\| (`.*?`) \|", section("Control plane"), re.MULTILINE)
        for method, path in re.findall(r"`([A-Z]+) (/[^`]+)`", row)
    }
    app = create_app(Config(deals=1))
    served: set[str] = set()
    for route in app.router.routes():
        path = route.resource.canonical if route.resource is not None else ""
        if path.startswith("/__sim__") and route.method != "HEAD":
            served |= {f"{route.method} {plain}" for plain in spelled_out(path)}
    assert listed == served


def spelled_out(path: str) -> list[str]:
    """Return the paths that a pattern stands for, one per action of its last part."""
    plain = path.removeprefix("/__sim__")
    if plain.endswith("{action}"):
        actions = ("delete", "purge", "restore", "hide", "unhide")
        return [plain.replace("{action}", action) for action in actions]
    if plain.endswith("{step}"):
        return [plain.replace("{step}", step) for step in ("freeze", "thaw", "advance", "set")]
    return [plain]
