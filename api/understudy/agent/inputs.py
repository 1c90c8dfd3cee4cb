"""How the served inputs keep to what the live model saw in training."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby
from operator import add, itemgetter
from typing import cast

from understudy.artefacts.manifest import Manifest
from understudy.artefacts.schema import Field
from understudy.log.captures import NO_CAPTURES, Captures
from understudy.records import ServedRequest

_BLOCK = 250  # instances turned into columns at once: as much as the processor's cache holds

_NUMBERS = {int, float}  # and no bool, which is an int to Python

Column = tuple[object, ...]
_Kind = tuple[str, str, int | None]  # name, version, and the deployment if policies matter


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
    requests: Iterable[ServedRequest],
    manifests: Iterable[Manifest],
    captures: Captures = NO_CAPTURES,
) -> list[InputCounts]:
    """Count the inputs of some requests at once, as `InputCounter` does."""
    counter = InputCounter(manifests, captures)
    counter.add(requests)
    return counter.counts()


class InputCounter:
    """
    Counts the inputs of each version whose manifest is at hand, some requests at a time.

    Requests answered by another version are left out: nobody knows what it expected. So are fields
    that the capture policy of their time redacts: what is recorded of them was never sent.
    """

    def __init__(self, manifests: Iterable[Manifest], captures: Captures = NO_CAPTURES) -> None:
        self._features = {
            (manifest.name, manifest.version): manifest.input_schema.features
            for manifest in manifests
        }
        self._captures = captures
        self._tallies: dict[_Kind, _Tally] = {}

    def add(self, requests: Iterable[ServedRequest]) -> None:
        """Count some more requests."""
        for kind, some in groupby(requests, self._kind_of):
            if kind[:2] in self._features:
                tally = self._tallies.get(kind) or self._begin(kind)
                tally.add([instance for request in some for instance in request.instances])

    def counts(self) -> list[InputCounts]:
        """Return what was counted, for each version and capture policy that was met."""
        return [
            InputCounts(name, version, tally.instances, tally.counts())
            for (name, version, _), tally in self._tallies.items()
            if tally.instances
        ]

    def _kind_of(self, request: ServedRequest) -> "_Kind":
        number = request.deployment_id if self._captures else None
        return request.name, request.version, number

    def _begin(self, kind: "_Kind") -> "_Tally":
        name, version, number = kind
        capture = self._captures.of(number)
        fields = [
            field
            for field in self._features[name, version]
            if capture is None or not capture.policy.handling(field.name).redacts
        ]
        return self._tallies.setdefault(kind, _Tally(fields))


class _Tally:
    """The counts of one version."""

    def __init__(self, fields: Sequence[Field]) -> None:
        self._fields = fields
        self._names = [field.name for field in fields]
        self._known = [frozenset(field.categories or ()) for field in fields]
        self._totals = [FeatureCounts(0, 0, 0)] * len(fields)
        self.instances = 0

    def add(self, instances: Sequence[Mapping[str, object]]) -> None:
        for begin in range(0, len(instances), _BLOCK):
            block = instances[begin : begin + _BLOCK]
            found = map(_count, self._fields, self._known, _columns(block, self._names))
            self._totals = list(map(add, self._totals, found))
            self.instances += len(block)

    def counts(self) -> dict[str, FeatureCounts]:
        return dict(zip(self._names, self._totals, strict=True))


def _columns(instances: Sequence[Mapping[str, object]], names: Sequence[str]) -> list[Column]:
    """Return one tuple of values per name, None where an instance lacks it."""
    if len(names) > 1:  # `itemgetter` gives no tuple for one
        with suppress(KeyError):  # nearly always nothing is lacking
            # First: Python 3.11 loses the keywords of a call whose own unpacking raises.
            rows = list(map(itemgetter(*names), instances))
            return list(zip(*rows, strict=True))
    return list(zip(*(map(instance.get, names) for instance in instances), strict=True))


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
