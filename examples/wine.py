"""A classification into three classes by a forest: which grape a wine is of."""

from sklearn.datasets import load_wine
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split


def train():
    """Return what package_model is called with."""
    data = load_wine(as_frame=True)
    cultivar = data.target.map(dict(enumerate(("first", "second", "third")))).rename("cultivar")
    X_train, X_test, y_train, y_test = train_test_split(
        data.data, cultivar, test_size=0.4, random_state=7, stratify=cultivar
    )
    forest = RandomForestClassifier(n_estimators=60, random_state=7)
    return {
        "estimator": forest.fit(X_train, y_train),
        "name": "wine",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "description": "Which of three cultivars a wine was made of.",
    }
