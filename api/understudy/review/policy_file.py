"""The file of a comparison policy, YAML or JSON, read strictly."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from understudy.errors import PolicyInvalid, UsageError

if TYPE_CHECKING:
    from understudy.comparison.policy import Policy


def read_policy(path: Path) -> "tuple[Policy, tuple[str, ...]]":
    """
    Return the policy in a file, and the keys that the file names.

    Raises UsageError for a file that cannot be read, PolicyInvalid for what no policy may say.
    """
    from understudy.comparison.policy import Policy

    try:
        text = path.read_text("utf-8")
        content = _from_json(text) if path.suffix == ".json" else _from_yaml(text)
        policy = Policy.from_json(content)
    except PolicyInvalid as error:
        error.args = (f"{path}: {error}",)
        raise
    except OSError as error:
        raise UsageError(f"The policy {path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise UsageError(f"{path} is neither YAML nor JSON: {error}.") from error
    return policy, tuple(content) if isinstance(content, dict) else ()


def _from_json(text: str) -> object:
    return json.loads(text, object_pairs_hook=_once_each)


def _from_yaml(text: str) -> object:
    import yaml

    class Strict(yaml.SafeLoader):
        """A loader that refuses a key that is said twice."""

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[str, Any]:
        return _once_each(loader.construct_pairs(node, deep=True))

    Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    try:
        return yaml.load(text, Strict)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from error


def _once_each(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """Make a mapping of pairs, or say which key stands twice: one of them would be lost."""
    for key, count in Counter(str(key) for key, _ in pairs).items():
        if count > 1:
            raise PolicyInvalid(
                key, [value for name, value in pairs if name == key], "it stands twice"
            )
    return dict(pairs)
