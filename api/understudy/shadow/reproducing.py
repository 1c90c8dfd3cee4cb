"""Scores again what was served, with the very content that answered it, in a child process."""

import logging
import random
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import Manifest
from understudy.artefacts.store import ArtefactStore
from understudy.comparison.reproduction import TOLERANCE, Checked, Reproduction, allot, check
from understudy.errors import (
    ArtefactError,
    ArtefactInvalid,
    LogUnavailable,
    UnderstudyError,
    listed,
)
from understudy.log.database import Engine, log_errors
from understudy.log.reproduction import Served, Span, Stratum, draw, find_strata
from understudy.settings import Settings
from understudy.shadow.answers import Answer, Scored
from understudy.shadow.handle import python_command
from understudy.shadow.scorer import Limits, Scorer
from understudy.shadow.worklist import Stopped

logger = logging.getLogger(__name__)

Advance = Callable[[int], None]

# What a model's numbers do not depend on.
_INDIFFERENT = {"python", "pyarrow", "matplotlib", "skops"}


@dataclass(frozen=True)
class Wish:
    """How many instances of which time are scored again; the seed decides which ones."""

    span: Span
    sample: int
    seed: int


def new_seed() -> int:
    """Return a seed that nobody can foresee."""
    return random.SystemRandom().randrange(2**31)


def reproduce(
    engine: Engine,
    settings: Settings,
    wish: Wish,
    stop: threading.Event | None = None,
    advance: Advance = lambda _: None,
) -> Reproduction:
    """
    Draw a sample of what was served, from every version that answered, and score it again.

    Models run in a child process each, as shadows do. A content that cannot be had is told with its
    reason. `stop` abandons the work by raising Stopped. Raises LogUnavailable.
    """
    with log_errors(), engine.connect() as connection:
        strata = find_strata(connection, settings.endpoint, wish.span)
        store = ArtefactStore(settings.artefacts_url)
        withheld = [_why_withheld(stratum, store) for stratum in strata]
        counts = [0 if why else one.count for one, why in zip(strata, withheld, strict=True)]
        portions = allot(counts, wish.sample)
        drawn = [
            draw(connection, settings.endpoint, wish.span, stratum, portion, wish.seed)
            for stratum, portion in zip(strata, portions, strict=True)
        ]
    again = _Again(settings, store, partial(_check, stop))
    checked = []
    for stratum, rows, why in zip(strata, drawn, withheld, strict=True):
        checked.append(replace(again.check(stratum, rows), redacted=why))
        advance(len(rows))
    return Reproduction(
        settings.endpoint,
        wish.span.since.isoformat(),
        wish.span.until.isoformat(),
        wish.seed,
        tuple(checked),
    )


def _why_withheld(stratum: Stratum, store: ArtefactStore) -> str | None:
    """Say which features of a version were redacted when this was recorded, None if none was."""
    if stratum.capture is None:
        return None
    try:
        manifest = store.manifest(stratum.name, stratum.version)
    except UnderstudyError:
        return None  # why it cannot be had is told by whoever scores
    features = [field.name for field in manifest.input_schema.features]
    fields = stratum.capture.policy.redacted(features)
    return f"{listed(fields)} by {stratum.capture.title}" if fields else None


def _check(stop: threading.Event | None) -> None:
    if stop is not None and stop.is_set():
        raise Stopped


class _Again:
    """Scores the rows of one stratum after the other."""

    def __init__(
        self, settings: Settings, store: ArtefactStore, interrupt: Callable[[], None]
    ) -> None:
        self._settings = settings
        self._store = store
        self._interrupt = interrupt

    def check(self, stratum: Stratum, rows: Sequence[Served]) -> Checked:
        """Return how the rows are answered now."""
        found = Checked(
            stratum.name, stratum.version, stratum.digest, None, stratum.count, len(rows)
        )
        if not rows:
            return found
        try:
            artefact = self._fetch(stratum)
            tolerance, why = tolerance_for(artefact.manifest)
            found = replace(found, engine=artefact.manifest.engine, tolerance=tolerance, why=why)
            answers = self._score(artefact, rows)
        except LogUnavailable:
            raise
        except (UnderstudyError, OSError) as error:
            return replace(found, missing=len(rows), problem=str(error))
        asked = [(row.request_id, row.instance_no, row.output) for row in rows]
        return check(found, asked, [_told(answer) for answer in answers])

    def _fetch(self, stratum: Stratum) -> Artefact:
        """Return the content that answered, wherever it still is; the digest proves it."""
        name, number, digest = stratum.name, stratum.version, stratum.digest
        if digest is None:
            raise ArtefactInvalid(
                f"{name}:{number} was deployed with more than one content, or not at all, and which"
                " one answered was not recorded."
            )
        caches = self._settings.reading_dir, self._settings.cache_dir
        for cache in caches:
            with suppress(ArtefactError, OSError):
                found = open_artefact(cache.absolute() / f"{name}-{number}-{digest[:12]}")
                if found.digest == digest:
                    return found
        found = self._store.pull(name, number, self._settings.reading_dir.absolute())
        if found.digest != digest:
            raise ArtefactInvalid(
                f"The store holds {name}:{number} with the digest {found.digest[:12]}…, but"
                f" {digest[:12]}… answered, and it is in no cache of this machine."
            )
        return found

    def _score(self, artefact: Artefact, rows: Sequence[Served]) -> list[Answer]:
        settings, manifest = self._settings, artefact.manifest
        limits = Limits(
            settings.shadow_batch, settings.shadow_timeout_s, settings.shadow_memory_bytes
        )
        command = python_command(Path(artefact.folder), settings.trusted_keys)
        scorer = Scorer(command, manifest.output.classes, limits)
        try:
            scorer.start(self._interrupt)
            answers = scorer.score([row.instance for row in rows], self._interrupt)
            if manifest.engine == "compiled":
                return answers
            return self._score_alone(scorer, rows, answers)
        finally:
            scorer.stop()

    def _score_alone(
        self, scorer: Scorer, rows: Sequence[Served], answers: Sequence[Answer]
    ) -> list[Answer]:
        """Ask once more, each alone, where a sum's last bit may hang on its batch."""
        return [
            answer
            if _told(answer)[0] == row.output
            else scorer.score([row.instance], self._interrupt)[0]
            for row, answer in zip(rows, answers, strict=True)
        ]


def tolerance_for(manifest: Manifest) -> tuple[float, str]:
    """
    Return how far an answer may be from the one that was served, and why that is.

    None at all for a compiled model under the NumPy of its packaging: its answers hang neither on
    the batch nor on anything else. Other engines sum in an order that follows the batch, which is
    not recorded.
    """
    changed = _changed(manifest)
    if changed:
        return TOLERANCE, f"other libraries than at packaging: {', '.join(changed)}"
    if manifest.engine == "compiled":
        return 0.0, "the same engine and libraries: equal to the last bit"
    return TOLERANCE, f"the last bits of the engine {manifest.engine} follow its batches"


def _changed(manifest: Manifest) -> list[str]:
    names = {"numpy"} if manifest.engine == "compiled" else set(manifest.libraries) - _INDIFFERENT
    found = []
    for name in sorted(names & manifest.libraries.keys()):
        here = _installed(name)
        if here != manifest.libraries[name]:
            found.append(f"{name} {manifest.libraries[name]} then, {here or 'none'} here")
    return found


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _told(answer: Answer) -> tuple[object, str | None]:
    return (answer.output, None) if isinstance(answer, Scored) else (None, answer.reason)
