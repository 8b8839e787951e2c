"""Start simulator and product, sync, say what is where, wait for a signal, stop everything."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any

import aiohttp
import psycopg
from rich.console import Console
from rich.panel import Panel

from demo.colleagues import Colleagues
from demo.options import DemoPaths, DemoSettings
from demo.organisation import (
    Organisation,
    clear_unfinished,
    first_present,
    organisation_of,
    records_touched_since,
    save_again,
)
from demo.past import Past
from demo.people import DemoUser, log_in, people_of
from demo.sync import LiveSync
from pulse.bootstrap import prepare
from pulse.cli.console import readable_events
from pulse.cli.stack.address import write_private
from pulse.cli.stack.children import ChildFailedError, ChildSpec, RestartPolicy, StackEvent
from pulse.cli.stack.home import Home, open_home, secret_key
from pulse.cli.stack.supervisor import Supervisor
from pulse.config import Settings, load_settings
from pulse.kit.clock import SystemClock, system_sleep
from pulse.kit.errors import PulseError

# A simulator that starts again is another organisation, and `pulse up` restarts its own children.
_NEVER_AGAIN = RestartPolicy(limit=0)
# Longer than the limits of everything that `pulse up` stops in turn.
_STACK_STOP_TIMEOUT_S = 120.0
_SEEDING_TIMEOUT_S = 300.0


class Announcement:
    """Waits for the one JSON line by which a program says that it is ready."""

    def __init__(self, key: str, value: str | None = None) -> None:
        self._key = key
        self._value = value
        self.facts: Mapping[str, Any] | None = None

    def hear(self, line: str) -> Mapping[str, Any] | None:
        """Return the JSON object in `line`, if it is one, and keep it if it is the awaited one."""
        if not line.startswith("{"):
            return None
        said: Mapping[str, Any] = json.loads(line)
        if self._key in said and self._value in {None, said[self._key]}:
            self.facts = said
        return said

    async def was_made(self) -> bool:
        """Tell whether the line has come."""
        return self.facts is not None


class ProductFailedError(PulseError):
    """`pulse up` ended with an error of its own, which is passed on."""

    code = "product_failed"


async def run_demo(settings: DemoSettings, console: Console) -> None:
    """Run the demo until SIGINT, SIGTERM or SIGHUP; everything it started has stopped then."""
    task = asyncio.current_task()
    assert task is not None  # noqa: S101 - a coroutine runs in a task
    signalled = False

    def stop() -> None:
        nonlocal signalled
        if not signalled:
            signalled = True
            console.print("Stopping …")
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop)
    try:
        await _run(settings, console)
    except asyncio.CancelledError:
        if not signalled:
            raise
        console.print("Everything has stopped.")


async def _run(settings: DemoSettings, console: Console) -> None:
    home = open_home(settings.pulse_home)
    paths = DemoPaths(home.path)
    paths.logs.mkdir(mode=0o700, exist_ok=True)
    clock = SystemClock()
    await _clear_unfinished(paths, home, clock, console)
    is_first_run = not paths.organisation.exists()
    organisation = organisation_of(paths, settings, clock)
    simulator, product = Announcement("refresh_token"), Announcement("event", "stack.ready")
    failure: list[Mapping[str, Any]] = []
    hear_product = _listener(product, readable_events(console), failure)
    async with Supervisor(paths.logs, lambda _: None) as supervisor:
        try:
            await supervisor.start(_simulator_child(settings, organisation, simulator))
            assert simulator.facts is not None  # noqa: S101 - it is ready once it has said so
            console.print(f"[green]✓[/] {'Simulator':<14} {organisation.deals:,} deals")
            past = Past(organisation, simulator.facts["control_url"], clock)
            if is_first_run:
                await past.begin()
            else:
                await past.come_about_again(settings.activity)
            await supervisor.start(_product_child(settings, simulator.facts, product, hear_product))
            assert product.facts is not None  # noqa: S101 - as above
            people, api_url = (
                await people_of(paths, _environment_of(settings)),
                product.facts["api_url"],
            )
            async with _logged_in(api_url, people[0]) as client:
                live_sync = LiveSync(api_url, client, clock, system_sleep)
                if not is_first_run:
                    await _connect_again(home, simulator.facts, product.facts)
                    await _tell_what_was_lost(organisation, simulator.facts, product.facts)
                session = await live_sync.bring_up_to_date(console)
                if is_first_run:
                    await past.live_through(live_sync, settings.activity, console)
                else:
                    await live_sync.run("reconcile", console, accept_deletions=True)
            if is_first_run:
                if organisation.has_a_past:
                    await Colleagues(api_url, people).fill_in(clock.now().date(), console)
                paths.unfinished.unlink()
            pids = {"demo": os.getpid(), "simulator": supervisor.pids["simulator"]}
            try:
                _write_result(paths, simulator.facts, product.facts, people, pids)
                console.print(_summary(_public_url(settings), simulator.facts, people, session))
                await supervisor.wait_for_failure()
            finally:
                paths.result.unlink(missing_ok=True)
        except ChildFailedError as error:
            if failure:
                said = failure[-1]
                raise ProductFailedError(
                    said["detail"], code=said["code"], fix=said.get("fix")
                ) from error
            raise


@asynccontextmanager
async def _logged_in(api_url: str, person: DemoUser) -> AsyncIterator[aiohttp.ClientSession]:
    # The jar takes cookies of addresses in figures, which 127.0.0.1 is.
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar, headers={"Origin": api_url}) as client:
        await log_in(client, api_url, person)
        yield client


async def _clear_unfinished(
    paths: DemoPaths, home: Home, clock: SystemClock, console: Console
) -> None:
    if await clear_unfinished(paths, home, clock, system_sleep):
        console.print("The first run did not come to its end; the demo begins anew.")


def _listener(
    ready: Announcement,
    show: Callable[[StackEvent], None],
    failure: list[Mapping[str, Any]],
) -> Callable[[str], None]:
    """Return what hears the product's lines: some are shown, an error is kept in `failure`."""

    def hear(line: str) -> None:
        said = ready.hear(line)
        if said is None or ready.facts is said:
            return
        if said.get("event") == "command.failed":
            failure.append(said)
        elif said.get("event") not in {None, "stack.stopping", "stack.stopped"}:
            show(StackEvent(said["event"], said.get("component", ""), said))

    return hear


async def _connect_again(
    home: Home, simulator: Mapping[str, Any], product: Mapping[str, Any]
) -> None:
    """Sign in to the new simulator as the environment says.

    A connection that somebody made in the browser, in an earlier run, is to a simulator whose
    tokens went with it; one that somebody ended would leave the demo with nothing to show.
    """
    with psycopg.connect(product["database_url"]) as db:
        db.execute("UPDATE crm_connection SET environment_digest = NULL")
    await prepare(
        load_settings(
            Settings,
            database_url=product["database_url"],
            redis_url=product["broker_url"],
            pulse_secret_key=secret_key(home),
            zoho_client_id=simulator["client_id"],
            zoho_client_secret=simulator["client_secret"],
            zoho_refresh_token=simulator["refresh_token"],
            zoho_base_url=f"{simulator['api_url']}/crm/v8",
            zoho_accounts_url=simulator["accounts_url"],
        )
    )


async def _tell_what_was_lost(
    organisation: Organisation, simulator: Mapping[str, Any], product: Mapping[str, Any]
) -> None:
    moment = first_present(organisation)
    touched = await asyncio.to_thread(records_touched_since, product["database_url"], moment)
    await save_again(simulator, touched)


def _simulator_child(
    settings: DemoSettings, organisation: Organisation, ready: Announcement
) -> ChildSpec:
    return ChildSpec(
        "simulator",
        (
            *(sys.executable, "-m", "zoho_sim.cli", "serve", "--port", str(settings.sim_port)),
            *organisation.serve_arguments(),
            # Nobody works before the past has come about: its edits must be the same in each run.
            *("--activity", "0"),
            *("--redirect-uri", f"{_public_url(settings)}/api/crm/callback"),
        ),
        on_line=ready.hear,
        ready=ready.was_made,
        ready_timeout_s=_SEEDING_TIMEOUT_S,
        restart=_NEVER_AGAIN,
        advice="If its port is taken, set SIM_PORT to a free one.",
    )


def _product_child(
    settings: DemoSettings,
    simulator: Mapping[str, Any],
    ready: Announcement,
    hear: Callable[[str], None],
) -> ChildSpec:
    return ChildSpec(
        "pulse",
        (sys.executable, "-m", "pulse.cli.main", "up", "--json"),
        env={
            **_environment_of(settings),
            "HOST": settings.host,
            "PORT": str(settings.port),
            "PULSE_PUBLIC_URL": _public_url(settings),
            "ZOHO_REDIRECT_URI": "",
            "ZOHO_BASE_URL": f"{simulator['api_url']}/crm/v8",
            "ZOHO_ACCOUNTS_URL": simulator["accounts_url"],
            "ZOHO_CLIENT_ID": simulator["client_id"],
            "ZOHO_CLIENT_SECRET": simulator["client_secret"],
            "ZOHO_REFRESH_TOKEN": simulator["refresh_token"],
        },
        on_line=hear,
        ready=ready.was_made,
        ready_timeout_s=_SEEDING_TIMEOUT_S,
        stop_timeout_s=_STACK_STOP_TIMEOUT_S,
        restart=_NEVER_AGAIN,
    )


def _environment_of(settings: DemoSettings) -> dict[str, str]:
    """Return what leads a command to the stack of this home and to no other."""
    return {
        # Empty is unset: a demo never touches a database, a broker or a key of its owner's.
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "PULSE_SECRET_KEY": "",
        "PULSE_HOME": str(settings.pulse_home),
    }


def _public_url(settings: DemoSettings) -> str:
    """Return where people open the demo: the simulated CRM sends their browsers back there."""
    given = os.environ.get("PULSE_PUBLIC_URL", "").rstrip("/")
    host = "127.0.0.1" if settings.host == "0.0.0.0" else settings.host  # noqa: S104 - compared
    return given or f"http://{host}:{settings.port}"


def _write_result(
    paths: DemoPaths,
    simulator: Mapping[str, Any],
    product: Mapping[str, Any],
    people: Sequence[DemoUser],
    pids: Mapping[str, int],
) -> None:
    children = {
        key.removeprefix("pid_"): pid for key, pid in product.items() if key.startswith("pid_")
    }
    write_private(
        paths.result,
        {
            "api_url": product["api_url"],
            "simulator": dict(simulator),
            "database_url": product["database_url"],
            "broker_url": product["broker_url"],
            "users": [asdict(each) for each in people],
            "pids": {**pids, "pulse": product["pid"], **children},
        },
    )


def _summary(
    url: str, simulator: Mapping[str, Any], people: Sequence[DemoUser], session: Mapping[str, Any]
) -> Panel:
    log_ins = "".join(f"\n  {each.email:<20} {each.password}" for each in people)
    return Panel.fit(
        f"[bold]Pipeline Pulse is up[/], {session['records_processed']:,} records in the last sync."
        f"\n\nOpen it in a browser:\n  {url}"
        f"\nLog in as one of these:{log_ins}"
        f"\nThe API and its documentation, once logged in:\n  {url}/docs"
        f"\nThe simulated CRM, its control plane included:\n  {simulator['control_url']}/state"
        "\n\nCtrl-C stops everything; the data stays for the next run.",
        title="make demo",
    )
