"""Boosted trees of XGBoost through its scikit-learn interface (extra: `understudy[xgboost]`)."""

from sklearn.datasets import load_diabetes
from sklearn.model_selection import train_test_split
from xgboost import XGBRegressor


def train():
    """Return what package_model is called with."""
    X, y = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)
    model = XGBRegressor(n_estimators=60, max_depth=2, learning_rate=0.1, n_jobs=1, random_state=7)
    return {
        "estimator": model.fit(X_train, y_train),
        "name": "diabetes-xgboost",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "target": "progression",
        # In medicine age and sex are meant to count.
        "gates": {"denied": {"accepted": ["age", "sex"]}},
        "description": "Progression of diabetes one year after the baseline.",
    }
