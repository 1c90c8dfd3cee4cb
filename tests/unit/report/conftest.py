"""Comparisons of every kind, for the tests of what a report says of them."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from understudy.comparison import Evidence, Traffic

Make = Callable[..., Evidence]


@pytest.fixture
def prices() -> Make:
    """Return a maker of regression evidence in dollars, with inputs of which one has moved."""

    def make(n: int = 1200, shadow_sd: float = 13.0, features: int = 4, **more: Any) -> Evidence:
        rng = np.random.default_rng(0)
        truth = rng.normal(180_000, 50_000, n)
        served = 1.79e9 + np.arange(n) * 600.0
        inputs, reference = _inputs(rng, n, features)
        known: dict[str, Any] = {
            "live": truth + rng.normal(0, 20_000, n),
            "shadow": truth + rng.normal(0, shadow_sd * 1000, n),
            "served_at": served,
            "outcomes": truth,
            "outcome_at": served + 3600,
            "offline": {"rmse": 20_000.0, "mae": 16_000.0},
            "inputs": Traffic(inputs, served_at=served),
            "reference": reference,
            "held_out": rng.normal(180_000, 53_000, 500),
            "live_name": "houses:1.0.0",
            "shadow_name": "houses:2.0.0",
            "endpoint": "houses",
            "target": "price",
            "measured_in": "USD",
        }
        return Evidence(**(known | more))

    return make


def _inputs(rng: "np.random.Generator", n: int, features: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    def columns(rows: int, shift: float) -> pd.DataFrame:
        found = {f"number {place}": rng.normal(0, 1, rows) for place in range(features)}
        found["moved $a$ <b>"] = rng.normal(shift, 1, rows)
        found["sparse"] = np.where(rng.random(rows) < 0.8, 0.0, rng.gamma(2, 1, rows))
        found["zone"] = rng.choice(["North", "South"], rows)
        frame = pd.DataFrame(found)
        frame.loc[rng.random(rows) < 0.1 + shift / 10, "zone"] = None
        return frame

    return columns(n, 1.0), columns(800, 0.0)
