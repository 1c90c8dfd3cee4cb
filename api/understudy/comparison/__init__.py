"""
The comparison: pure functions over arrays that say whether a shadow is fit to take over.

`compare(evidence, policy)` is the way in. `Evidence` holds the arrays, `Policy` what has to be
shown, the `Comparison` that comes back the verdict and all it rests on. `drift` alone compares the
columns of two independent samples. Nothing here reads a file, a clock or a database.

Behind it: `columns` and `checks` (what is tested of a column), `independent` (two-sample tests),
`sequences` (intervals that allow looking at any time), `guards`, `pairs`, `outcomes`, `needed`,
`slices` (where the shadow is worse), `explanation` (what drives disagreement), `concentration` (how
much of it a few parts hold) and `verdict`.
"""

from .columns import Kind, Range
from .columnwise import drift_by_column
from .compare import Comparison, compare
from .coverage import Coverage
from .drift import DriftReport, drift
from .evidence import Evidence
from .finding import Finding
from .guards import Guard
from .outcomes import OutcomesResult
from .pairs import PairsResult
from .policy import Policy
from .traffic import Traffic, Training

__all__ = [
    "Comparison",
    "Coverage",
    "DriftReport",
    "Evidence",
    "Finding",
    "Guard",
    "Kind",
    "OutcomesResult",
    "PairsResult",
    "Policy",
    "Range",
    "Traffic",
    "Training",
    "compare",
    "drift",
    "drift_by_column",
]
