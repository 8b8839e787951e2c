"""The simulated CRM as one object: an organisation, its access tokens, and how it behaves."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING

from zoho_sim.behaviour.agenda import Agenda
from zoho_sim.behaviour.clock import Clock
from zoho_sim.behaviour.faults import Faults
from zoho_sim.behaviour.latency import Latency
from zoho_sim.behaviour.limits import ALLOWANCES, Credits, Edition, Slots, daily_credits
from zoho_sim.behaviour.row_jobs import RowJobs
from zoho_sim.behaviour.switches import Switches
from zoho_sim.bulk_read.exports import Exports
from zoho_sim.bulk_read.jobs import BulkReadJobs
from zoho_sim.query.index_lag import SearchIndex
from zoho_sim.seed.organisation import seed_organisation
from zoho_sim.state.ledger import Ledger
from zoho_sim.state.pages import PageTokens
from zoho_sim.state.tokens import TokenStore, parse_scopes
from zoho_sim.state.workflow import Workflow
from zoho_sim.views.custom_views import CustomViews

if TYPE_CHECKING:
    from aiohttp import web

    from zoho_sim.bulk_write.uploads import Upload
    from zoho_sim.config import Config
    from zoho_sim.state.organisation import Organisation
    from zoho_sim.state.records import ChangeEvent

CLIENT_ID = "1000.PULSESIMULATEDCLIENT0000000001"
CLIENT_SECRET = "5d1e0c9a7b3f42e68c0d9f1a2b3c4d5e6f708192a3"  # noqa: S105 - a simulated secret
EVERY_SCOPE = (
    "ZohoCRM.modules.ALL,ZohoCRM.settings.ALL,ZohoCRM.org.ALL,ZohoCRM.users.ALL,"
    "ZohoCRM.coql.READ,ZohoCRM.bulk.ALL,ZohoCRM.notifications.ALL,ZohoCRM.mass_update.ALL,"
    "ZohoCRM.composite_requests.CUSTOM,ZohoSearch.securesearch.READ,ZohoFiles.files.ALL"
)


class Simulator:
    """State and behaviour of one running simulator.

    ``calls`` counts API calls by operation name and ``credits_by_operation`` what they cost.
    ``reset`` replaces everything but the address and the client's id and secret.
    """

    clock: Clock
    switches: Switches
    agenda: Agenda
    organisation: Organisation
    tokens: TokenStore
    page_tokens: PageTokens
    credits: Credits
    slots: Slots
    faults: Faults
    latency: Latency
    search_index: SearchIndex
    ledger: Ledger
    workflow: Workflow
    views: CustomViews
    mass_updates: RowJobs
    bulk_writes: RowJobs
    uploads: dict[str, Upload]
    bulk_reads: BulkReadJobs
    exports: Exports
    counts: dict[str, tuple[float, int]]
    refresh_token: str

    def __init__(self, config: Config) -> None:
        self.url = ""
        # A client keeps its registration, whatever organisation is seeded.
        self.redirect_uris = frozenset(config.redirect_uris)
        # Set whenever the sales team's pace may have changed; the team waits on it.
        self.activity_changed = asyncio.Event()
        # Calls at work; they outlive the connections that asked for them.
        self.work: set[asyncio.Future[web.Response]] = set()
        self.reset(config)

    def reset(self, config: Config) -> None:
        """Begin again with a newly seeded organisation; every access token is void."""
        self.config = config
        self.clock = Clock()
        self.switches = Switches()
        self.agenda = Agenda(self.clock)
        self.organisation = seed_organisation(config, self.clock)
        self.tokens = TokenStore(
            clock=self.clock,
            switches=self.switches,
            client_id=CLIENT_ID,
            client_secret=CLIENT_SECRET,
        )
        self.refresh_token = self.tokens.new_refresh_token(
            parse_scopes(EVERY_SCOPE), _seeded_token(config.seed)
        ).token
        self.page_tokens = PageTokens(self.clock)
        self.credits = Credits(self.clock, daily_credits(config.edition, config.users))
        self.slots = Slots(ALLOWANCES[config.edition].calls_at_once)
        self.faults = Faults()
        self.latency = Latency(config.latency_ms, config.jitter_ms)
        self.chance = random.Random(config.seed)  # noqa: S311 - repeatable chance, not secrecy
        self.calls: Counter[str] = Counter()
        self.credits_by_operation: Counter[str] = Counter()
        self.edits: Counter[str] = Counter()
        self.organisation.observers.append(self._count_edit)
        self.activity_changed.set()
        self.search_index = SearchIndex(self.clock, self.switches)
        self.organisation.observers.append(self.search_index.observe)
        self.ledger = Ledger()
        self.organisation.observers.append(self.ledger.observe)
        self.workflow = Workflow(self.organisation, self.switches, self.agenda)
        self.views = CustomViews(self.organisation)
        self.mass_updates = RowJobs(self.clock, self.switches, self.agenda)
        self.bulk_writes = RowJobs(self.clock, self.switches, self.agenda)
        self.uploads = {}
        self.bulk_reads = BulkReadJobs(self.clock, self.switches)
        self.exports = Exports(self.organisation, self.switches, self.page_tokens, self.bulk_reads)
        self.counts = {}

    def change_edition(self, edition: Edition, licences: int) -> None:
        """Move the organisation to another edition: budget and simultaneous calls follow."""
        self.organisation.facts.edition = edition.value
        self.organisation.facts.licences = licences
        self.credits.budget = daily_credits(edition, licences)
        self.slots.limit = ALLOWANCES[edition].calls_at_once

    def _count_edit(self, event: ChangeEvent) -> None:
        self.edits[f"{event.module}.{event.change.action}"] += 1


def _seeded_token(seed: int) -> str:
    """Return the refresh token of a seed: a restart does not cut off who was connected."""
    digest = sha256(f"refresh token of seed {seed}".encode()).hexdigest()
    return f"1000.{digest[:32]}.{digest[32:]}"
