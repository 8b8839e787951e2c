"""Other programs that read the same CRM, each in an environment of its own below `bench/.peers`."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from psycopg.conninfo import conninfo_to_dict

if TYPE_CHECKING:
    from collections.abc import Sequence

    from measure.servers import Crm, Json, Servers

_BENCH: Final = Path(__file__).parent.parent
_UV: Final = _BENCH.parent / ".tools" / "bin" / "uv"
# Measured: as fast as `csv`, which goes by COPY, and its default.
_DLT_FORMAT: Final = "insert_values"


@dataclass(frozen=True, slots=True)
class PeerRun:
    """What a peer took, by its own clock, without its start."""

    seconds: float
    records: int
    configuration: Json = None

    @property
    def rate(self) -> float:
        """Records a second."""
        return self.records / self.seconds


def environment_of(peer: str) -> Path:
    """Make the peer's environment if it is not there, and return its interpreter."""
    folder = _BENCH / ".peers" / peer
    python = folder / "bin" / "python"
    wanted = _BENCH / "peers" / peer / "requirements.txt"
    stamp = folder / "installed.txt"
    if not stamp.exists() or stamp.read_text() != wanted.read_text():
        _uv("venv", "--quiet", "--clear", str(folder))
        _uv("pip", "install", "--quiet", "--python", str(python), "-r", str(wanted))
        stamp.write_text(wanted.read_text())
    return python


def _uv(*arguments: str) -> None:
    subprocess.run([str(_UV), *arguments], check=True)  # noqa: S603 - our own tool, no shell


def run_dlt(servers: Servers, crm: Crm, fields: Sequence[str]) -> PeerRun:
    """Load all deals with dlt's rest_api source into a fresh database of the same server."""
    with servers.database(is_migrated=False) as url:
        where = conninfo_to_dict(url)
        told = _run(
            "dlt",
            "load.py",
            crm.url,
            crm.access_token(),
            str(where["dbname"]),
            str(where["host"]),
            ",".join(fields),
            _DLT_FORMAT,
        )
    return PeerRun(told["seconds"], told["records"], told["configuration"])


def run_sdk(crm: Crm, fields: Sequence[str]) -> PeerRun:
    """Read all deals with the vendor's SDK and throw them away."""
    with tempfile.NamedTemporaryFile("w", suffix=".json") as connection:
        json.dump(crm.told, connection)
        connection.flush()
        told = _run("sdk", "read.py", connection.name, ",".join(fields))
    return PeerRun(told["seconds"], told["records"])


def _run(peer: str, script: str, *arguments: str) -> Json:
    with tempfile.TemporaryDirectory(prefix="pulse-bench-") as folder:
        done = subprocess.run(  # noqa: S603 - our own script
            [str(environment_of(peer)), str(_BENCH / "peers" / peer / script), *arguments],
            cwd=folder,
            env=os.environ | {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        raise RuntimeError(f"{peer} failed: {done.stderr[-2000:]}")
    return json.loads(done.stdout.splitlines()[-1])
