"""
The plots of the report: arrays and results in, a figure out.

Nothing is computed here that has a meaning of its own: every figure drawn comes from
`understudy.comparison`. Live is blue, the shadow orange, training grey, wherever they appear.
"""

from understudy.presentation.canvas import LIVE, SHADOW, TRAINING, to_svg

from .coverage import coverage_bar
from .drift import distribution, drift_effects, missing_shares
from .outcomes import error_by_group, reliability
from .pairs import bland_altman, development, label_matrix, quantiles, scatter
from .slices import rule_bars, slice_errors, slices_apart

__all__ = [
    "LIVE",
    "SHADOW",
    "TRAINING",
    "bland_altman",
    "coverage_bar",
    "development",
    "distribution",
    "drift_effects",
    "error_by_group",
    "label_matrix",
    "missing_shares",
    "quantiles",
    "reliability",
    "rule_bars",
    "scatter",
    "slice_errors",
    "slices_apart",
    "to_svg",
]
