"""The contract of a request, compiled once: what is accepted, and why not."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from itertools import islice
from typing import Any

import jsonschema_rs
import orjson

from understudy.errors import InstancesInvalid, Violation
from understudy.serving.body import MOST_VIOLATIONS, Path, violation_at

Instances = list[dict[str, object]]

_LONGEST_SHOWN = 60
_LONGEST_MESSAGE = 200


class RequestValidator:
    """
    Accepts or refuses a parsed body `{key: [item, …]}`.

    What is refused is looked at item by item, and only until enough places are found: a bad body
    must not cost the event loop more than a good one.
    """

    def __init__(self, item_schema: dict[str, Any], most: int, key: str = "instances") -> None:
        self.max_instances = most
        self._key = key
        self._known = list(item_schema["properties"])
        self._item = jsonschema_rs.validator_for(item_schema, validate_formats=True)
        self._items = jsonschema_rs.validator_for(
            {"type": "array", "items": item_schema}, validate_formats=True
        )

    def accept(self, body: Any) -> Instances:
        """
        Return the items of a parsed body.

        Raises InstancesInvalid, which names up to 20 places, their items and fields.
        """
        items = self._list(body)
        if self._items.is_valid(items):
            return items
        raise InstancesInvalid(list(islice(self._violations(items), MOST_VIOLATIONS)))

    def _list(self, body: Any) -> Instances:
        """Return the list in the body; raises InstancesInvalid if its frame is not right."""
        key = self._key
        if not isinstance(body, dict):
            raise _refused((), f"{_shown(body)} is not an object with {key!r}")
        for name in islice((name for name in body if name != key), 1):
            raise _refused((name[:_LONGEST_MESSAGE],), _unknown(name, [key]))
        items = body.get(key)
        if not isinstance(items, list):
            missing = "it is required, but missing"
            raise _refused((key,), f"{_shown(items)} is not a list" if key in body else missing)
        if not items:
            raise _refused((key,), "the list is empty; send at least one")
        if len(items) > self.max_instances:
            found = f"{len(items)} {key} in one request, but at most {self.max_instances}"
            raise _refused((key,), f"{found} are allowed")
        return items

    def _violations(self, items: Instances) -> Iterator[Violation]:
        for number, item in enumerate(items):
            if not self._item.is_valid(item):
                for error in self._item.iter_errors(item):
                    for path, message in _places(error, self._known):
                        yield violation_at((self._key, number, *path), message)


class ChoiceValidator:
    """
    Accepts or refuses a parsed body that is one of several objects, told apart by one property.

    Each schema is one of OpenAPI 3.0, and allows one value of that property.
    """

    def __init__(self, schemas: Sequence[dict[str, Any]], key: str) -> None:
        self._key = key
        self._known = {
            schema["properties"][key]["enum"][0]: list(schema["properties"]) for schema in schemas
        }
        # Of draft 4, as OpenAPI 3.0 is: there `exclusiveMinimum` is a claim, and no number.
        self._schemas = {
            choice: jsonschema_rs.Draft4Validator(schema, validate_formats=True)
            for choice, schema in zip(self._known, schemas, strict=True)
        }

    def accept(self, body: Any) -> Any:
        """Return the body. Raises InstancesInvalid, which names up to 20 places."""
        choice = self._choice(body)
        if self._schemas[choice].is_valid(body):
            return body
        raise InstancesInvalid(list(islice(self._violations(body, choice), MOST_VIOLATIONS)))

    def _choice(self, body: Any) -> str:
        key = self._key
        if not isinstance(body, dict):
            raise _refused((), f"{_shown(body)} is not an object with {key!r}")
        choice = body.get(key)
        if isinstance(choice, str) and choice in self._schemas:
            return choice
        found = (
            f"{_shown(choice)} is none of" if key in body else "it is missing, and must be one of"
        )
        raise _refused((key,), f"{found} {', '.join(self._known)}")

    def _violations(self, body: Any, choice: str) -> Iterator[Violation]:
        for error in self._schemas[choice].iter_errors(body):
            for path, message in _places(error, self._known[choice]):
                yield violation_at(path, message)


def _places(
    error: jsonschema_rs.ValidationError, known: Sequence[str]
) -> Iterator[tuple[Path, str]]:
    path = tuple(error.instance_path)
    kind: Any = error.kind
    match type(kind).__name__:
        case "AdditionalProperties":
            for name in kind.unexpected[:MOST_VIOLATIONS]:
                yield (*path, name[:_LONGEST_MESSAGE]), _unknown(name, known)
        case "Required":
            yield (*path, kind.property), "it is required, but missing"
        case "Type":
            yield path, _wrong_type(error.instance, kind.types)
        case "OneOfNotValid":
            yield path, f"{_shown(error.instance)} is neither a number nor a text"
        case _:
            yield path, error.message[:_LONGEST_MESSAGE]


def _refused(path: Path, message: str) -> InstancesInvalid:
    return InstancesInvalid([violation_at(path, message)])


def _unknown(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name, known, n=1, cutoff=0.5) if len(name) < 100 else []
    hint = f"did you mean {near[0]!r}?" if near else "see /openapi.json for the known fields"
    return f"no such field is known; {hint}"


def _wrong_type(found: object, wanted: Sequence[str]) -> str:
    if found is None:
        return f"null is not allowed here; it must be of type {' or '.join(wanted)}"
    return f"{_shown(found)} is not of type {' or '.join(sorted(wanted))}"


def _shown(found: object) -> str:
    """Return a value as JSON has it, whatever its size in little room."""
    if isinstance(found, list | dict):
        return "a list" if isinstance(found, list) else "an object"
    if isinstance(found, str) and len(found) > _LONGEST_SHOWN:
        found = found[: _LONGEST_SHOWN - 1] + "…"
    return orjson.dumps(found).decode()
