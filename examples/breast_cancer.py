"""A binary classification with probabilities: is a tumour malignant (scikit-learn's own data)."""

from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def train():
    """Return what package_model is called with; the target is text, so that answers can be read."""
    data = load_breast_cancer(as_frame=True)
    diagnosis = data.target.map({0: "malignant", 1: "benign"}).rename("diagnosis")
    X_train, X_test, y_train, y_test = train_test_split(
        data.data, diagnosis, random_state=7, stratify=diagnosis
    )
    return {
        "estimator": make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train),
        "name": "breast-cancer",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        # The class whose probability is the primary value.
        "positive": "malignant",
        "description": "Whether a breast tumour is malignant, from the shape of its cells.",
        "intended_use": "A second look beside the doctor's, never instead of it.",
    }
