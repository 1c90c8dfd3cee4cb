"""BentoML with adaptive batching, in two workers."""

# Runs in an environment of its own; where types are checked, its library is missing.
# mypy: disable-error-code="import-not-found,misc,untyped-decorator"

from typing import Any

import bentoml


@bentoml.service(
    workers=2,
    traffic={"timeout": 30},
    metrics={"enabled": False},
    logging={"access": {"enabled": False}},
)
class Prices:
    """One price for each instance of a request."""

    def __init__(self) -> None:
        """Load the pipeline, once per worker."""
        from benchmarks.serving.apps.pipeline import load, predict

        self._pipeline, self._predict = load(), predict

    @bentoml.api(batchable=True, max_batch_size=1000, max_latency_ms=10_000)
    def predict(self, instances: list[dict[str, Any]]) -> list[float]:
        """Call the pipeline once for all instances of a batch."""
        return self._predict(self._pipeline, instances)
