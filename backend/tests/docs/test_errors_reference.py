"""`docs/reference/errors.md` holds every code that the product can answer with, and no other."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import pulse
from pulse.kit.errors import PulseError
from pulse.web.errors import MALFORMED

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "errors.md"
SOURCE = Path(pulse.__file__).parent
# Made by the web framework, not raised by us (`pulse.web.errors`).
_OF_THE_FRAMEWORK = {"route_not_found": 404, "method_not_allowed": 405}


def error_classes(base: type[PulseError] = PulseError) -> Iterator[type[PulseError]]:
    yield base
    for derived in base.__subclasses__():
        yield from error_classes(derived)


def import_everything() -> None:
    for module in pkgutil.walk_packages(pulse.__path__, "pulse."):
        # Two modules are programs: they read settings when they are imported.
        if module.name != "pulse.worker.app" and ".migrations" not in module.name:
            importlib.import_module(module.name)


def codes_in_the_product() -> dict[str, set[int]]:
    """Return each code with the statuses it can have: of classes, and of `code="…"` in calls."""
    import_everything()
    classes = [found for found in error_classes() if found.__module__.startswith("pulse.")]
    status_of = {found.__name__: found.status for found in classes}
    codes: defaultdict[str, set[int]] = defaultdict(set)
    for found in classes:
        codes[found.code].add(found.status)
    for file in SOURCE.rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                status = status_of.get(call.func.id)
                if status is not None:
                    for code in given_codes(call):
                        codes[code].add(status)
    codes[str(MALFORMED["code"])].add(int(str(MALFORMED["status"])))
    for code, framework_status in _OF_THE_FRAMEWORK.items():
        codes[code].add(framework_status)
    return dict(codes)


def given_codes(call: ast.Call) -> list[str]:
    """Return the texts that a call may pass as `code`."""
    return [
        text.value
        for keyword in call.keywords
        if keyword.arg == "code"
        for text in ast.walk(keyword.value)
        if isinstance(text, ast.Constant) and isinstance(text.value, str)
    ]


def listed() -> dict[str, str]:
    rows = re.findall(
        r"^\| `(\w+)` \| (\d{3}|—) \| [^|]+ \| [^|]+ \|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    assert len(rows) == len(dict(rows)), "a code is listed twice"
    return dict(rows)


def test_every_code_of_the_product_is_listed_and_no_other() -> None:
    assert sorted(listed()) == sorted(codes_in_the_product())


def test_the_status_of_every_code_is_right() -> None:
    wrong = {
        code: (status, statuses)
        for code, statuses in codes_in_the_product().items()
        if (status := listed().get(code)) not in {"—", *(str(each) for each in statuses)}
    }
    assert wrong == {}
