"""A certificate is got again from the log, to the last byte, or it is said what is gone."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from tests.integration.endpoint import ENDPOINT, Endpoint
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.comparison.certificate import Certificate, read_certificate
from understudy.errors import CertificateDiffers, CertificateUnverifiable
from understudy.log.outcomes import OutcomeItem, record
from understudy.records import ServedRequest
from understudy.review.certificates import Verified, certify, verify
from understudy.review.ended import review_ended
from understudy.review.shadow import review

SHADOW = "tiny-houses:2.0.0"
POLICY: Mapping[str, object] = {"outcome_delay_days": 0.0, "minimum_days": None}
KEEP = """
    CREATE SCHEMA kept;
    CREATE TABLE kept.prediction AS SELECT * FROM prediction;
    CREATE TABLE kept.shadow_prediction AS SELECT * FROM shadow_prediction;
    CREATE TABLE kept.outcome AS SELECT * FROM outcome;
"""
PUT_BACK = """
    DELETE FROM prediction; INSERT INTO prediction SELECT * FROM kept.prediction;
    DELETE FROM shadow_prediction;
    INSERT INTO shadow_prediction SELECT * FROM kept.shadow_prediction;
    DELETE FROM outcome; INSERT INTO outcome SELECT * FROM kept.outcome;
    DROP SCHEMA kept CASCADE;
"""


@pytest.fixture
def deployed(
    endpoint: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> Endpoint:
    """An endpoint with a live model and a shadow."""
    endpoint.deploy("live", linear_artefact)
    endpoint.deploy("shadow", boosting_artefact, policy=POLICY)
    return endpoint


@pytest.fixture
def play(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> Callable[..., list[ServedRequest]]:
    """Serve and score a shipment; its first answers of the shadow may be failures."""

    def serve_and_score(count: int, seed: int, statuses: Sequence[str] = ()) -> list[ServedRequest]:
        requests = deployed.serve(linear_artefact, count, seed)
        deployed.score(boosting_artefact, statuses)
        return requests

    return serve_and_score


@pytest.fixture
def decided(deployed: Endpoint, play: Callable[..., list[ServedRequest]]) -> Endpoint:
    """An endpoint with two folds, outcomes that came in between, and looks of every family."""
    first = play(60, 1, ["failed"])
    _report(deployed, first[:40], 0.0)
    _certify(deployed)
    second = play(150, 2, ["skipped"])
    _report(deployed, second[:100], 3.0)
    return deployed


def _report(endpoint: Endpoint, requests: Sequence[ServedRequest], shift: float) -> None:
    items = [
        OutcomeItem(request.request_id, 0, float(request.values[0] or 0) + shift)
        for request in requests
    ]
    with endpoint.engine.begin() as connection:
        record(connection, ENDPOINT, items)


def _certify(endpoint: Endpoint) -> Certificate:
    found = review(endpoint.engine, endpoint.settings, endpoint.store, SHADOW)
    certificate = certify(endpoint.engine, found)
    assert certificate.verdict == found.comparison.verdict
    return certificate


def _verify(endpoint: Endpoint, certificate: Certificate) -> Verified:
    written = read_certificate(certificate.to_bytes(), "file")
    return verify(endpoint.engine, endpoint.settings, endpoint.store, written)


def _do(endpoint: Endpoint, statement: str) -> None:
    with endpoint.engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount != 0


@contextmanager
def _undone(endpoint: Endpoint, statement: str) -> Iterator[None]:
    """Change the log by one statement, and put it back as it was afterwards."""
    with endpoint.engine.begin() as connection:
        connection.execute(text(KEEP))
    _do(endpoint, statement)
    yield
    with endpoint.engine.begin() as connection:
        connection.execute(text(PUT_BACK))


def test_a_certificate_is_got_again_whatever_came_since(
    decided: Endpoint, boosting_artefact: Artefact, play: Callable[..., list[ServedRequest]]
) -> None:
    """More work, more outcomes, corrected ones, another policy and the end do not disturb it."""
    certificate = _certify(decided)
    assert _certify(decided).to_bytes() == certificate.to_bytes()
    assert {name for name, looks in certificate.looks.items() if looks} == {
        "inputs", "outputs", "selection", "slices",
    }  # fmt: skip
    assert certificate.data["predictions"] == 210
    assert certificate.data["outcomes"] == 140
    assert [part["folds"] for part in certificate.data["parts"]] == [[1, 1], [2, 2]]
    assert _verify(decided, certificate).is_identical
    third = play(100, 3)
    _report(decided, third, 1.0)
    _do(decided, "INSERT INTO outcome (endpoint, request_id, instance_no, revision, value)"
        " SELECT endpoint, request_id, instance_no, 2, '9.5' FROM outcome LIMIT 7")  # fmt: skip
    later = _certify(decided)
    assert later.data["outcomes"] == 247
    assert _verify(decided, certificate).is_identical
    decided.deploy("shadow", boosting_artefact, policy={"aim": "same"})
    review_ended(decided.engine, decided.settings, decided.store)
    assert _verify(decided, certificate).is_identical
    assert _verify(decided, later).is_identical


@pytest.mark.parametrize(
    ("verdict", "count", "statuses"),
    [("NEED_MORE_DATA", 20, ()), ("HOLD", 150, ["skipped"] * 40), ("REJECT", 420, ())],
)
def test_every_verdict_can_be_certified(
    deployed: Endpoint, play: Callable[..., list[ServedRequest]],
    verdict: str, count: int, statuses: Sequence[str],
) -> None:  # fmt: skip
    """Too little data, too many without a pair, and a shadow that errs where live does not."""
    requests = play(count, 1, statuses)
    if verdict != "HOLD":
        _report(deployed, requests, 0.0)
    certificate = _certify(deployed)
    assert certificate.verdict == verdict
    assert _verify(deployed, certificate).is_identical


ERASED = (
    ("DELETE FROM prediction WHERE request_id IN"
     " (SELECT request_id FROM prediction ORDER BY 1 LIMIT 3)", "3 of 210 predictions"),
    ("DELETE FROM shadow_prediction WHERE request_id IN"
     " (SELECT request_id FROM prediction ORDER BY 1 LIMIT 3)", "3 of 210 shadow predictions"),
    ("DELETE FROM outcome WHERE id <= 2", "2 of 140 outcomes"),
    ("UPDATE outcome SET id = id + 9000 WHERE id = 1", "1 of 140 outcomes"),
)  # fmt: skip


@pytest.mark.parametrize("moment", ["later", "before"])
def test_what_is_gone_is_counted_and_nothing_else_is_said(decided: Endpoint, moment: str) -> None:
    """Erased predictions, shadow predictions and outcomes: how many of how many, not "differs"."""
    found = review(decided.engine, decided.settings, decided.store, SHADOW)
    certificate = certify(decided.engine, found)
    for statement, told in ERASED if moment == "later" else ERASED[:2]:
        with (
            _undone(decided, statement),
            pytest.raises(CertificateUnverifiable, match=f"cannot be verified: .*{told}") as raised,
        ):
            _verify(decided, certificate) if moment == "later" else certify(decided.engine, found)
        assert "differs" not in str(raised.value)
    assert _verify(decided, certificate).is_identical


def test_an_expired_partition_and_a_lost_artefact_cannot_be_verified(
    decided: Endpoint, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A model that neither store nor cache has, and a day that retention dropped."""
    certificate = _certify(decided)
    elsewhere = replace(decided.settings, data_dir=tmp_path_factory.mktemp("other"))
    empty = ArtefactStore(str(tmp_path_factory.mktemp("empty")))
    with pytest.raises(CertificateUnverifiable, match=r"tiny-houses:1.0.0 with the digest"):
        verify(decided.engine, elsewhere, empty, certificate)
    assert verify(decided.engine, decided.settings, empty, certificate).is_identical
    with decided.engine.begin() as connection:
        day = connection.execute(text("SELECT tableoid::regclass::text FROM prediction LIMIT 1"))
        connection.execute(text(f"DROP TABLE {day.scalar_one()}"))
    with pytest.raises(CertificateUnverifiable, match="210 of 210 predictions, 210 of 210 shadow"):
        _verify(decided, certificate)


@pytest.mark.parametrize("table", ["comparison", "deployment"])
def test_a_log_without_the_comparison_cannot_verify(decided: Endpoint, table: str) -> None:
    """A fresh database, or another one, holds nothing to compare with."""
    certificate = _certify(decided)
    where = {
        "comparison": "UPDATE comparison SET live_digest = 'other'",
        "deployment": "UPDATE deployment SET version = '9.9.9' WHERE action = 'live'",
    }
    with decided.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(where[table]))
    with pytest.raises(CertificateUnverifiable):
        _verify(decided, certificate)


def test_what_was_altered_differs_and_is_named(decided: Endpoint) -> None:
    """An answer, an input, an outcome: where, and the first figure that is another one."""
    certificate = _certify(decided)
    altered = {
        "UPDATE prediction SET value = value + 7 WHERE served_at ="
        " (SELECT max(served_at) FROM prediction)": "fold 2; first, comparison",
        "UPDATE shadow_prediction SET value = 0 WHERE request_id ="
        " (SELECT request_id FROM prediction p ORDER BY served_at DESC LIMIT 1)":
            "fold 2; first, comparison",
        """UPDATE prediction SET instance = instance || '{"unheard_of": 1}'""":
            "2 parts between fold 1 and 2",
        "UPDATE outcome SET value = '1e6' WHERE id = 3": "fold 1; first, comparison",
    }  # fmt: skip
    for statement, told in altered.items():
        with _undone(decided, statement), pytest.raises(CertificateDiffers, match=told) as raised:
            _verify(decided, certificate)
        assert "no row is missing" in str(raised.value)
        assert "cannot be verified" not in str(raised.value)
    assert _verify(decided, certificate).is_identical


def test_rows_changed_after_folding_are_not_certified(decided: Endpoint) -> None:
    """What was decided does not follow from the log any more, so nobody could verify it."""
    _certify(decided)
    _do(decided, "UPDATE prediction SET value = value + 7")
    found = review(decided.engine, decided.settings, decided.store, SHADOW)
    with pytest.raises(CertificateDiffers, match="rows were changed after they had been folded in"):
        certify(decided.engine, found)


def _edited(certificate: Certificate, section: str, **changes: Any) -> Certificate:
    """Return a certificate with a section changed and all digests made to fit again."""
    return replace(certificate, **{section: {**getattr(certificate, section), **changes}})


def test_a_forged_certificate_differs(decided: Endpoint) -> None:
    """With digests that fit, another verdict, count or digest of the rows does not."""
    certificate = _certify(decided)
    first, *others = certificate.window["looks_at_outcomes"]
    forged = {
        "comparison.verdict is": _edited(certificate, "comparison", verdict="PROMOTE"),
        "the digest of all is another one": _edited(certificate, "data", digest="0" * 64),
        "looks at outcomes that it names": _edited(
            certificate, "window", looks_at_outcomes=[{**first, "folds": 1}, *others]
        ),
        "window.last_served_at is": _edited(certificate, "window", last_served_at="2026-01-01"),
    }
    for told, other in forged.items():
        with pytest.raises(CertificateDiffers, match=told):
            _verify(decided, other)


def test_with_other_library_versions_figures_may_be_apart_by_rounding(decided: Endpoint) -> None:
    """Equality within 1e-8 is reported as such; more is a difference, and so is less at home."""
    certificate = _certify(decided)
    pairs = json.loads(json.dumps(certificate.comparison["pairs"]))
    pairs["guards"][0]["sd"] *= 1 + 5e-9
    versions = {**certificate.versions, "scipy": "0.9"}
    near = _edited(_edited(certificate, "comparison", pairs=pairs), "versions", **versions)
    found = _verify(decided, near)
    assert not found.is_identical
    assert found.versions == {"scipy": ("0.9", certificate.versions["scipy"])}
    pairs["guards"][0]["sd"] *= 1 + 1e-6
    far = _edited(near, "comparison", pairs=pairs)
    with pytest.raises(CertificateDiffers, match=r"comparison\.pairs\.guards\[0\]\.sd"):
        _verify(decided, far)
    with pytest.raises(CertificateDiffers, match=r"comparison\.pairs\.guards\[0\]\.sd"):
        _verify(decided, _edited(certificate, "comparison", pairs=near.comparison["pairs"]))
