"""
A text pipeline: which department a complaint is for, by TF-IDF weights in a sparse matrix.

The complaints are made up of a few dozen words, with a seed, so that nothing is fetched.
"""

import numpy as np
import pandas as pd
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

TOPICS = {
    "billing": "invoice charged twice refund payment card amount price bank fee wrong",
    "delivery": "parcel late courier address lost tracking damaged box arrived empty street",
    "technical": "error screen login password crashes update app slow freezes button device",
}
FILLER = "please help my the again since yesterday order number it is still and why not"


def complaints(rows, seed):
    """Return made-up complaints and the departments they are for."""
    random = np.random.default_rng(seed)
    departments = random.choice(list(TOPICS), rows)
    texts = []
    for department in departments:
        words = [*random.choice(TOPICS[department].split(), 2), *random.choice(FILLER.split(), 6)]
        # Words of any department, so that some complaints are hard to place.
        words += [*random.choice(" ".join(TOPICS.values()).split(), 3)]
        texts.append(" ".join(random.permutation(words)))
    return pd.Series(texts, name="complaint"), pd.Series(departments, name="department")


def train():
    """Return what package_model is called with; the model takes one column of texts."""
    X_train, y_train = complaints(600, seed=7)
    X_test, y_test = complaints(300, seed=8)
    model = make_pipeline(TfidfVectorizer(), LogisticRegression())
    return {
        "estimator": model.fit(X_train, y_train),
        "name": "complaints",
        "version": "1.0.0",
        "X_train": X_train,
        "y_train": y_train,
        "X_test": X_test,
        "y_test": y_test,
        "description": "Which department a complaint is for.",
    }
