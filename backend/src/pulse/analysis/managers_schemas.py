"""What `/api/analysis/managers` gives."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from pulse.analysis.schemas import NumbersAt, numbers_at
from pulse.analytics.basis import BASIS_EXAMPLE, Basis
from pulse.web.money import Figure

if TYPE_CHECKING:
    from pulse.analytics.breakdown.managers import Managers
    from pulse.analytics.sums import Sums
    from pulse.analytics.wins import Closed, ClosedDays

_TOP_COUNTRIES = 3


class ManagerCountry(BaseModel):
    """A country in somebody's pipeline."""

    country: str | None = Field(description="Null for deals that name none.")
    deals: int
    value: Figure


class ManagedPipeline(NumbersAt):
    """The five numbers, and how many closed deals were won."""

    won: int
    lost: int
    win_rate: Figure | None = Field(
        description="Won of all that were closed from `closed_from` to `closed_to`, in percent; "
        "null if none was."
    )


class AccountManager(ManagedPipeline):
    """One owner's pipeline."""

    owner_id: str | None = Field(description="Null for deals without an owner.")
    name: str | None = Field(description="Null if the CRM never told it.")
    is_active: bool | None = Field(description="Null if the CRM does not list this user.")
    country_count: int
    countries: list[ManagerCountry] = Field(description="The three of the greatest value.")


class AccountManagers(BaseModel):
    """Who owns the pipeline."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "basis": BASIS_EXAMPLE,
                    "closed_from": "2025-03-03",
                    "closed_to": "2026-03-02",
                    "items": [
                        {
                            "owner_id": "5725767000000310001",
                            "name": "Priya Raghunathan",
                            "is_active": True,
                            "deals": 28,
                            "value": 8204600.00,
                            "average_size": 293021.43,
                            "average_probability": 55.2,
                            "weighted": 4528939.20,
                            "won": 9,
                            "lost": 13,
                            "win_rate": 40.91,
                            "country_count": 4,
                            "countries": [
                                {"country": "Singapore", "deals": 17, "value": 5104600.00}
                            ],
                        }
                    ],
                    "total": {
                        "deals": 28,
                        "value": 8204600.00,
                        "average_size": 293021.43,
                        "average_probability": 55.2,
                        "weighted": 4528939.20,
                        "won": 9,
                        "lost": 13,
                        "win_rate": 40.91,
                    },
                }
            ]
        }
    )

    basis: Basis
    closed_from: date = Field(
        description="Win rates are of deals closed from this day on, whatever the filters say of "
        "closing date, probability, stage and outcome."
    )
    closed_to: date
    items: list[AccountManager] = Field(
        description="Greatest value first; also who closed deals in the range and has none now."
    )
    total: ManagedPipeline


def shown_managers(found: Managers, days: ClosedDays) -> AccountManagers:
    """Return managers as they are answered."""
    return AccountManagers(
        basis=found.basis,
        closed_from=days.first,
        closed_to=days.last,
        items=[
            AccountManager(
                owner_id=None if each.owner_id is None else str(each.owner_id),
                name=each.name,
                is_active=each.is_active,
                country_count=len(each.countries),
                countries=[
                    ManagerCountry(country=country, deals=sums.deals, value=sums.value)
                    for country, sums in each.countries[:_TOP_COUNTRIES]
                ],
                **_pipeline(each.sums, each.closed).model_dump(),
            )
            for each in found.managers
        ],
        total=_pipeline(found.total, found.closed),
    )


def _pipeline(sums: Sums, closed: Closed) -> ManagedPipeline:
    return ManagedPipeline(
        won=closed.won,
        lost=closed.lost,
        win_rate=closed.win_rate,
        **numbers_at(sums).model_dump(),
    )
