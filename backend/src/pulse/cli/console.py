"""What a command says: lines for people, or one JSON object a line for programs."""

import json
import sys
from typing import TextIO

from rich.console import Console

from pulse.cli.stack.children import Emit, StackEvent
from pulse.kit.clock import Clock
from pulse.kit.errors import PulseError

_TITLES = {
    "postgresql": "PostgreSQL 18",
    "valkey": "Valkey",
    "worker": "Worker",
    "beat": "Beat",
    "api": "API",
}


def json_events(stream: TextIO, clock: Clock) -> Emit:
    """Return an emitter that writes each event as one line: event, at, component, facts.

    The facts of `stack.ready` hold the addresses of database and broker with their passwords.
    """

    def emit(event: StackEvent) -> None:
        line: dict[str, object] = {"event": event.name, "at": clock.now().isoformat()}
        if event.component:
            line["component"] = event.component
        stream.write(json.dumps(line | dict(event.facts)) + "\n")
        stream.flush()

    return emit


def readable_events(console: Console) -> Emit:
    """Return an emitter with one line a component; no passwords."""

    def emit(event: StackEvent) -> None:
        title = _TITLES.get(event.component, event.component)
        match event.name:
            case "component.ready":
                console.print(f"[green]✓[/] {title:<14} ready in {event.facts['seconds']:.1f} s")
            case "component.exited":
                console.print(f"[yellow]![/] {title:<14} {event.facts['status']}; starting again")
            case "component.stopped":
                killed = " (killed: it did not stop in time)" if "killed" in event.facts else ""
                console.print(f"[dim]-[/] {title:<14} stopped{killed}")
            case "database.migrated":
                console.print(f"[green]✓[/] {'Schema':<14} up to date")
            case "stack.ready":
                url = event.facts["api_url"]
                console.print(f"Pipeline Pulse is up: {url}  (API: {url}/docs). Ctrl-C stops it.")
            case "stack.stopping":
                console.print("Stopping …")
            case _:
                pass

    return emit


def report_error(error: PulseError, *, as_json: bool) -> None:
    """Say what is wrong and what to do: on standard error, or as a last JSON event."""
    if as_json:
        sys.stdout.write(json.dumps({"event": "command.failed", **error.problem()}) + "\n")
        sys.stdout.flush()
        return
    console = Console(stderr=True, highlight=False)
    console.print("[bold red]Error:[/]", end=" ")
    console.print(error.detail, markup=False, soft_wrap=True)
    if error.fix:
        console.print("[bold]What to do:[/]", end=" ")
        console.print(error.fix, markup=False, soft_wrap=True)


def standard_console() -> Console:
    """Return the console of standard output."""
    return Console(file=sys.stdout, highlight=False)
