"""Which recorded instances a shadow can be asked about."""

from collections.abc import Mapping
from typing import Any

import jsonschema_rs

from understudy.artefacts.schema import InputSchema, instance_schema


class ShadowContract:
    """
    The features of a shadow, held against instances that were recorded for another model.

    What the shadow does not use is left out, so that a field which only the live model knows is no
    reason to skip an instance.
    """

    def __init__(self, schema: InputSchema) -> None:
        needed = InputSchema(features=schema.features, carried=())
        self._features = [field.name for field in schema.features]
        self._known = frozenset(self._features)
        self._validator = jsonschema_rs.validator_for(instance_schema(needed, expectations="serve"))

    def narrow(self, instance: Mapping[str, object]) -> Mapping[str, object]:
        """Return the part of an instance that the shadow uses: the instance itself if it is all."""
        if self._known.issuperset(instance):
            return instance
        return {name: instance[name] for name in self._features if name in instance}

    def refusal(self, narrowed: Mapping[str, object]) -> str | None:
        """Return why the shadow cannot be asked about a narrowed instance, or None."""
        if self._validator.is_valid(narrowed):
            return None
        return _told(next(self._validator.iter_errors(narrowed)))


def _told(error: jsonschema_rs.ValidationError) -> str:
    # The value stays out: it is in the prediction log already, beside this reason.
    kind: Any = error.kind
    field = ".".join(str(step) for step in error.instance_path)
    match type(kind).__name__:
        case "Required":
            return f"{kind.property}: the shadow requires it, but it is missing"
        case "Type" if error.instance is None:
            return f"{field}: null is not allowed by the shadow"
        case "Type":
            return f"{field}: not of type {' or '.join(sorted(kind.types))}"
        case other:
            return f"{field}: breaks the shadow's contract ({other})"
