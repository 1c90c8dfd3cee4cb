"""The pipeline as every Python server but ours runs it: rows to a frame, frame to prices."""

import json
import os
from pathlib import Path
from typing import Any

import joblib
import pandas as pd

FOLDER = Path(os.environ["BENCHMARK_MODELS"])
MODEL = os.environ["BENCHMARK_MODEL"]
FEATURES: list[str] = json.loads((FOLDER / "features.json").read_text())


def load(model: str = MODEL) -> Any:
    """Return the fitted pipeline."""
    return joblib.load(FOLDER / f"{model}.joblib")


def predict(pipeline: Any, instances: list[dict[str, Any]]) -> list[float]:
    """Return one price for each instance."""
    frame = pd.DataFrame.from_records(instances, columns=FEATURES)
    prices: list[float] = pipeline.predict(frame).tolist()
    return prices
