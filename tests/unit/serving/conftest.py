"""Generations of tiny real models, as a worker would load them."""

from pathlib import Path

import pytest

from understudy.artefacts.artefact import Artefact
from understudy.serving.deployment_file import Deployed, Placed
from understudy.serving.generation import Generation, build_generation, load_model
from understudy.settings import Settings


def placed(artefact: Artefact) -> Placed:
    """Say where an artefact lies, as the agent would."""
    manifest = artefact.manifest
    return Placed(manifest.name, manifest.version, artefact.digest, str(artefact.folder))


def deployed(number: int, live: Artefact, *shadows: Artefact) -> Deployed:
    """Deploy one artefact live, others as shadows."""
    return Deployed(number, "default", placed(live), None, tuple(map(placed, shadows)))


@pytest.fixture(scope="session")
def generation(linear_artefact: Artefact, tmp_path_factory: pytest.TempPathFactory) -> Generation:
    """Return the tiny linear model, ready to serve."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"))
    model = load_model(placed(linear_artefact), trusted_keys=None)
    return build_generation(model, deployed(1, linear_artefact), settings)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return settings with a data directory of the test's own."""
    return Settings(data_dir=tmp_path, port=8999)
