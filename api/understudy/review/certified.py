"""Finds what a certificate names: the comparison in the log, and the very models."""

from collections.abc import Mapping
from typing import Any

from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.store import ArtefactStore
from understudy.comparison.certificate import Certificate
from understudy.errors import ArtefactError, CertificateUnverifiable, NotReady
from understudy.log import comparisons
from understudy.log.comparisons import KeptComparison
from understudy.log.database import Connection, Engine, log_errors
from understudy.log.deployments import history
from understudy.log.episodes import Episode, episodes
from understudy.log.roles import Role
from understudy.review.sides import Sides
from understudy.settings import Settings

Json = Mapping[str, Any]


def find_certified(
    engine: Engine, settings: Settings, store: ArtefactStore, certificate: Certificate
) -> tuple[KeptComparison, Sides]:
    """
    Return the comparison as it was at the last fold of a certificate, and its sides.

    Raises CertificateUnverifiable if any of it is gone.
    """
    with log_errors(), engine.connect() as connection:
        kept = _find(connection, certificate)
        episode = _episode(connection, kept)
    live, shadow = (
        _artefact(certificate.artefacts[side], role, settings, store)
        for side, role in (("live", episode.live), ("shadow", episode.shadow))
    )
    return kept, Sides(kept.endpoint, episode, live, shadow)


def raise_missing(missing: Mapping[str, tuple[int, int]]) -> None:
    """Raise CertificateUnverifiable if anything is gone, saying how many of how many."""
    if not missing:
        return
    told = ", ".join(f"{gone:,} of {all_:,} {name}" for name, (gone, all_) in missing.items())
    raise CertificateUnverifiable(f"{told} behind it were erased or have expired", missing)


def _find(connection: Connection, certificate: Certificate) -> KeptComparison:
    """Find the comparison by its endpoint, its start and the digests of its two models."""
    window, artefacts = certificate.window, certificate.artefacts
    for kept in comparisons.list_comparisons(connection, window["endpoint"]):
        digests = artefacts["live"]["digest"], artefacts["shadow"]["digest"]
        is_same = (kept.live_digest, kept.digest) == digests
        if is_same and kept.deployment_id == window["deployment"]:
            if kept.folds < window["folds"]:
                counts = {"folds": (window["folds"] - kept.folds, window["folds"])}
                raise_missing(counts)
            return comparisons.at_fold(kept, window["folds"])
    raise CertificateUnverifiable(
        f"this log holds no comparison of these two models on the endpoint {window['endpoint']}"
        f" that began with the deployment {window['deployment']}"
    )


def _episode(connection: Connection, kept: KeptComparison) -> Episode:
    for episode in episodes(history(connection, kept.endpoint)):
        if (episode.deployment_id, episode.shadow.key) == (kept.deployment_id, kept.shadow):
            return episode
    raise CertificateUnverifiable(f"the deployment {kept.deployment_id} is gone from the log")


def _artefact(wanted: Json, role: Role, settings: Settings, store: ArtefactStore) -> Artefact:
    """Fetch a model with its very digest, or take the copy that this machine fetched earlier."""
    digest = wanted["digest"]
    try:
        found = store.pull(role.name, role.version, settings.reading_dir)
        reason = f"is stored with the digest {found.digest[:12]}…"
    except (ArtefactError, NotReady) as error:
        found, reason = None, f"is not to be had ({error})"
    if found is not None and found.digest == digest:
        return found
    try:
        cached = settings.reading_dir / f"{role.name}-{role.version}-{digest[:12]}"
        copy = open_artefact(cached)
    except (ArtefactError, OSError):
        copy = None
    if copy is not None and copy.digest == digest:
        return copy
    raise CertificateUnverifiable(f"{role.model} with the digest {digest[:12]}… {reason}")
