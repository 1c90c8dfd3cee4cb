"""A model trained on NumPy arrays: which digit an image of 8 × 8 pixels shows."""

from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler


def train():
    """Return what package_model is called with; the columns of an array are called x0, x1, …."""
    X, y = load_digits(return_X_y=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7, stratify=y)
    model = make_pipeline(MinMaxScaler(clip=True), LogisticRegression(max_iter=500))
    return {
        "estimator": model.fit(X_train, y_train),
        "name": "digits",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "target": "digit",
        "description": "Which digit a small image shows.",
    }
