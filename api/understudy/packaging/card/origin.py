"""Where an artefact comes from: the part of its page that is no part of its card."""

from collections.abc import Iterator, Mapping

from understudy.artefacts.artefact import Artefact
from understudy.errors import ArtefactError
from understudy.packaging.card.figures import shown
from understudy.presentation.markdown import code, plain, table

_NAMES = {
    "packaged_by": "packaged by",
    "packaged_at": "packaged at",
    "host": "on the machine",
    "platform": "platform",
    "source.revision": "source revision",
    "source.dirty": "source changed since that revision",
}

_FIRST = ("packaged_by", "packaged_at", "source", "revision")


def origin(artefact: Artefact) -> str:
    """Return who packaged an artefact, when, from what, and what it costs, in Markdown."""
    rows = [["digest of the artefact", code(artefact.digest)]]
    rows += [[plain(_named(place)), shown(value)] for place, value in _told(artefact)]
    return (
        "## Provenance\n\nThis is kept beside the card and is not covered by the digest; only a"
        f" signature vouches for it.\n\n{table(['', ''], rows)}"
    )


def _told(artefact: Artefact) -> Iterator[tuple[str, object]]:
    try:
        content: object = artefact.provenance()
    except (OSError, ValueError, ArtefactError):
        content = {"provenance": "missing or unreadable"}
    return _leaves(content, "")


def _leaves(content: object, place: str) -> Iterator[tuple[str, object]]:
    if not isinstance(content, Mapping):
        yield place, content
        return
    for name, inner in sorted(content.items(), key=_in_order):
        yield from _leaves(inner, f"{place}.{name}" if place else str(name))


def _in_order(item: tuple[str, object]) -> tuple[int, int, str]:
    """Put first who and when, and batch sizes in the order of their numbers."""
    name = item[0]
    place = _FIRST.index(name) if name in _FIRST else len(_FIRST)
    return place, int(name) if name.isdecimal() else 0, name


def _named(place: str) -> str:
    if place.startswith("cpu_ms_per_row."):
        rows = place.rpartition(".")[2]
        return f"CPU per row, {rows} {'row' if rows == '1' else 'rows'} at once, in ms"
    if place.startswith("gates."):
        return "measured by the gate " + place.removeprefix("gates.").replace(".", ": ")
    return _NAMES.get(place, place)
