"""A capture policy made ready: from instances as they were sent to instances as they are kept."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable
from functools import partial
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path

import orjson

from understudy.capture import CapturePolicy, Handling
from understudy.serving.capture_key import read_key
from understudy.serving.validation import Instances

Redact = Callable[[Instances], Instances]
_Change = Callable[[object], object]

_DIGEST_BYTES = 16
_WHOLE_BELOW = 2.0**63  # beyond it JSON here has no whole numbers


def compile_capture(policy: CapturePolicy, fields: Iterable[str], key_file: Path) -> Redact | None:
    """
    Return what makes recordable instances of sent ones; None if all `fields` are kept.

    `fields` are all that a contract knows. Raises CaptureKeyUnusable if one is hashed and the key
    cannot be used.
    """
    handled = {name: policy.handling(name) for name in fields}
    dropped = frozenset(name for name, found in handled.items() if found.how == "drop")
    changed = {name: found for name, found in handled.items() if found.how in ("hash", "bucket")}
    if not dropped and not changed:
        return None
    is_keyed = any(found.how == "hash" for found in changed.values())
    key = read_key(key_file) if is_keyed else b""
    changes = {name: _change(name, found, key) for name, found in changed.items()}
    return partial(_redact, dropped, changes)


def _redact(
    dropped: frozenset[str], changes: dict[str, _Change], instances: Instances
) -> Instances:
    """Return copies: the model and the caller's answer have to do with the instances as sent."""
    kept = [instance.copy() for instance in instances]
    for instance in kept:
        for name in dropped:
            instance.pop(name, None)
        for name, change in changes.items():
            if instance.get(name) is not None:
                instance[name] = change(instance[name])
    return kept


def _change(name: str, handling: Handling, key: bytes) -> _Change:
    if handling.how == "hash":
        return partial(_digest, name.encode(), key)
    return partial(_bucket, handling.edges, _labels(handling.edges))


def _digest(name: bytes, key: bytes, value: object) -> str:
    """Return a keyed digest of a value of one field: 1 and 1.0 are equal, two fields are not."""
    if isinstance(value, float) and abs(value) < _WHOLE_BELOW and value.is_integer():
        value = int(value)
    told = name + b"\0" + orjson.dumps(value)
    return "hash:" + blake2b(told, key=key, digest_size=_DIGEST_BYTES).hexdigest()


def _bucket(edges: tuple[float, ...], labels: tuple[str, ...], value: object) -> str | None:
    """Return the interval that a number lies in; what is no number has none."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        return None
    return labels[bisect_right(edges, value)]


def _labels(edges: tuple[float, ...]) -> tuple[str, ...]:
    inner = (f"{low} to {high}" for low, high in pairwise(edges))
    return (f"below {edges[0]}", *inner, f"from {edges[-1]}")
