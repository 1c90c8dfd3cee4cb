"""`understudy keys`: who may call the api."""

import click

from understudy.cli.commands import Commands

_COMMANDS = {
    "create": ("making", "Make a key and show it, once."),
    "list": ("showing:list_keys", "List the keys of the endpoint."),
    "rotate": ("making", "Make a key in the place of another."),
    "revoke": ("showing", "End a key."),
}


@click.group(cls=Commands, package=__name__, table=_COMMANDS)
def keys() -> None:
    """
    Make, list, replace and revoke API keys.

    From the first key on the api asks for one. Only a digest is kept, so that a key which is lost
    can be replaced and not be shown again. Every change is in `understudy audit`.
    """
