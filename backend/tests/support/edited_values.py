"""Values for the fields that both sides edit: most of them tell by themselves who wrote them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

_TECHNOLOGIES: Final = ("SAP", "AWS", "Azure")
FIELDS: Final = (
    "Next_Step",
    "Description",
    "Amount",
    "Closing_Date",
    "Stage",
    "Account_Name",
    "Technologies",
)
_DAY_ONE: Final = date(2030, 1, 1)


@dataclass
class Values:
    """Draws canonical values; texts, amounts and dates are each drawn once."""

    accounts: Sequence[str]
    stages: Sequence[str]
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    # Any: a canonical value.
    def draw(self, rng: Random, name: str, side: str) -> Any:  # noqa: ANN401 - as above
        """Return a new value of a field, typed `here` or `there`."""
        number = next(self._numbers)
        if name not in {"Closing_Date", "Stage"} and rng.random() < 0.08:
            return None
        choices: dict[str, Callable[[], Any]] = {
            "Amount": lambda: Decimal(f"{1000 + number}.{25 if side == 'here' else 75}"),
            "Closing_Date": (_DAY_ONE + timedelta(days=number)).isoformat,
            "Stage": lambda: rng.choice(self.stages),
            "Account_Name": lambda: rng.choice(self.accounts),
            "Technologies": lambda: sorted(rng.sample(_TECHNOLOGIES, rng.randint(1, 2))),
        }
        return choices.get(name, lambda: f"{side} {number}")()


def as_typed_there(name: str, value: Any) -> Any:  # noqa: ANN401 - canonical in, JSON out
    """Return a canonical value as the simulator's control plane takes it."""
    if value is None:
        return None
    if name == "Account_Name":
        return {"id": value}
    return float(value) if isinstance(value, Decimal) else value
