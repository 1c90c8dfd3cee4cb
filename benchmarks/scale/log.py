"""Pairs in a Postgres of the benchmark's own: folding from nothing, and verdicts from the sums."""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine

from benchmarks.scale.models import HELD_OUT, LIVE, NAME, SHADOW, TRAINING, package_pair
from benchmarks.scale.rows import fill, make_parts, training_rows
from benchmarks.scale.step import SHADOW_MODEL
from benchmarks.scale.usage import Run, run
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.cli.progress import progress
from understudy.log.database import connect
from understudy.log.deployments import Change, append
from understudy.log.embedded import EmbeddedPostgres
from understudy.log.migrate import migrate
from understudy.log.premises import discard
from understudy.settings import Settings

# Only while rows are made: nobody mourns them after a crash.
_FILLING = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_wal_size": "4GB",
    "work_mem": "256MB",
}
STEPS: Mapping[str, tuple[str, ...]] = {
    "folding all of it from the raw rows": ("benchmarks.scale.step", "fold"),
    "a round of the watcher afterwards": ("benchmarks.scale.step", "round"),
    "`understudy compare`": ("understudy", "compare", "--shadow", SHADOW_MODEL),
    "the board of the dashboard": ("benchmarks.scale.step", "board"),
}


def measure(pairs: int, folder: Path, fold_minutes: float) -> list[Run]:
    """
    Make a log of so many pairs in the folder, unless it is there, and take every step over it.

    What was made stays in the folder; `throw_away` removes it. Folding ends after so many minutes,
    and the rest is measured on what is folded then.
    """
    settings = _settings(folder, None)
    made = folder / "made"
    if not made.exists():
        with EmbeddedPostgres(settings.data_dir, _FILLING) as postgres:
            _make(pairs, _settings(folder, postgres.url))
        made.touch()
    with EmbeddedPostgres(settings.data_dir) as postgres:
        given = _settings(folder, postgres.url)
        runs = []
        for what in STEPS:
            runs.append(_step(what, _command(what, pairs, fold_minutes), given, postgres.pid))
            _forget_unfolded(str(given.database_url))
        return runs


def _forget_unfolded(url: str) -> None:
    """Take away what folding had no time for, or every later step would fold it in first."""
    engine = connect(url, pool_size=1)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "DELETE FROM shipment s WHERE NOT EXISTS (SELECT 1 FROM work w"
            " WHERE w.shipment_id = s.id AND w.comparison_id IS NOT NULL)"
        )
        connection.exec_driver_sql("DELETE FROM work WHERE comparison_id IS NULL")
    engine.dispose()


def throw_away(folder: Path) -> None:
    """Remove the database, which may lie elsewhere than in the folder."""
    if (folder / "data").exists():
        discard(folder / "data")


def _settings(folder: Path, url: str | None) -> Settings:
    data = folder / "data"
    return Settings(
        endpoint="scale", data_dir=data, database_url=url, artefact_store=str(folder / "store")
    )


def _make(pairs: int, settings: Settings) -> None:
    migrate(str(settings.database_url))
    engine = connect(str(settings.database_url), pool_size=1)
    try:
        make_parts(engine)
        rows = training_rows(engine, TRAINING + HELD_OUT)
        artefacts = package_pair(rows, settings.data_dir.parent / "packages")
        start = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        _deploy(engine, settings, artefacts, start)
        about = {"endpoint": settings.endpoint, "name": NAME, "live": LIVE, "shadow": SHADOW}
        with progress("making rows", 2 * pairs) as advance:
            fill(engine, pairs, about, start, advance)
    finally:
        engine.dispose()


def _deploy(
    engine: Engine, settings: Settings, artefacts: tuple[Artefact, Artefact], start: datetime
) -> None:
    """Give both their roles, as if that had been at the start of the day."""
    store = ArtefactStore(settings.artefacts_url)
    for action, artefact in zip(("live", "shadow"), artefacts, strict=True):
        store.push(artefact)
        manifest = artefact.manifest
        change = Change(
            action,  # type: ignore[arg-type] # both are actions
            "scale",
            manifest.name,
            manifest.version,
            manifest.digest,
        )
        with engine.begin() as connection:
            append(connection, settings.endpoint, change)
    at = {"at": start - timedelta(seconds=1)}
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE deployment SET at = %(at)s", at)


def _command(what: str, pairs: int, fold_minutes: float) -> tuple[str, ...]:
    more = (str(pairs), str(fold_minutes)) if STEPS[what][-1] == "fold" else ()
    return (*STEPS[what], *more)


def _step(what: str, command: tuple[str, ...], settings: Settings, postgres: int | None) -> Run:
    with _environment(settings):
        found, lines = run(what, command, Path.cwd(), postgres)
    said = found.said
    for line in lines:
        if line.startswith("{"):
            said = json.loads(line)["said"]
        elif line.startswith("Verdict"):
            said = line.removeprefix("Verdict: ")
    sys.stderr.write(f"{what}: {found.wall_s:.1f} s, {found.peak_mb:,.0f} MB, {said}\n")
    return Run(**{**vars(found), "said": said})


@contextmanager
def _environment(settings: Settings) -> Iterator[None]:
    """Let child processes have these settings."""
    before = dict(os.environ)
    os.environ.update(settings.environment())
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
