"""Which types the exact engine may rebuild: listed ones, and estimators of named distributions."""

import importlib
from collections.abc import Iterable

import numpy as np

from understudy.errors import ArtefactInvalid
from understudy.serving.engines.distributions import claimants, is_defined_by

# Classes of these may be rebuilt if they belong to a family or are listed below.
LIBRARIES = ("numpy", "scipy", "sklearn")
# Their estimators may, too; an artefact names the distribution they come from.
BOOSTERS = ("xgboost", "lightgbm")

# Modules that do something as soon as they are imported: `numpy.f2py.__main__` ends the process.
PROGRAMS = frozenset({"__main__", "conftest"})
ESTIMATORS = "sklearn.base.BaseEstimator"
# A file may call the class it names with arguments of its choice, and numpy.memmap, say, empties
# the file it is given. The classes of a family only keep, or compute from, what they are given.
FAMILIES = (
    ESTIMATORS,
    # Parameters of Gaussian processes.
    "sklearn.gaussian_process.kernels.Kernel",
    # Distances that neighbours are found by.
    "sklearn.metrics._dist_metrics.DistanceMetric",
    "sklearn.metrics._dist_metrics.DistanceMetric32",
    # The loss that a generalised linear model was fitted with.
    "sklearn._loss.loss.BaseLoss",
    # What a neural network was fitted with.
    "sklearn.neural_network._stochastic_optimizers.BaseOptimizer",
    # How a search or a threshold was chosen: scorers, and splits into folds.
    "sklearn.metrics._scorer._BaseScorer",
    "sklearn.model_selection._split.BaseCrossValidator",
    "sklearn.model_selection._split.BaseShuffleSplit",
)
CLASSES = frozenset(
    {
        # Ordered names and numbers: LightGBM keeps its scores of training so.
        "collections.OrderedDict",
        "collections.defaultdict",
        # A function with some arguments set; the function has to be allowed by itself.
        "functools.partial",
        "numpy.dtype",
        # Fitted curves, and trees to find neighbours in: arrays.
        "scipy.interpolate._bsplines.BSpline",
        "sklearn.neighbors._ball_tree.BallTree",
        "sklearn.neighbors._ball_tree.BallTree32",
        "sklearn.neighbors._ball_tree.BallTree64",
        "sklearn.neighbors._kd_tree.KDTree",
        "sklearn.neighbors._kd_tree.KDTree32",
        "sklearn.neighbors._kd_tree.KDTree64",
        # Fitted decision trees: arrays of nodes.
        "sklearn.ensemble._hist_gradient_boosting.predictor.TreePredictor",
        "sklearn.tree._tree.Tree",
        # A classifier with its calibrators, and a step of imputation with its estimator.
        "sklearn.calibration._CalibratedClassifier",
        "sklearn.impute._iterative._ImputerTriplet",
        # Names and estimators, names and arrays.
        "sklearn.utils._bunch.Bunch",
        # Which rows' weights and the like a meta-estimator passes on, and to whom.
        "sklearn.utils._metadata_requests.MetadataRequest",
        "sklearn.utils._metadata_requests.MethodMetadataRequest",
        # Scores by the estimator's own `score`.
        "sklearn.metrics._scorer._PassthroughScorer",
        # Chooses columns of a frame by dtype or name.
        "sklearn.compose._column_transformer.make_column_selector",
        # Reads trees from bytes.
        "lightgbm.basic.Booster",
        "xgboost.core.Booster",
    }
)
METRICS = {
    "_classification": (
        "accuracy_score", "balanced_accuracy_score", "brier_score_loss", "cohen_kappa_score",
        "f1_score", "fbeta_score", "jaccard_score", "log_loss", "matthews_corrcoef",
        "precision_score", "recall_score",
    ),
    "_ranking": ("average_precision_score", "roc_auc_score"),
    "_regression": (
        "explained_variance_score", "max_error", "mean_absolute_error",
        "mean_absolute_percentage_error", "mean_gamma_deviance", "mean_pinball_loss",
        "mean_poisson_deviance", "mean_squared_error", "mean_tweedie_deviance",
        "median_absolute_error", "r2_score", "root_mean_squared_error",
    ),
}  # fmt: skip
# One of a good library can still do harm when an artefact chooses its arguments, so each of these
# stands here by name: it computes from arrays, and neither reads nor writes anything else.
FUNCTIONS = frozenset(
    # What columns are selected by.
    {
        f"sklearn.feature_selection._univariate_selection.{name}"
        for name in ("chi2", "f_classif", "f_oneway", "f_regression", "r_regression")
    }
    | {
        f"sklearn.feature_selection._mutual_info.mutual_info_{name}"
        for name in ("classif", "regression")
    }
    # What the levels of histogram boosting are checked with.
    | {"sklearn.utils.validation.check_array"}
    # What thresholds and searches were scored by; never called again.
    | {f"sklearn.metrics.{part}.{name}" for part, names in METRICS.items() for name in names}
    # What columns are pooled or cleaned with, and what splines make arrays with.
    | {f"numpy.{name}" for name in ("clip", "mean", "median", "nan_to_num", "round")}
    | {"scipy._lib.array_api_compat.numpy._aliases.asarray"}
)


def trusted_types(unknown: Iterable[str], distributions: Iterable[str]) -> list[str]:
    """
    Return the types that may be rebuilt, out of those skops does not know to be harmless.

    Allowed are what is listed here, the estimators of the known libraries, and estimators that
    one of `distributions` defines. Raises ArtefactInvalid naming the first type that is not
    allowed, and what would help.
    """
    named = set(distributions)
    allowed = list(unknown)
    for qualified in allowed:
        if not _is_allowed(qualified, named):
            raise ArtefactInvalid(f"The model holds {qualified}, {_objection(qualified, named)}.")
    return allowed


def _is_allowed(qualified: str, distributions: set[str]) -> bool:
    if qualified in CLASSES | FUNCTIONS:
        return True
    root = qualified.partition(".")[0]
    if root in LIBRARIES:
        found = _resolve(qualified)
        return isinstance(found, np.ufunc) or _is_of_family(found, FAMILIES)
    if root in BOOSTERS or is_defined_by(distributions, qualified):
        return _is_of_family(_resolve(qualified), [ESTIMATORS])
    return False


def _resolve(qualified: str) -> object:
    """Find a type by name, in a module that is known to belong to an installed distribution."""
    module, _, name = qualified.rpartition(".")
    if not PROGRAMS.isdisjoint(module.split(".")):
        return None
    try:
        return getattr(importlib.import_module(module), name, None)
    except ImportError:
        return None


def _is_of_family(found: object, families: Iterable[str]) -> bool:
    bases = tuple(base for name in families if isinstance(base := _resolve(name), type))
    return isinstance(found, type) and issubclass(found, bases)


def _objection(qualified: str, distributions: set[str]) -> str:
    """Say why a type may not be loaded, and what would help."""
    root, _, name = qualified.partition(".")
    owners = claimants(qualified)
    if "<lambda>" in name or root == "builtins":
        return (
            "which has no name to find it by when the model is loaded; use a NumPy function such"
            " as numpy.log1p, or a transformer class of an installed distribution"
        )
    if root in (*LIBRARIES, *BOOSTERS):
        return (
            "which may not be loaded: of known libraries only estimators are, and what is known to"
            " be harmless by name"
        )
    if not owners:
        return (
            "which no installed distribution defines; move it, as an estimator class, into a"
            " package, install that (`pip install -e .` will do), import it from there and train"
            " again"
        )
    if distributions.isdisjoint(owners):
        return f"and the distribution {' or '.join(owners)} is not named as one of the model's"
    return (
        "which may not be loaded: of other distributions only estimator classes are; make it a"
        " transformer, a class of TransformerMixin and BaseEstimator"
    )
