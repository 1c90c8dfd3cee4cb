"""Files of settings, YAML or JSON, in which no key may stand twice."""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from understudy.errors import UsageError

Twice = Callable[[str, list[Any]], Exception]
"""Makes the error for a key that stands twice, from the key and its values."""


def read_strict(path: Path, what: str, twice: Twice) -> object:
    """Return the content of a file; raises UsageError, or what `twice` makes."""
    try:
        text = path.read_text("utf-8")
        return _from_json(text, twice) if path.suffix == ".json" else _from_yaml(text, twice)
    except OSError as error:
        raise UsageError(f"The {what} {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"{path} is neither YAML nor JSON: {error}.") from error


def _from_json(text: str, twice: Twice) -> object:
    return json.loads(text, object_pairs_hook=lambda pairs: _once_each(pairs, twice))


def _from_yaml(text: str, twice: Twice) -> object:
    import yaml

    class Strict(yaml.SafeLoader):
        """A loader that refuses a key that is said twice."""

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[str, Any]:
        return _once_each(loader.construct_pairs(node, deep=True), twice)

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    try:
        return yaml.load(text, Strict)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


def _once_each(pairs: Sequence[tuple[str, Any]], twice: Twice) -> dict[str, Any]:
    """Make a mapping of pairs, or say which key stands twice: one of them would be lost."""
    for key, count in Counter(str(key) for key, _ in pairs).items():
        if count > 1:
            raise twice(key, [value for name, value in pairs if name == key])
    return dict(pairs)
