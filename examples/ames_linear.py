"""
Sale prices of houses in Ames, Iowa: the linear model of the distribution `house-prices`.

AMES_CSV names the file with the sales; without it they are made up.
"""

import os

from house_prices.cli import SYNTHETIC, read_sales
from house_prices.config import default_config
from house_prices.quiz import read_quiz
from house_prices.train import schema_overrides
from house_prices.train import train as fit


def arguments(model):
    """Return what package_model is called with for one of the two models."""
    config = default_config()
    fitted = fit(model, read_sales(os.environ.get("AMES_CSV", SYNTHETIC), config), config)
    target = config.target.name
    return {
        "estimator": fitted.estimator,
        "name": f"ames-{model}",
        "version": fitted.version,
        "X_train": fitted.train.drop(columns=target),
        "y_train": fitted.train[target],
        "X_test": fitted.serve.drop(columns=target),
        "y_test": fitted.serve[target],
        "unit": config.target.unit,
        # Known columns that the model does not use: accepted, recorded, good for slices.
        "carried": [name for name in config.carried if name in fitted.train],
        "time_column": "YrSold",
        "seed": config.seed,
        "quiz": read_quiz(config).as_frame(),
        "schema_overrides": schema_overrides(config),
        "gates": config.gates,
        "description": f"Sale prices of houses in Ames, Iowa ({model}).",
        "intended_use": config.card.intended_use,
        "limitations": config.card.limitations,
    }


def train():
    """Return what package_model is called with."""
    return arguments("linear")
