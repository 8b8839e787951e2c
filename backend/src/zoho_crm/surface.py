"""What every group of operations has: the runner that sends its calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoho_crm.calls import CallRunner


class Surface:
    """A group of operations over one connection."""

    def __init__(self, runner: CallRunner) -> None:
        self._runner = runner
