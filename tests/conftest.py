"""Fixtures that more than one room uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import tiny, zoo
from tests.promises import (  # noqa: F401 - hooks of pytest
    pytest_addoption,
    pytest_collection_modifyitems,
    pytest_configure,
)
from tests.s3 import S3Server, serve_s3
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


@pytest.fixture(scope="session")
def s3_server() -> Iterator[S3Server]:
    """Return an S3-compatible server that lives as long as the tests."""
    with serve_s3() as server:
        yield server


@pytest.fixture
def s3(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch) -> S3Server:
    """Return that server, with what its clients need in the environment of this test."""
    for name, value in s3_server.environment.items():
        monkeypatch.setenv(name, value)
    return s3_server
