"""Seeded deals: three years of selling, with the dirt that real books have."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from zoho_sim.seed import words
from zoho_sim.seed.companies import Customer, row_of
from zoho_sim.seed.process import DAY_S, Story, amount_in_home_currency, rate_at, tell
from zoho_sim.state.records import Record, Tombstone
from zoho_sim.state.stages import expected_revenue, pack_path

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from zoho_sim.state.fields import JsonObject, JsonValue
    from zoho_sim.state.organisation import Organisation, User

YEARS_S = 3 * 365 * DAY_S
_STRANGE_EVERY = 97
_LONG_NAME_EVERY = 311
_DELETED_EVERY = 200
_EPOCH_DAY = date(1970, 1, 1).toordinal()


class DealSeed:
    """Writes deals for customers; one source of chance makes the whole book repeatable."""

    def __init__(
        self,
        organisation: Organisation,
        customers: Sequence[Customer],
        owners: Sequence[User],
        chance: random.Random,
        now: int,
    ) -> None:
        self._organisation = organisation
        self._customers = customers
        self._active = [user for user in owners if user.is_active] or list(owners)
        self._chance = chance
        self._store = organisation.modules["Deals"]
        self._now = now
        self._dates: dict[int, str] = {}
        self._probability = {
            option.actual_value: option.probability
            for option in self._store.by_role["Stage"].options
        }
        self._layout = organisation.layouts["Deals"].reference
        for name, colour in words.TAGS:
            organisation.tag(name)["color_code"] = colour
        self._tags = [[organisation.tag(name)] for name, _ in words.TAGS]
        self._no_tags: list[JsonValue] = []
        self._offset_s = int(organisation.utc_offset.total_seconds())

    def fill(self, size: int) -> None:
        """Add ``size`` live deals, and a few that lie in the bin or are gone for good."""
        deleted = max(2, size // _DELETED_EVERY)
        moments = sorted(self._chance.random() for _ in range(size + deleted))
        doomed = set(self._chance.sample(range(size + deleted), deleted))
        begin = self._now - YEARS_S
        live: list[Record] = []
        for place, share in enumerate(moments):
            created = begin + int(share**0.8 * (YEARS_S - 3600))
            record = self._deal(place, created)
            if place in doomed:
                self._bury(record)
            else:
                live.append(record)
        self._store.load(live)

    def _deal(self, place: int, created: int) -> Record:
        chance = self._chance
        customer = self._customers[int(len(self._customers) * chance.random() ** 2)]
        story = tell(chance, customer.segment, created, self._now)
        owner = customer.owner
        if not owner.is_active and not story.is_closed and chance.random() < 0.7:  # noqa: PLR2004 - a share
            owner = chance.choice(self._active)
        editor = owner if chance.random() < 0.85 else chance.choice(self._active)  # noqa: PLR2004 - a share
        solution = chance.choice(words.SOLUTIONS)
        touched = self._organisation.wire_time(min(self._now, story.last_touched))
        values: JsonObject = {
            "id": self._organisation.ids.next(),
            "Created_Time": self._organisation.wire_time(created),
            "Modified_Time": touched,
            "Created_By": owner.owner_reference,
            "Modified_By": editor.owner_reference,
            "Owner": owner.owner_reference,
            "Deal_Name": self._name(place, customer, solution, created),
            "Account_Name": customer.account,
            "Contact_Name": chance.choice(customer.contacts),
            "Stage": story.stage,
            "Pipeline": story.pipeline,
            "Closing_Date": self._date(story.closing),
            "Type": chance.choice(words.DEAL_TYPES),
            "Lead_Source": chance.choice(words.LEAD_SOURCES),
            "Country": customer.country,
            "Business_Region": customer.region,
            "Solution_Type": solution,
            "Type_of_Funding": chance.choice(words.FUNDING),
            "Market_Segment": customer.segment,
            "Last_Activity_Time": touched,
            "Layout": self._layout,
            "Tag": chance.choice(self._tags) if chance.random() < 0.1 else self._no_tags,  # noqa: PLR2004 - a share
            "Locked__s": False,
            "Strategic_Deal": chance.random() < 0.1,  # noqa: PLR2004 - a share
            "Deal_Number": f"D-{place + 1:07d}",
        }
        self._add_money(values, customer, story, created)
        for milestone, moment in story.milestones.items():
            values[milestone] = self._date(moment)
        if story.is_closed:
            if story.stage != "Closed Won":
                values["Reason_For_Loss__s"] = chance.choice(words.LOSS_REASONS)
        else:
            values["Next_Step"] = chance.choice(words.NEXT_STEPS)
        if chance.random() < 0.25:  # noqa: PLR2004 - a share
            self._add_rare(values, place, customer)
        return Record(row_of(self._store, values), seed_path=pack_path(story.path))

    def _add_money(
        self, values: JsonObject, customer: Customer, story: Story, created: int
    ) -> None:
        rate = rate_at(customer.currency, created)
        worth = amount_in_home_currency(self._chance, customer.segment)
        places = words.CURRENCIES[customer.currency][3]
        amount = None if worth is None else round(worth * rate, places)
        probability = self._probability[story.stage]
        if not story.is_closed and self._chance.random() < 0.2:  # noqa: PLR2004 - a share
            probability = max(5, min(95, (probability or 0) + self._chance.randrange(-10, 11, 5)))
        values["Amount"] = amount
        values["Currency"] = customer.currency
        values["Exchange_Rate"] = None if self._chance.random() < 0.01 else rate  # noqa: PLR2004 - a share
        values["Probability"] = probability
        values["Expected_Revenue"] = expected_revenue(amount, probability)

    def _add_rare(self, values: JsonObject, place: int, customer: Customer) -> None:
        chance = self._chance
        values["Description"] = chance.choice(words.REMARKS)
        values["Technologies"] = sorted(chance.sample(words.TECHNOLOGIES, chance.randrange(1, 4)))
        values["Seats"] = chance.randrange(5, 5000)
        values["Discount"] = chance.randrange(0, 31)
        values["Margin_Factor"] = round(chance.uniform(0.05, 0.6), 4)
        values["Legacy_Reference"] = str(chance.randrange(10**15, 10**18))
        values["External_Reference"] = f"EXT-{place + 1:08d}"
        values["Billing_Email"] = f"billing@{customer.name[:6].strip().lower()}.example.com"
        values["Site_Phone"] = f"+65 {chance.randrange(60_000_000, 69_999_999)}"
        values["Tender_URL"] = f"https://tenders.example.org/notice/{place}?lang=en&v=2"
        values["Next_Review"] = self._organisation.wire_time(
            self._now + int(DAY_S * chance.uniform(1, 60))
        )
        values["Sales_Engineer"] = chance.choice(self._active).reference
        if chance.random() < 0.3:  # noqa: PLR2004 - a share
            values["Requirements"] = (
                "<p>" + " ".join(words.REMARKS * chance.randrange(1, 5)) + "</p>"
            )
        if chance.random() < 0.2:  # noqa: PLR2004 - a share
            values["Partners"] = [
                {
                    "id": self._organisation.ids.next(),
                    "Partners": chance.choice(self._customers).account,
                }
            ]
        if chance.random() < 0.2 and values["Amount"]:  # noqa: PLR2004 - a share
            values["Payment_Schedule"] = self._instalments(values)

    def _instalments(self, values: JsonObject) -> list[JsonObject]:
        """Split the amount into two instalments, as rows of the subform."""
        half = round(values["Amount"] / 2, 2)
        parent = {"name": values["Deal_Name"], "id": values["id"]}
        return [
            {
                "id": self._organisation.ids.next(),
                "Parent_Id": parent,
                "Created_Time": values["Created_Time"],
                "Modified_Time": values["Modified_Time"],
                "Instalment": number,
                "Due_Amount": due,
                "Paid": False,
            }
            for number, due in ((1, half), (2, round(values["Amount"] - half, 2)))
        ]

    def _name(self, place: int, customer: Customer, solution: str, created: int) -> str:
        if place % _STRANGE_EVERY == _STRANGE_EVERY - 1:
            strange = words.STRANGE_NAMES[place // _STRANGE_EVERY % len(words.STRANGE_NAMES)]
            return f"{strange} #{place}" if strange.strip() == strange else strange
        year = date.fromordinal(_EPOCH_DAY + created // DAY_S).year
        name = f"{customer.name} - {solution} {self._chance.choice(words.SCOPES)} {year}"
        if place % _LONG_NAME_EVERY == _LONG_NAME_EVERY - 1:
            name = name + " and everything that belongs to it, as per the framework agreement" * 2
        return name[:120]

    def _bury(self, record: Record) -> None:
        """Put a deal into the bin as of a recent day, or leave only the trace of a purge."""
        deleted_at = self._now - int(DAY_S * self._chance.uniform(0.5, 55))
        tombstone = Tombstone(
            id=record.id,
            record=record,
            display_name=self._store.display_name(record),
            deleted_time=self._organisation.wire_time(deleted_at),
            deleted_by=self._chance.choice(self._active).reference,
            created_by={key: record.values[3][key] for key in ("name", "id")},
        )
        if len(self._store.purged) * 3 < len(self._store.bin):
            tombstone.record = tombstone.display_name = None
            tombstone.deleted_by = tombstone.created_by = None
            self._store.purged[record.id] = tombstone
        else:
            self._store.bin[record.id] = tombstone

    def _date(self, moment: int) -> str:
        """Return the organisation's date at a moment; one text per day, shared by all deals."""
        day = (moment + self._offset_s) // DAY_S
        text = self._dates.get(day)
        if text is None:
            text = self._dates[day] = date.fromordinal(_EPOCH_DAY + day).isoformat()
        return text


def seed_deals(
    organisation: Organisation,
    size: int,
    customers: Sequence[Customer],
    owners: Sequence[User],
    chance: random.Random,
    now: int,
) -> None:
    """Fill the Deals module with what happened until ``now``, in seconds since the epoch."""
    DealSeed(organisation, customers, owners, chance, now).fill(size)
