"""
The board of one shadow: everything the dashboard shows of it, as of one moment.

All knowledge of where the figures come from is here; the dashboard sees a `Board` and no more.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from understudy.artefacts.store import ArtefactStore
from understudy.comparison.columns import Kind
from understudy.comparison.compare import Comparison
from understudy.comparison.drift import DriftReport
from understudy.comparison.evidence import Evidence
from understudy.comparison.finding import Finding
from understudy.comparison.paths import Path
from understudy.comparison.series import Series, label_table, read_series
from understudy.comparison.shapes import Shape, shape_of
from understudy.comparison.sizes import material_size
from understudy.comparison.standing import Standing, standings
from understudy.comparison.traffic import as_frame
from understudy.log.comparisons import KeptComparison, list_comparisons
from understudy.log.database import Engine, log_errors
from understudy.log.latest import LatestPair, latest_pairs
from understudy.log.roles import Role, ShadowRole
from understudy.review.gathering import gather
from understudy.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

Trend = tuple[tuple[int, float], ...]

MOST_MOVED = 12
BINS = 41
TAIL = 0.005


@dataclass(frozen=True)
class Histogram:
    """
    How often each difference came, shadow − live, in bins of one width around zero.

    `below` and `above` of `counts`, at its two ends, lie beyond the outermost edges.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    below: int
    above: int
    mean: float


@dataclass(frozen=True)
class Labels:
    """How often live gave the one label (rows) and the shadow the other (columns)."""

    names: tuple[str, ...]
    counts: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Moved:
    """
    A drift finding with its effect in multiples of its material size, now and at each look.

    `trend` has a pair of units and effect per look. `shape` is None where there is nothing to draw.
    """

    standing: Standing
    trend: Trend
    shape: Shape | None


@dataclass(frozen=True, eq=False)
class Board:
    """
    A comparison with all that is drawn and listed beside it.

    `developments` are its confidence sequences over time, the deciding one first. `differences` is
    None without numbers, `labels` without labels. `earlier` are the comparisons of this shadow that
    are over, the newest first.
    """

    comparison: Comparison
    live: Role
    shadow: ShadowRole
    developments: tuple[Path, ...]
    differences: Histogram | None
    labels: Labels | None
    moved: tuple[Moved, ...]
    latest: tuple[LatestPair, ...]
    earlier: tuple[KeptComparison, ...]
    made_at: datetime


def read_board(engine: Engine, settings: Settings, store: ArtefactStore, shadow: str) -> Board:
    """
    Compare a shadow, `NAME:VERSION`, with the live model and add what is shown beside it.

    Raises RecordUnknown, LogUnavailable, ArtefactError or ComparisonError.
    """
    made_at = datetime.now(UTC)
    found = gather(engine, settings, store, shadow)
    with log_errors(), engine.connect() as connection:
        latest = latest_pairs(
            connection, settings.endpoint, found.episode.live.key, found.episode.shadow.key
        )
        kept = list_comparisons(connection, settings.endpoint)
    roles = found.episode.live, found.episode.shadow
    board = make_board((found.comparison, found.paths), found.evidence, roles, latest, made_at)
    return replace(board, earlier=_earlier(kept, found.episode.shadow))


def _earlier(kept: Sequence[KeptComparison], shadow: ShadowRole) -> tuple[KeptComparison, ...]:
    return tuple(one for one in kept if one.shadow == shadow.key and one.ended_at is not None)


def make_board(
    judged: tuple[Comparison, tuple[Path, ...]],
    evidence: Evidence,
    roles: tuple[Role, ShadowRole],
    latest: tuple[LatestPair, ...],
    made_at: datetime,
) -> Board:
    """
    Return the board of a comparison and the paths to it.

    `evidence` is drawn and decides nothing; the roles are live's and the shadow's.
    """
    found, known = judged
    series = read_series(evidence)
    return Board(
        comparison=found,
        live=roles[0],
        shadow=roles[1],
        developments=_developments(known, found),
        differences=_differences(series, found),
        labels=_labels(series),
        moved=_moved(evidence, found),
        latest=latest,
        earlier=(),
        made_at=made_at,
    )


def _developments(known: tuple[Path, ...], found: Comparison) -> tuple[Path, ...]:
    """Put the one that decides first."""
    deciding = {guard.name for guard in found.guards}
    first = "loss" if deciding & {"not_worse", "better"} else "difference"
    return tuple(sorted(known, key=lambda path: path.name != first))


def _differences(series: Series, found: Comparison) -> Histogram | None:
    if series.difference is None or not len(series.difference):
        return None
    return histogram(series.difference, found.policy.tolerance)


def histogram(values: NDArray[np.float64], tolerance: float | None = None) -> Histogram:
    """Count differences in bins around zero that span nearly all of them and the tolerance."""
    ends = np.abs(np.quantile(values, (TAIL, 1 - TAIL)))
    reach = max(float(ends.max()), 1.2 * (tolerance or 0.0)) or 1.0
    edges = np.linspace(-reach, reach, BINS + 1)
    counts = np.histogram(np.clip(values, -reach, reach), edges)[0]
    return Histogram(
        edges=tuple(float(edge) for edge in edges),
        counts=tuple(int(count) for count in counts),
        below=int((values < -reach).sum()),
        above=int((values > reach).sum()),
        mean=float(values.mean()),
    )


def _labels(series: Series) -> Labels | None:
    table = label_table(series)
    if table is None:
        return None
    names, counts = table
    return Labels(names, tuple(tuple(int(count) for count in row) for row in counts))


def _moved(evidence: Evidence, found: Comparison) -> tuple[Moved, ...]:
    report, traffic, reference = found.input_drift, evidence.inputs, evidence.reference
    if report is None or traffic is None or reference is None:
        return ()
    largest = standings(report, MOST_MOVED)
    columns = list(dict.fromkeys(standing.finding.column for standing in largest))
    before = as_frame(reference)[columns]
    live = traffic.frame()[columns]
    shapes = {name: _shape(before, live, name, report.kinds[name]) for name in columns}
    return tuple(
        Moved(
            standing=standing,
            trend=_trend(report, standing.finding),
            shape=shapes[standing.finding.column],
        )
        for standing in largest
    )


def _shape(before: "pd.DataFrame", live: "pd.DataFrame", column: str, kind: str) -> Shape | None:
    if kind not in ("numeric", "categorical"):
        return None
    return shape_of(before[column], live[column], cast(Kind, kind))


def _trend(report: DriftReport, finding: Finding) -> Trend:
    """Give the effects at each look, in multiples of the size from which they matter."""
    name = f"{finding.column}: {finding.finding}"
    size = material_size(finding)
    return tuple(
        (glimpse.units, abs(effect) / size)
        for glimpse in report.history
        if (effect := glimpse.effects.get(name)) is not None
    )
