"""The rule for NaN: a row without a usable answer leaves every statistic alone and is counted."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from understudy.comparison import Evidence, Policy, compare, drift
from understudy.comparison.outcomes import OutcomesResult

NAN = float("nan")


def _regression(extra: list[tuple[Any, Any, Any]]) -> Evidence:
    rng = np.random.default_rng(0)
    truth = rng.normal(100, 20, 400)
    columns = [truth + rng.normal(0, 5, 400), truth + rng.normal(0, 6, 400), truth]
    return Evidence(*(np.append(a, [row[k] for row in extra]) for k, a in enumerate(columns[:2])),
                    outcomes=np.append(columns[2], [row[2] for row in extra]))  # fmt: skip


def _binary(extra: list[tuple[Any, Any, Any]]) -> Evidence:
    rng = np.random.default_rng(1)
    p = rng.random(400)
    q = np.clip(p + rng.normal(0, 0.1, 400), 0, 1)
    live, shadow = (np.append(side, [row[k] for row in extra]) for k, side in enumerate((p, q)))
    truth = list(np.where(rng.random(400) < p, "yes", "no")) + [row[2] for row in extra]
    labels = [np.where(side > 0.5, "yes", "no") for side in (live, shadow)]
    return Evidence(live, shadow, task="binary", live_labels=labels[0], shadow_labels=labels[1],
                    positive="yes", outcomes=truth)  # fmt: skip


UNUSABLE: dict[str, tuple[Callable[..., Evidence], list[tuple[Any, Any, Any]]]] = {
    "regression": (_regression, [(NAN, 1.0, 1.0), (np.inf, 1.0, 1.0), (1.0, NAN, 1.0),
                                 (1.0, -np.inf, 1.0), (NAN, NAN, NAN)]),
    "binary": (_binary, [(NAN, 0.5, "yes"), (0.5, NAN, "no"), (0.5, np.inf, None)]),
}  # fmt: skip


def _known(result: OutcomesResult | None) -> Any:
    assert result is not None
    return replace(result, waiting=0, share=1.0, not_worse=None, better=None)  # type: ignore[arg-type]


@pytest.mark.parametrize("task", UNUSABLE)
def test_unusable_answers_change_no_statistic_and_are_counted(task: str) -> None:
    """Live's are left out, the shadow's are failures, and nothing is dropped silently."""
    make, extra = UNUSABLE[task]
    clean, soiled = (compare(make(rows), Policy(minimum_days=None)) for rows in ([], extra))
    assert soiled.pairs.findings == clean.pairs.findings
    assert soiled.pairs.description == clean.pairs.description
    assert _known(soiled.outcomes) == _known(clean.outcomes)
    lost = soiled.coverage.failed + soiled.coverage.excluded
    assert (soiled.coverage.compared, lost) == (clean.coverage.compared, len(extra))
    failures = next(guard for guard in soiled.pairs.guards if guard.name == "failures")
    assert failures.estimate is not None
    assert failures.estimate > 0


def test_an_unknown_outcome_is_waited_for() -> None:
    """It counts among the pairs and not among the outcomes."""
    result = compare(_regression([(100.0, 101.0, NAN)] * 9), Policy(minimum_days=None))
    assert result.outcomes is not None
    assert (result.outcomes.outcomes, result.outcomes.waiting) == (400, 9)
    assert result.pairs.pairs == 409


def test_missing_values_leave_the_distribution_and_count_as_missing() -> None:
    """NaN and None touch the finding `missing` alone; inf counts as missing and out of range."""
    rng = np.random.default_rng(2)
    before = pd.DataFrame({"x": rng.normal(size=900)})
    now = rng.normal(size=600)
    clean = drift(before, {"x": now})
    soiled = drift(before, {"x": [*now, NAN, None, np.inf, -np.inf]})
    first, second = (
        {finding.finding: finding for finding in report.findings} for report in (clean, soiled)
    )
    assert second["distribution"] == replace(
        first["distribution"], p_adjusted=second["distribution"].p_adjusted
    )
    assert second["missing"].effect == pytest.approx(4 / 604)
    assert second["tail"].details["above"] == (first["tail"].details["above"] or 0) + 1
