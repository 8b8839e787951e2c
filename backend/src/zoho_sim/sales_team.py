"""A sales team at work: moves stages, corrects amounts, pushes dates, creates, deletes, restores.

Everything goes through the same functions as the API's own writes, so stamps, histories and search
lag are those of any other edit.
"""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from zoho_sim.seed import words
from zoho_sim.seed.process import amount_in_home_currency, rate_at
from zoho_sim.seed.schema import STANDARD_PIPELINE
from zoho_sim.state.edits import (
    Author,
    create_record,
    delete_record,
    edit_record,
    restore_record,
)
from zoho_sim.state.stages import HISTORY_MODULE

if TYPE_CHECKING:
    from collections.abc import Callable

    from zoho_sim.simulator import Simulator
    from zoho_sim.state.fields import Field, JsonValue
    from zoho_sim.state.modules import ModuleStore
    from zoho_sim.state.organisation import Organisation
    from zoho_sim.state.records import Record

_TRIES = 40
_LOSS_SHARE = 0.15
# Of the deals whose amount changes, those that become something else: half of it, or a framework.
_RESCOPED_SHARE = 0.12
# What the team does, and how often among a hundred edits.
_WORK = {
    "advance": 36, "postpone": 17, "reprice": 14, "create": 12, "note": 8, "bill": 6,
    "delete": 3, "restore": 2, "step_back": 2,
}  # fmt: skip
_BILLING = ("PO_Generation_Date", "Kick_off_Date", "Invoice_Date", "OB_Recognition_Date",
            "Received_On")  # fmt: skip


class SalesTeam:
    """Makes edits at the pace that the simulator's configuration asks for, until cancelled."""

    def __init__(self, simulator: Simulator, place: int = 1) -> None:
        """Take the simulator; teams of different places draw different chances."""
        self._simulator = simulator
        self._chance = random.Random(simulator.config.seed + place)  # noqa: S311 - repeatable chance

    async def work(self) -> None:
        """Edit at random moments, on average so many times a minute of real time."""
        changed = self._simulator.activity_changed
        while True:
            changed.clear()
            rate = self._simulator.config.activity
            pause_s = self._chance.expovariate(rate / 60) if rate > 0 else None
            try:
                await asyncio.wait_for(changed.wait(), pause_s)
            except TimeoutError:
                self.edit_once()

    def work_through(self, begin: int, end: int, edits: int) -> None:
        """Make edits at random seconds from begin to end, and leave the clock at the end.

        Moments are seconds since the epoch. The same stretches of the same organisation make the
        same edits, ids and stamps included, whatever clients asked for in between: nothing here
        depends on the real time, nor on how many ids they were given.
        """
        organisation, clock = self._simulator.organisation, self._simulator.clock
        # Rows of stage histories get ids when first needed: here, not when a client asks for them.
        organisation.module(HISTORY_MODULE)
        organisation.ids.begin_block()
        for moment in sorted(self._chance.randrange(begin, end) for _ in range(edits)):
            clock.set(datetime.fromtimestamp(moment, UTC))
            with clock.held():
                self.edit_once()
        clock.set(datetime.fromtimestamp(end, UTC))

    def edit_once(self) -> None:
        """Make one edit, drawn by how often the team does such a thing."""
        kind = self._chance.choices(list(_WORK), list(_WORK.values()))[0]
        acts: dict[str, Callable[[Organisation, ModuleStore], None]] = {
            "advance": self._advance,
            "postpone": self._postpone,
            "reprice": self._reprice,
            "create": self._create,
            "note": self._note,
            "bill": self._bill,
            "delete": self._delete,
            "restore": self._restore,
            "step_back": self._step_back,
        }
        organisation = self._simulator.organisation
        acts[kind](organisation, organisation.modules["Deals"])

    def _advance(self, organisation: Organisation, deals: ModuleStore) -> None:
        deal = self._open_deal(organisation, deals)
        if deal is None:
            self._create(organisation, deals)
            return
        stage = _value(deals, deal, "Stage")
        pipeline = organisation.pipeline(_value(deals, deal, "Pipeline") or STANDARD_PIPELINE)
        if pipeline is None:
            return
        order = [entry.stage for entry in pipeline.stages]
        place = order.index(stage) if stage in order else -1
        following = order[min(place + 1, len(order) - 1)]
        changes: dict[str, JsonValue] = {"Stage": following}
        today = _day(organisation)
        if self._chance.random() < _LOSS_SHARE:
            changes = {"Stage": "Closed Lost", "Closing_Date": today,
                       "Reason_For_Loss__s": self._chance.choice(words.LOSS_REASONS)}  # fmt: skip
        elif following == "Closed Won":
            changes |= {"Closing_Date": today, "Next_Step": None}
        elif following == "Proposal/Price Quote":
            changes["Proposal_Submission_date"] = today
        self._edit(organisation, deals, deal, changes)

    def _step_back(self, organisation: Organisation, deals: ModuleStore) -> None:
        """Return an open deal to the stage before: the customer wants to see it again."""
        deal = self._open_deal(organisation, deals)
        if deal is None:
            return
        pipeline = organisation.pipeline(_value(deals, deal, "Pipeline") or STANDARD_PIPELINE)
        order = [] if pipeline is None else [entry.stage for entry in pipeline.stages]
        stage = _value(deals, deal, "Stage")
        if stage in order[1:]:
            self._edit(organisation, deals, deal, {"Stage": order[order.index(stage) - 1]})

    def _postpone(self, organisation: Organisation, deals: ModuleStore) -> None:
        deal = self._open_deal(organisation, deals)
        if deal is not None:
            later = _day(organisation, self._chance.randrange(10, 120))
            self._edit(organisation, deals, deal, {"Closing_Date": later})

    def _reprice(self, organisation: Organisation, deals: ModuleStore) -> None:
        deal = self._open_deal(organisation, deals)
        if deal is not None:
            amount = _value(deals, deal, "Amount") or self._chance.randrange(5_000, 90_000)
            by = self._chance.uniform(0.7, 1.4)
            if self._chance.random() < _RESCOPED_SHARE:
                by = self._chance.choice((0.3, 0.45, 2, 3))
            changed = round(amount * by, 2)
            self._edit(organisation, deals, deal, {"Amount": changed})

    def _note(self, organisation: Organisation, deals: ModuleStore) -> None:
        deal = self._open_deal(organisation, deals)
        if deal is not None:
            changes = {"Next_Step": self._chance.choice(words.NEXT_STEPS),
                       "Description": self._chance.choice(words.REMARKS)}  # fmt: skip
            self._edit(organisation, deals, deal, changes)

    def _bill(self, organisation: Organisation, deals: ModuleStore) -> None:
        """Reach the next milestone of a deal that is won."""
        for _ in range(_TRIES):
            deal = self._any_deal(deals)
            if deal is None:
                return
            missing = [role for role in _BILLING if not _value(deals, deal, role)]
            if missing and _value(deals, deal, "Stage") == "Closed Won":
                self._edit(organisation, deals, deal, {missing[0]: _day(organisation)})
                return

    def _create(self, organisation: Organisation, deals: ModuleStore) -> None:
        accounts = organisation.modules["Accounts"]
        account = self._any_deal(accounts)
        if account is None:
            return
        country = _value(accounts, account, "Billing_Country")
        currency = _value(accounts, account, "Currency") or organisation.facts.home_currency
        segment = self._chance.choice(words.SEGMENTS[:3])
        rate = rate_at(currency, int(organisation.clock.timestamp()))
        worth = amount_in_home_currency(self._chance, segment)
        solution = self._chance.choice(words.SOLUTIONS)
        values: dict[str, JsonValue] = {
            "Deal_Name": f"{accounts.display_name(account)} - {solution}"[:120],
            "Account_Name": accounts.reference(account),
            "Stage": "Qualification",
            "Pipeline": STANDARD_PIPELINE,
            "Closing_Date": _day(organisation, self._chance.randrange(45, 180)),
            "Currency": currency,
            "Exchange_Rate": rate,
            "Amount": None if worth is None else round(worth * rate, 2),
            "Country": country,
            "Business_Region": words.COUNTRIES[country][0] if country in words.COUNTRIES else None,
            "Solution_Type": solution,
            "Type_of_Funding": self._chance.choice(words.FUNDING),
            "Market_Segment": segment,
            "Lead_Source": self._chance.choice(words.LEAD_SOURCES),
        }
        create_record(organisation, deals, _by_field(deals, values), self._author(organisation))

    def _delete(self, organisation: Organisation, deals: ModuleStore) -> None:
        deal = self._open_deal(organisation, deals)
        if deal is not None:
            delete_record(organisation, deals, deal, self._author(organisation))

    def _restore(self, organisation: Organisation, deals: ModuleStore) -> None:
        if deals.bin:
            restore_record(
                organisation,
                deals,
                self._chance.choice(list(deals.bin)),
                self._author(organisation),
                moves_modified_time=self._simulator.switches.restore_moves_modified_time,
            )

    def _edit(
        self,
        organisation: Organisation,
        deals: ModuleStore,
        deal: Record,
        changes: dict[str, JsonValue],
    ) -> None:
        edit_record(
            organisation, deals, deal, _by_field(deals, changes), self._author(organisation)
        )

    def _author(self, organisation: Organisation) -> Author:
        people = [user for user in organisation.users.values() if user.is_active]
        return Author(self._chance.choice(people), "crm_ui")

    def _any_deal(self, store: ModuleStore) -> Record | None:
        if not store.by_id:
            return None
        return store.records[store.by_id[self._chance.randrange(len(store.by_id))]]

    def _open_deal(self, organisation: Organisation, deals: ModuleStore) -> Record | None:
        """Return an open deal, or None if a fair number of tries finds none."""
        open_stages = {
            entry.stage
            for pipeline in organisation.pipelines
            for entry in pipeline.stages
            if entry.forecast_type == "Open"
        }
        for _ in range(_TRIES):
            deal = self._any_deal(deals)
            if deal is not None and _value(deals, deal, "Stage") in open_stages:
                return deal
        return None


def _value(store: ModuleStore, record: Record, role: str) -> JsonValue:
    field = store.by_role.get(role)
    return None if field is None else record.values[field.position]


def _by_field(store: ModuleStore, values: dict[str, JsonValue]) -> dict[Field, JsonValue]:
    """Turn roles into fields; a role whose field was removed is left out."""
    return {store.by_role[role]: value for role, value in values.items() if role in store.by_role}


def _day(organisation: Organisation, ahead: int = 0) -> str:
    moment = organisation.clock.now().astimezone(organisation.zone) + timedelta(days=ahead)
    return moment.date().isoformat()
