"""Fixtures that more than one room uses."""

from pathlib import Path

import pytest

from tests import tiny, zoo
from understudy.artefacts.artefact import Artefact


@pytest.fixture(scope="session")
def artefacts_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that holds the tiny artefacts of this session."""
    return tmp_path_factory.mktemp("artefacts")


@pytest.fixture(scope="session")
def linear_artefact(artefacts_dir: Path) -> Artefact:
    """Return `tiny-houses:1.0.0`, a linear regression."""
    return tiny.package_linear(artefacts_dir)


@pytest.fixture(scope="session")
def boosting_artefact(artefacts_dir: Path) -> Artefact:
    """Return `tiny-houses:2.0.0`, a gradient boosting regression with the same contract."""
    return tiny.package_boosting(artefacts_dir)


@pytest.fixture(scope="session")
def binary_artefact(artefacts_dir: Path) -> Artefact:
    """Return `tiny-dear:1.0.0`, a binary classifier with probabilities."""
    return tiny.package_binary(artefacts_dir)


@pytest.fixture(scope="session")
def multiclass_artefact(artefacts_dir: Path) -> Artefact:
    """Return `tiny-classes:1.0.0`, a classifier with three classes."""
    return tiny.package_multiclass(artefacts_dir)


@pytest.fixture(scope="session")
def exact_artefact(artefacts_dir: Path) -> Artefact:
    """Return `tiny-houses:3.0.0`, a regression that only the exact engine can serve."""
    return tiny.package_houses(zoo.OTHERS["support vectors"](), artefacts_dir, "3.0.0")
