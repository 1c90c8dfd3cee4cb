"""A model that only scikit-learn itself can run, under a budget that this breaks."""

from sklearn.datasets import load_diabetes
from sklearn.ensemble import BaggingRegressor
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def train():
    """Return what package_model is called with."""
    X, y = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)
    model = make_pipeline(
        StandardScaler(),
        BaggingRegressor(KNeighborsRegressor(15), n_estimators=20, random_state=7),
    )
    return {
        "estimator": model.fit(X_train, y_train),
        "name": "slow",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "target": "progression",
        "gates": {"cost": {"ms_per_row": 0.5}},
    }
