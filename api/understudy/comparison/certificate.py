"""Certificates: what was decided and all it rests on, in one spelling that can be got again."""

import json
import math
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256 as new_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any

from understudy.artefacts.canonical import canonical_json, sha256
from understudy.errors import CertificateInvalid

from .jsonable import as_json

KIND = "understudy decision certificate"
FORMAT = 1
DIGITS = 9
NEARLY = 1e-8
NOUGHT = 1e-12
"""Two figures that are both smaller are nought up to rounding, where versions differ."""

SECTIONS = ("artefacts", "comparison", "data", "looks", "versions", "window")
LIBRARIES = ("numpy", "scipy", "statsmodels", "pandas", "scikit-learn", "pyarrow")

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Certificate:
    """
    One decision with what it rests on.

    `window` says which rows and outcomes, `data` counts and digests them, `artefacts` names the
    models by their digests; `comparison` and `looks` hold every statistic, `versions` is with what
    they were computed.
    """

    artefacts: Json
    comparison: Json
    data: Json
    looks: Json
    versions: Json
    window: Json

    @classmethod
    def of(cls, **sections: Any) -> "Certificate":
        """Takes the sections as they are, and rounds their numbers."""
        return cls(**{name: rounded(as_json(sections[name])) for name in SECTIONS})

    @cached_property
    def _sealed(self) -> dict[str, Any]:
        sections = {name: getattr(self, name) for name in SECTIONS}
        digests = {name: sha256(canonical_json(sections[name])) for name in SECTIONS}
        found = {"kind": KIND, "format": FORMAT, "digests": digests, **sections}
        return {**found, "digest": sha256(canonical_json(found))}

    @property
    def digest(self) -> str:
        """The SHA-256 of everything else that the file holds."""
        found: str = self._sealed["digest"]
        return found

    @property
    def verdict(self) -> str:
        """The verdict that is certified."""
        return str(self.comparison["verdict"])

    def to_bytes(self) -> bytes:
        """Gives the one spelling of this certificate."""
        return canonical_json(self._sealed)


def read_certificate(content: bytes, name: str) -> Certificate:
    """
    Reads a certificate and holds it against its own digests.

    Raises CertificateInvalid for a file called `name` that is none, or was changed, with the place.
    """
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        raise CertificateInvalid(name, "it is not JSON") from None
    if not isinstance(found, dict) or found.get("kind") != KIND:
        raise CertificateInvalid(name, f'it does not say "kind": "{KIND}"')
    if found.get("format") != FORMAT:
        there = found.get("format")
        raise CertificateInvalid(
            name, f"it has format {there!r}, and this Understudy reads {FORMAT}"
        )
    wanted = {"kind", "format", "digest", "digests", *SECTIONS}
    if found.keys() != wanted:
        raise CertificateInvalid(
            name, f"{sorted(found.keys() ^ wanted)[0]!r} is missing or foreign"
        )
    certificate = Certificate(**{section: found[section] for section in SECTIONS})
    _check_names(found, name)
    _check_seal(certificate, found, name)
    if certificate.to_bytes() != content:
        raise CertificateInvalid(name, "it is not in canonical spelling: it was edited")
    return certificate


NAMED: Mapping[str, Mapping[str, type]] = {
    "artefacts": {"live": dict, "shadow": dict},
    "comparison": {"verdict": str},
    "data": {"parts": list, "digest": str},
    "looks": {},
    "versions": {},
    "window": {
        "endpoint": str,
        "deployment": int,
        "folds": int,
        "last_outcome": int,
        "waiting": int,
        "looks_taken": list,
    },
}
"""What must be there for a certificate to be verified at all."""


def _check_names(found: Json, name: str) -> None:
    for section, names in NAMED.items():
        there = found[section] if isinstance(found[section], dict) else {}
        lacking = [key for key, kind in names.items() if not isinstance(there.get(key), kind)]
        if lacking or there is not found[section]:
            place = ".".join([section, *lacking[:1]])
            raise CertificateInvalid(name, f"{place} is missing, or is not what it must be")


def _check_seal(certificate: Certificate, found: Json, name: str) -> None:
    try:
        sealed = json.loads(certificate.to_bytes())
    except ValueError:
        raise CertificateInvalid(name, "it holds a number that JSON does not know") from None
    written = found["digests"] if isinstance(found["digests"], dict) else {}
    for section in SECTIONS:
        if written.get(section) != sealed["digests"][section]:
            reason = (
                f"its section {section!r} does not have the digest that it states: one was changed"
            )
            raise CertificateInvalid(name, reason)
    if found["digest"] != sealed["digest"]:
        raise CertificateInvalid(name, "its 'digest' is not that of its content: one was changed")


def rounded(value: Any) -> Any:
    """Rounds every float in JSON content to nine significant digits; −0.0 becomes 0.0."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}") + 0.0
    return value


@dataclass(frozen=True)
class Difference:
    """The first place at which two certificates do not say the same."""

    place: str
    written: Any
    found: Any

    def __str__(self) -> str:
        return f"{self.place} is {_short(self.written)} in it, and {_short(self.found)} recomputed"


ABSENT = "absent"


def first_difference(
    written: Any, found: Any, *, nearly: bool, place: str = ""
) -> Difference | None:
    """
    Gives the first place at which recomputed content is not what was written, in order of names.

    With `nearly`, figures may be apart by 1e-8 of the larger one, and what only a newer version
    says is passed over.
    """
    if isinstance(written, Mapping) and isinstance(found, Mapping):
        names = written.keys() if nearly else written.keys() | found.keys()
        return _first(((n, written.get(n, ABSENT), found.get(n, ABSENT)) for n in _sorted(names)),
                      nearly, place)  # fmt: skip
    if isinstance(written, list) and isinstance(found, list):
        if len(written) != len(found):
            return Difference(f"the length of {place}", len(written), len(found))
        return _first(((i, *both) for i, both in enumerate(zip(written, found, strict=True))),
                      nearly, place)  # fmt: skip
    return None if _equal(written, found, nearly=nearly) else Difference(place, written, found)


def _first(parts: Any, nearly: bool, place: str) -> Difference | None:
    for name, one, other in parts:
        below = f"{place}[{name}]" if isinstance(name, int) else f"{place}.{name}".lstrip(".")
        difference = first_difference(one, other, nearly=nearly, place=below)
        if difference is not None:
            return difference
    return None


def _sorted(names: Any) -> list[str]:
    return sorted(names, key=lambda name: (name != "verdict", name))


def _equal(written: Any, found: Any, *, nearly: bool) -> bool:
    numbers = all(
        isinstance(side, (int, float)) and not isinstance(side, bool) for side in (written, found)
    )
    if nearly and numbers:
        return math.isclose(written, found, rel_tol=NEARLY, abs_tol=NOUGHT)
    return type(written) is type(found) and bool(written == found)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}…"


def present_versions() -> dict[str, str]:
    """Names everything a figure may depend on: code, libraries, Python, the kind of processor."""
    found = {name: version(name) for name in LIBRARIES}
    return found | {
        "understudy": version("understudy"),
        "code": code_digest(),
        "python": platform.python_version(),
        "machine": platform.machine(),
    }


def code_digest() -> str:
    """Gives the SHA-256 of the sources that compute what a certificate holds, in order of names."""
    here = Path(__file__).parent
    digest = new_digest()
    for path in sorted([*here.glob("*.py"), *(here.parent / "review").glob("*.py")]):
        digest.update(f"{path.parent.name}/{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()
