"""Predictions in buckets and by label."""

import pytest
from prometheus_client import CollectorRegistry

from understudy.errors import LogUnavailable
from understudy.monitoring.predictions import PredictionMetrics
from understudy.monitoring.scale import OTHER, OutputScale

LIVE = {"endpoint": "houses", "role": "live", "name": "tiny", "version": "1.0.0"}
SCALE = OutputScale((10.0, 20.0), ("dear", "cheap"))


def test_numbers_fall_into_the_buckets_of_the_scale() -> None:
    """Two of three values are at most 20; one that is None is not counted."""
    registry = CollectorRegistry()
    metrics = PredictionMetrics(registry, "houses", "live", lambda: SCALE)
    metrics.count("tiny", "1.0.0", [5.0, 15.0, 25.0, None], [None] * 4)
    value = registry.get_sample_value
    assert value("understudy_prediction_value_bucket", LIVE | {"le": "10.0"}) == 1
    assert value("understudy_prediction_value_bucket", LIVE | {"le": "20.0"}) == 2
    assert value("understudy_prediction_value_count", LIVE) == 3
    assert value("understudy_prediction_value_sum", LIVE) == 45.0


def test_labels_are_counted_and_unknown_ones_together() -> None:
    """A label that the first live model does not have is (other)."""
    registry = CollectorRegistry()
    metrics = PredictionMetrics(registry, "houses", "live", lambda: SCALE)
    metrics.count("tiny", "1.0.0", [], ["dear", "dear", "ruin"])
    value = registry.get_sample_value
    assert value("understudy_prediction_labels_total", LIVE | {"label": "dear"}) == 2
    assert value("understudy_prediction_labels_total", LIVE | {"label": OTHER}) == 1


def test_buckets_stay_when_another_version_comes() -> None:
    """The scale is asked for once; a hot swap cannot change it."""
    answers = iter([SCALE, OutputScale((1.0,))])
    registry = CollectorRegistry()
    metrics = PredictionMetrics(registry, "houses", "live", lambda: next(answers))
    metrics.count("tiny", "1.0.0", [5.0], [None])
    metrics.count("tiny", "2.0.0", [5.0], [None])
    after = LIVE | {"version": "2.0.0"}
    value = registry.get_sample_value
    assert value("understudy_prediction_value_bucket", after | {"le": "10.0"}) == 1
    assert value("understudy_prediction_value_bucket", after | {"le": "1.0"}) is None


@pytest.mark.parametrize("is_away", [True, False])
def test_what_cannot_be_counted_is_told(is_away: bool) -> None:
    """Predictions before the scale is known are counted as uncounted; then it goes on."""
    known: list[OutputScale] = []

    def find() -> OutputScale | None:
        if is_away and not known:
            raise LogUnavailable("gone")
        return known[0] if known else None

    registry = CollectorRegistry()
    metrics = PredictionMetrics(registry, "houses", "live", find)
    metrics.count("tiny", "1.0.0", [5.0, 6.0], [None, None])
    known.append(SCALE)
    metrics.count("tiny", "1.0.0", [5.0], [None])
    value = registry.get_sample_value
    assert value("understudy_predictions_uncounted_total", LIVE) == 2
    assert value("understudy_prediction_value_count", LIVE) == 1
