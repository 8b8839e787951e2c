"""Users, roles and profiles of the seeded organisation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zoho_sim.seed import words
from zoho_sim.state.organisation import Named, User

if TYPE_CHECKING:
    import random

    from zoho_sim.state.organisation import Organisation

_INACTIVE_EVERY = 9
_SELLING_ROLES = ("Sales Director", "Account Manager", "Inside Sales")


def add_people(organisation: Organisation, size: int, chance: random.Random, since: float) -> None:
    """Add roles, profiles and ``size`` users; the first is the administrator who grants access."""
    ids = organisation.ids
    organisation.roles = [Named(ids.next(), name) for name in words.ROLES]
    organisation.profiles = [Named(ids.next(), name) for name in ("Administrator", "Standard")]
    joined = organisation.wire_time(since)
    taken: set[str] = set()
    for place in range(size):
        first, last = _free_name(chance, taken)
        role = organisation.roles[_role_of(place, size)]
        user = User(
            id=ids.next(),
            first_name=first,
            last_name=last,
            email=f"{_plain(first)}.{_plain(last)}@{organisation.facts.domain_name}",
            role=role,
            profile=organisation.profiles[0 if place == 0 else 1],
            zuid=str(20_000_000_000 + chance.randrange(10**9)),
            is_active=place == 0 or place % _INACTIVE_EVERY != _INACTIVE_EVERY - 1,
            created_time=joined,
            modified_time=joined,
            country=chance.choice(tuple(words.COUNTRIES)),
        )
        organisation.users[user.id] = user
    organisation.api_user_id = next(iter(organisation.users))


def sellers(organisation: Organisation) -> list[User]:
    """Return the users who own deals: those in selling roles, or everybody in a tiny team."""
    selling = [user for user in organisation.users.values() if user.role.name in _SELLING_ROLES]
    return selling or list(organisation.users.values())


def _role_of(place: int, size: int) -> int:
    if place == 0:
        return 0
    if place <= max(1, size // 10):
        return 1
    return 2 + place % (len(words.ROLES) - 2)


def _free_name(chance: random.Random, taken: set[str]) -> tuple[str, str]:
    while True:
        first, last = chance.choice(words.FIRST_NAMES), chance.choice(words.LAST_NAMES)
        middle = len(taken) // (len(words.FIRST_NAMES) * len(words.LAST_NAMES) // 2)
        if middle:
            last = f"{last}-{chance.choice(words.LAST_NAMES)}{middle}"
        if f"{first} {last}" not in taken:
            taken.add(f"{first} {last}")
            return first, last


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())
