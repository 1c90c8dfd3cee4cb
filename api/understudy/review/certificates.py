"""Certifies a decision, and verifies a certificate by deciding again from nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import Any

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.store import ArtefactStore
from understudy.comparison.certificate import (
    SECTIONS,
    Certificate,
    first_difference,
    present_versions,
)
from understudy.comparison.fold import Folded
from understudy.errors import CertificateDiffers
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection, Engine
from understudy.log.digests import COUNTED, DataDigest, digest_data
from understudy.review.basis import Advance, Basis, Moment, read_basis, take_again, unseen
from understudy.review.certified import find_certified, raise_missing
from understudy.review.evidence import read_known
from understudy.review.shadow import Review, judge, snapshot
from understudy.review.sides import Sides
from understudy.settings import Settings

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Verified:
    """
    A certificate that was got again from the log.

    `is_identical` if it is the same bytes. Otherwise other `versions` computed it, each with the
    one that certified and the present one, and all figures are equal within 1e-8.
    """

    certificate: Certificate
    is_identical: bool
    versions: Mapping[str, tuple[str | None, str | None]]


def certify(engine: Engine, found: Review, advance: Advance = unseen) -> Certificate:
    """
    Certify what a review decided, after deciding it again from the rows alone.

    Raises CertificateUnverifiable, and CertificateDiffers, if the log no longer holds what was
    decided on: such a certificate could never be verified.
    """
    kept, basis = found.kept, found.basis
    with snapshot(engine) as connection:
        _check_moments(basis, read_basis(connection, kept).moments, kept)
        data = digest_data(connection, kept, basis.last_outcome)
        _refuse_missing(data, basis.folded)
        again = _recompute(connection, found.sides, kept, basis, data, advance)
    decided = Certificate.of(
        **vars(again) | {"comparison": _decided(found), "looks": basis.looks_to_json()}
    )
    difference = _difference(decided, again, nearly=True)
    if difference:
        raise CertificateDiffers("rows were changed after they had been folded in", difference)
    return again


def _refuse_missing(data: DataDigest, folded: Folded) -> None:
    was = folded.coverage
    answered = was.compared + was.skipped + was.failed
    counts = {
        "predictions": (was.recorded - data.predictions, was.recorded),
        "shadow predictions": (answered - data.shadow_predictions, answered),
    }
    raise_missing({name: count for name, count in counts.items() if count[0] > 0})


def verify(
    engine: Engine,
    settings: Settings,
    store: ArtefactStore,
    certificate: Certificate,
    advance: Advance = unseen,
) -> Verified:
    """
    Decide again from the log what a certificate says, and compare the two to the last byte.

    What was folded in, posted or changed since does not disturb. Raises CertificateUnverifiable if
    something behind it is gone, CertificateDiffers if all is there and says something else.
    """
    kept, sides = find_certified(engine, settings, store, certificate)
    with snapshot(engine) as connection:
        then = _basis(kept, certificate.window)
        _check_moments(then, read_basis(connection, kept).moments, kept)
        data = digest_data(connection, kept, then.last_outcome)
        raise_missing(_missing(certificate.data, data))
        again = _recompute(connection, sides, kept, then, data, advance)
    return _compared(certificate, again)


def _check_moments(then: Basis, stored: Iterable[Moment], kept: KeptComparison) -> None:
    """Refuse a certificate that leaves out a look of its time, or names one nobody took."""
    taken, named = {*stored}, {*then.moments}
    numbers = {(moment.family, moment.number) for moment in taken}
    gone = [moment for moment in named if (moment.family, moment.number) not in numbers]
    raise_missing({"looks": (len(gone), len(named))} if gone else {})
    newest = kept.folds, then.last_outcome
    earlier = {
        moment
        for moment in taken
        if moment.folds <= newest[0]
        and moment.last_outcome <= newest[1]
        and (moment.folds, moment.last_outcome) != newest  # a moment later, perhaps
    }
    if not earlier <= named <= taken:
        raise CertificateDiffers("", "the looks that it names are not those taken then")


def _compared(certificate: Certificate, again: Certificate) -> Verified:
    changed = _changed(certificate.data, again.data)
    names = sorted(certificate.versions.keys() | again.versions.keys())
    versions = {name: (certificate.versions.get(name), again.versions.get(name)) for name in names}
    others = {name: both for name, both in versions.items() if both[0] != both[1]}
    difference = _difference(certificate, again, nearly=bool(others))
    if changed or difference:
        raise CertificateDiffers(changed, difference)
    return Verified(certificate, certificate.to_bytes() == again.to_bytes(), others)


def _difference(written: Certificate, found: Certificate, *, nearly: bool) -> str:
    """Say where two first differ, what was decided before the rest; empty if nowhere."""
    names = sorted({*SECTIONS} - {"versions"}, key=lambda name: (name != "comparison", name))
    for name in names:
        one, other = getattr(written, name), getattr(found, name)
        difference = first_difference(one, other, nearly=nearly, place=name)
        if difference is not None and name != "data":
            return f"first, {difference}"
    return ""


def _recompute(
    connection: Connection,
    sides: Sides,
    kept: KeptComparison,
    then: Basis,
    data: DataDigest,
    advance: Advance,
) -> Certificate:
    basis = take_again(connection, sides, kept, then, advance)
    known = read_known(connection, sides, kept, basis.last_outcome)
    found = judge(connection, sides, basis, known)
    return Certificate.of(
        artefacts={"live": _digests(sides.live), "shadow": _digests(sides.shadow)},
        comparison=_decided(found),
        data=asdict(data),
        looks=basis.looks_to_json(),
        versions=present_versions(),
        window=_window(kept, basis),
    )


def _decided(found: Review) -> Json:
    """Return the comparison without the noise floor, which goes on being measured."""
    return replace(found.comparison, noise=None).to_json()


def _digests(artefact: Artefact) -> Json:
    manifest = artefact.manifest
    return {
        "name": manifest.name,
        "version": manifest.version,
        "digest": manifest.digest,
        "training_digest": manifest.training.digest,
    }


def _window(kept: KeptComparison, basis: Basis) -> Json:
    return {
        "endpoint": kept.endpoint,
        "deployment": kept.deployment_id,
        "started_at": kept.started_at.astimezone(UTC).isoformat(),
        "first_served_at": _moment(basis.folded.first_at),
        "last_served_at": _moment(basis.folded.last_at),
        "folds": kept.folds,
        "last_outcome": basis.last_outcome,
        "waiting": basis.waiting,
        "looks_taken": [
            asdict(moment) for moment in sorted(basis.moments, key=lambda m: (m.family, m.number))
        ],
    }


def _moment(at: float | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).isoformat()


def _basis(kept: KeptComparison, window: Json) -> Basis:
    moments = tuple(Moment(**moment) for moment in window["looks_taken"])
    return Basis(kept, Folded(), window["last_outcome"], window["waiting"], moments=moments)


def _missing(written: Json, found: DataDigest) -> dict[str, tuple[int, int]]:
    """Count what is gone, part by part: what is too much in one makes up for nothing in another."""
    counts = {
        name: sum(
            max(0, part[name] - getattr(now, name))
            for part, now in zip(written["parts"], found.parts, strict=False)
        )
        for name in COUNTED
    }
    return {name.replace("_", " "): (gone, written[name]) for name, gone in counts.items() if gone}


def _changed(written: Json, found: Json) -> str:
    """Say in which folds rows were changed though none is missing; empty if in none."""
    if written == found:
        return ""
    both = zip(written["parts"], found["parts"], strict=False)
    folds = [part["folds"] for part, now in both if part != now]
    if not folds:
        return "no part of the rows behind it was changed, but the digest of all is another one"
    first, last = folds[0][0], folds[-1][1]
    where = (
        f"fold {first}" if first == last else f"{len(folds)} parts between fold {first} and {last}"
    )
    return f"no row is missing, but rows behind it were changed in {where}"
