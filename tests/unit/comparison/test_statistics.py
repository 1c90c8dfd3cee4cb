"""The list of all statistics is complete, and each result can be kept and told."""

import inspect
import json
from dataclasses import FrozenInstanceError, fields, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.unit.comparison.applied import ARGUMENTS, BY_NAME, apply, rows_of
from understudy.comparison import (
    Finding,
    description,
    guards,
    independent,
    measures,
    one_look,
    outcomes,
    quality,
    sequences,
    shares,
)
from understudy.comparison.jsonable import as_json
from understudy.comparison.statistics import STATISTICS

PAGE = Path(__file__).parents[3] / "docs/statistics.md"
MODULES = (description, guards, independent, one_look, outcomes, quality, sequences, shares)
FIGURES = ("Finding", "Guard", "Bin", "dict[str, float", "float | None")
# Intervals within a statistic, and what gathers statistics of the list over the rows of a log.
PARTS = {shares.endless_interval, shares.largest_change, shares.share_interval, sequences.spread}
GATHERERS = {
    outcomes.compare_outcomes, independent.gap_interval, guards.judge_mean, guards.judge_share,
}  # fmt: skip


def _is_figure(function: Any, module: ModuleType) -> bool:
    returned = str(inspect.signature(function).return_annotation)
    is_interval = module is sequences and "tuple[float, float]" in returned
    return is_interval or any(word in returned for word in FIGURES)


def test_every_statistic_is_in_the_list() -> None:
    """Whatever public function of these modules gives a finding or a figure stands in it once."""
    listed = [statistic.function for statistic in STATISTICS]
    found = {
        function
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
        if _is_figure(function, module)
    }
    assert len(set(listed)) == len(listed) == len(BY_NAME)
    assert found - PARTS - GATHERERS == set(listed)


def test_what_only_gathers_over_rows_uses_the_list() -> None:
    """`measures` picks rows and calls statistics; it has none of its own."""
    for name in ("r_squared", "f1", "auc", "reliability"):
        assert getattr(measures, name) in {statistic.function for statistic in STATISTICS}


def test_each_statistic_says_what_it_assumes() -> None:
    """A docstring names source or assumption; what is taken is known to the laws."""
    for statistic in STATISTICS:
        text = statistic.function.__doc__ or ""
        assert len(text) > 60, statistic.name
        assert statistic.takes in ARGUMENTS
        assert statistic.about.endswith(".")


def test_the_page_lists_them_all() -> None:
    """Name, what is taken, role and first sentence stand in docs/statistics.md."""
    rows = [line for line in PAGE.read_text().splitlines() if line.startswith("| ")][1:]
    assert rows == [f"| {s.name} | {s.takes} | {s.role} | {s.about} |" for s in STATISTICS]


@pytest.mark.parametrize("name", BY_NAME)
def test_a_result_is_frozen_named_and_json(name: str) -> None:
    """Nobody alters a result, and it can be written down without NaN."""
    rng = np.random.default_rng(3)
    for found in apply(BY_NAME[name], rows_of(rng.normal(0, 2, 300), rng.normal(1, 2, 300))):
        json.dumps(as_json(found.whole), allow_nan=False)
        if is_dataclass(found.whole):
            with pytest.raises(FrozenInstanceError):
                found.whole.units = 1


def test_a_finding_names_everything_a_reader_needs() -> None:
    """Statistic, p-value, adjusted p, effect, interval, status, n and assumption."""
    assert {field.name for field in fields(Finding)} >= {
        "test", "statistic", "p_value", "p_adjusted", "effect", "effect_name", "interval",
        "status", "n_reference", "n_current", "assumption",
    }  # fmt: skip
