"""The process's clock, for routes."""

from typing import Annotated

from fastapi import Depends, Request

from pulse.kit.clock import Clock


def _clock(request: Request) -> Clock:
    clock: Clock = request.app.state.clock
    return clock


ClockOf = Annotated[Clock, Depends(_clock)]
