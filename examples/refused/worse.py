"""
A model that is worse than the live one: it looks at two columns only.

It is packaged `--against` the version of examples/diabetes.py.
"""

from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split


def train():
    """Return what package_model is called with; live was trained on none of these test rows."""
    X, y = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)
    few = ["age", "bp"]
    return {
        "estimator": Ridge(alpha=1.0).fit(X_train[few], y_train),
        "name": "diabetes",
        "version": "2.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        # Not used, but the live version needs them to be compared.
        "carried": [name for name in X.columns if name not in few],
        "target": "progression",
    }
