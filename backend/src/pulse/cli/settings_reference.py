"""Writes `docs/reference/settings.md` from the settings themselves.

`python -m pulse.cli.settings_reference > ../docs/reference/settings.md`; a test compares the two.
"""

import sys

from pydantic.fields import FieldInfo

from pulse.config import Settings

_HEAD = """\
# Settings

Read from the environment when a process starts, and validated then: a wrong one is named with what
is wrong and what it is for. This page is generated from `pulse/config.py` by
`python -m pulse.cli.settings_reference`.

| variable | default | meaning |
|---|---|---|
"""


def settings_reference() -> str:
    """Return the page: one row a variable, in the order of need."""
    fields = sorted(
        Settings.model_fields.items(),
        key=lambda item: (not item[1].is_required(), list(Settings.model_fields).index(item[0])),
    )
    return _HEAD + "".join(_row(name, field) for name, field in fields)


def _row(name: str, field: FieldInfo) -> str:
    if field.is_required():
        default = "required"
    elif field.default_factory is not None:
        default = "see text"
    elif field.default is None:
        default = "none"
    else:
        default = f"`{field.default}`"
    return f"| `{name.upper()}` | {default} | {field.description} |\n"


if __name__ == "__main__":
    sys.stdout.write(settings_reference())
