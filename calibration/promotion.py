"""Part 4: how many units pass until a shadow that deserves it is promoted."""

from functools import partial
from typing import Any

import numpy as np

from . import scenes
from .asking import PROMOTE, Scene, first_promotion
from .case import Case, Run
from .limits import two_errors
from .scenes import correlated, unit_codes

UNITS = 40_000
UNTIL = "units until PROMOTE"
USUAL: dict[str, Any] = {
    "guards": ("failures",),
    "minimum_units": 1000,
    "minimum_outcomes": 300,
    "minimum_days": None,
}
"""What a policy asks by default, but for the days: simulated units have no dates."""


def promoted(rng: np.random.Generator, make: Any, units: int = UNITS, **more: Any) -> Run:
    """Waits for PROMOTE on one shadow."""
    until = first_promotion(make(rng, units, **more))
    return Run({PROMOTE: bool(np.isfinite(until))}, {UNTIL: until})


def by_errors(rng: np.random.Generator, units: int, factor: float, **policy: Any) -> Scene:
    """Two models with normal errors, correlated 0.8, the shadow's being `factor` times live's."""
    codes = unit_codes(units, 1)
    live, shadow = two_errors(rng, codes)
    return scenes.errors(codes, live, factor * shadow, **{**USUAL, **policy})


def the_same(rng: np.random.Generator, units: int) -> Scene:
    """A shadow whose answers differ from live's by a twentieth of the offline error at random."""
    codes = unit_codes(units, 1)
    d = 0.05 * correlated(rng, codes, 0.0)
    return scenes.mean_at_margin(rng, codes, d, 0.1, minimum_units=1000)


def _case(name: str, **more: Any) -> Case:
    return Case(4, name, partial(promoted, **more), at_least={PROMOTE: 0.9}, effort=0.2)


CASES = (
    _case("equal shadow, aim not_worse", make=by_errors, factor=1.0),
    _case("10 % better shadow, aim not_worse", make=by_errors, factor=0.9),
    _case(
        "10 % better shadow, aim not_worse, no minimum coverage",
        make=by_errors,
        factor=0.9,
        minimum_units=1,
        minimum_outcomes=1,
    ),
    _case("10 % better shadow, aim better", make=by_errors, factor=0.9, aim="better"),
    _case("nearly equal answers, aim same", make=the_same, units=4000),
)
