"""
A pipeline with a transformer of an installed distribution: ratios of the columns of a frame.

`DerivedColumns` is known to the compiled engine because it says what it computes as data. Any other
transformer class is served by the exact engine, as long as an installed distribution defines it.
"""

from sklearn.datasets import load_diabetes
from sklearn.impute import SimpleImputer
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from house_prices.features import DerivedColumns

RATIOS = [
    {"name": "ldl_per_hdl", "op": "divide", "inputs": ["s2", "s3"]},
    {"name": "log_triglycerides", "op": "log1p", "inputs": ["s5"]},
]


def train():
    """Return what package_model is called with."""
    X, y = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)
    # A ratio to zero is a null, which the imputer fills.
    model = make_pipeline(
        DerivedColumns(RATIOS), SimpleImputer(), StandardScaler(), Ridge(alpha=1.0)
    )
    return {
        "estimator": model.fit(X_train, y_train),
        "name": "diabetes-ratios",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "target": "progression",
        # In medicine age and sex are meant to count.
        "gates": {"denied": {"accepted": ["age", "sex"]}},
        "description": "Progression of diabetes, from measurements and their ratios.",
    }
