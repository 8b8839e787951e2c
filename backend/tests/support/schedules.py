"""Random schedules: syncs under fire while people work in the CRM, then quiet, then the truth.

A schedule is drawn from one seed. Each round starts a run of some kind in a worker process, orders
trouble, lets colleagues work, perhaps kills the worker or restarts PostgreSQL, and sees the run to
its end, by takeovers where it must. Then all trouble ends, quick syncs alone bring the mirror up to
now, and it must equal the CRM, field by field.
"""

import asyncio
import itertools
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from random import Random
from uuid import UUID

import psycopg
import redis
import sqlalchemy.exc

from pulse.bootstrap import crm_records
from pulse.core.sync import SyncType
from pulse.kit.errors import PulseError
from support.colleagues import Colleagues
from support.engine import FULL, QUICK, RECONCILE, Engine
from support.engine_processes import (
    RestartablePostgres,
    WorkerProcess,
    restartable_postgres,
)
from support.engine_worker import IMPATIENT
from support.simulator import simulator_process
from support.trouble import MENU, Trouble
from support.truth import Field, Snapshot, Truth, differences, told

_QUICK_SYNCS = 8
_TAKEOVERS = 8
_RUN_TIMEOUT_S = 120.0
_SOURCES = ("pages", "coql", "bulk_read", None)
_DATABASE_AWAY = (psycopg.Error, sqlalchemy.exc.DBAPIError, redis.RedisError)


@dataclass(frozen=True)
class Round:
    """What one round does."""

    kind: SyncType
    source: str | None = None
    troubles: tuple[str, ...] = ()
    acts: int = 0
    ending: str = "none"
    """`kill` or `restart`: what happens to the worker, or to PostgreSQL, in the middle."""
    forced_reads: int = 0
    is_hiding: bool = False
    is_sure: bool = False
    """Troubles strike the first calls they can; else each has a chance of its own."""


@dataclass
class Tally:
    """What a schedule has done so far."""

    rounds: Counter[str] = field(default_factory=Counter)
    endings: Counter[str] = field(default_factory=Counter)
    hits: Counter[str] = field(default_factory=Counter)
    """Kills and restarts that met a run in progress."""
    takeovers: int = 0
    quick_syncs: int = 0
    forced_reads: Counter[str] = field(default_factory=Counter)
    ledger_credits: int = 0
    crm_credits: int = 0


def random_round(rng: Random) -> Round:
    """Draw a round."""
    kind = rng.choices([QUICK, FULL, RECONCILE], [5, 4, 2])[0]
    if kind is RECONCILE and rng.random() < 0.4:
        return Round(kind, is_hiding=True)
    source = rng.choice(_SOURCES) if kind is FULL else None
    troubles = rng.sample(sorted(MENU), rng.randint(0, 4))
    if source == "pages" and rng.random() < 0.5:
        troubles.append("page tokens expired")
    return Round(
        kind,
        source,
        tuple(dict.fromkeys(troubles)),
        acts=rng.randint(0, 10),
        ending=rng.choices(["none", "kill", "restart"], [5, 4, 2])[0],
        forced_reads=rng.choice([0, 0, 1, 3]),
    )


@dataclass
class Schedule:
    """Runs rounds against one engine."""

    engine: Engine
    postgres: RestartablePostgres
    new_worker: Callable[[], WorkerProcess]
    rng: Random
    fields: dict[str, Field]
    tally: Tally = field(default_factory=Tally)

    def __post_init__(self) -> None:
        self.crm = self.engine.crm
        self.colleagues = Colleagues(self.crm, self.rng)
        self.trouble = Trouble(self.crm)
        self.worker, self._victim = self.new_worker(), self.new_worker()
        self.snapshot: Snapshot | None = None
        self._reader = ThreadPoolExecutor(1)
        self._numbers = itertools.count(1)

    def close(self) -> None:
        self._reader.shutdown()
        for worker in (self.worker, self._victim):
            worker.stop()

    def first_load(self) -> None:
        """Load the module once, in peace, and keep what was loaded."""
        session = self._run(self.engine.start(FULL))
        assert session["status"] == "completed", session["error_message"]
        self.snapshot = self.engine.mirror().snapshot()
        self._settle("the first load")

    def play(self, round_: Round) -> None:
        """Play one round to its quiet end, and compare."""
        number = next(self._numbers)
        self.tally.rounds[f"{round_.kind.value} {round_.source or ''}".strip()] += 1
        if round_.is_hiding:
            self._hide_and_reconcile()
        else:
            self._under_fire(round_)
        self._settle(f"round {number}: {round_}")

    # A round under fire

    def _under_fire(self, round_: Round) -> None:
        rng = self.rng
        self.crm.switch(
            coql_limit_maximum=rng.choice([200, 2000]),
            bulk_read_rows_maximum=rng.choice([300, 200_000]),
            bulk_job_polls=rng.choice([0, 1]),
        )
        self.crm.latency(rng.choice([0, 10, 40]), rng.choice([0, 20]))
        for label in round_.troubles:
            self.trouble.order(label, rng, is_sure=round_.is_sure)
        for _ in range(round_.acts // 2):
            self.colleagues.act()
        session_id = self.engine.start(round_.kind, source=round_.source)
        reads = self._force_reads(round_.forced_reads)
        worker = self._victim if round_.ending == "kill" else self.worker
        worker.begin(session_id)
        self._disturb(round_, session_id, worker)
        for read in reads:
            self.tally.forced_reads[read.result(_RUN_TIMEOUT_S)] += 1
        self._see_to_its_end(session_id)
        self.crm.latency(0)

    def _disturb(self, round_: Round, session_id: UUID, worker: WorkerProcess) -> None:
        """Let people work for a moment, then let the round's ending strike."""
        rng = self.rng
        ended = worker.ended(rng.random() * 0.3)
        for _ in range(round_.acts - round_.acts // 2):
            self.colleagues.act()
            if rng.random() < 0.3:
                self.crm.advance(rng.randint(1, 10))
        if round_.ending == "none":
            ended = ended or worker.ended(_RUN_TIMEOUT_S)
            assert ended is not None, f"session {session_id} does not end"
            return
        ended = ended or worker.ended(rng.random() * 0.5)
        was_running = ended is None and self._is_open(session_id)
        if round_.ending == "kill":
            worker.kill()
            self._bury_the_victim()
        else:
            self.postgres.restart(rng.choice([signal.SIGINT, signal.SIGQUIT]))
            ended = ended or worker.ended(_RUN_TIMEOUT_S)
            assert ended is not None, f"session {session_id} does not end after a restart"
        self.tally.endings[round_.ending] += 1
        self.tally.hits[round_.ending] += was_running

    def _bury_the_victim(self) -> None:
        # Its slots, like its lease, expire by themselves after half a minute: here at once.
        with redis.Redis.from_url(self.engine.settings.redis_url.get_secret_value()) as broker:
            broker.flushall()
        self._victim = self.new_worker()

    def _is_open(self, session_id: UUID) -> bool:
        return self.engine.session(session_id)["status"] in {"pending", "in_progress"}

    def _see_to_its_end(self, session_id: UUID) -> None:
        for _ in range(_TAKEOVERS):
            if not self._is_open(session_id):
                return
            self.tally.takeovers += 1
            self.engine.worker_died()
            self._run(session_id)
        session = self.engine.session(session_id)
        assert session["status"] not in {"pending", "in_progress"}, self.engine.log(session_id)

    def _run(self, session_id: UUID) -> dict[str, object]:
        self.worker.begin(session_id)
        ended = self.worker.ended(_RUN_TIMEOUT_S)
        assert ended is not None, f"session {session_id} does not end"
        return self.engine.session(session_id)

    def _force_reads(self, count: int) -> list[Future[str]]:
        """Read records one by one, beside the run, as a person's click does."""
        if count == 0:
            return []
        ids = [int(record_id) for record_id in self.colleagues.some(self.colleagues.live, count)]
        return [self._reader.submit(self._force_read, record_id) for record_id in ids]

    def _force_read(self, record_id: int) -> str:
        async def read() -> str:
            async with crm_records(self.engine.settings, IMPATIENT) as records:
                await records.read_again(record_id)
            return "read"

        try:
            return asyncio.run(read())
        except PulseError as error:
            return error.code
        except _DATABASE_AWAY:
            return "database away"

    # Hidden records

    def _hide_and_reconcile(self) -> None:
        hidden = self.colleagues.some(self.colleagues.live, 4)
        self.crm.hide(*hidden)
        session = self._run(self.engine.start(RECONCILE))
        assert session["status"] == "completed", session["error_message"]
        found = self._differences(hidden_is_known=True)
        assert found == [], f"records {hidden} are hidden: {told(found)}"
        self.crm.unhide(*hidden)

    # Quiet

    def _settle(self, what: str) -> None:
        """End all trouble, and let quick syncs alone bring the mirror up to now."""
        self.trouble.end()
        self.crm.thaw()
        self.crm.advance(self.rng.choice([0, 30, 90, 700]))
        spent, booked = self.engine.credits_spent(), self.booked_credits()
        found = ["nothing compared yet"]
        for _ in range(_QUICK_SYNCS):
            session = self._run(self.engine.start(QUICK))
            self.tally.quick_syncs += 1
            assert session["status"] == "completed", (
                f"after {what}: {session['error_code']}: {session['error_message']}"
            )
            found = self._differences()
            if not found:
                break
        assert found == [], f"after {what}: {told(found)}"
        self.tally.crm_credits += self.engine.credits_spent() - spent
        self.tally.ledger_credits += self.booked_credits() - booked
        self.colleagues.look_around()

    def unexpected_endings(self) -> list[dict[str, object]]:
        """Return the sessions that ended in another way than trouble in the CRM explains."""
        return self.engine.sql(
            "SELECT sync_type, status, error_code, error_message FROM crm_sync_sessions"
            " WHERE status <> 'completed' AND coalesce(error_code, '') <> ALL(%s)",
            ["crm_unavailable", "sign_in_refused"],
        )

    def booked_credits(self) -> int:
        """Return the credits in the ledger."""
        rows = self.engine.sql("SELECT coalesce(sum(credits), 0)::int AS spent FROM credit_ledger")
        return int(rows[0]["spent"])

    def _differences(self, *, hidden_is_known: bool = False) -> list[str]:
        return differences(
            Truth.of(self.crm, self.fields),
            self.engine.mirror(),
            self.snapshot,
            hidden_is_known=hidden_is_known,
        )


@contextmanager
def open_schedule(redis_url: str, seed: int, *simulator_arguments: str) -> Iterator[Schedule]:
    """Open a schedule with all that it needs: simulator, PostgreSQL, workers; print its seed."""
    print(f"\nSEED={seed}")  # noqa: T201 - it repeats this run
    with (
        restartable_postgres() as postgres,
        simulator_process("--seed", str(seed), "--activity", "0", *simulator_arguments) as crm,
        (postgres.folder / "workers.log").open("ab") as log,
    ):
        engine = Engine.connected(crm, postgres.new_database("mirror"), redis_url)
        schedule = Schedule(
            engine,
            postgres,
            lambda: WorkerProcess(engine.settings, log),
            Random(seed),
            engine.fields(),
        )
        try:
            schedule.first_load()
            yield schedule
        finally:
            schedule.close()
