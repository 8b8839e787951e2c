"""Trouble on request: which calls fail, how, and how often that has happened.

A fault names the calls that it strikes (operation or path pattern, method), after how many of them
it begins, how many it strikes, and with what probability, drawn from its own seeded source.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from fnmatch import fnmatchcase
from itertools import count


class FaultKind(StrEnum):
    """What goes wrong.

    ``status`` answers with an error status; ``timeout`` never answers; ``drop`` closes the
    connection before the work; ``lost_answer`` closes it after the work; ``cut_body`` sends part of
    the answer and closes; ``slow_body`` dribbles it; ``late_write`` closes the connection at once
    and does the work later; ``late_answer`` does the work at once and answers later;
    ``expire_tokens`` kills every access token before the call is checked; ``expire_page_tokens``
    kills every page token.
    """

    STATUS = "status"
    TIMEOUT = "timeout"
    DROP = "drop"
    LOST_ANSWER = "lost_answer"
    CUT_BODY = "cut_body"
    SLOW_BODY = "slow_body"
    LATE_WRITE = "late_write"
    LATE_ANSWER = "late_answer"
    EXPIRE_TOKENS = "expire_tokens"
    EXPIRE_PAGE_TOKENS = "expire_page_tokens"


@dataclass(slots=True)
class Fault:
    """One standing order for trouble. ``count`` None means every matching call."""

    id: int
    kind: FaultKind
    route: str = "*"
    method: str = "*"
    after: int = 0
    count: int | None = None
    probability: float = 1.0
    seed: int = 0
    status: int = 503
    code: str | None = None
    retry_after_s: int | None = None
    body_fraction: float = 0.5
    duration_s: float = 1.0
    seen: int = 0
    fired: int = 0
    chance: random.Random = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)  # noqa: S311 - repeatable trouble, not secrecy

    def strikes(self, operation: str, path: str, method: str) -> bool:
        """Whether this call is struck; each matching call counts as seen."""
        if self.count is not None and self.fired >= self.count:
            return False
        if self.method not in ("*", method):
            return False
        if not (fnmatchcase(operation, self.route) or fnmatchcase(path, self.route)):
            return False
        self.seen += 1
        if self.seen <= self.after:
            return False
        if self.probability < 1.0 and self.chance.random() >= self.probability:
            return False
        self.fired += 1
        return True

    def as_dict(self) -> dict[str, object]:
        """Return the order and its counts, for the control plane."""
        return {
            "id": self.id,
            "kind": self.kind.value,
            "route": self.route,
            "method": self.method,
            "after": self.after,
            "count": self.count,
            "probability": self.probability,
            "seed": self.seed,
            "status": self.status,
            "code": self.code,
            "retry_after_s": self.retry_after_s,
            "body_fraction": self.body_fraction,
            "duration_s": self.duration_s,
            "seen": self.seen,
            "fired": self.fired,
        }


_ORDER_KEYS: dict[str, tuple[type, ...]] = {
    "route": (str,),
    "method": (str,),
    "after": (int,),
    "count": (int, type(None)),
    "probability": (int, float),
    "seed": (int,),
    "status": (int,),
    "code": (str, type(None)),
    "retry_after_s": (int, type(None)),
    "body_fraction": (int, float),
    "duration_s": (int, float),
}


class Faults:
    """All standing orders; ``fired`` counts strikes by kind, also of orders since removed."""

    def __init__(self) -> None:
        self.orders: list[Fault] = []
        self.fired: Counter[str] = Counter()
        self._ids = count(1)

    def add(self, order: dict[str, object]) -> Fault:
        """Add an order; ValueError names an unknown kind or key, or a wrong type."""
        details = dict(order)
        kind = FaultKind(str(details.pop("kind", None)))
        for key, value in details.items():
            if key not in _ORDER_KEYS:
                msg = f"unknown fault key {key}; use one of {', '.join(_ORDER_KEYS)}"
                raise ValueError(msg)
            if not isinstance(value, _ORDER_KEYS[key]) or isinstance(value, bool):
                msg = f"fault key {key} has the wrong type: {value!r}"
                raise ValueError(msg)  # noqa: TRY004 - one kind of refusal for one kind of order
        fault = Fault(id=next(self._ids), kind=kind, **details)  # type: ignore[arg-type]  # checked above
        self.orders.append(fault)
        return fault

    def remove(self, fault_id: int) -> bool:
        """Remove one order; False if there is none of that id."""
        kept = [fault for fault in self.orders if fault.id != fault_id]
        removed = len(kept) < len(self.orders)
        self.orders = kept
        return removed

    def clear(self) -> None:
        """Remove every order; the counts stay."""
        self.orders.clear()

    def strike(self, operation: str, path: str, method: str) -> list[Fault]:
        """Return the faults that strike this call, and count them."""
        struck = [fault for fault in self.orders if fault.strikes(operation, path, method)]
        self.fired.update(fault.kind.value for fault in struck)
        return struck
