"""What two versions accept."""

from collections.abc import Iterator
from dataclasses import dataclass

from understudy.artefacts.schema import Field, InputSchema, breaking_changes

# What of a field is compared; ranges and levels of training are told by its distribution.
_ASPECTS = ("type", "required", "nullable", "outside", "unit")


@dataclass(frozen=True)
class FieldChange:
    """One aspect of a field that differs, before and after."""

    field: str
    aspect: str
    before: object
    after: object


@dataclass(frozen=True)
class SchemaContrast:
    """
    Fields that only one version knows, aspects of common ones, and what clients would notice.

    `breaking` says why instances that the first version accepts would be refused by the second.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[FieldChange, ...]
    breaking: tuple[str, ...]


def contrast_schemas(first: InputSchema, second: InputSchema) -> SchemaContrast:
    """Compare two input schemas, carried fields included."""
    before = {field.name: field for field in first.fields}
    after = {field.name: field for field in second.fields}
    features = {f.name for f in first.features}, {f.name for f in second.features}
    changed = [
        change
        for name, field in before.items()
        if name in after
        for change in [*_changes(field, after[name]), *_role(name, *features)]
    ]
    return SchemaContrast(
        added=tuple(name for name in after if name not in before),
        removed=tuple(name for name in before if name not in after),
        changed=tuple(changed),
        breaking=tuple(breaking_changes(first, second)),
    )


def _changes(before: Field, after: Field) -> Iterator[FieldChange]:
    aspects = list(_ASPECTS)
    if "refuse" in (before.outside, after.outside):
        # Only then are they part of the contract.
        aspects += ["minimum", "maximum", "categories"]
    for aspect in aspects:
        old, new = getattr(before, aspect), getattr(after, aspect)
        if old != new:
            yield FieldChange(before.name, aspect, old, new)


def _role(name: str, first: set[str], second: set[str]) -> Iterator[FieldChange]:
    if (name in first) != (name in second):
        roles = ["used" if name in side else "carried" for side in (first, second)]
        yield FieldChange(name, "role", *roles)
