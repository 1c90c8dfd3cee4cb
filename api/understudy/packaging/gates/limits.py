"""What `gates.yaml` sets: one section per gate, each with its defaults."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import yaml

from understudy.artefacts.parsing import parse
from understudy.errors import ArtefactInvalid, GatesInvalid

# Below this a slice says too little.
LEAST_SLICE_ROWS = 30
# Discrepancies beyond this number belong into a notebook, not into a manifest.
MOST_LISTED = 1000

Metric = Literal["mae", "rmse", "r2", "accuracy", "log_loss", "brier"]


@dataclass(frozen=True)
class QualityLimits:
    """`metric` on held-out rows must reach `limit`: at most for an error, at least for a share."""

    metric: Metric | None = None
    limit: float | None = None

    def __post_init__(self) -> None:
        both = (self.metric is None) == (self.limit is None)
        there, lacking = ("metric", "limit") if self.metric else ("limit", "metric")
        found = f"a {there} without a {lacking}"
        _require(both, "quality", found, "a metric with a limit, or neither")
        finite = self.limit is None or math.isfinite(self.limit)
        _require(finite, "quality.limit", self.limit, "a finite number")


@dataclass(frozen=True)
class LiveLimits:
    """How much worse than live is still as good: a share of the live version's mean loss."""

    margin: float = 0.02

    def __post_init__(self) -> None:
        _require_size("live.margin", self.margin)


@dataclass(frozen=True)
class SimplerLimits:
    """The simpler model is linear, on so many of the strongest `columns`; `margin` as for live."""

    columns: int = 5
    margin: float = 0.02

    def __post_init__(self) -> None:
        _require(self.columns >= 1, "simpler.columns", self.columns, "at least 1")
        _require_size("simpler.margin", self.margin)


@dataclass(frozen=True)
class SliceLimits:
    """
    Slices are the levels of `columns` (None: every text and boolean field with few levels).

    A slice of at least `least_rows` is refused when its mean loss is shown to be more than `ratio`
    times that of the other rows, or to exceed the live version's there by more than `margin` of it.
    """

    columns: tuple[str, ...] | None = None
    least_rows: int = LEAST_SLICE_ROWS
    ratio: float = 3.0
    margin: float = 0.1

    def __post_init__(self) -> None:
        enough = self.least_rows >= LEAST_SLICE_ROWS
        wanted = f"at least {LEAST_SLICE_ROWS}, below which nothing can be shown"
        _require(enough, "slices.least_rows", self.least_rows, wanted)
        _require_size("slices.ratio", self.ratio, least=1.0)
        _require_size("slices.margin", self.margin)


@dataclass(frozen=True)
class DeviationLimits:
    """
    A prediction deviates when it is off the previous one by more than `relative` of it.

    For a classification: when the label changes. More than a `share` of such rows is refused
    (None: never); the largest `listed` are shown.
    """

    relative: float = 0.1
    share: float | None = None
    listed: int = 10

    def __post_init__(self) -> None:
        _require_size("deviation.relative", self.relative)
        _require_share("deviation.share", self.share)
        listable = 0 <= self.listed <= MOST_LISTED
        _require(listable, "deviation.listed", self.listed, f"between 0 and {MOST_LISTED}")


@dataclass(frozen=True)
class LeakageLimits:
    """The share of test rows that may stand in the training data, features and target alike."""

    share: float = 0.01

    def __post_init__(self) -> None:
        _require_share("leakage.share", self.share)


@dataclass(frozen=True)
class StalenessLimits:
    """The age in days of the youngest training row beyond which is warned, or refused."""

    warn_days: int | None = 365
    refuse_days: int | None = None

    def __post_init__(self) -> None:
        for name, days in (("warn_days", self.warn_days), ("refuse_days", self.refuse_days)):
            _require(days is None or days >= 0, f"staleness.{name}", days, "at least 0")


@dataclass(frozen=True)
class DeniedLimits:
    """Features that must not be used by `names`, and protected attributes that are `accepted`."""

    names: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True)
class CostLimits:
    """Milliseconds of CPU that one row, asked alone, may cost in the chosen engine."""

    ms_per_row: float = 100.0

    def __post_init__(self) -> None:
        is_cost = 0 < self.ms_per_row < math.inf
        _require(is_cost, "cost.ms_per_row", self.ms_per_row, "a number above 0")


@dataclass(frozen=True)
class Limits:
    """The limits of all gates that have any."""

    quality: QualityLimits = field(default_factory=QualityLimits)
    live: LiveLimits = field(default_factory=LiveLimits)
    simpler: SimplerLimits = field(default_factory=SimplerLimits)
    slices: SliceLimits = field(default_factory=SliceLimits)
    deviation: DeviationLimits = field(default_factory=DeviationLimits)
    leakage: LeakageLimits = field(default_factory=LeakageLimits)
    staleness: StalenessLimits = field(default_factory=StalenessLimits)
    denied: DeniedLimits = field(default_factory=DeniedLimits)
    cost: CostLimits = field(default_factory=CostLimits)


def read_limits(given: "Limits | Mapping[str, object] | Path | str | None") -> Limits:
    """
    Read limits from a YAML file or from content of that form; what is not set has its default.

    Raises GatesInvalid naming the place of the first thing that is unknown or of another type.
    """
    if given is None or isinstance(given, Limits):
        return given or Limits()
    if isinstance(given, Mapping):
        return _parse(given, "gates")
    path = Path(given)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise GatesInvalid(f"{path} cannot be read as YAML: {error}.") from error
    return _parse({} if content is None else content, path.name)


def _require_size(where: str, found: float, least: float = 0.0) -> None:
    # Written so that NaN, which YAML can spell, fails too.
    _require(least <= found < math.inf, where, found, f"a number of at least {least:g}")


def _require_share(where: str, found: float | None) -> None:
    _require(found is None or 0 <= found <= 1, where, found, "between 0 and 1")


def _require(holds: bool, where: str, found: object, wanted: str) -> None:
    if not holds:
        raise GatesInvalid(f"{where} is {found}, but must be {wanted}.")


def _parse(content: object, where: str) -> Limits:
    try:
        return parse(Limits, content, where)
    except ArtefactInvalid as error:
        raise GatesInvalid(str(error)) from error
