"""
A model that comes as ONNX, here from skl2onnx; others will do, too (extra: `understudy[onnx]`).

With the model and the rows in files the command needs no code:
`understudy models package model.onnx --train train.csv --test test.csv --target progression …`
"""

from skl2onnx import to_onnx
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def train():
    """Return what package_model is called with: the estimator is the content of the file."""
    X, y = load_diabetes(return_X_y=True, as_frame=True, scaled=False)
    X = X.astype("float64")
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)
    model = make_pipeline(StandardScaler(), Ridge(alpha=1.0)).fit(X_train.to_numpy(), y_train)
    return {
        # Or the path of the file.
        "estimator": to_onnx(model, X_train.to_numpy()[:1]).SerializeToString(),
        "name": "diabetes-onnx",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "task": "regression",
        "target": "progression",
        # In medicine age and sex are meant to count.
        "gates": {"denied": {"accepted": ["age", "sex"]}},
        "description": "Progression of diabetes one year after the baseline.",
    }
