"""The simulated organisation over several runs of the demo.

The simulator keeps its organisation in memory, the mirror is kept on disk. A later run seeds the
same organisation (same size, seed and moments) and lets its past come about again, as `demo.past`
says. What happened since is lost: records edited in an earlier run are back in their state of the
first present with their stamps of then, and the mirror rightly ignores reads that are older than
what it has; deleted ones are there again. So each record that the mirror knows with a later stamp,
or as gone, is saved once more in the CRM, as a person would with "edit, save": its stamp is new,
and a quick sync takes it. Records that were created in an earlier run are no longer in the CRM: a
reconcile finds them gone. It may delete them without asking, because it is known why.

A first run that was stopped on its way has lived through a part of the past only. It holds nothing
that anybody made, so the next run begins anew.
"""

import json
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

import aiohttp
import psycopg

from demo.options import DemoPaths, DemoSettings
from pulse.cli.stack.address import write_private
from pulse.cli.stack.home import Home, locked
from pulse.kit.clock import Clock, Sleep
from pulse.kit.errors import ConfigurationError

_SEED = 1
_DAY_S = 86_400
# The vendor documents no maximum for `ids`; its OpenAPI allows 1,024 characters, some 51 ids.
_RECORDS_A_CALL = 50
# A field that every module of the mirror has and that means nothing to the pipeline.
_HARMLESS_FIELD = "Description"


@dataclass(frozen=True, slots=True)
class Organisation:
    """What the organisation follows from; moments are in seconds since the epoch."""

    deals: int
    seed: int
    seeded_at: int
    """Where the seeded story ends."""
    arrived_at: int
    """The present of the first run: in between, the sales team worked. Equal: it did not."""

    @property
    def has_a_past(self) -> bool:
        """Whether the team worked before the demo's first present."""
        return self.seeded_at < self.arrived_at

    def serve_arguments(self) -> Sequence[str]:
        """Return the options of `zoho-sim serve` that bring it about."""
        return (
            *("--deals", str(self.deals), "--seed", str(self.seed)),
            *("--seeded-at", str(self.seeded_at)),
        )


def organisation_of(paths: DemoPaths, settings: DemoSettings, clock: Clock) -> Organisation:
    """Return the organisation that this home mirrors, chosen at the first run and then kept.

    Raises ConfigurationError if the home mirrors another one, real or simulated.
    """
    if paths.organisation.exists():
        said = json.loads(paths.organisation.read_text(encoding="utf-8"))
        # A home from before there was a past has none.
        kept = Organisation(**{"arrived_at": said["seeded_at"], **said})
        if kept.deals != settings.deals:
            raise ConfigurationError(
                f"PULSE_HOME {paths.home} mirrors a simulated organisation of {kept.deals} deals, "
                f"and DEALS asks for {settings.deals}.",
                code="another_organisation",
                fix=f"Run with DEALS={kept.deals}, or set PULSE_HOME to another folder.",
            )
        return kept
    if (paths.home / "postgresql" / "data").exists():
        raise ConfigurationError(
            f"PULSE_HOME {paths.home} holds a mirror that is not the demo's.",
            code="another_organisation",
            fix="Set PULSE_HOME to another folder; the demo must not mix with real data.",
        )
    paths.unfinished.touch(mode=0o600)
    now = int(clock.now().timestamp())
    chosen = Organisation(settings.deals, _SEED, now - settings.past_days * _DAY_S, now)
    write_private(paths.organisation, asdict(chosen))
    return chosen


async def clear_unfinished(paths: DemoPaths, home: Home, clock: Clock, sleep: Sleep) -> bool:
    """Remove what a first run left that did not come to its end; tell whether there was one.

    Raises ConflictError if a stack still runs on it.
    """
    if not paths.unfinished.exists():
        return False
    async with locked(home, clock, sleep):
        for folder in (paths.home / "postgresql", paths.home / "valkey"):
            if folder.exists():
                shutil.rmtree(folder)
        for file in (paths.users, paths.organisation, paths.unfinished):
            file.unlink(missing_ok=True)
    return True


def records_touched_since(database_url: str, moment: datetime) -> Mapping[str, Sequence[str]]:
    """Return the ids that the mirror knows with a later stamp or as gone, by module."""
    with psycopg.connect(database_url) as db:
        rows = db.execute(
            "SELECT module, array_agg(zoho_record_id::text ORDER BY zoho_record_id)"
            " FROM record_sync_status WHERE crm_modified_at > %s OR presence <> 'live'"
            " GROUP BY module",
            [moment],
        ).fetchall()
    return {str(module): [str(record_id) for record_id in ids] for module, ids in rows}


async def save_again(simulator: Mapping[str, Any], touched: Mapping[str, Sequence[str]]) -> int:
    """Save records of the CRM once more with the values that they have; return how many.

    `simulator` is what `zoho-sim serve` printed. An id that the CRM does not know is passed over.
    """
    saved = 0
    async with aiohttp.ClientSession(raise_for_status=True) as client:
        async with client.post(
            f"{simulator['accounts_url']}/oauth/v2/token",
            params={
                "grant_type": "refresh_token",
                "client_id": simulator["client_id"],
                "client_secret": simulator["client_secret"],
                "refresh_token": simulator["refresh_token"],
            },
        ) as answer:
            token = (await answer.json())["access_token"]
        headers = {"Authorization": f"Zoho-oauthtoken {token}"}
        for module, ids in touched.items():
            url = f"{simulator['api_url']}/crm/v8/{module}"
            for chunk in _chunks(ids):
                query = {"ids": ",".join(chunk), "fields": _HARMLESS_FIELD}
                async with client.get(url, params=query, headers=headers) as answer:
                    # 204 has no body: none of these ids is known.
                    known = (
                        (await answer.json())["data"]
                        if answer.status != HTTPStatus.NO_CONTENT
                        else []
                    )
                if known:
                    rows = [{name: row[name] for name in ("id", _HARMLESS_FIELD)} for row in known]
                    body = {"data": rows, "trigger": []}
                    async with client.put(url, json=body, headers=headers):
                        saved += len(rows)
    return saved


def first_present(organisation: Organisation) -> datetime:
    """Return the moment up to which a later run brings about the same records."""
    return datetime.fromtimestamp(organisation.arrived_at, UTC)


def _chunks(ids: Sequence[str]) -> Iterable[Sequence[str]]:
    return (ids[at : at + _RECORDS_A_CALL] for at in range(0, len(ids), _RECORDS_A_CALL))
