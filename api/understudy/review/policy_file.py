"""The file of a comparison policy, YAML or JSON, read strictly."""

from pathlib import Path
from typing import TYPE_CHECKING

from understudy.errors import PolicyInvalid
from understudy.review.strict_file import read_strict

if TYPE_CHECKING:
    from understudy.comparison.policy import Policy


def read_policy(path: Path) -> "tuple[Policy, tuple[str, ...]]":
    """
    Return the policy in a file, and the keys that the file names.

    Raises UsageError for a file that cannot be read, PolicyInvalid for what no policy may say.
    """
    from understudy.comparison.policy import Policy

    try:
        content = read_strict(path, "policy", _stands_twice)
        policy = Policy.from_json(content)
    except PolicyInvalid as error:
        error.args = (f"{path}: {error}",)
        raise
    return policy, tuple(content) if isinstance(content, dict) else ()


def _stands_twice(key: str, values: list[object]) -> PolicyInvalid:
    return PolicyInvalid(key, values, "it stands twice")
