"""Saves the pipeline as an MLflow model; run in MLflow's environment before it serves."""

# Runs in an environment of its own; where types are checked, its library is missing.
# mypy: disable-error-code="import-not-found,misc,untyped-decorator"

import sys

import mlflow.sklearn

from benchmarks.serving.apps.pipeline import load


def main() -> None:
    """Save the model in the folder that is named."""
    mlflow.sklearn.save_model(load(), sys.argv[1], serialization_format="cloudpickle")


if __name__ == "__main__":
    main()
