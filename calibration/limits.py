"""Part 2: the gate exactly at each limit, where neither PROMOTE nor REJECT is right."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import numpy as np

from . import scenes
from .asking import EVER_WRONG, PROMOTE, REJECT, WRONG, Scene, ask_where_decided
from .case import LEVEL, Case, Run
from .scenes import MARGIN, Floats, Ints, correlated, unit_codes

UNITS = 10_000
REQUESTS, SIZE, CORRELATION = 1000, 20, 0.2
ALIKE = 0.8
"""Correlation of the two models' errors on the same instance."""

Make = Callable[..., Scene]


def at_limit(rng: np.random.Generator, make: Make, units: int, size: int, **more: Any) -> Run:
    """Asks about one scene while its units come in."""
    return ask_where_decided(make(rng, unit_codes(units, size), **more), rng)


def two_errors(rng: np.random.Generator, codes: Ints) -> tuple[Floats, Floats]:
    """Draws the errors of two models of the same quality."""
    live, own = correlated(rng, codes, CORRELATION), correlated(rng, codes, CORRELATION)
    return live, ALIKE * live + (1 - ALIKE**2) ** 0.5 * own


def normal_errors(rng: np.random.Generator, codes: Ints, loss: str, **policy: Any) -> Scene:
    """Normal errors, those of the shadow greater by as much as the margin allows."""
    live, shadow = two_errors(rng, codes)
    factor = (1 + MARGIN) ** 0.5 if loss == "squared" else 1 + MARGIN
    factor = 1.0 if policy.get("aim") == "better" else factor
    return scenes.errors(codes, live, factor * shadow, loss, **policy)


def lognormal_errors(rng: np.random.Generator, codes: Ints, sigma: float) -> Scene:
    """Absolute losses of both models are lognormal."""
    live, shadow = two_errors(rng, codes)
    return scenes.errors(codes, np.exp(sigma * live), (1 + MARGIN) * np.exp(sigma * shadow))


def one_sided(rng: np.random.Generator, codes: Ints, sigma: float, is_shadow: bool) -> Scene:
    """One model's loss is always the same, the other's now and then much greater (lognormal)."""
    surplus = np.exp(sigma * correlated(rng, codes, CORRELATION))
    surplus -= np.exp(sigma**2 / 2)
    mean = 2 * np.exp(sigma**2 / 2)
    even = np.full(len(codes), mean)
    if is_shadow:
        return scenes.errors(codes, even, (1 + MARGIN) * mean + surplus)
    return scenes.errors(codes, mean + surplus, (1 + MARGIN) * even)


def rare_disaster(rng: np.random.Generator, codes: Ints, once_in: int) -> Scene:
    """The shadow errs a quarter less, but now and then so much that its mean is at the limit."""
    live, shadow = two_errors(rng, codes)
    usual, mean = 0.75, (2 / np.pi) ** 0.5
    disaster = once_in * mean * (1 + MARGIN - usual)
    shadow = np.where(
        rng.random(len(codes)) < 1 / once_in, usual * np.abs(shadow) + disaster, usual * shadow
    )
    return scenes.errors(codes, live, shadow, minimum_units=1000, minimum_outcomes=300)


def mean_difference(
    rng: np.random.Generator, codes: Ints, sign: float, sigma: float | None = None
) -> Scene:
    """The mean of shadow − live is at one end of its margin, with normal or lognormal spread."""
    spread = correlated(rng, codes, CORRELATION)
    if sigma is not None:
        spread = np.exp(sigma * spread) - np.exp(sigma**2 / 2)
    margin = 0.1
    return scenes.mean_at_margin(rng, codes, sign * (margin + spread), margin)


_SINGLE: Mapping[str, tuple[Make, dict[str, Any]]] = {
    "share of failures = 1 %": (scenes.failing, {}),
    "share beyond tolerance = 5 %": (scenes.beyond_tolerance, {}),
    "labels that differ = 1 %": (scenes.disagreeing, {}),
    "mean difference = +margin": (mean_difference, {"sign": 1.0}),
    "mean difference = −margin": (mean_difference, {"sign": -1.0}),
    "mean difference = +margin, lognormal": (mean_difference, {"sign": 1.0, "sigma": 1.0}),
    "mean difference = −margin, lognormal": (mean_difference, {"sign": -1.0, "sigma": 1.0}),
    "failures, mean and tolerance at once": (scenes.everything_at_its_limit, {}),
    "absolute loss ratio = 1.02": (normal_errors, {"loss": "absolute"}),
    "squared loss ratio = 1.02": (normal_errors, {"loss": "squared"}),
    "RMSE ratio = 1.02": (normal_errors, {"loss": "rmse"}),
    "equal losses, aim better": (normal_errors, {"loss": "absolute", "aim": "better"}),
    "absolute loss ratio = 1.02, lognormal": (lognormal_errors, {"sigma": 1.0}),
    "the same, very skewed (σ = 1.5)": (lognormal_errors, {"sigma": 1.5}),
    "shadow's loss alone skewed (σ = 1)": (one_sided, {"sigma": 1.0, "is_shadow": True}),
    "live's loss alone skewed (σ = 1)": (one_sided, {"sigma": 1.0, "is_shadow": False}),
    "shadow's loss alone very skewed (σ = 1.5)": (one_sided, {"sigma": 1.5, "is_shadow": True}),
    "live's loss alone very skewed (σ = 1.5)": (one_sided, {"sigma": 1.5, "is_shadow": False}),
    "error rate difference = 0.5 points": (scenes.wrong_labels, {}),
    "log loss ratio = 1.02": (scenes.probabilities, {"loss": "log_loss"}),
    "Brier ratio = 1.02": (scenes.probabilities, {"loss": "brier"}),
}

_REQUESTS: Mapping[str, tuple[Make, dict[str, Any]]] = {
    "share of failures = 1 %": (scenes.failing, {}),
    "share beyond tolerance = 5 %": (scenes.beyond_tolerance, {}),
    "labels that differ = 1 %": (scenes.disagreeing, {}),
    "mean difference = +margin": (mean_difference, {"sign": 1.0}),
    "absolute loss ratio = 1.02": (normal_errors, {"loss": "absolute"}),
    "absolute loss ratio = 1.02, lognormal": (lognormal_errors, {"sigma": 1.0}),
}


def _case(name: str, make: Make, units: int, size: int, more: dict[str, Any]) -> Case:
    title = name if size == 1 else f"{name}, requests of {size}"
    return Case(
        2,
        title,
        partial(at_limit, make=make, units=units, size=size, **more),
        dict.fromkeys((PROMOTE, REJECT, WRONG, EVER_WRONG), LEVEL),
    )


def _unseen(once_in: int) -> Case:
    """No interval can know of what has not happened yet, so nothing is asked of these."""
    return Case(
        2,
        f"a disaster once in {once_in:,} units makes up the difference",
        partial(at_limit, make=rare_disaster, units=UNITS, size=1, once_in=once_in),
        effort=0.2,
    )


CASES = (
    *(_case(name, make, UNITS, 1, more) for name, (make, more) in _SINGLE.items()),
    *(_case(name, make, REQUESTS, SIZE, more) for name, (make, more) in _REQUESTS.items()),
    *(_unseen(once_in) for once_in in (100, 300, 1000, 3000)),
)
