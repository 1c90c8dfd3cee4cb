"""An endpoint with the log of a decision, which is copied rather than filled again."""

from collections.abc import Iterator

import pytest

from tests.integration.conftest import NewDatabase
from tests.integration.endpoint import endpoint_in
from tests.integration.review.decisions import Decisions
from understudy.artefacts.artefact import Artefact
from understudy.log.database import connect


@pytest.fixture(scope="session")
def blank(
    new_database: NewDatabase,
    tmp_path_factory: pytest.TempPathFactory,
    linear_artefact: Artefact,
    boosting_artefact: Artefact,
) -> Iterator[Decisions]:
    """An endpoint on which nothing is deployed, to be copied and never used itself."""
    with new_database() as url:
        endpoint = endpoint_in(tmp_path_factory.mktemp("decisions"), url, connect(url))
        yield Decisions(endpoint, linear_artefact, boosting_artefact)


@pytest.fixture
def decisions(blank: Decisions, new_database: NewDatabase) -> Iterator[Decisions]:
    """An endpoint on which nothing is deployed yet."""
    with blank.copied(new_database) as decisions:
        yield decisions
