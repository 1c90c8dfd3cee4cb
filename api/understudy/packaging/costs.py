"""Measures what one row costs in an engine."""

import time
from collections.abc import Sequence
from typing import Any

from understudy.serving.engines import Engine

BATCHES = (1, 32, 1000)
REPEATS = 5
# Each measurement runs at least this long, so that the clock's grain does not matter.
LEAST_S = 0.02


def measure_costs(engine: Engine, instances: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Return milliseconds of CPU per row, by batch size; the best of a few repeats."""
    costs = {}
    for rows in BATCHES:
        batch = [instances[i % len(instances)] for i in range(rows)]
        engine.predict(batch)
        costs[str(rows)] = min(_one(engine, batch) for _ in range(REPEATS))
    return costs


def _one(engine: Engine, batch: Sequence[dict[str, Any]]) -> float:
    calls = 0
    start = time.process_time()
    while time.process_time() - start < LEAST_S:
        engine.predict(batch)
        calls += 1
    return 1000 * (time.process_time() - start) / (calls * len(batch))
