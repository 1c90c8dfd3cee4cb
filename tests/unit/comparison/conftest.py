"""Evidence about two models whose errors are known, for the tests of this room."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from understudy.comparison import Evidence

Make = Callable[..., Evidence]


@pytest.fixture
def make_evidence() -> Make:
    """Return a maker of regression evidence: prices, live's and the shadow's noise, one per day."""

    def make(
        n: int = 2000, live_sd: float = 20.0, shadow_sd: float = 20.0, seed: int = 0, **more: Any
    ) -> Evidence:
        rng = np.random.default_rng(seed)
        truth = rng.normal(200, 50, n)
        served = 1e9 + np.arange(n) * 86_400.0 * 30 / n
        known: dict[str, Any] = {
            "live": truth + rng.normal(0, live_sd, n),
            "shadow": truth + rng.normal(0, shadow_sd, n),
            "units": [f"request-{i:06d}" for i in range(n)],
            "instances": np.zeros(n, dtype=int),
            "served_at": served,
            "outcomes": truth,
            "outcome_at": served + 86_400.0,
            "offline": {"rmse": 20.0, "mae": 16.0},
        }
        return Evidence(**(known | more))

    return make
