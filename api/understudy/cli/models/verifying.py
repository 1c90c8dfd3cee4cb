"""`understudy models verify`: everything about an artefact that can be checked."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from understudy.cli.models.finding import MODEL_OR_FOLDER, find_artefact, in_store
from understudy.cli.output import as_json, plain, print_json, stdout_for_results
from understudy.cli.places import find_settings
from understudy.errors import UnderstudyError

if TYPE_CHECKING:
    from understudy.artefacts.artefact import Artefact


@dataclass(frozen=True)
class Check:
    """
    One thing that was looked at, what was found, and the error if that is not good.

    `is_open` where nothing says whether it is.
    """

    what: str
    found: str
    error: UnderstudyError | None = None
    is_open: bool = False

    @property
    def is_good(self) -> bool | None:
        """Whether it is good, None where that is open."""
        return None if self.is_open else self.error is None

    @property
    def word(self) -> str:
        """How it is told."""
        return {None: "open", True: "good", False: "FAILED"}[self.is_good]


@click.command()
@click.argument("model", metavar=MODEL_OR_FOLDER)
@click.option(
    "--trusted", "trusted_keys", metavar="KEYS", type=click.Path(exists=True, path_type=Path),
    help="A public key, or a folder of them, that must have signed it; without it, as the"
    " settings say.",
)  # fmt: skip
@in_store
@as_json
def verify(model: str, trusted_keys: Path | None, store_url: str | None, wants_json: bool) -> None:
    """
    Check an artefact's files, its gates, its signature, and its engine against its quiz.

    Ends with an error if one of them would keep it out of service here.
    """
    trusted_keys = trusted_keys or find_settings().trusted_keys
    with find_artefact(model, store_url) as artefact:
        checks = [
            Check("files", f"{len(artefact.manifest.files)} files are what the manifest says"),
            _check("gates", lambda: _gates(artefact)),
            _signature(artefact, trusted_keys),
            _check("quiz", lambda: _quiz(artefact)),
        ]
    _tell(artefact, checks, wants_json)
    for check in checks:
        if check.error is not None:
            raise check.error


def _check(what: str, look: Callable[[], str]) -> Check:
    try:
        return Check(what, look())
    except UnderstudyError as error:
        return Check(what, str(error), error)


def _gates(artefact: "Artefact") -> str:
    from understudy.artefacts.admission import vet

    vet(artefact.manifest)
    waived = [f"{w.gate} waived by {w.by}: {w.reason}" for w in artefact.manifest.waivers]
    counts = Counter(result.status for result in artefact.manifest.gates)
    return "; ".join([", ".join(f"{n} {status}" for status, n in counts.items()), *waived])


def _signature(artefact: "Artefact", trusted_keys: Path | None) -> Check:
    from understudy.artefacts.artefact import SIGNATURE_FILE

    found = _check("signature", lambda: _signed(artefact, trusted_keys))
    is_signed = (artefact.folder / SIGNATURE_FILE).exists()
    return replace(found, is_open=trusted_keys is None and is_signed and found.error is None)


def _signed(artefact: "Artefact", trusted_keys: Path | None) -> str:
    from understudy.artefacts.signature import check_signature, read_signature, read_trusted_keys

    if trusted_keys is not None:
        key = check_signature(artefact, read_trusted_keys(trusted_keys))
        return f"made with the trusted key {key}"
    found = read_signature(artefact)
    if found is None:
        return "none, and none is asked for"
    return f"signed with key {found.key}, not checked: no trusted keys are named (--trusted KEYS)"


def _quiz(artefact: "Artefact") -> str:
    from understudy.serving.engines import load_engine
    from understudy.serving.engines.quiz import check_quiz

    with stdout_for_results():
        check_quiz(load_engine(artefact), artefact)
    return f"{len(artefact.quiz())} questions answered rightly here by {artefact.manifest.engine}"


def _tell(artefact: "Artefact", checks: list[Check], wants_json: bool) -> None:
    manifest = artefact.manifest
    if wants_json:
        print_json(
            {
                "name": manifest.name,
                "version": manifest.version,
                "digest": artefact.digest,
                "is_good": all(check.error is None for check in checks),
                "checks": [
                    {"what": c.what, "is_good": c.is_good, "found": c.found} for c in checks
                ],
            }
        )
        return
    click.echo(f"{manifest.title} is whole, with digest {artefact.digest}.")
    for check in checks:
        click.echo(f"{check.what:<10} {check.word:<7} {plain(check.found)}")
