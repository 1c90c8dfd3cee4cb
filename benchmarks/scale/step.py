"""One step over a prediction log, in a process of its own so that its memory can be told."""

import json
import sys
import time
from collections.abc import Callable
from contextlib import suppress

from sqlalchemy import Engine

from benchmarks.scale.models import NAME, SHADOW
from understudy.artefacts.store import ArtefactStore
from understudy.cli.progress import progress
from understudy.log.comparisons import read_comparison
from understudy.log.database import connect
from understudy.log.deployments import history
from understudy.log.folded_work import count_pairs
from understudy.review import folding
from understudy.review.board import read_board
from understudy.review.shadow import review_shadow
from understudy.review.sides import find_sides
from understudy.settings import Settings, read_settings

SHADOW_MODEL = f"{NAME}:{SHADOW}"


def main() -> int:
    """Take the step that is named, with the settings of the environment; prints one JSON object."""
    settings = read_settings()
    engine = connect(str(settings.database_url), pool_size=2)
    found = _STEPS[sys.argv[1]](engine, settings)
    print(json.dumps(found))  # noqa: T201 - the answer of this process
    engine.dispose()
    return 0


class _EnoughFolded(Exception):
    """The time for folding is over; what is folded stays."""


def _fold(engine: Engine, settings: Settings) -> dict[str, object]:
    """Fold everything in, as a watcher does that starts late; says how fast."""
    store = ArtefactStore(settings.artefacts_url)
    with engine.connect() as connection:
        sides = find_sides(history(connection, settings.endpoint), settings, store, SHADOW_MODEL)
    comparison_id = folding.begin(engine, sides)
    pairs, most_s = int(sys.argv[2]), 60 * float(sys.argv[3])
    began = time.monotonic()
    with progress("folding", pairs) as advance, suppress(_EnoughFolded):

        def go_on(rows: int) -> None:
            advance(rows)
            if time.monotonic() - began > most_s:
                raise _EnoughFolded

        folding.fold_closed_work(engine, sides, comparison_id, go_on)
    seconds = time.monotonic() - began
    with engine.connect() as connection:
        rows = count_pairs(connection, read_comparison(connection, comparison_id))
    return {"said": f"{rows:,} of {pairs:,} scored, {rows / seconds:,.0f}/s"}


def _round(engine: Engine, settings: Settings) -> dict[str, object]:
    """Judge as the watcher does."""
    store = ArtefactStore(settings.artefacts_url)
    found = review_shadow(engine, settings, store, SHADOW_MODEL, shows=False)
    return {"said": found.verdict}


def _board(engine: Engine, settings: Settings) -> dict[str, object]:
    """Make the board of the dashboard."""
    store = ArtefactStore(settings.artefacts_url)
    return {"said": read_board(engine, settings, store, SHADOW_MODEL).comparison.verdict}


_STEPS: dict[str, Callable[[Engine, Settings], dict[str, object]]] = {
    "fold": _fold,
    "round": _round,
    "board": _board,
}


if __name__ == "__main__":
    sys.exit(main())
