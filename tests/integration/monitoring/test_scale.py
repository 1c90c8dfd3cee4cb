"""The scale of an endpoint, by the record of its deployments."""

import pytest

from tests.integration.endpoint import ENDPOINT, Endpoint
from understudy.artefacts.artefact import Artefact
from understudy.errors import ArtefactMissing
from understudy.monitoring.scale import read_scale, scale_of


def test_before_the_first_live_model_there_is_no_scale(
    endpoint: Endpoint, boosting_artefact: Artefact
) -> None:
    """A shadow alone sets none."""
    endpoint.deploy("shadow", boosting_artefact)
    with endpoint.engine.connect() as connection:
        assert read_scale(connection, ENDPOINT, endpoint.store) is None


def test_hot_swaps_keep_the_scale(
    endpoint: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Promotion, rollback and another live model leave the buckets of the first live version."""
    endpoint.deploy("shadow", boosting_artefact)
    endpoint.deploy("live", linear_artefact)
    first = scale_of(linear_artefact.manifest)
    assert first != scale_of(boosting_artefact.manifest)
    for action in ("promote", "rollback", "live"):
        endpoint.deploy(action, boosting_artefact)
        with endpoint.engine.connect() as connection:
            assert read_scale(connection, ENDPOINT, endpoint.store) == first


def test_another_endpoint_has_its_own(endpoint: Endpoint, linear_artefact: Artefact) -> None:
    """What is live elsewhere sets no scale here."""
    endpoint.deploy("live", linear_artefact)
    with endpoint.engine.connect() as connection:
        assert read_scale(connection, "flats", endpoint.store) is None


def test_an_artefact_that_is_gone_is_an_error(
    endpoint: Endpoint, linear_artefact: Artefact
) -> None:
    """The scale is never guessed."""
    endpoint.deploy("live", linear_artefact, is_stored=False)
    with endpoint.engine.connect() as connection, pytest.raises(ArtefactMissing):
        read_scale(connection, ENDPOINT, endpoint.store)
