"""The kinds of trouble that a schedule makes, ordered at the simulator and counted by it."""

from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any

from support.simulator import SimulatorHandle

_READS = ("coql.query", "records.*", "bulk_read.*", "*")

Order = dict[str, Any]

MENU: dict[str, Order] = {
    "429": {"kind": "status", "status": 429},
    "429 with Retry-After": {"kind": "status", "status": 429, "retry_after_s": 1},
    "500": {"kind": "status", "status": 500},
    "502": {"kind": "status", "status": 502},
    "503": {"kind": "status", "status": 503},
    "timeout": {"kind": "timeout"},
    "dropped connection": {"kind": "drop"},
    "lost answer": {"kind": "lost_answer"},
    "cut body": {"kind": "cut_body"},
    "slow body": {"kind": "slow_body", "duration_s": 0.6},
    "access tokens expired": {"kind": "expire_tokens"},
    "page tokens expired": {"kind": "expire_page_tokens"},
}
# What costs real seconds, or a new access token each time, strikes once or twice.
_FEW = {"429 with Retry-After", "timeout", "slow body", "access tokens expired"}


@dataclass
class Trouble:
    """Orders trouble and keeps count."""

    crm: SimulatorHandle
    fired: Counter[str] = field(default_factory=Counter)
    _labels: dict[int, str] = field(default_factory=dict)

    def order(self, label: str, rng: Random, *, is_sure: bool = False) -> None:
        """Order one kind of trouble for the calls to come, surely or with a chance of its own."""
        order = dict(MENU[label])
        if is_sure and label != "page tokens expired":
            order |= {"route": rng.choice(("coql.query", "*")), "count": 1}
            self._labels[self.crm.fault(order.pop("kind"), **order)] = label
            return
        if label == "page tokens expired":
            order |= {"route": "records.list", "after": rng.randint(1, 2), "count": 1}
        elif label in _FEW:
            order |= {
                "route": rng.choice(_READS),
                "count": rng.randint(1, 2),
                "after": rng.randint(0, 6),
            }
        else:
            order |= {
                "route": rng.choice(_READS),
                "count": rng.randint(1, 12),
                "after": rng.randint(0, 4),
                "probability": rng.choice((0.3, 0.6, 0.9)),
                "seed": rng.randrange(1 << 30),
            }
        self._labels[self.crm.fault(order.pop("kind"), **order)] = label

    def end(self) -> None:
        """Take all orders back and count what they did."""
        for order in self.crm.control("GET", "/faults")["faults"]:
            label = self._labels.pop(order["id"], None)
            if label is not None and order["fired"]:
                self.fired[label] += order["fired"]
        self.crm.clear_faults()
