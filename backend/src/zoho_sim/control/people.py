"""Users and exchange rates, as an administrator changes them in the CRM's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.control.requests import ControlError, answer, body_of, need, number
from zoho_sim.state.organisation import User

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.simulator import Simulator


class PeopleControl:
    """Endpoints under ``/__sim__/users`` and ``/__sim__/currencies``."""

    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator

    def add_to(self, app: web.Application) -> None:
        """Add the endpoints."""
        app.router.add_post("/users", self.add_user)
        app.router.add_post(r"/users/{id:\d+}", self.change_user)
        app.router.add_post(r"/currencies/{code:[A-Z]{3}}", self.set_rate)

    async def add_user(self, request: web.Request) -> web.Response:
        """Add an active user in the last role and profile: ``{"first_name", "last_name"}``."""
        organisation, body = self._simulator.organisation, await body_of(request)
        first, last = need(body, "first_name", str), need(body, "last_name", str)
        now = organisation.now()
        usual = f"{first}.{last}@{organisation.facts.domain_name}".lower().replace(" ", "")
        user = User(
            id=organisation.ids.next(),
            first_name=first,
            last_name=last,
            email=str(body.get("email", usual)),
            role=organisation.roles[-1],
            profile=organisation.profiles[-1],
            zuid=organisation.ids.next()[-11:],
            is_active=True,
            created_time=now,
            modified_time=now,
            country=organisation.facts.country,
        )
        organisation.users[user.id] = user
        return answer({"id": user.id, "email": user.email}, 201)

    async def change_user(self, request: web.Request) -> web.Response:
        """Change name, e-mail or activity; the references in records follow."""
        organisation, body = self._simulator.organisation, await body_of(request)
        user = organisation.users.get(request.match_info["id"])
        if user is None:
            raise ControlError("no user of that id", 404)
        unknown = set(body) - {"first_name", "last_name", "email", "is_active"}
        if unknown:
            raise ControlError(f"unknown keys: {', '.join(sorted(unknown))}")
        if "first_name" in body:
            user.first_name = need(body, "first_name", str)
        if "last_name" in body:
            user.last_name = need(body, "last_name", str)
        if "email" in body:
            user.email = need(body, "email", str)
        if "is_active" in body:
            user.is_active = need(body, "is_active", bool)
        user.modified_time = organisation.now()
        user.refresh_references()
        return answer({"id": user.id, "full_name": user.full_name, "is_active": user.is_active})

    async def set_rate(self, request: web.Request) -> web.Response:
        """Set a currency's rate; the home currency's is always 1."""
        organisation, code = self._simulator.organisation, request.match_info["code"]
        currency = organisation.currencies.get(code)
        if currency is None:
            raise ControlError(f"no currency {code}", 404)
        if currency.is_base:
            raise ControlError(f"{code} is the home currency; its rate is 1")
        rate = number(await body_of(request), "exchange_rate")
        if rate <= 0:
            raise ControlError("exchange_rate must be more than 0")
        currency.exchange_rate = f"{rate:.9f}"
        currency.modified_time = organisation.now()
        return answer({"iso_code": code, "exchange_rate": currency.exchange_rate})
