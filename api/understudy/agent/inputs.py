"""How the served inputs keep to what the live model saw in training."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from understudy.artefacts.manifest import Manifest
from understudy.artefacts.schema import Field
from understudy.records import ServedRequest

_BLOCK = 250  # instances turned into columns at once: as much as the processor's cache holds

_NUMBERS = {int, float}  # and no bool, which is an int to Python

Column = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class FeatureCounts:
    """In how many instances one feature was missing, an unseen category, or out of range."""

    missing: int
    unseen: int
    out_of_range: int

    def __add__(self, other: "FeatureCounts") -> "FeatureCounts":
        return FeatureCounts(
            self.missing + other.missing,
            self.unseen + other.unseen,
            self.out_of_range + other.out_of_range,
        )


@dataclass(frozen=True, slots=True)
class InputCounts:
    """The counts of every feature of one model version over some instances."""

    name: str
    version: str
    instances: int
    features: Mapping[str, FeatureCounts]


def count_inputs(
    requests: Sequence[ServedRequest], manifests: Iterable[Manifest]
) -> list[InputCounts]:
    """
    Count the inputs of each version among the requests whose manifest is at hand.

    Requests answered by another version are left out: nobody knows what it expected.
    """
    found = []
    for manifest in manifests:
        instances = [
            instance
            for request in requests
            if (request.name, request.version) == (manifest.name, manifest.version)
            for instance in request.instances
        ]
        if instances:
            features = _count_features(manifest.input_schema.features, instances)
            found.append(InputCounts(manifest.name, manifest.version, len(instances), features))
    return found


def _count_features(
    fields: Sequence[Field], instances: Sequence[Mapping[str, object]]
) -> dict[str, FeatureCounts]:
    names = [field.name for field in fields]
    known = [frozenset(field.categories or ()) for field in fields]
    totals = [FeatureCounts(0, 0, 0)] * len(fields)
    for begin in range(0, len(instances), _BLOCK):
        columns = _columns(instances[begin : begin + _BLOCK], names)
        for place, column in enumerate(columns):
            totals[place] += _count(fields[place], known[place], column)
    return dict(zip(names, totals, strict=True))


def _columns(instances: Sequence[Mapping[str, object]], names: Sequence[str]) -> Iterator[Column]:
    """Yield one tuple of values per name, None where an instance lacks it."""
    return zip(*(map(instance.get, names) for instance in instances), strict=True)


def _count(field: Field, known: frozenset[str], column: Column) -> FeatureCounts:
    kinds = set(map(type, column))
    missing = column.count(None) if type(None) in kinds else 0
    unseen = 0 if field.categories is None else _count_unseen(known, column)
    return FeatureCounts(missing, unseen, _count_outside(field, column, kinds))


def _count_unseen(known: frozenset[str], column: Column) -> int:
    unseen = set(column) - known - {None}
    return sum(map(unseen.__contains__, column)) if unseen else 0


def _count_outside(field: Field, column: Column, kinds: set[type]) -> int:
    if (field.minimum is None and field.maximum is None) or not kinds & _NUMBERS:
        return 0
    if not kinds <= _NUMBERS:
        column = tuple(value for value in column if type(value) in _NUMBERS)
    # Nearly always nothing is outside, and two looks say so. (Neither is taken in by a NaN: it is
    # the answer only where it stands first, and then the comparison fails.)
    numbers = cast(tuple[float, ...], column)
    below = field.minimum is not None and not field.minimum <= min(numbers)
    above = field.maximum is not None and not field.maximum >= max(numbers)
    return sum(_is_outside(field, value) for value in numbers) if below or above else 0


def _is_outside(field: Field, value: float) -> bool:
    below = field.minimum is not None and value < field.minimum
    return below or (field.maximum is not None and value > field.maximum)
