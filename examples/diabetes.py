"""A regression on a frame: how far diabetes progresses within a year (scikit-learn's own data)."""

from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def train():
    """Return what package_model is called with."""
    X, y = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)
    return {
        "estimator": make_pipeline(StandardScaler(), Ridge(alpha=1.0)).fit(X_train, y_train),
        "name": "diabetes",
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
