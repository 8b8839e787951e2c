"""Build the seeded organisation: the same configuration and seed give the same company."""

from __future__ import annotations

import gc
import random
from datetime import timedelta
from typing import TYPE_CHECKING

from zoho_sim.seed import words
from zoho_sim.seed.companies import add_companies
from zoho_sim.seed.deals import YEARS_S, seed_deals
from zoho_sim.seed.people import add_people, sellers
from zoho_sim.seed.schema import PIPELINES, build_modules, build_row_modules
from zoho_sim.state.organisation import (
    Currency,
    Facts,
    IdSource,
    Named,
    Organisation,
    Pipeline,
    StageMap,
)
from zoho_sim.state.stages import add_history

if TYPE_CHECKING:
    from zoho_sim.behaviour.clock import Clock
    from zoho_sim.config import Config

_ID_PREFIX = 4_876_876
_LARGE = 100_000
_UTC_OFFSET = timedelta(hours=8)


def seed_organisation(config: Config, clock: Clock) -> Organisation:
    """Return a company with people, currencies, pipelines, accounts, contacts and deals."""
    chance = random.Random(config.seed)  # noqa: S311 - repeatable chance, not secrecy
    now = int(clock.timestamp()) if config.seeded_at is None else config.seeded_at
    ids = IdSource(_ID_PREFIX + config.seed % 1_000_000)
    founded = now - YEARS_S - 400 * 86_400
    facts = Facts(
        id=ids.next(),
        zgid=str(60_000_000_000 + config.seed % 1_000_000),
        company_name="Meranti Technologies Pte Ltd",
        edition=config.edition.value,
        licences=config.users,
        primary_email="",
        domain_name="meranti.example.com",
        created_time="",
    )
    organisation = Organisation(facts=facts, clock=clock, ids=ids, utc_offset=_UTC_OFFSET)
    facts.created_time = organisation.wire_time(founded)
    _add_currencies(organisation, facts.created_time)
    add_people(organisation, config.users, chance, founded)
    facts.primary_email = organisation.api_user.email
    organisation.modules = build_modules(ids, config.naming, facts.created_time)
    organisation.layouts = {name: Named(ids.next(), "Standard") for name in organisation.modules}
    _add_pipelines(organisation)
    # A million records are all reachable: collecting in between would only look at them again.
    gc.disable()
    try:
        owners = sellers(organisation)
        customers = add_companies(organisation, config.deals, owners, chance, founded)
        seed_deals(organisation, config.deals, customers, owners, chance, now)
    finally:
        gc.enable()
        if config.deals >= _LARGE:
            gc.freeze()
    add_history(organisation)
    organisation.row_modules = build_row_modules(ids, facts.created_time)
    return organisation


def _add_currencies(organisation: Organisation, since: str) -> None:
    for code, (name, symbol, rate, places) in words.CURRENCIES.items():
        organisation.currencies[code] = Currency(
            id=organisation.ids.next(),
            name=f"{name} - {code}",
            iso_code=code,
            symbol=symbol,
            exchange_rate=f"{rate:.9f}",
            is_base=code == organisation.facts.home_currency,
            created_time=since,
            modified_time=since,
            decimal_places=places,
        )


def _add_pipelines(organisation: Organisation) -> None:
    options = {
        option.actual_value: option
        for option in organisation.modules["Deals"].by_role["Stage"].options
    }
    categories = {
        name: Named(organisation.ids.next(), name) for name in ("Pipeline", "Closed", "Omitted")
    }
    for place, (name, stages) in enumerate(PIPELINES.items()):
        organisation.pipelines.append(
            Pipeline(
                id=organisation.ids.next(),
                name=name,
                is_default=place == 0,
                stages=[
                    StageMap(
                        id=options[stage].id,
                        stage=stage,
                        forecast_type=options[stage].forecast_type or "Open",
                        forecast_category=categories[options[stage].forecast_category or ""],
                        probability=options[stage].probability or 0,
                    )
                    for stage in stages
                ],
            )
        )
