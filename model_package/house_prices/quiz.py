"""Houses whose price is known well enough to fail a broken model, as a frame of typed columns."""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd
import yaml

from house_prices.config import Config
from house_prices.data import feature_frame


@dataclass(frozen=True)
class Quiz:
    """The houses, one row each, and for each the price expected and how far off it may be."""

    instances: pd.DataFrame
    expected: list[float]
    tolerance: list[float]
    questions: list[str]

    def as_frame(self) -> pd.DataFrame:
        """The questions with their answers, in the columns that packaging looks for."""
        return self.instances.assign(__expected__=self.expected, __tolerance__=self.tolerance)


def read_quiz(config: Config) -> Quiz:
    """Reads the packaged quiz; its columns are the features of the configuration."""
    entries = _entries()
    return Quiz(
        instances=feature_frame([entry["instance"] for entry in entries], config),
        expected=[float(entry["expected"]) for entry in entries],
        tolerance=[float(entry["tolerance"]) for entry in entries],
        questions=[entry["question"] for entry in entries],
    )


@cache
def _entries() -> Any:
    source = resources.files("house_prices").joinpath("quiz.yaml")
    return yaml.safe_load(source.read_text(encoding="utf-8"))
