"""Nothing is lost, whatever happens on the way: a small sample of `make soak`."""

import os
from random import SystemRandom

from support.engine import FULL, QUICK, RECONCILE
from support.schedules import Round, open_schedule, random_round
from support.trouble import MENU

# Each kind of trouble strikes once at least, each source and each ending is met.
_ROUNDS = (
    Round(
        FULL,
        "pages",
        ("429", "page tokens expired", "cut body", "slow body"),
        acts=6,
        forced_reads=2,
        is_sure=True,
    ),
    Round(FULL, "coql", ("500", "502", "dropped connection"), acts=6, ending="kill", is_sure=True),
    Round(FULL, "bulk_read", ("lost answer", "timeout"), acts=6, ending="restart", is_sure=True),
    Round(
        QUICK,
        None,
        ("429 with Retry-After", "access tokens expired", "503"),
        acts=8,
        forced_reads=1,
        is_sure=True,
    ),
    Round(RECONCILE, None, ("429", "cut body"), acts=6, ending="kill", is_sure=True),
    Round(RECONCILE, is_hiding=True),
)
_MORE_ROUNDS = 2


def test_mirror_equals_crm_after_edits_faults_kills_and_restarts(redis_url: str) -> None:
    seed = int(os.environ.get("SEED") or SystemRandom().randrange(10**6))
    with open_schedule(redis_url, seed, "--deals", "450") as schedule:
        for round_ in _ROUNDS:
            schedule.play(round_)
        for _ in range(_MORE_ROUNDS):
            schedule.play(random_round(schedule.rng))
        print(f"faults fired: {dict(schedule.trouble.fired)}")  # noqa: T201 - part of the result
        assert schedule.trouble.fired.keys() == MENU.keys()
        assert schedule.unexpected_endings() == []
        assert schedule.tally.ledger_credits == schedule.tally.crm_credits
