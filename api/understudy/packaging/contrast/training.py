"""What two versions learnt from: which rows, and how their fields were distributed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import FeatureSummary, Manifest, TrainingData
from understudy.artefacts.schema import Field

# Levels that are told of a field, those that moved most.
MOST_LEVELS = 3


@dataclass(frozen=True)
class TrainingContrast:
    """
    The training rows of both.

    `common` counts the different rows (features and target alike) that both were trained on, and
    the shares are what part of each version's rows these are; None where `problem` says why the
    rows cannot be compared.
    """

    first: TrainingData
    second: TrainingData
    common: int | None = None
    share_of_first: float | None = None
    share_of_second: float | None = None
    problem: str | None = None


@dataclass(frozen=True)
class LevelShift:
    """The share of a level among the rows that have a value, before and after."""

    level: str
    before: float
    after: float


@dataclass(frozen=True)
class Shift:
    """
    A field whose distribution in training moved.

    `size` orders the fields: the largest of the change of the missing share, of the mean and the
    ends of the range as shares of the first version's range, and, for levels, half the sum of the
    changes of all shares. It is no test: a small one may be chance.
    """

    field: str
    size: float
    missing: tuple[float, float]
    minimum: tuple[float | None, float | None]
    mean: tuple[float | None, float | None]
    maximum: tuple[float | None, float | None]
    levels: tuple[LevelShift, ...] = ()


def contrast_training(first: Artefact, second: Artefact) -> TrainingContrast:
    """Compare the rows that two versions were trained on."""
    sides = first.manifest.training, second.manifest.training
    problem = _incomparable(first.manifest, second.manifest)
    if problem is not None:
        return TrainingContrast(*sides, problem=problem)
    rows = np.unique(first.training_rows()), np.unique(second.training_rows())
    common = len(np.intersect1d(*rows, assume_unique=True))
    ours, theirs = (common / max(1, len(side)) for side in rows)
    return TrainingContrast(*sides, common, ours, theirs)


def contrast_features(first: Manifest, second: Manifest) -> tuple[Shift, ...]:
    """Return the common fields whose distribution moved, the largest shift first."""
    before, after = _summaries(first), _summaries(second)
    shifts = [_shift(name, before[name], after[name]) for name in before if name in after]
    moved = [shift for shift in shifts if shift.size > 0]
    return tuple(sorted(moved, key=lambda shift: (-shift.size, shift.field)))


def _summaries(manifest: Manifest) -> dict[str, FeatureSummary]:
    """Return how the fields were distributed; texts that people wrote are no levels."""
    free = {f.name for f in manifest.input_schema.fields if f.type == "string" and not f.categories}
    return {
        name: replace(summary, levels=None) if name in free else summary
        for name, summary in manifest.features.items()
    }


def _incomparable(first: Manifest, second: Manifest) -> str | None:
    """Say why equal rows would have different fingerprints: these cover all features."""
    if first.output.target != second.output.target:
        return "they have different targets"
    names = [{field.name for field in m.input_schema.features} for m in (first, second)]
    if names[0] != names[1]:
        return "they use different features, and rows are known by the features used"
    kinds = [{f.name: _kind(f) for f in m.input_schema.features} for m in (first, second)]
    other = sorted(name for name, kind in kinds[0].items() if kinds[1][name] != kind)
    return f"{other[0]} is of another kind in the two" if other else None


def _kind(field: Field) -> tuple[bool, bool]:
    return field.type == "string", field.dtype == "float32"


def _shift(name: str, before: FeatureSummary, after: FeatureSummary) -> Shift:
    pairs = {
        "minimum": (before.minimum, after.minimum),
        "mean": (before.mean, after.mean),
        "maximum": (before.maximum, after.maximum),
    }
    levels = _levels(before.levels or {}, after.levels or {})
    scale = (before.maximum or 0.0) - (before.minimum or 0.0)
    sizes = [abs(after.missing_share - before.missing_share)]
    sizes += [_moved(*pair, scale) for pair in pairs.values()]
    sizes.append(sum(abs(level.after - level.before) for level in levels) / 2)
    missing = before.missing_share, after.missing_share
    return Shift(name, max(sizes), missing, **pairs, levels=tuple(levels[:MOST_LEVELS]))


def _moved(before: float | None, after: float | None, scale: float) -> float:
    if before is None or after is None or before == after:
        return 0.0
    return abs(after - before) / scale if scale > 0 else 1.0


def _levels(before: Mapping[str, int], after: Mapping[str, int]) -> list[LevelShift]:
    """Return the levels whose share changed, the largest change first."""
    if not before or not after:
        return []
    found = list(_level_shifts(before, after))
    return sorted(found, key=lambda one: (-abs(one.after - one.before), one.level))


def _level_shifts(before: Mapping[str, int], after: Mapping[str, int]) -> Iterator[LevelShift]:
    totals = sum(before.values()), sum(after.values())
    for level in dict.fromkeys([*before, *after]):
        shares = before.get(level, 0) / totals[0], after.get(level, 0) / totals[1]
        if shares[0] != shares[1]:
            yield LevelShift(level, *shares)
