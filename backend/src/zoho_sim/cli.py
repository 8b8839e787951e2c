"""``zoho-sim serve``: run the simulator until a signal, after one line that says how to connect."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from typing import TYPE_CHECKING

import orjson

from zoho_sim.behaviour.limits import Edition
from zoho_sim.config import Config, Naming
from zoho_sim.server import SimulatorServer

if TYPE_CHECKING:
    from collections.abc import Sequence

_DEFAULTS = Config()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    options = _parser().parse_args(arguments)
    config = Config(
        deals=options.deals,
        seed=options.seed,
        users=options.users,
        edition=Edition(options.edition),
        naming=Naming(options.naming),
        activity=options.activity,
        latency_ms=options.latency_ms,
        jitter_ms=options.jitter_ms,
        seeded_at=options.seeded_at,
        redirect_uris=tuple(options.redirect_uri),
    )
    try:
        asyncio.run(_serve(config, options.host, options.port))
    except OSError as error:
        sys.stderr.write(
            f"zoho-sim: cannot listen on {options.host}:{options.port}: {error.strerror};"
            " choose another --port, or 0 for a free one\n"
        )
        return 1
    return 0


async def _serve(config: Config, host: str, port: int) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with SimulatorServer(config, host=host, port=port) as server:
        sys.stdout.buffer.write(orjson.dumps(server.connection, option=orjson.OPT_APPEND_NEWLINE))
        sys.stdout.buffer.flush()
        await stop.wait()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="zoho-sim",
        description="A simulator of the Zoho CRM v8 REST API with an organisation in memory.",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    serve = commands.add_parser(
        "serve",
        help="seed an organisation and answer HTTP until Ctrl-C",
        description="Seed an organisation and answer HTTP. One JSON line on standard output says"
        " when it is ready and how to connect.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    add = serve.add_argument
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=_port, default=8090, help="port to listen on; 0 picks a free one")
    add("--deals", type=_count, default=_DEFAULTS.deals, help="live deals to seed")
    add("--seed", type=_count, default=_DEFAULTS.seed, help="same seed, same organisation")
    add("--seeded-at", type=_count, metavar="EPOCH_S",
        help="moment at which the seeded story ends; the present if unset")  # fmt: skip
    add("--users", type=_some, default=_DEFAULTS.users, help="users, which are also licences")
    add("--edition", choices=list(Edition), default=_DEFAULTS.edition.value,
        help="decides credits and simultaneous calls")  # fmt: skip
    add("--naming", choices=list(Naming), default=_DEFAULTS.naming.value,
        help="API names of deal name, amount and owner")  # fmt: skip
    add("--activity", type=_rate, default=6.0, help="edits a minute by a simulated sales team")
    add("--latency-ms", type=_rate, default=0.0, help="time that each API call takes")
    add("--jitter-ms", type=_rate, default=0.0, help="random time on top, at most")
    add("--redirect-uri", action="append", default=[], metavar="URL",
        help="where the client may be answered, to the letter; repeat it for several;"
        " without any, everywhere on this machine")  # fmt: skip
    return parser


def _port(text: str) -> int:
    value = _count(text)
    if value > 65_535:  # noqa: PLR2004 - the highest port there is
        raise argparse.ArgumentTypeError("must be 0 to 65535")
    return value


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError("must be a whole number, 0 or more")
    return int(text)


def _some(text: str) -> int:
    value = _count(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be at least 1")
    return value


def _rate(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError("must be a number, 0 or more")
    return value


if __name__ == "__main__":
    raise SystemExit(main())
