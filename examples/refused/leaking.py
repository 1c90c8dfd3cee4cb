"""A split gone wrong: the rows were doubled before they were split, to have more of them."""

import pandas as pd
from sklearn.datasets import load_diabetes
from sklearn.ensemble import RandomForestRegressor
from sklearn.model_selection import train_test_split


def train():
    """Return what package_model is called with."""
    X, y = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    X, y = pd.concat([X, X], ignore_index=True), pd.concat([y, y], ignore_index=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)
    forest = RandomForestRegressor(n_estimators=50, random_state=7)
    return {
        "estimator": forest.fit(X_train, y_train),
        "name": "leaking",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "target": "progression",
    }
