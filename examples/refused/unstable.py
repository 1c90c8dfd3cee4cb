"""
A straight line through the logarithm of the target, with inputs that nobody bounds.

An age typed in days instead of years makes its prediction infinite. MinMaxScaler(clip=True) in
front of the line, or `outside: refuse` in the schema, mends it.
"""

import numpy as np
from sklearn.compose import TransformedTargetRegressor
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def train():
    """Return what package_model is called with."""
    X, y = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)
    model = make_pipeline(
        StandardScaler(),
        TransformedTargetRegressor(Ridge(alpha=1.0), func=np.log1p, inverse_func=np.expm1),
    )
    return {
        "estimator": model.fit(X_train, y_train),
        "name": "unstable",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "target": "progression",
    }
