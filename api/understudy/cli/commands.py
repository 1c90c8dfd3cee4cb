"""Groups of commands that import a command only to run it."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

import click

# The commands of a group by name: where each is found, and one line about it.
Table = Mapping[str, tuple[str, str]]


class Commands(click.Group):
    """
    A group that knows its commands by name and imports one only to run it.

    A command is found in the module of `package` that the table names, as an attribute of its own
    name or, written `module:attribute`, of another.
    """

    def __init__(self, *args: Any, package: str, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._package = package
        self._table = table

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which a newcomer meets them."""
        return list(self._table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self._table:
            return None
        place, _, attribute = self._table[cmd_name][0].partition(":")
        module = import_module(f"{self._package}.{place}")
        return cast(click.Command, getattr(module, attribute or cmd_name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in self._table.items()])
