"""Scenes whose truth is known: each stands exactly at a limit, or a stated way from it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from understudy.comparison import Evidence, Policy
from understudy.comparison.units import arrange

from .arithmetic import Watched
from .asking import Scene

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BARE: dict[str, Any] = {
    "guards": (),
    "minimum_units": 1,
    "minimum_days": None,
    "minimum_outcomes": 1,
}
"""No minimum coverage, so that nothing but the intervals stands between a shadow and PROMOTE."""

MARGIN = 0.02
CELLS = (0.1, 0.3, 0.5, 0.8)
LIVE_OFF = 0.05
YES, NO = "yes", "no"


def unit_codes(units: int, size: int) -> Ints:
    """Numbers the unit of each row when every unit has the same number of rows."""
    return np.repeat(np.arange(units), size)


def correlated(rng: np.random.Generator, codes: Ints, correlation: float) -> Floats:
    """Draws standard normals of which any two of the same unit are correlated."""
    own = rng.normal(size=len(codes))
    if codes[-1] + 1 == len(codes):
        return own
    shared = rng.normal(size=int(codes[-1]) + 1)[codes]
    return np.asarray(correlation**0.5 * shared + (1 - correlation) ** 0.5 * own)


def happening(rng: np.random.Generator, codes: Ints, share: float, correlation: float) -> Floats:
    """Draws events of this share, correlated within units (beta-binomial)."""
    units = int(codes[-1]) + 1
    if units == len(codes):
        return (rng.random(units) < share).astype(np.float64)
    spread = 1 / correlation - 1
    chances = rng.beta(share * spread, (1 - share) * spread, units)
    return (rng.random(len(codes)) < chances[codes]).astype(np.float64)


def named(codes: Ints) -> dict[str, Any]:
    """Gives units and instances their names, unless every row is a unit."""
    if codes[-1] + 1 == len(codes):
        return {}
    parts = np.arange(len(codes)) - np.searchsorted(codes, codes)
    return {"units": np.char.zfill(codes.astype(str), 7), "instances": parts.astype(str)}


def one_each(codes: Ints) -> Ints:
    """Picks the row of each unit that shares are about."""
    names = named(codes)
    units = arrange(len(codes), names.get("units"), names.get("instances"))
    return units.order[units.one_each(np.ones(len(codes), dtype=bool))]


def scene(
    codes: Ints,
    watched: tuple[Watched, ...],
    policy: Policy,
    criteria: int,
    **evidence: Any,
) -> Scene:
    """Puts a scene together; `criteria` share the policy's alpha."""
    return Scene(
        Evidence(**{"live": None, "shadow": None, **named(codes), **evidence}),
        policy,
        codes,
        watched,
        policy.alpha / criteria,
    )


def failing(
    rng: np.random.Generator, codes: Ints, correlation: float = 0.2, **policy: Any
) -> Scene:
    """The shadow fails on exactly the share of rows that it may fail on, and agrees on all."""
    limit = 0.01
    events = happening(rng, codes, limit, correlation)
    rules = Policy(aim="same", failure_limit=limit, **{**BARE, "guards": ("failures",), **policy})
    labels = np.full(len(codes), YES, dtype=object)
    picked = one_each(codes)
    watched = Watched("failures", events[picked], codes[picked], None, limit, is_share=True)
    known = {"live_labels": labels, "shadow_labels": labels, "failed": events > 0}
    return scene(codes, (watched,), rules, 2, task="binary", **known)


def disagreeing(
    rng: np.random.Generator, codes: Ints, correlation: float = 0.2, **policy: Any
) -> Scene:
    """Exactly the share of labels differs that may differ."""
    limit = 0.01
    events = happening(rng, codes, limit, correlation)
    rules = Policy(aim="same", disagreement_limit=limit, **{**BARE, **policy})
    picked = one_each(codes)
    watched = Watched("labels", events[picked], codes[picked], None, limit, is_share=True)
    live = np.full(len(codes), NO, dtype=object)
    shadow = np.where(events > 0, YES, NO).astype(object)
    return scene(codes, (watched,), rules, 1, task="binary", live_labels=live, shadow_labels=shadow)


def beyond_tolerance(
    rng: np.random.Generator, codes: Ints, correlation: float = 0.2, **policy: Any
) -> Scene:
    """Exactly the share of pairs is further apart than the tolerance that may be."""
    limit = 0.05
    events = happening(rng, codes, limit, correlation)
    side = rng.choice([-1.0, 1.0], len(codes))
    d = side * np.where(events > 0, 1.5, rng.random(len(codes)) * 0.9)
    asked = {"tolerance": 1.0, "difference_margin": 10.0, "beyond_tolerance_limit": limit}
    rules = Policy(aim="same", **{**BARE, **asked, **policy})
    picked = one_each(codes)
    watched = Watched("tolerance", events[picked], codes[picked], None, limit, is_share=True)
    live = rng.normal(size=len(codes))
    return scene(codes, (watched,), rules, 2, live=live, shadow=live + d)


def mean_at_margin(
    rng: np.random.Generator, codes: Ints, d: Floats, margin: float, **policy: Any
) -> Scene:
    """The mean of shadow − live is what the caller made it; every pair is within tolerance."""
    asked = {"difference_margin": margin, "tolerance": 1e9}
    rules = Policy(aim="same", **{**BARE, **asked, **policy})
    live = rng.normal(size=len(codes))
    shadow = live + d
    watched = Watched("difference", shadow - live, codes, -margin, margin)
    return scene(codes, (watched,), rules, 2, live=live, shadow=shadow)


def everything_at_its_limit(rng: np.random.Generator, codes: Ints, **policy: Any) -> Scene:
    """Failures, mean difference and share beyond tolerance stand at their limits together."""
    events = happening(rng, codes, 0.05, 0.2)
    side = rng.choice([-1.0, 1.0], len(codes))
    d = 0.2 + side * np.where(events > 0, 1.9, rng.random(len(codes)) * 0.7)
    failed = happening(rng, codes, 0.01, 0.2) > 0
    asked = {"tolerance": 1.0, "difference_margin": 0.2, "guards": ("failures",)}
    rules = Policy(aim="same", **{**BARE, **asked, **policy})
    live = rng.normal(size=len(codes))
    shadow = live + d
    rest = ~failed
    watched = (
        Watched("failures", failed.astype(np.float64), codes, None, 0.01, is_share=True),
        Watched("difference", (shadow - live)[rest], codes[rest], -0.2, 0.2),
        Watched("tolerance", events[rest], codes[rest], None, 0.05, is_share=True),
    )
    return scene(codes, watched, rules, 3, live=live, shadow=shadow, failed=failed)


def errors(
    codes: Ints, live: Floats, shadow: Floats, loss: str = "absolute", **policy: Any
) -> Scene:
    """Two models of a number whose errors are these; the aim is a loss not worse by the margin."""
    rules = Policy(**{"loss": loss, "loss_margin": MARGIN, **BARE, **policy})
    power = 1 if loss == "absolute" else 2
    factor = (1 + MARGIN) ** 2 if loss == "rmse" else 1 + MARGIN
    losses = np.abs(live) ** power, np.abs(shadow) ** power
    return _judged_by_loss(
        codes, losses, factor, rules, live=live, shadow=shadow, outcomes=np.zeros(len(codes))
    )


def _judged_by_loss(
    codes: Ints, losses: tuple[Floats, Floats], factor: float, rules: Policy, **evidence: Any
) -> Scene:
    live, shadow = losses
    z = shadow - (1.0 if rules.aim == "better" else factor) * live
    watched = [Watched(rules.aim, z, codes, None, 0.0)]
    if "failures" in rules.guards:
        none = np.zeros(int(codes[-1]) + 1)
        watched.append(
            Watched("failures", none, np.arange(len(none)), None, rules.failure_limit, True)
        )
    return scene(codes, tuple(watched), rules, 1 + len(rules.guards), **evidence)


def wrong_labels(rng: np.random.Generator, codes: Ints, **policy: Any) -> Scene:
    """Live errs in 5 % and the shadow in exactly half a point more, often on the same rows."""
    margin = 0.005
    place = rng.choice(4, len(codes), p=[0.03, 0.02, 0.02 + margin, 0.93 - margin])
    live, shadow = place < 2, (place == 0) | (place == 2)
    rules = Policy(loss="zero_one", loss_margin=margin, **{**BARE, **policy})
    z = shadow.astype(np.float64) - live - margin
    watched = Watched("not_worse", z, codes, None, 0.0)
    known = {
        "live_labels": np.where(live, NO, YES).astype(object),
        "shadow_labels": np.where(shadow, NO, YES).astype(object),
        "outcomes": np.full(len(codes), YES, dtype=object),
    }
    return scene(codes, (watched,), rules, 1, task="binary", **known)


def probabilities(
    rng: np.random.Generator, codes: Ints, loss: str, ratio: float = 1 + MARGIN, **policy: Any
) -> Scene:
    """Both models are off the true probability by a fixed amount up or down, at random."""
    off = shadow_off(loss, ratio)
    truth = rng.choice(CELLS, len(codes))
    live = truth + LIVE_OFF * rng.choice([-1.0, 1.0], len(codes))
    shadow = truth + off * rng.choice([-1.0, 1.0], len(codes))
    came = rng.random(len(codes)) < truth
    losses = _probabilistic(live, came, loss), _probabilistic(shadow, came, loss)
    rules = Policy(loss=loss, loss_margin=MARGIN, **{**BARE, **policy})
    known = {
        "task": "binary",
        "positive": YES,
        "live": live,
        "shadow": shadow,
        "live_labels": _served(live),
        "shadow_labels": _served(shadow),
        "outcomes": np.where(came, YES, NO).astype(object),
    }
    return _judged_by_loss(codes, losses, 1 + MARGIN, rules, **known)


def _served(said: Floats) -> NDArray[np.object_]:
    return np.where(said >= 0.5, YES, NO).astype(object)


def _probabilistic(said: Floats, came: NDArray[np.bool_], loss: str) -> Floats:
    if loss == "brier":
        return (said - came) ** 2
    return -np.log(np.where(came, said, 1 - said))


def shadow_off(loss: str, ratio: float) -> float:
    """Gives how far off the shadow is when its expected loss is this ratio of live's."""

    def expected(off: float) -> float:
        truth = np.array(CELLS)
        total = 0.0
        for side in (-1.0, 1.0):
            said = truth + side * off
            hit, miss = np.ones(len(said), dtype=bool), np.zeros(len(said), dtype=bool)
            total += float(
                np.sum(
                    truth * _probabilistic(said, hit, loss)
                    + (1 - truth) * _probabilistic(said, miss, loss)
                )
            )
        return total

    goal = ratio * expected(LIVE_OFF)
    return float(brentq(lambda off: expected(off) - goal, 0.0, 0.0999))
