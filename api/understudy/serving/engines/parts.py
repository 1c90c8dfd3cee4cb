"""What a fitted estimator is made of, and what of it answers."""

from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Any

import numpy as np
from sklearn.model_selection._search import BaseSearchCV

PLAIN = (str, bytes, int, float, complex, type(None), np.generic)


def answering_part(estimator: Any) -> Any:
    """Return the best estimator of a search, without all that the search tried; others as is."""
    if isinstance(estimator, BaseSearchCV) and hasattr(estimator, "best_estimator_"):
        return answering_part(estimator.best_estimator_)
    return estimator


def parts_of(estimator: Any) -> Iterator[Any]:
    """Yield an estimator and every object, class and function that it holds, each once."""
    seen: set[int] = set()
    waiting = [estimator]
    while waiting:
        found = waiting.pop()
        if isinstance(found, PLAIN) or id(found) in seen:
            continue
        seen.add(id(found))
        if (items := _items(found)) is None:
            yield found
            items = _attributes(found)
        waiting += items


def qualified_name(part: Any) -> str:
    """Return the full name of a class or a function, or of the class of an object."""
    named = part if hasattr(part, "__qualname__") else type(part)
    return f"{getattr(named, '__module__', None) or 'builtins'}.{named.__qualname__}"


def _items(found: Any) -> list[Any] | None:
    """Return what a container holds, None for anything else."""
    if isinstance(found, Mapping):
        return list(found.values())
    if isinstance(found, list | tuple | set | frozenset):
        return list(found)
    if isinstance(found, np.ndarray):
        return list(found.flat) if found.dtype == object else []
    return None


def _attributes(found: Any) -> list[Any]:
    if isinstance(found, type | ModuleType):
        return []
    return list(getattr(found, "__dict__", {}).values())
