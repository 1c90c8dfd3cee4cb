"""What a command prints on stdout: tables for people, JSON for programs."""

import json
from collections.abc import Sequence
from typing import Any

import click

as_json = click.option("--json", "wants_json", is_flag=True, help="Print JSON.")


def print_json(content: Any) -> None:
    """Print JSON; times and paths become text."""
    click.echo(json.dumps(content, indent=2, default=str))


def print_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in aligned columns, without a frame, so that other programs can cut them."""
    cells = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())
