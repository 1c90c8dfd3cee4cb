"""
A pipeline with a lambda, which is refused: code cannot be kept in an artefact.

A function of NumPy by name (`FunctionTransformer(np.log1p)`) can, and so can a transformer class of
an installed distribution.
"""

from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer


def train():
    """Return what package_model is called with."""
    X, y = load_diabetes(return_X_y=True, as_frame=True)
    X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=7)
    model = make_pipeline(FunctionTransformer(lambda frame: frame**2), Ridge(alpha=1.0))
    return {
        "estimator": model.fit(X_train, y_train),
        "name": "squares",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "target": "progression",
    }
