"""The demo's people: one log-in a role, the same in each run on one home.

They are added by the product's own command, `pulse user add`, and their passwords are kept beside
the demo's other state, readable by its owner alone.
"""

import asyncio
import json
import os
import secrets
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from http import HTTPStatus

import aiohttp

from demo.options import DemoPaths
from pulse.cli.stack.address import write_private
from pulse.core.access import Role
from pulse.kit.errors import PulseError, UpstreamError

_NAMES = {Role.ADMIN: "Ada Admin", Role.EDITOR: "Edda Editor", Role.VIEWER: "Vera Viewer"}
_PASSWORD_BYTES = 12


class DemoUserError(PulseError):
    """`pulse user add` failed; its own words are passed on."""

    code = "demo_user_failed"


@dataclass(frozen=True, slots=True)
class DemoUser:
    """A log-in of the demo."""

    email: str
    password: str
    role: str


async def people_of(paths: DemoPaths, environment: Mapping[str, str]) -> Sequence[DemoUser]:
    """Return the demo's log-ins; the first run on a home adds them.

    `environment` leads the command to the demo's own stack. Raises DemoUserError.
    """
    if paths.users.exists():
        kept = json.loads(paths.users.read_text(encoding="utf-8"))["users"]
        people = [DemoUser(**each) for each in kept]
    else:
        people = [
            DemoUser(f"{role}@demo.test", secrets.token_urlsafe(_PASSWORD_BYTES), role)
            for role in _NAMES
        ]
        # Kept before they are added: a run that is broken off here adds the rest next time.
        write_private(paths.users, {"users": [asdict(each) for each in people]})
    known = json.loads(await _pulse_user(environment, "list", "--json"))
    emails = {each["email"] for each in known}
    for each in people:
        if each.email not in emails:
            name = _NAMES[Role(each.role)]
            options = ("--name", name, "--role", each.role, "--password-stdin")
            await _pulse_user(environment, "add", each.email, *options, typed=each.password)
    return people


async def log_in(client: aiohttp.ClientSession, api_url: str, user: DemoUser) -> None:
    """Open a session as a browser does; the client keeps its cookie.

    Raises UpstreamError if the password is no longer the demo's.
    """
    async with client.post(
        f"{api_url}/api/auth/login", json={"email": user.email, "password": user.password}
    ) as answer:
        if answer.status != HTTPStatus.OK:
            said = await answer.json()
            raise UpstreamError(
                f"{user.email} cannot log in: {said['detail']}",
                fix="If the password was changed, set PULSE_HOME to another folder, or run "
                f"`pulse user reset-password {user.email} --password-stdin` with the one that "
                "the demo keeps in demo-users.json.",
            )


async def _pulse_user(environment: Mapping[str, str], *words: str, typed: str = "") -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pulse.cli.main", "user", *words),
        env={**os.environ, **environment},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    output, complaint = await process.communicate(f"{typed}\n".encode())
    if process.returncode != 0:
        raise DemoUserError(complaint.decode().strip())
    return output.decode()
