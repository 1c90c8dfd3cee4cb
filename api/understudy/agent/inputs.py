"""How the served inputs keep to what the live model saw in training."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from understudy.artefacts.manifest import Manifest
from understudy.artefacts.schema import Field
from understudy.records import ServedRequest


@dataclass(frozen=True, slots=True)
class FeatureCounts:
    """In how many instances one feature was missing, an unseen category, or out of range."""

    missing: int
    unseen: int
    out_of_range: int


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
            features = {
                field.name: _count(field, instances) for field in manifest.input_schema.features
            }
            found.append(InputCounts(manifest.name, manifest.version, len(instances), features))
    return found


def _count(field: Field, instances: Sequence[Mapping[str, object]]) -> FeatureCounts:
    present = [value for value in (row.get(field.name) for row in instances) if value is not None]
    known = None if field.categories is None else frozenset(field.categories)
    return FeatureCounts(
        missing=len(instances) - len(present),
        unseen=0 if known is None else sum(value not in known for value in present),
        out_of_range=sum(_is_outside(field, value) for value in present),
    )


def _is_outside(field: Field, value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    below = field.minimum is not None and value < field.minimum
    return below or (field.maximum is not None and value > field.maximum)
