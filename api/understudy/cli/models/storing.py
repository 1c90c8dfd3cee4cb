"""`understudy models push` and `pull`: artefacts on their way from one place to another."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from understudy.cli.models.finding import MODEL_OR_FOLDER, find_artefact, in_store, open_store
from understudy.cli.names import parse_model
from understudy.cli.output import as_json, print_json
from understudy.cli.progress import progress
from understudy.errors import UsageError

if TYPE_CHECKING:
    from understudy.artefacts.artefact import Artefact
    from understudy.artefacts.store import ArtefactStore


@click.command()
@click.argument("models", metavar=f"{MODEL_OR_FOLDER}…", nargs=-1, required=True)
@click.option(
    "--from", "source_url", metavar="URL",
    help="The artefact store that a NAME:VERSION is copied from.",
)  # fmt: skip
@in_store
@as_json
def push(
    models: tuple[str, ...], source_url: str | None, store_url: str | None, wants_json: bool
) -> None:
    """
    Put artefacts into the artefact store, for good.

    A version never changes: the same again is fine, another content under its name is refused. Only
    a signature can be added, or replaced by that of another key. What its gates keep out of service
    is not stored.
    """
    from understudy.artefacts.admission import vet

    store = open_store(store_url)
    stored = []
    for model in models:
        with _at_source(model, source_url) as artefact:
            vet(artefact.manifest)  # it would take its name and version for good
            store.push(artefact, transfer)
            stored.append(_describe(artefact, store))
            _warn_of_signature(artefact, store)
    if wants_json:
        print_json(stored)
        return
    for one in stored:
        signed = f"signed with key {one['signed_by']}" if one["signed_by"] else "not signed"
        title = f"{one['name']}:{one['version']}"
        click.echo(f"{title} is stored with digest {one['digest']}, {signed}.")


@click.command()
@click.argument("model", metavar=MODEL_OR_FOLDER)
@click.argument("into", type=click.Path(file_okay=False, path_type=Path))
@in_store
@as_json
def pull(model: str, into: Path, store_url: str | None, wants_json: bool) -> None:
    """Fetch a model version into a folder below INTO, verified, and print which."""
    named = None if Path(model).is_dir() else parse_model(model)
    if named is None:
        with find_artefact(model) as found:
            artefact = _copy(found, into)
    else:
        artefact = open_store(store_url).pull(named.name, named.version, into, transfer)
    manifest = artefact.manifest
    if wants_json:
        print_json(
            {"name": manifest.name, "version": manifest.version, "digest": artefact.digest,
             "folder": artefact.folder}
        )  # fmt: skip
        return
    click.echo(artefact.folder)


@contextmanager
def transfer(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show how a transfer of so many bytes advances, in KiB."""
    with progress(f"{label}, KiB", total >> 10) as advance:
        done = 0

        def hear(size: int) -> None:
            nonlocal done
            before, done = done >> 10, done + size
            advance((done >> 10) - before)

        yield hear


@contextmanager
def _at_source(model: str, source_url: str | None) -> "Iterator[Artefact]":
    """Give what is to be pushed: a folder, or a version of another store."""
    named = None if Path(model).is_dir() else parse_model(model)
    if named is None:
        with find_artefact(model) as artefact:
            yield artefact
        return
    if source_url is None:
        raise UsageError(f"{model} has to come from somewhere: give a folder, or say --from URL.")
    with TemporaryDirectory(prefix="understudy-models-") as scratch:
        yield open_store(source_url).pull(named.name, named.version, Path(scratch), transfer)


def _describe(artefact: "Artefact", store: "ArtefactStore") -> dict[str, str | None]:
    from understudy.artefacts.signature import parse_signature

    manifest = artefact.manifest
    signature = store.signature(manifest.name, manifest.version)
    return {
        "name": manifest.name,
        "version": manifest.version,
        "digest": artefact.digest,
        "store": store.url,
        "signed_by": parse_signature(signature, manifest.title).key if signature else None,
    }


def _warn_of_signature(artefact: "Artefact", store: "ArtefactStore") -> None:
    """Say so where a signature was left behind, because it was made for another packaging."""
    from understudy.artefacts.artefact import SIGNATURE_FILE

    manifest, mine = artefact.manifest, artefact.folder / SIGNATURE_FILE
    if mine.exists() and mine.read_bytes() != store.signature(manifest.name, manifest.version):
        click.echo(
            f"{manifest.title} was stored before, with the provenance of another packaging, so"
            " this signature does not fit it. Sign what is stored:"
            f" understudy models sign {manifest.title} --key KEY",
            err=True,
        )


def _copy(artefact: "Artefact", into: Path) -> "Artefact":
    """Copy an artefact's folder as a pull would have placed it."""
    from understudy.artefacts.artefact import open_artefact

    manifest = artefact.manifest
    folder = into / f"{manifest.name}-{manifest.version}-{artefact.digest[:12]}"
    if not folder.exists():
        arriving = into / f".arriving-{uuid.uuid4().hex}"
        try:
            shutil.copytree(artefact.folder, arriving)
            open_artefact(arriving)
            arriving.rename(folder)
        finally:
            shutil.rmtree(arriving, ignore_errors=True)
    return open_artefact(folder)
