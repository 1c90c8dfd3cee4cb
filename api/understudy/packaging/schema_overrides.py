"""What a person knows better than the training frame shows: the overrides of the schema."""

import math
from collections.abc import Mapping
from dataclasses import asdict, fields
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from understudy.artefacts.parsing import parse
from understudy.artefacts.schema import LARGEST_INTEGER, Field, InputSchema
from understudy.errors import ArtefactInvalid

SchemaOverrides = Mapping[str, Mapping[str, object]]

# What training decided and no opinion changes.
FIXED = {"name", "dtype", "missing"}


class FieldUnfit(ValueError):
    """A column or what is said of it cannot be part of an instance; the message says why."""


class OverridesUnfit(FieldUnfit):
    """What a person says of the fields cannot be, whatever the columns hold."""


def read_overrides(overrides: SchemaOverrides | str | Path | None) -> SchemaOverrides:
    """
    Read overrides of the schema from a YAML file, unless they are given as they are.

    Raises OverridesUnfit if that is no mapping from fields to mappings of their attributes.
    """
    if overrides is None:
        return {}
    if isinstance(overrides, str | Path):
        return _checked(_content(Path(overrides)), str(overrides))
    return _checked(overrides, "schema_overrides")


def apply_overrides(
    schema: InputSchema, overrides: SchemaOverrides, frame: pd.DataFrame
) -> InputSchema:
    """
    Return the schema with what a person knows better.

    Every field may be given any attribute of `Field` that training does not fix; one that is made
    nullable need not be present either. `frame` holds the training rows, which a changed type must
    fit. Raises OverridesUnfit naming everything that is unknown, of another type or nonsense.
    """
    known = {field.name for field in schema.fields}
    problems = [
        f"schema_overrides names {name}, which no column is called"
        for name in overrides
        if name not in known
    ]
    changed: dict[str, Field] = {}
    for field in schema.fields:
        try:
            changed[field.name] = _overridden(field, overrides.get(field.name, {}), frame)
        except FieldUnfit as error:
            problems.append(str(error))
    if problems:
        raise OverridesUnfit("; ".join(problems))
    return InputSchema(
        tuple(changed[field.name] for field in schema.features),
        tuple(changed[field.name] for field in schema.carried),
    )


def _content(path: Path) -> object:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        told = " ".join(str(error).split())
        raise OverridesUnfit(f"the schema overrides cannot be read as YAML: {told}") from error
    return {} if content is None else content


def _checked(content: object, where: str) -> SchemaOverrides:
    if not isinstance(content, Mapping):
        raise OverridesUnfit(f"{where} is not a mapping from fields to what is known of them")
    for name, changes in content.items():
        if not isinstance(changes, Mapping):
            raise OverridesUnfit(
                f"{where} has {changes!r} for {name}, which is not a mapping such as"
                " {minimum: 0, outside: refuse}"
            )
    return {str(name): changes for name, changes in content.items()}


def _overridden(field: Field, changes: Mapping[str, object], frame: pd.DataFrame) -> Field:
    if not changes:
        return field
    allowed = {spec.name for spec in fields(Field)} - FIXED
    if unknown := sorted(set(map(str, changes)) - allowed):
        raise FieldUnfit(
            f"schema_overrides sets {', '.join(unknown)} of {field.name};"
            f" known are {', '.join(sorted(allowed))}"
        )
    merged = {**asdict(field), **changes}
    if "nullable" in changes and "required" not in changes:
        merged["required"] = not changes["nullable"]
    if isinstance(merged["categories"], tuple):
        merged["categories"] = list(merged["categories"])
    try:
        new = parse(Field, merged, f"schema_overrides.{field.name}")
    except ArtefactInvalid as error:
        raise FieldUnfit(str(error).rstrip(".")) from error
    problems = [*_unfit_type(field, new, frame), *_unfit_range(new), *_unfit_levels(field, new)]
    if new.outside == "refuse" and _expects_nothing(new):
        problems.append("outside: refuse, but neither a range nor categories are known")
    if problems:
        raise FieldUnfit(f"schema_overrides of {field.name}: " + "; ".join(problems))
    return new


def _unfit_type(old: Field, new: Field, frame: pd.DataFrame) -> list[str]:
    """Numbers may be declared whole or not; anything else the model would not be given rightly."""
    if new.type == old.type:
        return []
    if {old.type, new.type} != {"integer", "number"}:
        return [f"training holds it as {old.type}; convert the column before training instead"]
    values = frame[new.name].dropna().to_numpy(dtype=np.float64)
    if new.type == "integer" and (values != np.floor(values)).any():
        found = values[values != np.floor(values)][0]
        return [f"training holds {found:g}, which is no integer"]
    return []


def _unfit_range(field: Field) -> list[str]:
    bounds = [bound for bound in (field.minimum, field.maximum) if bound is not None]
    if bounds and field.type not in ("number", "integer"):
        return [f"a {field.type} has no range"]
    if not all(map(math.isfinite, bounds)):
        return ["its range must be finite"]
    if field.type == "integer" and any(abs(bound) > LARGEST_INTEGER for bound in bounds):
        return ["its range reaches beyond 2^53, where JSON readers round integers"]
    if bounds != sorted(bounds):
        return [f"the minimum {bounds[0]:g} is above the maximum {bounds[1]:g}"]
    return []


def _unfit_levels(old: Field, new: Field) -> list[str]:
    levels = new.categories
    if levels is None or levels == old.categories:
        return []
    if new.type != "string":
        return [f"a {new.type} has no categories"]
    if not levels or len(set(levels)) < len(levels):
        return ["its categories are none" if not levels else "its categories name one twice"]
    if old.dtype == "category":
        return ["its categories are those of the pandas column; set them before training"]
    return []


def _expects_nothing(field: Field) -> bool:
    return field.minimum is None and field.maximum is None and field.categories is None
