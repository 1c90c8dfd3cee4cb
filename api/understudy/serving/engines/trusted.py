"""Which types the exact engine may rebuild: known libraries, and named installed distributions."""

import importlib
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, distribution, packages_distributions, version

import numpy as np

from understudy.errors import ArtefactInvalid

LIBRARIES = ("numpy", "scipy", "sklearn", "xgboost", "lightgbm")

# Functions that fitted estimators hold, known to do nothing but compute. A partial function is as
# harmless as the function in it, which has to be allowed by itself.
HARMLESS = frozenset(
    {"functools.partial", "sklearn.utils.validation.check_array"}
    | {
        f"sklearn.feature_selection._univariate_selection.{name}"
        for name in ("chi2", "f_classif", "f_oneway", "f_regression", "r_regression")
    }
    | {
        f"sklearn.feature_selection._mutual_info.mutual_info_{name}"
        for name in ("classif", "regression")
    }
)


def trusted_types(unknown: Iterable[str], distributions: Iterable[str]) -> list[str]:
    """
    Return the types that may be rebuilt, out of those skops does not know to be harmless.

    Allowed are classes of the known libraries, and estimators that one of `distributions`
    defines. Of functions only a few are: one of a good library can still do harm when an artefact
    chooses its arguments. Raises ArtefactInvalid naming the first type that is not allowed.
    """
    named = set(distributions)
    allowed = list(unknown)
    for qualified in allowed:
        if not _is_allowed(qualified, named):
            raise ArtefactInvalid(
                f"The model holds {qualified}, which may not be loaded. Use classes of"
                f" {', '.join(LIBRARIES)}, or an estimator class of an installed distribution."
            )
    return allowed


def defining_distributions(unknown: Iterable[str]) -> dict[str, str]:
    """Return the installed distributions, with versions, that define types of no known library."""
    roots = {name.partition(".")[0] for name in set(unknown) - HARMLESS} - set(LIBRARIES)
    return {name: version(name) for root in sorted(roots) for name in _owners(root)}


def check_distributions(distributions: Mapping[str, str]) -> None:
    """Raise ArtefactInvalid for a distribution that a model needs and this machine lacks."""
    for name, packaged in distributions.items():
        try:
            version(name)
        except PackageNotFoundError:
            raise ArtefactInvalid(
                f"The model needs the distribution {name} {packaged}, which is not installed."
            ) from None


def _is_allowed(qualified: str, distributions: set[str]) -> bool:
    root = qualified.partition(".")[0]
    if qualified in HARMLESS:
        return True
    if root in LIBRARIES:
        return _is_class(_resolve(qualified))
    owned = not distributions.isdisjoint(_owners(root))
    return owned and _is_estimator(_resolve(qualified))


def _owners(package: str) -> list[str]:
    """Return the installed distributions that a top-level package belongs to."""
    if owners := packages_distributions().get(package):
        return sorted(set(owners))
    # An editable installation does not list its packages; by custom it bears the same name.
    try:
        return [distribution(package.replace("_", "-")).metadata["Name"]]
    except PackageNotFoundError:
        return []


def _resolve(qualified: str) -> object:
    """Find a type by name, in a module that is known to belong to an installed distribution."""
    module, _, name = qualified.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


def _is_class(found: object) -> bool:
    return isinstance(found, type | np.ufunc)


def _is_estimator(found: object) -> bool:
    from sklearn.base import BaseEstimator

    return isinstance(found, type) and issubclass(found, BaseEstimator)
