"""The comparison policy: what has to be shown before a shadow may take over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from hashlib import sha256
from typing import Any

from understudy.errors import PolicyInvalid

from .jsonable import as_json
from .policy_values import (
    check_count,
    check_key,
    check_number,
    check_word,
    checked_guards,
    checked_names,
)

TASKS = ("regression", "binary", "multiclass")
AIMS = ("same", "not_worse", "better")
GUARDS = ("failures", "difference", "tolerance", "labels")
LOSSES: Mapping[str, tuple[str, ...]] = {
    "regression": ("absolute", "squared", "rmse", "squared_log", "pinball"),
    "binary": ("zero_one", "log_loss", "brier"),
    "multiclass": ("zero_one", "log_loss", "brier"),
}


SLICE_FACTOR = 5
"""A slice may be worse by so many times what the whole may be, before it counts as bad."""
LEAST_SLICE = 100


@dataclass(frozen=True)
class Policy:
    """
    What is asked of a shadow; whatever is None gets its default from `with_defaults`.

    `aim`: the shadow answers the `same`, is `not_worse`, or is `better` than live.
    `loss` and `loss_margin`: how errors count, and by how much more of them the shadow may make
    (relative to live's; for `zero_one` absolute). `loss_cap` caps both models' losses alike;
    `loss_quantile` is the one that the loss `pinball` is about.
    `difference_margin`: how far the mean of shadow − live may be from nought, `tolerance`: how far
    a single pair may be apart, of which `beyond_tolerance_limit` may be further.
    `guards`: what must hold besides the aim. `minimum_days` None asks for no days.
    `slices`: the columns in which bad slices are searched; None for all that are suitable. One is
    bad if it is worse by more than `slice_margin`; `slice_units` is the least it must
    hold in each half of the traffic.
    `unit`: what is counted; `request`, or a feature or carried field by which the log is read.
    `planned_units`: where the intervals are made tightest. More than ten times `horizon_units`
    needed means that waiting is no answer.
    """

    aim: str = "not_worse"
    loss: str | None = None
    loss_margin: float | None = None
    loss_cap: float | None = None
    loss_quantile: float | None = None
    difference_margin: float | None = None
    tolerance: float | None = None
    beyond_tolerance_limit: float = 0.05
    disagreement_limit: float = 0.01
    guards: tuple[str, ...] = ("failures",)
    failure_limit: float = 0.01
    unmatched_limit: float = 0.01
    minimum_units: int = 1000
    minimum_days: float | None = 7.0
    minimum_outcomes: int = 300
    outcome_delay_days: float | None = None
    outcome_influenced: bool = False
    slices: tuple[str, ...] | None = None
    slice_margin: float | None = None
    slice_units: int = 100
    unit: str = "request"
    planned_units: int = 1000
    horizon_units: int = 10_000
    alpha: float = 0.05
    power: float = 0.8

    def __post_init__(self) -> None:
        known = sorted({loss for losses in LOSSES.values() for loss in losses})
        check_word("aim", self.aim, AIMS)
        check_word("loss", self.loss, (None, *known))
        object.__setattr__(self, "guards", checked_guards(self.guards, GUARDS))
        object.__setattr__(self, "slices", checked_names("slices", self.slices))
        for key in ("loss_margin", "loss_cap", "difference_margin", "tolerance", "slice_margin"):
            check_number(key, getattr(self, key), optional=True)
        for key in ("minimum_days", "outcome_delay_days"):
            check_number(key, getattr(self, key), optional=True, least=0.0)
        for key in _SHARES:
            check_number(key, getattr(self, key), below=1.0)
        for key in _COUNTS:
            check_count(key, getattr(self, key))
        check_count("slice_units", self.slice_units, LEAST_SLICE)
        check_number("loss_quantile", self.loss_quantile, optional=True, below=1.0)
        if (self.loss == "pinball") != (self.loss_quantile is not None):
            wanted = "the loss pinball needs the quantile that is predicted, and no other loss does"
            raise PolicyInvalid("loss_quantile", self.loss_quantile, wanted)
        check_word("outcome_influenced", self.outcome_influenced, (True, False))
        if not isinstance(self.unit, str) or not self.unit:
            raise PolicyInvalid("unit", self.unit, "it must name a field, or be 'request'")

    @classmethod
    def from_json(cls, given: object) -> "Policy":
        """Reads a policy; raises PolicyInvalid for an unknown key or a value not allowed."""
        if not isinstance(given, Mapping):
            raise PolicyInvalid("content", given, "it must be keys with values, such as aim: same")
        known = [field.name for field in fields(cls)]
        for key in given:
            check_key(key, given[key], known)
        return cls(**given)

    def to_json(self) -> dict[str, Any]:
        """Gives the policy as a JSON object that `from_json` reads back."""
        result: dict[str, Any] = as_json(self)
        return result

    @property
    def digest(self) -> str:
        """SHA-256 of the policy's canonical JSON."""
        text = json.dumps(self.to_json(), sort_keys=True, separators=(",", ":"))
        return sha256(text.encode()).hexdigest()

    def with_defaults(
        self, rmse: float | None = None, mae: float | None = None, task: str = "regression"
    ) -> "Policy":
        """
        Fills what is None: from live's offline errors for regression, else by task.

        Raises PolicyInvalid when the loss does not fit the task.
        """
        check_word("task", task, TASKS)
        loss = self.loss or LOSSES[task][0]
        if loss not in LOSSES[task]:
            wanted = f"{task} models are judged by {', '.join(LOSSES[task])}"
            raise PolicyInvalid("loss", loss, wanted)
        margins: dict[str, tuple[float | None, float | None]] = {
            "regression": (None if not rmse else 0.1 * rmse, mae or None),
            "binary": (0.01, 0.05),
            "multiclass": (0.02, 0.05),
        }
        difference, tolerance = margins[task]
        margin = self.loss_margin or (0.005 if loss == "zero_one" else 0.02)
        return replace(
            self,
            loss=loss,
            loss_margin=margin,
            slice_margin=self.slice_margin or SLICE_FACTOR * margin,
            difference_margin=self.difference_margin or difference,
            tolerance=self.tolerance or tolerance,
        )

    def criteria(self, task: str, *, has_numbers: bool) -> tuple[str, ...]:
        """Names what the verdict rests on: the guards, then the aim; alpha is shared among them."""
        aim: tuple[str, ...] = (self.aim,)
        if self.aim == "same":
            numeric = (
                ("difference", "labels") if task == "multiclass" else ("difference", "tolerance")
            )
            aim = numeric if has_numbers else ("labels",)
        return tuple(dict.fromkeys((*self.guards, *aim)))

    @property
    def needs_outcomes(self) -> bool:
        """True if the aim is about errors, which only outcomes can tell."""
        return self.aim != "same"


_SHARES = (
    "beyond_tolerance_limit",
    "disagreement_limit",
    "failure_limit",
    "unmatched_limit",
    "alpha",
    "power",
)
_COUNTS = ("minimum_units", "minimum_outcomes", "planned_units", "horizon_units")
