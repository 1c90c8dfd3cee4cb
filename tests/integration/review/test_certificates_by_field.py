"""A certificate of a comparison by a field, whose units come back in later work."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest

from tests.integration.conftest import NewDatabase
from tests.integration.review.decisions import Decisions
from understudy.comparison.certificate import Certificate
from understudy.errors import CertificateDiffers, CertificateUnverifiable
from understudy.review.ended import review_ended

pytestmark = pytest.mark.xdist_group("certificates")  # so that the log is filled once
MAKE_LATE = """
    UPDATE prediction SET served_at = served_at - interval '1 h'
    WHERE recorded_at = (SELECT max(recorded_at) FROM prediction)
"""
CORRECT = """
    INSERT INTO outcome (endpoint, request_id, instance_no, revision, value)
    SELECT endpoint, request_id, instance_no, 2, '9.5' FROM outcome WHERE id <= 50
"""
ERASE = """
    DELETE FROM prediction WHERE recorded_at = (SELECT max(recorded_at) FROM prediction)
"""
ALTER = """
    UPDATE prediction SET value = value + 7
    WHERE recorded_at = (SELECT min(recorded_at) FROM prediction)
"""
LOOKS = {"inputs", "outputs", "selection", "slices"}


@dataclass(frozen=True)
class _Decided:
    """Two decisions, of which the second knows more rows of the units of the first."""

    decisions: Decisions
    first: Certificate
    second: Certificate


@pytest.fixture(scope="module")
def filled(blank: Decisions, new_database: NewDatabase) -> Iterator[_Decided]:
    """Work, then late work of units that were there, with outcomes in between and corrected."""
    with blank.copied(new_database) as decisions:
        decisions.deploy(unit="area", slices=["zone"])
        served = decisions.play(160, 1, ["failed"])
        decisions.report(served[:110])
        first = decisions.certify()
        late = decisions.play(160, 1, ["skipped"])
        decisions.execute(MAKE_LATE)
        decisions.report(late[:90], 3.0)
        decisions.review()
        decisions.report(decisions.play(140, 2), -3.0)
        decisions.execute(CORRECT)
        yield _Decided(decisions, first, decisions.certify())


@pytest.fixture
def decided(filled: _Decided, new_database: NewDatabase) -> Iterator[_Decided]:
    """A copy of that log."""
    with filled.decisions.copied(new_database) as decisions:
        yield replace(filled, decisions=decisions)


def _taken(certificate: Certificate) -> dict[str, list[tuple[int, int, int]]]:
    """Return number, folds and newest outcome of each look, by family."""
    found: dict[str, list[tuple[int, int, int]]] = {}
    for look in certificate.window["looks_taken"]:
        moment = look["number"], look["folds"], look["last_outcome"]
        found.setdefault(look["family"], []).append(moment)
    return found


def test_every_look_is_got_again_though_units_came_back(decided: _Decided) -> None:
    """Late rows of old units, late outcomes, corrections, more work and the end change nothing."""
    decisions, first, second = decided.decisions, decided.first, decided.second
    assert _taken(first) == {name: [(1, 1, 110)] for name in LOOKS}
    assert _taken(second) == {name: [(1, 1, 110), (2, 3, 390)] for name in LOOKS}
    assert 100 < first.comparison["units"] < 160
    assert 200 < second.comparison["units"] < 300
    assert second.data["predictions"] == 460
    for name in LOOKS:
        assert second.looks[name][0] == first.looks[name][0]
        assert len(second.looks[name]) == 2
    decisions.play(50, 1)
    decisions.deploy(aim="same")
    endpoint = decisions.endpoint
    review_ended(endpoint.engine, endpoint.settings, endpoint.store)
    assert decisions.verify(first).is_identical
    assert decisions.verify(second).is_identical


def test_what_is_gone_or_altered_is_said_of_units_as_well(decided: _Decided) -> None:
    """An erased row cannot be verified, an altered one differs; no later row disturbs."""
    decisions, first = decided.decisions, decided.first
    decisions.execute(ERASE)
    assert decisions.verify(first).is_identical
    with pytest.raises(CertificateUnverifiable, match="140 of 460 predictions") as gone:
        decisions.verify(decided.second)
    assert "differs" not in str(gone.value)
    decisions.execute(ALTER)
    with pytest.raises(CertificateDiffers, match="fold 1; first, comparison"):
        decisions.verify(first)


def test_few_units_of_many_requests_have_no_look_yet(decisions: Decisions) -> None:
    """Four zones are no hundred units, however many requests there are."""
    decisions.deploy(unit="zone")
    decisions.play(130, 1)
    certificate = decisions.certify()
    assert certificate.comparison["units"] == 4
    assert certificate.looks == {"slices": []}
    assert decisions.verify(certificate).is_identical
