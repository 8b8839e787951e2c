"""Who runs a command: the account of this machine, which may do anything."""

import getpass

from pulse.web.access import Principal


def operator() -> Principal:
    """Return whom the audit log names for what a command writes."""
    try:
        return Principal.of_command(getpass.getuser())
    except (OSError, KeyError):
        # A container may run as a number that no account has.
        return Principal.of_command("unknown")
