"""
Training, measuring and packaging of the two models.

Everything runs on one thread: sums of floating-point numbers over several threads end in another
last digit now and then, and the same data and seed must give the same artefact to the bit.
"""

from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.pipeline import Pipeline
from threadpoolctl import threadpool_limits

from house_prices.config import Config, default_config
from house_prices.data import sale_dates, split_sales
from house_prices.errors import ConfigInvalid
from house_prices.pipeline import BUILDERS
from house_prices.quiz import read_quiz

if TYPE_CHECKING:
    from understudy.artefacts.artefact import Artefact

NAME = "house-prices"
# The file gives the time of a sale in two columns; the manifest wants it in one.
SOLD = "Sold"
SOLD_MEANS = "The first day of the month of the sale; only training needs it."


@dataclass(frozen=True)
class Trained:
    """A fitted pipeline with the sales it learned from and those it has not seen."""

    model_name: str
    version: str
    estimator: Pipeline
    train: pd.DataFrame
    serve: pd.DataFrame
    seconds: float


def train(model_name: str, sales: pd.DataFrame, config: Config) -> Trained:
    """
    Fits one model on the sales of the training years.

    Raises ConfigInvalid for an unknown model, DataInvalid for sales that cannot be split.
    """
    if model_name not in BUILDERS:
        raise ConfigInvalid("model", f"{model_name!r} is not one of {', '.join(BUILDERS)}")
    parts = split_sales(sales, config)
    estimator = BUILDERS[model_name](config)
    started = perf_counter()
    with threadpool_limits(limits=1):
        estimator.fit(parts.train[config.features], parts.train[config.target.name])
    seconds = perf_counter() - started
    version = config.version_of(model_name)
    return Trained(model_name, version, estimator, parts.train, parts.serve, seconds)


def predict(trained: Trained, sales: pd.DataFrame, config: Config) -> npt.NDArray[np.float64]:
    """Predicts one price for each sale, in dollars and in the order of the rows."""
    with threadpool_limits(limits=1):
        return np.asarray(trained.estimator.predict(sales[config.features]), dtype=np.float64)


def mean_absolute_error(trained: Trained, config: Config) -> float:
    """How many dollars the model is off, on average, on the sales it has not seen."""
    errors = predict(trained, trained.serve, config) - trained.serve[config.target.name].to_numpy()
    return float(np.abs(errors).mean())


def package(
    model_name: str,
    sales: pd.DataFrame,
    out: Path,
    config: Config | None = None,
    live: "Artefact | None" = None,
) -> "Artefact":
    """
    Trains one model and packages it in the folder `out`, held against the `live` version if given.

    Needs the distribution `understudy`; raises its ArtefactRefused if the model fails a gate.
    """
    config = config or default_config()
    return package_trained(train(model_name, sales, config), out, config, live)


def package_trained(
    trained: Trained, out: Path, config: Config, live: "Artefact | None" = None
) -> "Artefact":
    """Packages a model that is already trained."""
    from understudy import package_model

    target = config.target.name
    with threadpool_limits(limits=1):
        return package_model(
            trained.estimator,
            name=NAME,
            version=trained.version,
            X_train=_with_dates(trained.train, config),
            y_train=trained.train[target],
            X_test=_with_dates(trained.serve, config),
            y_test=trained.serve[target],
            out=out,
            task="regression",
            carried=[*(name for name in config.carried if name in trained.train), SOLD],
            time_column=SOLD,
            unit=config.target.unit,
            target=target,
            seed=config.seed,
            quiz=read_quiz(config).as_frame(),
            description=f"Sale prices of houses in Ames, Iowa ({trained.model_name}).",
            intended_use=config.card.intended_use,
            limitations=config.card.limitations,
            live=live,
            gates=config.gates,
            schema_overrides={**schema_overrides(config), SOLD: {"description": SOLD_MEANS}},
        )


def schema_overrides(config: Config) -> dict[str, dict[str, Any]]:
    """What the configuration knows of the features beyond what the training sales show."""
    overrides: dict[str, dict[str, Any]] = {}
    for name in config.features:
        column = config.columns[name]
        known = {"minimum": column.minimum, "maximum": column.maximum}
        changes: dict[str, Any] = {key: value for key, value in known.items() if value is not None}
        if column.nullable:
            changes["nullable"] = True
        if changes:
            overrides[name] = changes
    return overrides


def _with_dates(sales: pd.DataFrame, config: Config) -> pd.DataFrame:
    dates = sale_dates(sales, config).dt.strftime("%Y-%m-%d").astype(object)
    return sales.drop(columns=config.target.name).assign(**{SOLD: dates})
