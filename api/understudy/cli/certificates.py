"""`understudy verify`, and what `understudy compare --certificate` writes."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import click

from understudy.cli.output import as_json, print_json
from understudy.cli.places import find_settings, open_log
from understudy.cli.progress import progress
from understudy.errors import (
    CertificateDiffers,
    CertificateError,
    CertificateInvalid,
    CertificateUnverifiable,
    CertificateUnwritten,
    UsageError,
)

if TYPE_CHECKING:
    from understudy.log.database import Engine
    from understudy.review.certificates import Verified
    from understudy.review.shadow import Review

MOST_BYTES = 1 << 28
_STATUSES = {
    CertificateInvalid: "not a certificate",
    CertificateUnverifiable: "cannot be verified",
    CertificateDiffers: "differs",
}


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@as_json
@click.pass_context
def verify(context: click.Context, file: Path, wants_json: bool) -> None:
    """
    Decide again from the log what the certificate FILE says, and compare the two.

    It reads the rows and outcomes that the certificate rests on, computes every figure anew, and
    must get the same bytes. What is gone since is counted: the decision cannot be verified then,
    which is not to say that it differs. Both end with the status 70.
    """
    try:
        found = _verified(file)
    except CertificateError as error:
        if not wants_json:
            raise
        print_json({"file": file, "status": _STATUSES[type(error)], "reason": str(error),
                    **_details(error)})  # fmt: skip
        context.exit(70)
    if wants_json:
        print_json(_told(file, found))
    else:
        click.echo("\n".join(_lines(file, found)))


def _verified(file: Path) -> "Verified":
    from understudy.artefacts.store import ArtefactStore
    from understudy.comparison.certificate import read_certificate
    from understudy.review.certificates import verify as verify_certificate

    certificate = read_certificate(_read(file), str(file))
    settings = find_settings()
    store = ArtefactStore(settings.artefacts_url)
    with (
        open_log(settings) as log,
        progress("deciding again", int(certificate.window["folds"])) as advance,
    ):
        return verify_certificate(log, settings, store, certificate, advance)


def _read(file: Path) -> bytes:
    """Read a file, which may be a pipe or without an end: what its size says is not asked."""
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError as error:
        raise CertificateInvalid(str(file), f"it cannot be read ({error.strerror})") from error
    if len(content) > MOST_BYTES:
        raise CertificateInvalid(str(file), "it is larger than any certificate")
    return content


def _details(error: CertificateError) -> Mapping[str, Any]:
    if isinstance(error, CertificateUnverifiable):
        told = {name: {"gone": gone, "of": of} for name, (gone, of) in error.missing.items()}
        return {"missing": told}
    if isinstance(error, CertificateDiffers):
        return {"changed": error.changed, "first_difference": error.first}
    return {}


def _told(file: Path, found: "Verified") -> Mapping[str, Any]:
    certificate = found.certificate
    return {
        "file": file,
        "status": "verified",
        "equality": "the same bytes" if found.is_identical else "within 1e-8",
        "verdict": certificate.verdict,
        "digest": certificate.digest,
        "data_digest": certificate.data["digest"],
        "recomputed": _counts(certificate.data),
        "other_versions": {
            name: {"certificate": then, "here": now} for name, (then, now) in found.versions.items()
        },
    }


def _counts(data: Mapping[str, Any]) -> Mapping[str, int]:
    names = ("predictions", "shadow_predictions", "outcomes", "work_items")
    return {name: data[name] for name in names}


def _lines(file: Path, found: "Verified") -> list[str]:
    certificate, window = found.certificate, found.certificate.window
    about, counts = certificate.comparison, _counts(certificate.data)
    told = ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in counts.items())
    equality = "the same bytes"
    if not found.is_identical:
        others = ", ".join(f"{name} {_change(*both)}" for name, both in found.versions.items())
        equality = f"equal within 1e-8 with other library versions ({others})"
    return [
        f"{file} is verified: {equality}.",
        f"{about['shadow']} in the shadow of {about['live']} ({about['endpoint']}),"
        f" served from {window['first_served_at']} to {window['last_served_at']}.",
        f"Recomputed from {told}: every guard, look, interval and reason.",
        f"Verdict: {certificate.verdict}, digest {certificate.digest}",
    ]


def _change(then: str | None, now: str | None) -> str:
    return f"{_brief(then)} → {_brief(now)}"


def _brief(version: str | None) -> str:
    return "none" if version is None else version[:12]


@dataclass(frozen=True)
class Written:
    """A certificate that lies in a file; `was_there` if the very same did before."""

    file: Path
    verdict: str
    digest: str
    was_there: bool

    def __str__(self) -> str:
        state = "is already" if self.was_there else "is"
        return f"The certificate {state} in {self.file}: {self.verdict}, digest {self.digest}"

    def to_json(self) -> Mapping[str, Any]:
        """Return it for programs."""
        return {"file": self.file, "verdict": self.verdict, "digest": self.digest}


def check_place(path: Path) -> None:
    """Refuse a place for a certificate that cannot be one, before any work is done."""
    if not path.parent.is_dir():
        raise UsageError(f"There is no folder {path.parent} to write a certificate to.")
    if path.exists():
        if not path.is_file():
            raise UsageError(f"{path} is no file that a certificate can be written to.")
    elif not os.access(path.parent, os.W_OK | os.X_OK):
        raise UsageError(f"Nothing may be written to the folder {path.parent}: access is denied.")


def write_certificate(log: "Engine", found: "Review", path: Path) -> Written:
    """
    Certify a review and write it, which needs no second look: it is decided again on the way.

    A file that is there stays: it is the same to the last byte, or CertificateUnwritten is raised.
    """
    from understudy.review.certificates import certify

    with progress("certifying", found.kept.folds) as advance:
        certificate = certify(log, found, advance)
    was_there = _write(path, certificate.to_bytes())
    return Written(path, certificate.verdict, certificate.digest, was_there)


def _write(path: Path, content: bytes) -> bool:
    """Write a new file, whole or not at all; tells whether the very same was there before."""
    arriving = path.with_name(f".{uuid4().hex}.certificate")
    try:
        if os.path.lexists(path):
            return _is_there(path, content)
        with arriving.open("xb") as file:
            file.write(content)
        os.link(arriving, path)  # unlike a rename it refuses to replace what has come meanwhile
    except FileExistsError:
        return _is_there(path, content)
    except OSError as error:
        raise CertificateUnwritten(path, error.strerror or str(error)) from error
    finally:
        arriving.unlink(missing_ok=True)
    return False


def _is_there(path: Path, content: bytes) -> bool:
    try:
        if path.is_file() and path.read_bytes() == content:
            return True
    except OSError as error:
        raise CertificateUnwritten(path, error.strerror or str(error)) from error
    reason = "it holds something else; name another file, or move this one away"
    raise CertificateUnwritten(path, reason)
