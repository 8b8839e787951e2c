"""Random schedules of both directions: people edit here and there, pushes run under fire.

A round is drawn from the schedule's seed. Pushes run, up to three at once, while between any two of
their steps somebody edits here, a colleague edits in the CRM, a record is read, the module pulled,
a second passes or none; calls fail, answers are lost, writes arrive late, workers die. The CRM's
clock stands still unless it is moved, so that whole scenes take place within one second of it. Then
all trouble ends, conflicts are settled at random, and both sides must be equal, with each edit
treated as promised (`support.edit_ledger`).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads

from pulse.bootstrap import crm_records
from pulse.core.sync import SyncMode
from pulse.kit.errors import PulseError
from pulse.sync.domain.merge import Policy
from pulse.sync.domain.sending import LATE_AT_MOST
from support.between_steps import UNDERWAY, Underway, steps_between
from support.edit_ledger import EditLedger, Sent, last_write
from support.edited_values import FIELDS, Values, as_typed_there
from support.editors import PEOPLE, Editors
from support.engine import FULL, QUICK
from support.pushing import KilledError, PushingProduct
from support.simulator import ControlRefusedError
from support.standing import standing_faults
from support.truth import Snapshot, Truth, differences, exact_json, expected_value, told

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from random import Random

    from pulse.sync.pushing.ports import PushedChange
    from support.engine import Engine

_STAGES: Final = ("Qualification", "Proposal/Price Quote", "Negotiation/Review")
_WRITES: Final = "records.update"
_ROUTES: Final = (_WRITES, _WRITES, _WRITES, "coql.query", "records.timeline", "*")
TROUBLES: Final[dict[str, dict[str, Any]]] = {
    "429": {"kind": "status", "status": 429},
    "500": {"kind": "status", "status": 500},
    "503": {"kind": "status", "status": 503},
    "timeout": {"kind": "timeout"},
    "dropped connection": {"kind": "drop"},
    "cut body": {"kind": "cut_body"},
    "access tokens expired": {"kind": "expire_tokens"},
    "lost answer": {"kind": "lost_answer", "route": _WRITES},
    "late write": {"kind": "late_write", "route": _WRITES, "duration_s": 20.0},
}
_ATTEMPTS: Final = 16
_NO_LONGER_LATE: Final = 3
"""From this attempt on, every write that was late has arrived, and ten minutes have passed."""
_GIVING_WAY: Final = 8
"""From this attempt on, what is left is settled in favour of the CRM."""
_FEWEST: Final = 12
"""Deals in the module; what the bin and purges took is made up for below that."""
_OF_A_DEAL: Final = ("Deal_Name", "Stage", "Pipeline", "Closing_Date", "Amount", "Account_Name")


class UnfaithfulError(AssertionError):
    """Both sides are not what they should be; the message says how."""


@dataclass
class TwoSides:
    """Plays rounds against one product that has loaded its module."""

    engine: Engine
    rng: Random
    tally: Counter[str] = field(default_factory=Counter)
    """What happened, by name."""
    snapshot: Snapshot | None = None

    def __post_init__(self) -> None:
        self.crm = self.engine.crm
        self.product = PushingProduct(self.engine)
        self.crm.freeze()
        self.fields = self.engine.fields()
        self.colleagues = self._user_ids()
        self.values = Values(
            [row["id"] for row in self.crm.records(module="Accounts")[:3]], self._stages()
        )
        self._one_at_a_time = Lock()
        self.rounds = 0

    def first_load(self) -> None:
        """Load the module once, in peace."""
        self.engine.completed(FULL)
        self.snapshot = self.engine.mirror().snapshot()

    def play_rounds(self, count: int) -> None:
        """Play rounds one after the other."""
        for _ in range(count):
            self.play()

    def play(self) -> None:
        """Play one round to its quiet end; raises UnfaithfulError."""
        self.rounds += 1
        rng = self.rng
        self._begin(rng)
        with steps_between():
            for _ in range(rng.randint(2, 4)):
                mode = rng.choices(list(SyncMode), [8, 1, 1])[0]
                self.product.set(sync__mode=mode.value)
                for _ in range(rng.randint(2, 5)):
                    self._act(rng)
                self._order_trouble(rng)
                asyncio.run(self._push_under_fire(rng, mode))
                self._must_stand()
            self._settle(rng)
        self._compare()

    # The parts of a round

    def _begin(self, rng: Random) -> None:
        rows = self._enough_deals()
        self.deals = sorted(rng.sample(sorted(rows), 4))
        initial = {
            deal: {name: expected_value(rows[deal].get(name), self.fields[name]) for name in FIELDS}
            for deal in self.deals
        }
        log = self.engine.sql("SELECT coalesce(max(id), 0) AS id FROM change_log")
        self.ledger = EditLedger(
            self.fields,
            frozenset(person.name for person in PEOPLE),
            initial,
            last_write(self.crm),
            log[0]["id"],
        )
        self.editors = Editors(
            self.engine.database_url, self.values, self.ledger, self.deals, self.tally
        )
        self.crm.switch(
            automation_touches_field=rng.choice(("", "", "Requirements", "Next_Step")),
            automation_delay_s=rng.choice((0, 0, 2)),
            one_lost_race_fails_the_call=rng.random() < 0.3,
            restore_moves_modified_time=rng.random() < 0.5,
            locking_moves_modified_time=True,  # else no read would tell that a lock is off
        )
        policies = rng.choices(list(Policy), [5, 1, 1, 1], k=3)
        self.product.set(
            conflicts__policy=policies[0].value,
            conflicts__field_policies={
                "Next_Step": policies[1].value,
                "Amount": policies[2].value,
            },
        )

    def _enough_deals(self) -> dict[int, dict[str, Any]]:
        """Return the CRM's deals by id, with new ones in place of those that rounds before took."""
        rows = Truth.of(self.crm, self.fields).rows
        if len(rows) >= _FEWEST:
            return rows
        models = self.crm.records()
        self.crm.create(*({name: model[name] for name in _OF_A_DEAL} for model in models))
        self.engine.completed(QUICK)
        self.tally["deals made anew"] += len(models)
        return Truth.of(self.crm, self.fields).rows

    def _order_trouble(self, rng: Random) -> None:
        for label in rng.sample(sorted(TROUBLES), rng.choice((0, 1, 1, 2))):
            order = {
                "route": rng.choice(_ROUTES),
                "count": rng.randint(1, 3),
                "after": rng.choice((0, 0, 1, 2)),
                **TROUBLES[label],
            }
            self.crm.fault(order.pop("kind"), **order)
            self.tally[f"ordered: {label}"] += 1

    async def _push_under_fire(self, rng: Random, mode: SyncMode) -> None:
        """Run pushes beside each other; most live to their end."""
        pushes = []
        for _ in range(rng.choice((1, 1, 2, 3))):
            own = type(rng)(rng.getrandbits(64))
            death = own.random()
            run = self._underway(own, meddling=0.2)
            run.dies_at = own.randint(1, 30) if death < 0.3 else None
            run.dies_in_flight = death > 0.9
            single = own.choice(self.deals) if own.random() < 0.25 else None
            # Who pushes one record asks for the mode first.
            if single is not None and mode is SyncMode.CRM_TO_LOCAL:
                single = None
            pushes.append(self._push(run, single))
        await asyncio.gather(*pushes)

    def _underway(self, rng: Random, meddling: float) -> Underway:
        return Underway(rng, self._act, self._note_sent, self.crm.advance, meddling)

    async def _push(self, run: Underway, single: int | None) -> None:
        UNDERWAY.set(run)
        job = self.product.pushing() if single is None else self.product.pushing_one(str(single))
        try:
            await job
        except KilledError:
            self.tally["killed in flight" if run.dies_in_flight else "killed"] += 1
        except PulseError as refused:
            self.tally[f"pushes: {refused.code}"] += 1
        else:
            self.tally["pushes"] += 1

    def _note_sent(self, changes: Sequence[PushedChange]) -> None:
        with psycopg.connect(self.engine.database_url, row_factory=dict_row) as connection:
            set_json_loads(exact_json, connection)
            rows = connection.execute(
                "SELECT id, sent_guard, record_id, field, new_value, base_value, is_base_known,"
                " crm_value, crm_modified_at FROM pending_changes WHERE id = ANY(%s)",
                [[change.id for change in changes]],
            ).fetchall()
        for row in rows:
            agreed = (row["base_value"],) if row["is_base_known"] else ()
            decided = () if row["crm_modified_at"] is None else (row["crm_value"],)
            self.ledger.sent[row["record_id"], row["field"]].append(
                Sent(row["new_value"], (*agreed, *decided), f"{row['sent_guard']}", row["id"])
            )
            self.tally["revisions sent"] += 1

    # What anybody may do at any moment

    def _act(self, rng: Random) -> None:
        """Do one random thing; nobody else does one meanwhile."""
        acts: dict[Callable[[Random], None], float] = {
            self.editors.edit: 8,
            self.editors.drop: 1,
            self.editors.retry: 0.5,
            self.editors.resolve: 2,
            self._edit_there: 6,
            self._delete_there: 0.7,
            self._restore_there: 1.5,
            self._purge_there: 0.1,
            self._lock_there: 0.5,
            self._read_again: 2,
            self._pull: 0.5,
            self._pass_time: 3,
        }
        (act,) = rng.choices(list(acts), list(acts.values()))
        with self._one_at_a_time:
            act(rng)
            if rng.random() < 0.3:
                self._must_stand()

    def _edit_there(self, rng: Random) -> None:
        """A colleague edits: fields that are being edited here above all, at times to our value."""
        known = sorted(self.ledger.steps)
        if known and rng.random() < 0.7:
            deal, name = rng.choice(known)
        else:
            deal, name = rng.choice(self.deals), rng.choice(FIELDS)
        steps = self.ledger.steps.get((deal, name))
        if steps and rng.random() < 0.1:
            value = steps[-1].value
        else:
            value = self.values.draw(rng, name, "there")
        typed = {name: as_typed_there(name, value)}
        self._control(
            "edit",
            {"by": rng.choice(self.colleagues), "edits": [{"id": str(deal), "values": typed}]},
        )

    def _delete_there(self, rng: Random) -> None:
        deal = rng.choice(self.deals)
        if self._control("delete", {"ids": [str(deal)]}):
            self.ledger.binned.add(deal)

    def _restore_there(self, rng: Random) -> None:
        if self.ledger.binned:
            self._control("restore", {"ids": [str(rng.choice(sorted(self.ledger.binned)))]})

    def _purge_there(self, rng: Random) -> None:
        deal = rng.choice(self.deals)
        if self._control("purge", {"ids": [str(deal)]}):
            self.ledger.binned.add(deal)

    def _lock_there(self, rng: Random) -> None:
        body = {"ids": [str(rng.choice(self.deals))], "locked": rng.random() < 0.6}
        self._control("lock", body)

    def _control(self, action: str, body: dict[str, Any]) -> bool:
        """Act in the CRM; returns whether that was possible."""
        try:
            self.crm.control("POST", f"/modules/Deals/records/{action}", body)
        except ControlRefusedError:
            return False  # the record is not there, or not in the bin
        self.tally[f"there: {action}"] += 1
        return True

    def _read_again(self, rng: Random) -> None:
        """Read one record, or twice: as a click or a notification does, which come late as well."""
        deal, times = rng.choice(self.deals), rng.choice((1, 2))

        async def read() -> None:
            async with crm_records(self.engine.settings, self.engine.patience) as crm:
                await asyncio.gather(*(crm.read_again(deal) for _ in range(times)))

        self._may_fail("reads", read)

    def _pull(self, rng: Random) -> None:
        del rng
        try:
            session = self.engine.start(QUICK)
        except PulseError as refused:
            self.tally[f"pulls: {refused.code}"] += 1
            return
        self.tally[f"pulls: {self.engine.run(session)['status']}"] += 1

    def _pass_time(self, rng: Random) -> None:
        self.crm.advance(rng.choice((1, 1, 2, 21)))

    def _may_fail(self, what: str, act: Callable[[], Awaitable[None]]) -> None:
        async def acting() -> None:
            await act()

        try:
            asyncio.run(acting())
        except PulseError as refused:
            self.tally[f"{what}: {refused.code}"] += 1
        else:
            self.tally[what] += 1

    # Quiet

    def _settle(self, rng: Random) -> None:
        """End all trouble and settle what is open, until nothing is."""
        self._end_trouble()
        for attempt in range(_ATTEMPTS):
            self._unlock()
            self.crm.advance(21)
            self.product.forget_waits()
            if attempt >= _NO_LONGER_LATE:
                self.engine.sql("UPDATE pending_changes SET sent_at = sent_at - %s", LATE_AT_MOST)
            asyncio.run(self._push(self._underway(rng, meddling=0.0), None))
            self.engine.completed(QUICK)  # as every few minutes: it heals what is out of sight
            left = self.product.changes("record_id::text", "field", "state", "error_message")
            if not left:
                return
            is_patient = attempt < _GIVING_WAY
            for _ in {deal for deal, _, state, _ in left if state == "conflict"}:
                self.editors.resolve(rng, None if is_patient else "crm")
            for deal in sorted({deal for deal, _, state, _ in left if state == "error"}):
                if not is_patient:
                    self.editors.drop(rng, int(deal), FIELDS)
                elif rng.random() < 0.6:
                    self.editors.retry(rng, int(deal))
                else:
                    self.editors.drop(rng, int(deal))
        raise UnfaithfulError(f"round {self.rounds}: never comes to rest: {left}")

    def _unlock(self) -> None:
        """Take all locks off: also of what was in the bin before, and came back as it went."""
        for deal in self.deals:
            self._control("lock", {"ids": [str(deal)], "locked": False})

    def _end_trouble(self) -> None:
        for kind, count in self.crm.state()["faults_fired"].items():
            self.tally[f"fired: {kind}"] = count
        self.crm.clear_faults()
        self.crm.switch(automation_touches_field="")
        self.product.set(sync__mode=SyncMode.BIDIRECTIONAL.value)

    def _must_stand(self) -> None:
        if found := standing_faults(self.engine.database_url, self.deals):
            raise UnfaithfulError(f"round {self.rounds}: {told(found)}")

    def _compare(self) -> None:
        truth = Truth.of(self.crm, self.fields)
        mirror = self.engine.mirror()
        found = differences(truth, mirror, self.snapshot)
        found += self.ledger.faults(self.crm, mirror.log)
        found += standing_faults(self.engine.database_url, self.deals)
        if found:
            raise UnfaithfulError(f"round {self.rounds}: {told(found)}")

    def _user_ids(self) -> list[str]:
        headers = {"Authorization": f"Zoho-oauthtoken {self.crm.access_token()}"}
        users = self.crm.request("GET", "/crm/v8/users", headers=headers).json()["users"]
        return [user["id"] for user in users[1:4]]

    def _stages(self) -> list[str]:
        return sorted({row["Stage"] for row in self.crm.records()})[:3]
