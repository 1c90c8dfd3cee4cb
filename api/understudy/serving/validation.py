"""The contract of one generation, compiled once: which prediction requests are accepted."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import jsonschema_rs

from understudy.errors import InstancesInvalid, Violation
from understudy.serving.body import violation_at

Instances = list[dict[str, object]]

_MOST_VIOLATIONS = 20


class RequestValidator:
    """Accepts or refuses the parsed body of a prediction request."""

    def __init__(self, instance_schema: dict[str, Any], max_instances: int) -> None:
        self.max_instances = max_instances
        self._known = list(instance_schema["properties"])
        schema = {
            "type": "object",
            "required": ["instances"],
            "additionalProperties": False,
            "properties": {
                "instances": {
                    "type": "array",
                    "minItems": 1,
                    "maxItems": max_instances,
                    "items": instance_schema,
                }
            },
        }
        self._validator = jsonschema_rs.validator_for(schema)

    def accept(self, body: Any) -> Instances:
        """
        Return the instances of a parsed body.

        Raises InstancesInvalid, which names up to 20 places, their instances and fields.
        """
        if self._validator.is_valid(body):
            instances: Instances = body["instances"]
            return instances
        violations: list[Violation] = []
        for error in self._validator.iter_errors(body):
            violations.extend(self._violations(error))
            if len(violations) >= _MOST_VIOLATIONS:
                break
        raise InstancesInvalid(violations[:_MOST_VIOLATIONS])

    def _violations(self, error: jsonschema_rs.ValidationError) -> list[Violation]:
        path = tuple(error.instance_path)
        kind: Any = error.kind
        match type(kind).__name__:
            case "AdditionalProperties":
                known = self._known if path else ["instances"]
                return [
                    violation_at((*path, name), _unknown(name, known)) for name in kind.unexpected
                ]
            case "Required":
                return [violation_at((*path, kind.property), "it is required, but missing")]
            case "MinItems":
                return [violation_at(path, "the list is empty; send at least one instance")]
            case "MaxItems":
                found = len(error.instance) if isinstance(error.instance, list) else "too many"
                message = f"{found} instances in one request, but at most {kind.limit} are allowed"
                return [violation_at(path, message)]
            case "Type":
                return [violation_at(path, _wrong_type(error.instance, kind.types))]
            case _:
                return [violation_at(path, error.message)]


def _unknown(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]!r}?" if near else "see /openapi.json for the known fields"
    return f"no such field is known; {hint}"


def _wrong_type(found: object, wanted: Sequence[str]) -> str:
    if found is None:
        return f"null is not allowed here; it must be of type {' or '.join(wanted)}"
    shown = repr(found)
    shown = shown if len(shown) <= 60 else shown[:57] + "…"
    return f"{shown} is not of type {' or '.join(sorted(wanted))}"
