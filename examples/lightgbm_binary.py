"""Boosted trees of LightGBM through its scikit-learn interface (extra: `understudy[lightgbm]`)."""

from lightgbm import LGBMClassifier
from sklearn.datasets import load_breast_cancer
from sklearn.model_selection import train_test_split


def train():
    """Return what package_model is called with."""
    data = load_breast_cancer(as_frame=True)
    diagnosis = data.target.map({0: "malignant", 1: "benign"}).rename("diagnosis")
    # LightGBM renames features that hold blanks, so they go first.
    frame = data.data.rename(columns=lambda name: name.replace(" ", "_"))
    X_train, X_test, y_train, y_test = train_test_split(
        frame, diagnosis, random_state=7, stratify=diagnosis
    )
    model = LGBMClassifier(
        n_estimators=60, num_leaves=7, n_jobs=1, random_state=7, deterministic=True, verbose=-1
    )
    return {
        "estimator": model.fit(X_train, y_train),
        "name": "breast-cancer-lightgbm",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "positive": "malignant",
        "description": "Whether a breast tumour is malignant, from the shape of its cells.",
    }
