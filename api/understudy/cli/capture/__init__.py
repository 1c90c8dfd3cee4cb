"""`understudy capture`: what is recorded of the instances that clients send."""

import click

from understudy.cli.commands import Commands

_COMMANDS = {
    "set": ("setting:set_policy", "Put a capture policy in force."),
    "show": ("showing", "Show the policy in force, field by field."),
    "key": ("keying", "Make the key of the hashes."),
}


@click.group(cls=Commands, package=__name__, table=_COMMANDS)
def capture() -> None:
    """
    Say which fields are recorded as they are sent, and which never leave the api.

    Predictions are made with the instances as they are sent. What is written down afterwards, in
    spool and prediction log, is what the policy leaves of them.
    """
