"""From an answer to the model, the data and the decision behind it."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from understudy.artefacts.dossier import Dossier, read_cached, read_dossier
from understudy.artefacts.store import ArtefactStore
from understudy.errors import UnderstudyError
from understudy.review.answer import Answer, Json


@dataclass(frozen=True)
class Trace:
    """
    An answer with everything behind it.

    `dossier` is that of the very content that answered, or None: a store that was changed must not
    tell stories about an answer. `problem` says what is missing or not quite certain, and why.
    """

    endpoint: str
    answer: Answer
    dossier: Dossier | None
    problem: str | None

    def to_json(self) -> Json:
        """Return all of it for programs."""
        found = self.dossier
        return {
            "endpoint": self.endpoint,
            **self.answer.to_json(),
            "digest": self.answer.digest,
            "artefact": None
            if found is None
            else asdict(found) | {"manifest": found.manifest.to_json()},
            "problem": self.problem,
        }


def trace(answer: Answer, endpoint: str, store: ArtefactStore, cache: Path, *others: Path) -> Trace:
    """
    Follow an answer to its artefact, which is fetched into `cache`.

    What the store does not have any more is looked for among what this machine fetched before,
    there and in `others`, in which nothing is changed.
    """
    name, version, digest = answer.request.name, answer.request.version, answer.digest
    try:
        found = read_dossier(store, name, version, cache)
    except (UnderstudyError, OSError) as error:
        kept = _kept((cache, *others), name, version, digest)
        return Trace(endpoint, answer, kept, _with_source(str(error), kept))
    if digest is None:
        doubt = (
            f"{name}:{version} was deployed with more than one content, or not at all, and which"
            " one answered was not recorded."
        )
        return Trace(endpoint, answer, None, doubt)
    if found.manifest.digest != digest:
        kept = _kept((cache, *others), name, version, digest)
        changed = (
            f"The store holds {name}:{version} with the digest {found.manifest.digest[:12]}…, but"
            f" {digest[:12]}… answered."
        )
        return Trace(endpoint, answer, kept, _with_source(changed, kept))
    return Trace(endpoint, answer, found, found.problem)


def _kept(caches: Iterable[Path], name: str, version: str, digest: str | None) -> Dossier | None:
    if digest is None:
        return None
    found = (read_cached(cache, name, version, digest) for cache in caches)
    return next((dossier for dossier in found if dossier is not None), None)


def _with_source(problem: str, kept: Dossier | None) -> str:
    if kept is None:
        return problem
    return f"{problem} What follows is from the copy that this machine fetched earlier."
