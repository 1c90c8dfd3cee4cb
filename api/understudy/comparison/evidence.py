"""Everything a comparison is given, as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from .columns import Kind
from .coverage import Coverage
from .naming import Coded
from .traffic import Columns, Traffic, Training
from .units import Values

Probabilities = Mapping[str, float]


@dataclass(frozen=True, eq=False)
class Evidence:
    """
    What is known about one live and one shadow version; rows are instances that were due.

    `units` and `instances` name a row; together they must be unique. Without `units` each row is
    its own unit, without `served_at` (seconds since 1970) rows arrived as they stand.
    `live` and `shadow` are the primary numbers (regression: the prediction; binary: the probability
    of `positive`), None or NaN for none. A row is compared if live has an answer and the shadow has
    one too; it failed if `failed` says so or the shadow's answer is unusable; it is left out if
    `excluded` says so or live's answer is unusable.
    `outcomes` are true values (None or NaN: not known), `outcome_at` when they came.
    `classes` are all that live or the shadow may answer; without them, those that occur in labels
    and probabilities.
    `coverage` is the accounting of the log; without it the rows are taken for all there is.
    `inputs` is live traffic, `reference` the training sample, `training` what the manifest knows of
    all training rows, `held_out` live's own predictions on held-out rows (numbers or labels).
    `offline` may hold live's `rmse` and `mae`. `shadows`: how many are compared at once.
    """

    live: Values | None
    shadow: Values | None
    task: str = "regression"
    units: Values | Coded | None = None
    instances: Values | None = None
    served_at: Values | None = None
    live_labels: Values | None = None
    shadow_labels: Values | None = None
    live_probabilities: Sequence[Probabilities | None] | None = None
    shadow_probabilities: Sequence[Probabilities | None] | None = None
    positive: object = None
    classes: Sequence[object] = ()
    failed: Values | None = None
    excluded: Values | None = None
    outcomes: Values | None = None
    outcome_at: Values | None = None
    coverage: Coverage | None = None
    inputs: Traffic | None = None
    reference: Columns | None = None
    kinds: Mapping[str, Kind] = field(default_factory=dict)
    training: Training | None = None
    held_out: Values | None = None
    offline: Mapping[str, float] = field(default_factory=dict)
    live_name: str = "live"
    shadow_name: str = "shadow"
    endpoint: str = ""
    target: str = "prediction"
    measured_in: str = ""
    days: float | None = None
    shadows: int = 1

    def without_rows(self) -> "Evidence":
        """
        Gives what is known beside the rows; only units that tell which inputs are whose are kept.

        The columns may be let go once `Rows` holds them in order: millions need not stand twice.
        """
        return replace(
            self,
            live=None,
            shadow=None,
            units=None if self.inputs is None else self.units,
            instances=None,
            served_at=None,
            live_labels=None,
            shadow_labels=None,
            live_probabilities=None,
            shadow_probabilities=None,
            failed=None,
            excluded=None,
            outcomes=None,
            outcome_at=None,
        )
