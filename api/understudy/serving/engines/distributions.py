"""Which installed distributions define the parts of a model."""

import importlib.util
import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.metadata import (
    Distribution,
    PackageNotFoundError,
    distribution,
    packages_distributions,
    version,
)
from pathlib import Path
from urllib.parse import unquote, urlparse

from understudy.errors import ArtefactInvalid

# The standard library, and what every manifest names anyway.
COMMON = ("builtins", "collections", "functools", "numpy", "scipy", "sklearn")
# Distributions of the same modules: any of a group will do.
ALIKE = (
    frozenset({"xgboost", "xgboost-cpu"}),
    frozenset({"onnxruntime", "onnxruntime-gpu"}),
)


def defining_distributions(types: Iterable[str]) -> dict[str, str]:
    """Return the installed distributions, with versions, that define types of other libraries."""
    further = {name for name in types if name.partition(".")[0] not in COMMON}
    found = {owner for name in further for owner in claimants(name) if _holds(owner, name)}
    return {owner: version(owner) for owner in sorted(found)}


def check_distributions(distributions: Mapping[str, str]) -> None:
    """Raise ArtefactInvalid for a distribution that a model needs and this machine lacks."""
    for name, packaged in distributions.items():
        if not any(map(_is_installed, _alike(name))):
            raise ArtefactInvalid(
                f"The model needs the distribution {name} {packaged}, which is not installed."
            )


def is_defined_by(distributions: Iterable[str], qualified: str) -> bool:
    """Tell whether one of some distributions defines a type; imports nothing of any other."""
    named = set(distributions).intersection(claimants(qualified))
    return any(_holds(name, qualified) for name in sorted(named))


def claimants(qualified: str) -> tuple[str, ...]:
    """Return the installed distributions that say the package of a type is theirs."""
    return _claimants(qualified.partition(".")[0], tuple(sys.path))


def _alike(name: str) -> set[str]:
    return {name}.union(*(group for group in ALIKE if name in group))


def _is_installed(name: str) -> bool:
    try:
        version(name)
    except PackageNotFoundError:
        return False
    return True


@cache
def _installed(_: tuple[str, ...]) -> Mapping[str, Sequence[str]]:
    """Look through everything that is installed on a path, which takes a third of a second."""
    return packages_distributions()


@cache
def _claimants(package: str, path: tuple[str, ...]) -> tuple[str, ...]:
    if found := _installed(path).get(package):
        return tuple(sorted(set(found)))
    # An editable installation does not list its packages; by custom it bears the same name.
    try:
        return (distribution(package.replace("_", "-")).metadata["Name"],)
    except (PackageNotFoundError, ValueError):
        return ()


def _holds(name: str, qualified: str) -> bool:
    """
    Tell whether a distribution has the file of the module that a type is in.

    Many a wheel brings a package called `tests`, and owns nobody else's tests by that.
    """
    try:
        spec = importlib.util.find_spec(qualified.rpartition(".")[0])
    except (ImportError, ValueError, AttributeError):
        return False
    if spec is None or spec.origin is None:
        return False
    found = distribution(name)
    if (source := _edited(found)) is not None:
        return Path(spec.origin).resolve().is_relative_to(source)
    files = found.files
    return files is None or any(
        Path(str(found.locate_file(file))).resolve() == Path(spec.origin).resolve()
        for file in files
        if file.name == Path(spec.origin).name
    )


def _edited(found: Distribution) -> Path | None:
    """Return the folder of an editable installation."""
    content = json.loads(found.read_text("direct_url.json") or "{}")
    if not content.get("dir_info", {}).get("editable"):
        return None
    return Path(unquote(urlparse(content["url"]).path)).resolve()
