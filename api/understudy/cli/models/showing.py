"""`understudy models list` and `show`: what the versions say of themselves."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from understudy.cli.models.columns import print_columns
from understudy.cli.models.finding import MODEL_OR_FOLDER, find_artefact, in_store, open_store
from understudy.cli.names import parse_model
from understudy.cli.output import as_json, plain, print_json

if TYPE_CHECKING:
    from understudy.artefacts.dossier import Dossier
    from understudy.artefacts.manifest import Manifest
    from understudy.artefacts.store import ArtefactStore


@click.command("list")
@click.argument("name", required=False)
@in_store
@as_json
def list_models(name: str | None, store_url: str | None, wants_json: bool) -> None:
    """List the model versions in the artefact store, or those of one NAME."""
    store = open_store(store_url)
    titles = [title for title in store.list() if name in (None, title[0])]
    found = [_read(store, *title) for title in titles]
    if wants_json:
        print_json([_as_json(*title, one) for title, one in zip(titles, found, strict=True)])
        return
    if not titles:
        click.echo(f"No version{f' of {plain(name)}' if name else ''} is stored in {store.url}.")
        return
    good = [one for one in found if not isinstance(one, str)]
    rows = [
        (m.title, m.task, m.engine, f"{m.training.rows:,}", _gates(m), m.digest[:12]) for m in good
    ]
    print_columns(("model", "task", "engine", "rows", "gates", "digest"), rows, right=(3,))
    for title, one in zip(titles, found, strict=True):
        if isinstance(one, str):
            click.echo(f"{':'.join(title)} cannot be read: {plain(one)}", err=True)


@click.command()
@click.argument("model", metavar=MODEL_OR_FOLDER)
@in_store
@as_json
def show(model: str, store_url: str | None, wants_json: bool) -> None:
    """Show what a model version says of itself, what the gates found, and what a row costs."""
    from understudy.cli.models.description import describe

    dossier = _find(model, store_url)
    if not wants_json:
        describe(dossier)
        return
    manifest = dossier.manifest
    print_json(
        manifest.to_json()
        | {
            "digest": manifest.digest,
            "provenance": dossier.provenance,
            "signed_by": dossier.signed_by,
            "problem": dossier.problem,
        }
    )


def _find(model: str, store_url: str | None) -> "Dossier":
    """Return what is known of a version; of a stored one the manifest, even if nothing else."""
    from understudy.artefacts.dossier import Dossier, dossier_of, read_dossier
    from understudy.errors import ArtefactError

    named = None if Path(model).is_dir() else parse_model(model)
    if named is None:
        with find_artefact(model, store_url) as artefact:
            try:
                return dossier_of(artefact)
            except (OSError, ValueError, ArtefactError) as error:
                return Dossier(artefact.manifest, problem=str(error))
    with TemporaryDirectory(prefix="understudy-models-") as scratch:
        return read_dossier(open_store(store_url), named.name, named.version, Path(scratch))


def _read(store: "ArtefactStore", name: str, version: str) -> "Manifest | str":
    """Return a manifest, or why there is none to be had: the others are to be seen all the same."""
    from understudy.errors import ArtefactError

    try:
        return store.manifest(name, version)
    except ArtefactError as error:
        return str(error)


def _as_json(name: str, version: str, found: "Manifest | str") -> dict[str, object]:
    title: dict[str, object] = {"name": name, "version": version}
    if isinstance(found, str):
        return title | {"problem": found}
    return title | {
        "task": found.task,
        "engine": found.engine,
        "rows": found.training.rows,
        "gates": dict(Counter(result.status for result in found.gates)),
        "digest": found.digest,
    }


def _gates(manifest: "Manifest") -> str:
    """Say how the gates went; those without an opinion are not counted."""
    counts: Counter[str] = Counter(result.status for result in manifest.gates)
    parts = [f"{counts[s]} {s}" for s in ("passed", "warned", "waived", "refused") if counts[s]]
    return ", ".join(parts) or "none"
