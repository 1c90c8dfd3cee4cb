"""The input schema of a model: what an instance must, may and is expected to hold."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Literal, cast

from understudy.artefacts.parsing import parse

FieldType = Literal["number", "integer", "string", "boolean"]
Expectations = Literal["serve", "refuse"]

# The integers that every JSON reader and every float64 keep exactly.
LARGEST_INTEGER = 2**53 - 1
# Levels that a sentence names; of more it gives the number.
MOST_LISTED = 5


@dataclass(frozen=True, slots=True)
class Field:
    """
    One named value of an instance.

    `type`, `required` and `nullable` are the contract; `minimum`, `maximum` and `categories` are
    what training saw or a person declares, and only expected unless `outside` is "refuse": then
    they are part of the contract, too. `dtype` is the pandas dtype at training and `missing` what
    stood there for a missing value, so that a null can be given to the model as it knows it.
    `unit` is that of a number, for people.
    """

    name: str
    type: FieldType
    required: bool
    nullable: bool
    minimum: float | None = None
    maximum: float | None = None
    categories: tuple[str, ...] | None = None
    dtype: str = "float64"
    missing: Literal["nan", "none"] = "nan"
    description: str = ""
    outside: Expectations = "serve"
    unit: str = ""

    def as_optional(self) -> "Field":
        """Return the same field, free to be absent, null or outside of what is expected."""
        return replace(self, required=False, nullable=True, outside="serve")


@dataclass(frozen=True, slots=True)
class InputSchema:
    """The features a model uses and the carried fields it accepts beside them."""

    features: tuple[Field, ...]
    carried: tuple[Field, ...] = ()

    @property
    def fields(self) -> tuple[Field, ...]:
        """Features and carried fields, in this order."""
        return self.features + self.carried

    def to_json(self) -> dict[str, object]:
        """Return the schema as JSON-ready content."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, object]) -> "InputSchema":
        """Read what `to_json` wrote; raises ArtefactInvalid for anything else."""
        return parse(cls, content, "input_schema")


def instance_schema(
    schema: InputSchema, *, extra: Sequence[Field] = (), expectations: Expectations = "serve"
) -> dict[str, object]:
    """
    Return the JSON Schema (2020-12) of one instance.

    `extra` are fields that only a shadow needs: known, and optional. With `refuse` the ranges and
    categories of all fields become part of the contract, else only those of fields that say so.
    """
    fields = served_fields(schema, extra)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [field.name for field in fields if field.required],
        "properties": {field.name: _json_property(field, expectations) for field in fields},
    }


def openapi_schema(
    schema: InputSchema, *, extra: Sequence[Field] = (), expectations: Expectations = "serve"
) -> dict[str, object]:
    """Return the schema of one instance in the dialect of OpenAPI 3.0.3, with descriptions."""
    fields = served_fields(schema, extra)
    content: dict[str, object] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {field.name: _openapi_property(field, expectations) for field in fields},
    }
    required = [field.name for field in fields if field.required]
    # OpenAPI 3.0 forbids an empty list here.
    return content | {"required": required} if required else content


def served_fields(schema: InputSchema, extra: Sequence[Field] = ()) -> tuple[Field, ...]:
    """Return the fields of a contract: the model's own, then those of `extra` it does not know."""
    known = {field.name for field in schema.fields}
    return schema.fields + tuple(f.as_optional() for f in extra if f.name not in known)


def breaking_changes(old: InputSchema, new: InputSchema) -> list[str]:
    """Return why instances that `old` accepts would be refused by `new`; empty if none would."""
    served = {field.name: field for field in new.fields}
    before = {field.name: field for field in old.fields}
    reasons = [f"{name} is no longer known" for name in before if name not in served]
    for field in new.fields:
        reasons += _narrowings(before.get(field.name), field)
    return reasons


def _narrowings(old: Field | None, new: Field) -> list[str]:
    if new.required and (old is None or not old.required):
        return [f"{new.name} becomes required"]
    if old is None:
        return []
    reasons = []
    if old.nullable and not new.nullable:
        reasons.append(f"{new.name} may no longer be null")
    if old.type != new.type and (old.type, new.type) != ("integer", "number"):
        return [*reasons, f"{new.name} changes from {old.type} to {new.type}"]
    return reasons + _lost_numbers(old, new) + _lost_levels(old, new)


def _lost_numbers(old: Field, new: Field) -> list[str]:
    (old_low, old_high), (low, high) = _accepted_range(old), _accepted_range(new)
    reasons = [f"{new.name} may no longer be below {low:g}"] if low > old_low else []
    return [*reasons, f"{new.name} may no longer be above {high:g}"] if high < old_high else reasons


def _accepted_range(field: Field) -> tuple[float, float]:
    limits = _limits(field, "serve")
    return (
        cast(float, limits.get("minimum", -math.inf)),
        cast(float, limits.get("maximum", math.inf)),
    )


def _lost_levels(old: Field, new: Field) -> list[str]:
    if new.outside == "serve" or new.categories is None:
        return []
    if old.outside == "serve" or old.categories is None:
        return [f"{new.name} may no longer be anything but {_listed(new.categories)}"]
    lost = [level for level in old.categories if level not in new.categories]
    return [f"{new.name} may no longer be {_listed(lost)}"] if lost else []


def _json_property(field: Field, expectations: Expectations) -> dict[str, object]:
    content: dict[str, object] = {"type": [field.type, "null"] if field.nullable else field.type}
    return content | _limits(field, expectations)


def _openapi_property(field: Field, expectations: Expectations) -> dict[str, object]:
    content: dict[str, object] = {"type": field.type} | _limits(field, expectations)
    if field.type == "string" and "enum" not in content:
        content["pattern"] = "^[^\\u0000]*$"  # Postgres keeps every character but NUL
    if field.nullable:
        content["nullable"] = True
    if description := _describe(field):
        content["description"] = description
    return content


def _limits(field: Field, expectations: Expectations) -> dict[str, object]:
    """Return the bounds that are part of the contract."""
    limits: dict[str, object] = {}
    if field.type == "integer":
        limits = {"minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER}
    if "refuse" not in (expectations, field.outside):
        return limits
    if field.minimum is not None:
        limits["minimum"] = field.minimum
    if field.maximum is not None:
        limits["maximum"] = field.maximum
    if field.categories is not None:
        limits["enum"] = [*field.categories, *([None] if field.nullable else [])]
    return limits


def _describe(field: Field) -> str:
    """Put what is expected into words, for the reader of the contract."""
    parts = [field.description.rstrip(".")] if field.description else []
    saw = "In training " if field.outside == "serve" else "Always "
    if bounds := describe_range(field):
        parts.append(saw + bounds)
    elif field.unit:
        parts.append(f"In {field.unit}")
    if field.categories is not None:
        parts.append(f"{saw}one of " + ", ".join(field.categories))
    return ". ".join(parts) + "." if parts else ""


def describe_range(field: Field) -> str:
    """Put the range of a field into words, with its unit; empty if none is known."""
    unit = f" {field.unit}" if field.unit else ""
    match field.minimum, field.maximum:
        case None, None:
            return ""
        case None, maximum:
            return f"at most {maximum:g}{unit}"
        case minimum, None:
            return f"at least {minimum:g}{unit}"
        case minimum, maximum:
            return f"between {minimum:g} and {maximum:g}{unit}"


def _listed(levels: Sequence[str]) -> str:
    shown = ", ".join(levels[:MOST_LISTED])
    return shown if len(levels) <= MOST_LISTED else f"{shown} and {len(levels) - MOST_LISTED} more"
