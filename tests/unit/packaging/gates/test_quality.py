"""The gate `quality`: refused, passed or open, by the whole interval."""

from collections.abc import Callable
from typing import Any

import pytest

from understudy.errors import GatesInvalid
from understudy.packaging.gates import quality
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.ruling import Ruling

MakeCase = Callable[..., Case]


@pytest.fixture
def judged(make_case: MakeCase) -> Callable[..., Ruling]:
    """Return the ruling on the tiny linear model under a limit; it errs by about 5,800."""

    def judge(metric: str, limit: float, **changes: Any) -> Ruling:
        limits = {"quality": {"metric": metric, "limit": limit}}
        return quality.judge(make_case(limits=limits, **changes))

    return judge


def test_without_a_limit_nothing_is_asked(make_case: MakeCase) -> None:
    """Nobody but a person knows what is good enough."""
    assert quality.judge(make_case()).status == "skipped"


def test_an_error_below_the_limit_passes(judged: Callable[..., Ruling]) -> None:
    """With its whole interval."""
    ruling = judged("mae", 9000)
    assert ruling.status == "passed"
    assert "mean absolute error 5,805 (" in ruling.summary
    assert ruling.summary.endswith("80 rows) is at most 9,000")
    assert ruling.figures["direction"] == "at most"


def test_an_error_above_the_limit_is_refused(judged: Callable[..., Ruling]) -> None:
    """With its whole interval."""
    ruling = judged("mae", 3000)
    assert ruling.status == "refused"
    assert "should be at most 3,000" in ruling.summary
    assert float(str(ruling.figures["low"])) > 3000


@pytest.mark.parametrize("limit", [5500, 6000])
def test_a_limit_within_the_interval_is_a_warning(
    limit: float, judged: Callable[..., Ruling]
) -> None:
    """Neither harm nor quality is shown, and the rows needed are said."""
    ruling = judged("mae", limit)
    assert ruling.status == "warned"
    assert "test rows would settle it" in ruling.summary
    needed = ruling.figures["rows_needed"]
    assert isinstance(needed, int)
    assert needed > 80


@pytest.mark.parametrize(("limit", "status"), [(0.5, "passed"), (0.9999, "refused")])
def test_of_some_metrics_more_is_better(
    limit: float, status: str, judged: Callable[..., Ruling]
) -> None:
    """R² must be at least the limit."""
    ruling = judged("r2", limit)
    assert ruling.status == status
    assert f"at least {limit}" in ruling.summary


def test_a_metric_of_another_kind_of_model_is_a_mistake(judged: Callable[..., Ruling]) -> None:
    """No limit on accuracy can be kept by a number."""
    with pytest.raises(GatesInvalid, match="accuracy, but this regression model has mae, rmse, r2"):
        judged("accuracy", 0.9)
