"""`python -m demo`: see the package."""

import asyncio
import sys

from demo.options import DemoSettings
from demo.run import run_demo
from pulse.cli.console import report_error, standard_console
from pulse.config import load_settings
from pulse.kit.errors import PulseError


def main() -> None:
    """Run the demo; a known error becomes a message and exit code 1."""
    try:
        asyncio.run(run_demo(load_settings(DemoSettings), standard_console()))
    except PulseError as error:
        report_error(error, as_json=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
