"""What a command prints on stdout: tables for people, JSON for programs."""

import json
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from datetime import UTC, datetime
from typing import Any

import click

as_json = click.option("--json", "wants_json", is_flag=True, help="Print JSON.")


def print_json(content: Any) -> None:
    """Print JSON; times and paths become text."""
    click.echo(json.dumps(content, indent=2, default=str))


def moment(at: datetime) -> str:
    """Return a time as people read it, in UTC."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"


def plain(text: object) -> str:
    """Return a text on one line, with no sign in it that a terminal would obey."""
    joined = " ".join(str(text).split())
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in joined)


def print_table(header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """Print rows in aligned columns, without a frame, so that other programs can cut them."""
    cells = [[str(cell) for cell in row] for row in [header, *rows]]
    widths = [max(len(row[column]) for row in cells) for column in range(len(header))]
    for row in cells:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        click.echo(line.rstrip())


@contextmanager
def stdout_for_results() -> Iterator[None]:
    """
    Send to stderr whatever foreign code prints meanwhile, so that stdout holds results alone.

    Libraries written in C, and processes started meanwhile, write to the descriptor itself.
    """
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with redirect_stdout(sys.stderr):
            yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
