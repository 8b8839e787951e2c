"""Queries over judged deals, kept as they were built: building one takes as long as its answer.

As of now a query follows from the filter, the rates and the day, which stay the same for hours. A
past moment is hardly asked for twice.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from pulse.analytics.o2r.health import judge_deals
from pulse.kit.recent import Recent

if TYPE_CHECKING:
    from collections.abc import Callable

    from pulse.analytics.o2r.health import Day, Judged
    from pulse.analytics.question import Side

_Asked = ParamSpec("_Asked")
_Query = TypeVar("_Query")


def kept_for_now(
    build: Callable[Concatenate[Side, Judged, _Asked], _Query],
) -> Callable[Concatenate[Side, Judged, _Asked], _Query]:
    """Let a function that builds a query build it once for as long as nothing it rests on changes.

    `Judged` must be over the deals of the side; the rest of what is asked must be comparable.
    """

    # Any: what the function takes beside them, by place and by name.
    def made(key: tuple[Side, Day, tuple[Any, ...], dict[str, Any]]) -> _Query:
        side, day, args, named = key
        return build(side, judge_deals(day, side.deals()), *args, **named)

    lately = Recent(made)

    @wraps(build)
    def kept(side: Side, judged: Judged, /, *args: _Asked.args, **named: _Asked.kwargs) -> _Query:
        if side.at is not None:
            return build(side, judged, *args, **named)
        return lately.of((side, judged.day, args, named))

    return kept
