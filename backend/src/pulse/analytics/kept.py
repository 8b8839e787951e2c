"""Queries kept as they were built: building one takes as long as a small answer does.

A query follows from filters, rates, the day and the shape of what is asked, which stay the same for
hours. Moments do not: what is compared with is seven days before *now*. So a moment is a parameter
of the kept query, told anew whenever it is asked:

    @kept
    def _count_query(side: Side) -> Select[int]: ...

    count = await db.scalar(*_count_query(side))
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import wraps
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

from pulse.analytics.question import Side
from pulse.kit.recent import Recent
from pulse.queries.moments import parameter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_Asked = ParamSpec("_Asked")
_Query = TypeVar("_Query")

Moments = dict[str, datetime]
"""Parameters of a query, by name."""

# Whichever it is: a side that stands for all past moments.
_SOME_MOMENT: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _SomeMoment:
    """Stands for a moment among what a query is built of."""

    name: str


def kept(
    build: Callable[_Asked, _Query],
) -> Callable[_Asked, tuple[_Query, Moments]]:
    """Let a function that builds a query build it once for as long as nothing it rests on changes.

    It returns the query and the moments to ask it with. Of what it takes, past sides and moments
    become parameters: it sees `Side.moment` and columns in their place, and must not compute with
    `Side.at`. All else must be comparable.
    """

    def made(key: tuple[tuple[Any, ...], tuple[tuple[str, Any], ...]]) -> _Query:
        args, named = key
        return build(
            *(_shown(each) for each in args), **{name: _shown(each) for name, each in named}
        )

    lately = Recent(made)

    @wraps(build)
    def asked(*args: _Asked.args, **named: _Asked.kwargs) -> tuple[_Query, Moments]:
        moments: Moments = {}
        key = (
            tuple(_without_moments(args, moments)),
            tuple(zip(named, _without_moments(named.values(), moments), strict=True)),
        )
        return lately.of(key), moments

    return asked


# Any: whatever a query is built of.
def _without_moments(values: Iterable[Any], moments: Moments) -> list[Any]:
    """Return the values with names in the place of moments, which are noted."""
    found: list[Any] = []
    for value in values:
        name = f"moment_{len(moments)}"
        if isinstance(value, datetime):
            moments[name] = value
            found.append(_SomeMoment(name))
        elif isinstance(value, Side) and value.at is not None:
            moments[name] = value.at
            found.append(replace(value, at=_SOME_MOMENT, parameter=name))
        else:
            found.append(value)
    return found


def _shown(value: Any) -> Any:  # noqa: ANN401 - as above
    return parameter(value.name) if isinstance(value, _SomeMoment) else value
