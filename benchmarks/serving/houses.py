"""The model that every server serves, the bodies that they all get, and the right answers."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import joblib
import numpy as np
import numpy.typing as npt
import pandas as pd

from house_prices.config import Config, default_config
from house_prices.data import split_sales
from house_prices.synthetic import synthetic_sales
from house_prices.train import Trained, predict, train

MODELS = ("linear", "boosting")
MOST_ROWS = 512

Instance = dict[str, object]


@dataclass(frozen=True)
class Houses:
    """Instances of one model and what its pipeline says to them; `folder` holds the pipelines."""

    folder: Path
    instances: Sequence[Instance]
    right: npt.NDArray[np.float64]


def prepare(folder: Path) -> dict[str, Houses]:
    """Train both pipelines on synthetic sales and keep them in the folder, for all servers."""
    folder.mkdir(parents=True, exist_ok=True)
    config = default_config()
    sales = synthetic_sales(config)
    found = {}
    for model in MODELS:
        trained = train(model, sales, config)
        joblib.dump(trained.estimator, folder / f"{model}.joblib")
        found[model] = _houses(folder, trained, config)
    (folder / "features.json").write_text(json.dumps(config.features))
    return found


def rows(config: Config) -> pd.DataFrame:
    """Return the sales that are sent: years that no model has trained on."""
    return split_sales(synthetic_sales(config), config).serve[:MOST_ROWS]


def _houses(folder: Path, trained: Trained, config: Config) -> Houses:
    sent = rows(config)
    text = sent[config.features].to_json(orient="records", double_precision=15)
    return Houses(folder, json.loads(text), predict(trained, sent, config))
