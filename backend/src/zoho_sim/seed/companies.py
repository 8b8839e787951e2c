"""Accounts and contacts: companies named by combination, in the countries where the firm sells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zoho_sim.seed import words
from zoho_sim.state.records import Record

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Sequence

    from zoho_sim.state.fields import JsonObject, JsonValue
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation, User

_DEALS_PER_ACCOUNT = 12
_FEWEST_ACCOUNTS = 12
_SEGMENT_SHARES = (20, 35, 30, 15)  # as words.SEGMENTS
_MEDIAN_STAFF = {"Enterprise": 4000, "Mid-Market": 450, "Small Business": 40, "Public Sector": 1500}


@dataclass(frozen=True, slots=True)
class Customer:
    """What a deal takes from its account: references, country, segment and currency."""

    account: JsonObject
    name: str
    contacts: tuple[JsonObject, ...]
    country: str
    region: str
    segment: str
    currency: str
    owner: User


def row_of(store: ModuleStore, values: JsonObject) -> list[JsonValue]:
    """Lay values by role out in the module's columns."""
    return [values.get(role) for role in store.by_role]


def add_companies(
    organisation: Organisation,
    deals: int,
    owners: Sequence[User],
    chance: random.Random,
    since: float,
) -> list[Customer]:
    """Fill Accounts and Contacts in proportion to the number of deals; return the customers."""
    accounts, contacts = organisation.modules["Accounts"], organisation.modules["Contacts"]
    size = max(_FEWEST_ACCOUNTS, deals // _DEALS_PER_ACCOUNT)
    names = _company_names(chance)
    places = list(words.COUNTRIES)
    shares = [words.COUNTRIES[place][2] for place in places]
    stamp = organisation.wire_time(since)
    account_records: list[Record] = []
    contact_records: list[Record] = []
    customers: list[Customer] = []
    for _ in range(size):
        country = chance.choices(places, shares)[0]
        segment = chance.choices(words.SEGMENTS, _SEGMENT_SHARES)[0]
        region, currency, _, city, domain, dialling = words.COUNTRIES[country]
        owner = chance.choice(owners)
        name = f"{next(names)} {words.LEGAL_FORMS[country]}"
        host = f"{_host(name)}.example.{domain}"
        staff = int(chance.lognormvariate(0, 0.6) * _MEDIAN_STAFF[segment])
        common: JsonObject = {
            "Created_Time": stamp,
            "Modified_Time": stamp,
            "Created_By": owner.owner_reference,
            "Modified_By": owner.owner_reference,
            "Owner": owner.owner_reference,
            "Last_Activity_Time": stamp,
            "Tag": [],
            "Locked__s": False,
        }
        account = Record(
            row_of(
                accounts,
                {
                    **common,
                    "id": organisation.ids.next(),
                    "Account_Name": name,
                    "Phone": f"+{dialling} {chance.randrange(10**7, 10**8)}",
                    "Website": f"https://www.{host}",
                    "Industry": "Government"
                    if segment == "Public Sector"
                    else chance.choice(words.INDUSTRIES),
                    "Employees": staff,
                    "Annual_Revenue": float(staff * chance.randrange(40, 220) * 1000),
                    "Currency": currency,
                    "Exchange_Rate": words.CURRENCIES[currency][2],
                    "Billing_City": city,
                    "Billing_Country": country,
                    "Strategic_Account": chance.random() < 0.08,  # noqa: PLR2004 - a share
                    "Layout": organisation.layouts["Accounts"].reference,
                },
            )
        )
        account_records.append(account)
        people = []
        for _ in range(1 + (chance.random() < 0.35)):  # noqa: PLR2004 - a share
            first, last = chance.choice(words.FIRST_NAMES), chance.choice(words.LAST_NAMES)
            contact = Record(
                row_of(
                    contacts,
                    {
                        **common,
                        "id": organisation.ids.next(),
                        "Full_Name": f"{first} {last}",
                        "First_Name": first,
                        "Last_Name": last,
                        "Email": f"c{len(contact_records)}@{host}",
                        "Phone": f"+{dialling} {chance.randrange(10**7, 10**8)}",
                        "Title": chance.choice(("CIO", "CFO", "Head of IT", "Procurement Lead")),
                        "Account_Name": accounts.reference(account),
                        "Mailing_Country": country,
                        "Layout": organisation.layouts["Contacts"].reference,
                    },
                )
            )
            contact_records.append(contact)
            people.append(contacts.reference(contact))
        customers.append(
            Customer(
                account=accounts.reference(account),
                name=name,
                contacts=tuple(people),
                country=country,
                region=region,
                segment=segment,
                currency=currency,
                owner=owner,
            )
        )
    accounts.load(account_records)
    contacts.load(contact_records)
    return customers


def _company_names(chance: random.Random) -> Iterator[str]:
    """Yield names that never repeat: one head and a trade first, then two heads, then numbers."""
    single = [f"{head} {trade}" for head in words.COMPANY_HEADS for trade in words.COMPANY_TRADES]
    chance.shuffle(single)
    yield from single
    for number in range(1, 1000):
        suffix = "" if number == 1 else f" {number}"
        for trade in words.COMPANY_TRADES:
            for first in words.COMPANY_HEADS:
                for second in words.COMPANY_HEADS:
                    if first != second:
                        yield f"{first} {second} {trade}{suffix}"


def _host(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isascii() and letter.isalnum())[:40]
