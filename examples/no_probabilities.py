"""A classifier that gives labels and no probabilities: a linear support vector machine."""

from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC


def train():
    """Return what package_model is called with."""
    data = load_breast_cancer(as_frame=True)
    diagnosis = data.target.map({0: "malignant", 1: "benign"}).rename("diagnosis")
    X_train, X_test, y_train, y_test = train_test_split(
        data.data, diagnosis, random_state=7, stratify=diagnosis
    )
    model = make_pipeline(StandardScaler(), LinearSVC(C=0.1, random_state=7))
    return {
        "estimator": model.fit(X_train, y_train),
        "name": "breast-cancer-labels",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "positive": "malignant",
        "description": "Whether a breast tumour is malignant, as a label alone.",
    }
