"""Sends the rows of a file and keeps account of every one of them."""

import contextlib
import json
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TextIO

import click
import httpx

from understudy.cli.api import connection_options, read_field_types
from understudy.cli.progress import progress
from understudy.cli.rows import Shaper, count_rows, read_rows
from understudy.cli.sending import Answer, Plan, send_all
from understudy.cli.tally import Tally
from understudy.settings import read_settings


@dataclass(frozen=True)
class Sender:
    """Where to send rows, how, and where to write what became of each."""

    url: str
    plan: Plan
    missing: Collection[str]
    drop: Collection[str]
    ids_file: Path | None

    def send(self, file: Path, limit: int | None) -> Tally:
        """Send the rows of a file, or the first `limit`, and return what became of them."""
        options = connection_options(self.url, read_settings().api_key)
        with httpx.Client(**options) as client:
            types = read_field_types(client, self.plan.patience_s)
        shaper = Shaper(types, self.missing, self.drop)
        limits = httpx.Limits(max_connections=self.plan.concurrency)
        tally = Tally()
        with contextlib.ExitStack() as stack:
            ids = stack.enter_context(self.ids_file.open("w")) if self.ids_file else None
            total = count_rows(file) if limit is None else min(limit, count_rows(file))
            advance = stack.enter_context(progress("rows", total))

            def take(answer: Answer) -> None:
                tally.take(answer)
                advance(answer.rows)
                _write_down(answer, ids)

            rows = islice(map(shaper.shape, read_rows(file)), limit)
            tally.start = time.monotonic()
            send_all(httpx.AsyncClient(**options, limits=limits), rows, self.plan, take)
        tally.stop()
        _say_dropped(shaper)
        return tally


def _write_down(answer: Answer, ids: TextIO | None) -> None:
    if ids is not None:
        ids.writelines(f"{line}\n" for line in _lines(answer))


def _lines(answer: Answer) -> Iterator[str]:
    for number in range(answer.rows):
        content: dict[str, Any] = {
            "row": answer.first_row + number,
            "request_id": answer.request_id,
            "instance": number,
            "status": answer.status,
        }
        yield json.dumps(content | ({} if answer.is_good else {"error": answer.error}))


def _say_dropped(shaper: Shaper) -> None:
    if shaper.unknown:
        names = ", ".join(sorted(shaper.unknown))
        click.echo(f"Not sent, as the contract does not know them: {names}.", err=True)
