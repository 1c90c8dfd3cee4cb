"""A certificate is got again from the log, to the last byte, or it is said what is gone."""

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from tests.integration.conftest import NewDatabase
from tests.integration.review.decisions import Decisions
from tests.integration.stacks import until
from understudy.artefacts.store import ArtefactStore
from understudy.comparison.certificate import Certificate
from understudy.errors import CertificateDiffers, CertificateUnverifiable
from understudy.log import kept_looks
from understudy.log.comparisons import read_comparison
from understudy.review.basis import Basis, Moment, read_basis
from understudy.review.certificates import certify, verify
from understudy.review.ended import review_ended
from understudy.review.looks import SLICES
from understudy.review.shadow import between_looks

pytestmark = pytest.mark.xdist_group("certificates")  # so that the log is filled once
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


@pytest.fixture(scope="module")
def filled(blank: Decisions, new_database: NewDatabase) -> Iterator[tuple[Decisions, Certificate]]:
    """Two folds, outcomes that came in between, and looks of every family: all certified."""
    with blank.copied(new_database) as decisions:
        decisions.deploy()
        first = decisions.play(60, 1, ["failed"])
        decisions.report(first[:40])
        decisions.certify()
        second = decisions.play(150, 2, ["skipped"])
        decisions.report(second[:100], 3.0)
        yield decisions, decisions.certify()


@pytest.fixture
def decided(
    filled: tuple[Decisions, Certificate], new_database: NewDatabase
) -> Iterator[Decisions]:
    """A copy of that log."""
    with filled[0].copied(new_database) as decisions:
        yield decisions


@pytest.fixture
def certificate(filled: tuple[Decisions, Certificate]) -> Certificate:
    """The certificate of what was decided last in it."""
    return filled[1]


@contextmanager
def _undone(decided: Decisions, statement: str) -> Iterator[None]:
    """Change the log by one statement, and put it back as it was afterwards."""
    with decided.engine.begin() as connection:
        connection.execute(text(KEEP))
    decided.execute(statement)
    yield
    with decided.engine.begin() as connection:
        connection.execute(text(PUT_BACK))


def test_a_certificate_is_got_again_whatever_came_since(
    decided: Decisions, certificate: Certificate
) -> None:
    """More work, more outcomes, corrected ones, another policy and the end do not disturb it."""
    assert decided.certify().to_bytes() == certificate.to_bytes()
    assert {name for name, looks in certificate.looks.items() if looks} == {
        "inputs", "outputs", "selection", "slices",
    }  # fmt: skip
    assert certificate.data["predictions"] == 210
    assert certificate.data["outcomes"] == 140
    assert [part["folds"] for part in certificate.data["parts"]] == [[1, 1], [2, 2]]
    assert decided.verify(certificate).is_identical
    decided.report(decided.play(100, 3), 1.0)
    decided.execute(
        "INSERT INTO outcome (endpoint, request_id, instance_no, revision, value)"
        " SELECT endpoint, request_id, instance_no, 2, '9.5' FROM outcome LIMIT 7"
    )
    later = decided.certify()
    assert later.data["outcomes"] == 247
    assert decided.verify(certificate).is_identical
    decided.deploy(aim="same")
    endpoint = decided.endpoint
    review_ended(endpoint.engine, endpoint.settings, endpoint.store)
    assert decided.verify(certificate).is_identical
    assert decided.verify(later).is_identical


def test_a_look_that_is_being_taken_is_waited_for(decided: Decisions) -> None:
    """It knows fewer outcomes than a certificate of that moment, which must not leave it out."""
    requests = decided.play(10, 7)
    kept = decided.review().kept

    def read() -> Basis:
        with between_looks(decided.engine, kept.id) as (connection, now):
            return read_basis(connection, now)

    with ThreadPoolExecutor(1) as others:
        with decided.engine.begin() as asker:
            read_comparison(asker, kept.id, lock=True)
            newest = kept_looks.last_outcome(asker, kept.endpoint)
            decided.report(requests)
            reading = others.submit(read)
            until(lambda: _waits(decided))
            last = [row for row in kept_looks.read_looks(asker, kept.id) if row.family == SLICES][
                -1
            ]
            look = replace(last, number=last.number + 1, folds=kept.folds, last_outcome=newest)
            kept_looks.write_looks(asker, kept.id, [look])
        basis = reading.result(timeout=60)
    assert basis.last_outcome == newest + len(requests)
    assert Moment(SLICES, look.number, kept.folds, newest) in basis.moments


def _waits(decided: Decisions) -> bool:
    """Tell whether somebody waits for the row of the comparison."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
    with decided.engine.connect() as connection:
        return connection.execute(text(waiting)).scalar_one() > 0


@pytest.mark.parametrize(
    ("verdict", "count", "right", "statuses"),
    [
        ("NEED_MORE_DATA", 20, "live", ()),
        ("HOLD", 150, None, ["skipped"] * 40),
        ("REJECT", 420, "live", ()),
        ("PROMOTE", 420, "shadow", ()),
    ],
)
def test_every_verdict_can_be_certified(
    decisions: Decisions, verdict: str, count: int, right: str | None, statuses: Sequence[str]
) -> None:
    """Too little data, too many without a pair, and where one errs the other does not."""
    decisions.deploy(minimum_units=100, minimum_outcomes=100, failure_limit=0.05, slices=["zone"])
    requests = decisions.play(count, 1, statuses)
    if right is not None:
        decisions.report(requests, right=right)
    certificate = decisions.certify()
    assert certificate.verdict == verdict
    assert decisions.verify(certificate).is_identical


ERASED = (
    ("DELETE FROM prediction WHERE request_id IN"
     " (SELECT request_id FROM prediction ORDER BY 1 LIMIT 3)", "3 of 210 predictions"),
    ("DELETE FROM shadow_prediction WHERE request_id IN"
     " (SELECT request_id FROM prediction ORDER BY 1 LIMIT 3)", "3 of 210 shadow predictions"),
    ("DELETE FROM outcome WHERE id <= 2", "2 of 140 outcomes"),
    ("UPDATE outcome SET id = id + 9000 WHERE id = 1", "1 of 140 outcomes"),
)  # fmt: skip


@pytest.mark.parametrize("moment", ["later", "before"])
def test_what_is_gone_is_counted_and_nothing_else_is_said(
    decided: Decisions, certificate: Certificate, moment: str
) -> None:
    """Erased predictions, shadow predictions and outcomes: how many of how many, not "differs"."""
    found = decided.review()
    for statement, told in ERASED if moment == "later" else ERASED[:2]:
        with (
            _undone(decided, statement),
            pytest.raises(CertificateUnverifiable, match=f"cannot be verified: .*{told}") as raised,
        ):
            decided.verify(certificate) if moment == "later" else certify(decided.engine, found)
        assert "differs" not in str(raised.value)
    assert decided.verify(certificate).is_identical


def test_an_expired_partition_and_a_lost_artefact_cannot_be_verified(
    decided: Decisions, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A model that neither store nor cache has, and a day that retention dropped."""
    settings = decided.endpoint.settings
    elsewhere = replace(settings, data_dir=tmp_path_factory.mktemp("other"))
    empty = ArtefactStore(str(tmp_path_factory.mktemp("empty")))
    with pytest.raises(CertificateUnverifiable, match=r"tiny-houses:1.0.0 with the digest"):
        verify(decided.engine, elsewhere, empty, certificate)
    assert verify(decided.engine, settings, empty, certificate).is_identical
    with decided.engine.begin() as connection:
        day = connection.execute(text("SELECT tableoid::regclass::text FROM prediction LIMIT 1"))
        connection.execute(text(f"DROP TABLE {day.scalar_one()}"))
    with pytest.raises(CertificateUnverifiable, match="210 of 210 predictions, 210 of 210 shadow"):
        decided.verify(certificate)


@pytest.mark.parametrize("table", ["comparison", "deployment"])
def test_a_log_without_the_comparison_cannot_verify(
    decided: Decisions, certificate: Certificate, table: str
) -> None:
    """A fresh database, or another one, holds nothing to compare with."""
    where = {
        "comparison": "UPDATE comparison SET live_digest = 'other'",
        "deployment": "UPDATE deployment SET version = '9.9.9' WHERE action = 'live'",
    }
    with decided.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = replica"))
        connection.execute(text(where[table]))
    with pytest.raises(CertificateUnverifiable):
        decided.verify(certificate)


def test_what_was_altered_differs_and_is_named(
    decided: Decisions, certificate: Certificate
) -> None:
    """An answer, an input, an outcome: where, and the first figure that is another one."""
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
            decided.verify(certificate)
        assert "no row is missing" in str(raised.value)
        assert "cannot be verified" not in str(raised.value)
    assert decided.verify(certificate).is_identical


def test_rows_changed_after_folding_are_not_certified(decided: Decisions) -> None:
    """What was decided does not follow from the log any more, so nobody could verify it."""
    decided.execute("UPDATE prediction SET value = value + 7")
    found = decided.review()
    with pytest.raises(CertificateDiffers, match="rows were changed after they had been folded in"):
        certify(decided.engine, found)


def _edited(certificate: Certificate, section: str, **changes: Any) -> Certificate:
    """Return a certificate with a section changed and all digests made to fit again."""
    return replace(certificate, **{section: {**getattr(certificate, section), **changes}})


def test_a_forged_certificate_differs(decided: Decisions, certificate: Certificate) -> None:
    """With digests that fit, another verdict, count or digest of the rows does not."""
    first, *others = certificate.window["looks_taken"]
    forged = {
        "comparison.verdict is": _edited(certificate, "comparison", verdict="PROMOTE"),
        "the digest of all is another one": _edited(certificate, "data", digest="0" * 64),
        "looks that it names": _edited(
            certificate, "window", looks_taken=[{**first, "folds": 1}, *others]
        ),
        "window.last_served_at is": _edited(certificate, "window", last_served_at="2026-01-01"),
    }
    for told, other in forged.items():
        with pytest.raises(CertificateDiffers, match=told):
            decided.verify(other)


def test_with_other_library_versions_figures_may_be_apart_by_rounding(
    decided: Decisions, certificate: Certificate
) -> None:
    """Equality within 1e-8 is reported as such; more is a difference, and so is less at home."""
    pairs = json.loads(json.dumps(certificate.comparison["pairs"]))
    pairs["guards"][0]["sd"] *= 1 + 5e-9
    versions = {**certificate.versions, "scipy": "0.9"}
    near = _edited(_edited(certificate, "comparison", pairs=pairs), "versions", **versions)
    found = decided.verify(near)
    assert not found.is_identical
    assert found.versions == {"scipy": ("0.9", certificate.versions["scipy"])}
    pairs["guards"][0]["sd"] *= 1 + 1e-6
    far = _edited(near, "comparison", pairs=pairs)
    with pytest.raises(CertificateDiffers, match=r"comparison\.pairs\.guards\[0\]\.sd"):
        decided.verify(far)
    with pytest.raises(CertificateDiffers, match=r"comparison\.pairs\.guards\[0\]\.sd"):
        decided.verify(_edited(certificate, "comparison", pairs=near.comparison["pairs"]))
