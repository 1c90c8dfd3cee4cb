"""A distribution of somebody else's, installed for a test."""

import sys
from pathlib import Path

import pytest


@pytest.fixture
def acme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Install a distribution that defines an estimator and a function."""
    package = tmp_path / "acme_features"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from sklearn.base import BaseEstimator, TransformerMixin\n"
        "class Doubled(TransformerMixin, BaseEstimator):\n"
        "    def fit(self, X, y=None):\n"
        "        self.fitted_ = True\n"
        "        return self\n"
        "    def transform(self, X):\n"
        "        return X * 2\n"
        "def double(X):\n"
        "    return X * 2\n"
    )
    described = tmp_path / "acme_features-1.2.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Name: acme-features\nVersion: 1.2\n")
    (described / "top_level.txt").write_text("acme_features\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "acme_features", raising=False)
    return "acme-features"
