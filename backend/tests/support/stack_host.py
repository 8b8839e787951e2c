"""Runs the laptop stack around the tiny product: `python -m support.stack_host`.

`--bare` leaves worker, beat and API away.
"""

import asyncio
import sys
from collections.abc import Mapping, Sequence

from pulse.cli.console import json_events, report_error
from pulse.cli.stack.children import ChildSpec
from pulse.cli.stack.components import api_child, worker_children
from pulse.cli.stack.home import Home
from pulse.cli.stack.run import run_stack
from pulse.config import Settings, StackSettings, load_settings
from pulse.kit.clock import SystemClock
from pulse.kit.errors import PulseError

_MODULE = "support.tiny_product"


def _tiny_components(home: Home, settings: Settings, env: Mapping[str, str]) -> Sequence[ChildSpec]:
    return (
        *worker_children(home, settings, env, app=_MODULE),
        api_child(settings, env, factory=f"{_MODULE}:create_app"),
    )


def _no_components(_home: Home, _settings: Settings, _env: Mapping[str, str]) -> tuple[()]:
    return ()


def main() -> None:
    components = _no_components if "--bare" in sys.argv else _tiny_components
    emit = json_events(sys.stdout, SystemClock())
    try:
        asyncio.run(run_stack(load_settings(StackSettings), emit, components))
    except PulseError as error:
        report_error(error, as_json=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
