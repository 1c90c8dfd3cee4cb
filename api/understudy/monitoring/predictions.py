"""What the models say: numbers in buckets and labels by name, alike for live and shadow."""

import logging
import threading
from collections import Counter as Tally
from collections.abc import Callable, Iterable
from typing import Literal

from prometheus_client import CollectorRegistry, Counter, Histogram

from understudy.errors import UnderstudyError
from understudy.monitoring.scale import OutputScale

logger = logging.getLogger(__name__)

FindScale = Callable[[], OutputScale | None]

_LABELS = ("endpoint", "role", "name", "version")


class PredictionMetrics:
    """
    Counts predictions on the scale of the endpoint, by role and model version.

    `find_scale` is asked until it knows the scale, and never again: buckets stay as they are for
    the life of the process. Predictions that come before are counted as uncounted.
    """

    def __init__(
        self,
        registry: CollectorRegistry,
        endpoint: str,
        role: Literal["live", "shadow"],
        find_scale: FindScale,
    ) -> None:
        self._registry = registry
        self._endpoint = endpoint
        self._role = role
        self._find_scale = find_scale
        self._lock = threading.Lock()
        self._scale: OutputScale | None = None
        self._values: Histogram | None = None
        self._labels = Counter(
            "understudy_prediction_labels",
            "Predicted labels; those beyond the first live model's classes are (other).",
            (*_LABELS, "label"),
            registry=registry,
        )
        self._uncounted = Counter(
            "understudy_predictions_uncounted",
            "Predictions that are in no bucket, because the endpoint's scale was not known.",
            _LABELS,
            registry=registry,
        )

    def count(
        self, name: str, version: str, values: Iterable[float | None], labels: Iterable[str | None]
    ) -> None:
        """Count the predictions of one model version; None is left out."""
        numbers = [value for value in values if value is not None]
        words = [label for label in labels if label is not None]
        series = (self._endpoint, self._role, name, version)
        scale = self._known_scale()
        if scale is None:
            self._uncounted.labels(*series).inc(max(len(numbers), len(words)))
            return
        for word, times in Tally(map(scale.name, words)).items():
            self._labels.labels(*series, word).inc(times)
        if self._values is not None and numbers:
            histogram = self._values.labels(*series)
            for number in numbers:
                histogram.observe(number)

    def _known_scale(self) -> OutputScale | None:
        with self._lock:
            if self._scale is None:
                self._scale = self._ask()
                if self._scale is not None and self._scale.buckets:
                    self._values = Histogram(
                        "understudy_prediction_value",
                        "Predicted numbers (binary: the probability of the positive class).",
                        _LABELS,
                        buckets=self._scale.buckets,
                        registry=self._registry,
                    )
            return self._scale

    def _ask(self) -> OutputScale | None:
        try:
            return self._find_scale()
        except UnderstudyError as error:
            logger.warning("The scale of the predictions is not known yet: %s", error)
            return None
