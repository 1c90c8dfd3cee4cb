"""
The list of all statistics: each function once, what it takes, and whether a verdict rests on it.

A new statistic is one function and one line here; the laws in the tests then hold for it, too.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from . import description, guards, independent, one_look, outcomes, quality, sequences, shares

Group = Literal["two samples", "pairs", "outcomes", "sequences"]
Role = Literal["decides", "alarms", "shown"]
Takes = Literal[
    "two samples",
    "a sample and counts on a ruler",
    "counts per level",
    "two shares",
    "counts beyond a range",
    "differences",
    "paired numbers",
    "paired numbers and a margin",
    "paired labels",
    "a table of paired labels",
    "numbers and outcomes",
    "labels and outcomes",
    "scores and events",
    "probabilities and events",
    "paired losses",
    "moments of units",
    "a count of events",
    "values per unit",
    "events per unit",
]


@dataclass(frozen=True)
class Statistic:
    """
    One statistic by name.

    `function` has the source and the assumption in its docstring. `role` is what it may do: decide
    a verdict, raise the alarm of drift, or be shown only. A paired one is symmetric if swapping
    the two models changes its sign and nothing else.
    """

    name: str
    group: Group
    takes: Takes
    role: Role
    function: Callable[..., Any]
    is_symmetric: bool = True

    @property
    def about(self) -> str:
        """The first sentence of the function's docstring."""
        text = " ".join((self.function.__doc__ or "").strip().split("\n\n")[0].split())
        return text.split(". ")[0].rstrip(".") + "."


STATISTICS: tuple[Statistic, ...] = (
    Statistic(
        "Kolmogorov–Smirnov", "two samples", "two samples", "alarms",
        independent.kolmogorov_smirnov,
    ),
    Statistic(
        "Kolmogorov–Smirnov of counts", "two samples", "a sample and counts on a ruler", "alarms",
        independent.kolmogorov_smirnov_of_cells, is_symmetric=False,  # one side's values are gone
    ),
    Statistic(
        "2×K chi-square", "two samples", "counts per level", "alarms", independent.chi_square
    ),
    Statistic("share change", "two samples", "two shares", "alarms", shares.share_change),
    Statistic(
        "beyond the range", "two samples", "counts beyond a range", "alarms",
        shares.beyond_range, is_symmetric=False,
    ),
    Statistic("paired t", "pairs", "differences", "shown", one_look.paired_t),
    Statistic("Wilcoxon", "pairs", "differences", "shown", one_look.wilcoxon),
    Statistic("TOST", "pairs", "paired numbers and a margin", "shown", one_look.equivalence),
    Statistic(
        "marginal KS and chi-square", "pairs", "paired numbers", "shown", one_look.marginals,
        is_symmetric=False,  # the cells are quantiles of live
    ),
    Statistic(
        "marginal chi-square of labels", "pairs", "paired labels", "shown",
        one_look.label_marginals,
    ),
    Statistic(
        "McNemar, Stuart–Maxwell, Bowker", "pairs", "a table of paired labels", "shown",
        one_look.agreement,
    ),
    Statistic("description", "pairs", "paired numbers", "shown", description.describe),
    Statistic("kappa", "pairs", "a table of paired labels", "shown", description.kappa),
    Statistic(
        "loss ratio", "outcomes", "paired losses", "shown", outcomes.loss_ratio,
        is_symmetric=False,  # it becomes its reciprocal
    ),
    Statistic("R²", "outcomes", "numbers and outcomes", "shown", quality.r_squared),
    Statistic("F1", "outcomes", "labels and outcomes", "shown", quality.f1),
    Statistic("AUC", "outcomes", "scores and events", "shown", quality.auc),
    Statistic(
        "reliability", "outcomes", "probabilities and events", "shown", quality.reliability
    ),
    Statistic(
        "sequence of a mean", "sequences", "moments of units", "decides", sequences.mean_sequence
    ),
    Statistic(
        "sequence of a share", "sequences", "a count of events", "decides",
        sequences.share_sequence,
    ),
    Statistic("mean guard", "sequences", "values per unit", "decides", guards.mean_guard),
    Statistic(
        "share guard", "sequences", "events per unit", "decides", guards.share_guard,
        is_symmetric=False,  # what is beyond a limit has no sign
    ),
)  # fmt: skip
