"""`understudy models keys` and `sign`: whose an artefact is."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from understudy.cli.models.finding import MODEL_OR_FOLDER, find_artefact, in_store, open_store
from understudy.cli.names import parse_model
from understudy.cli.output import as_json, print_json


@click.command()
@click.argument("out", type=click.Path(path_type=Path))
@as_json
def keys(out: Path, wants_json: bool) -> None:
    """
    Make a pair of Ed25519 keys: OUT.key to sign with, OUT.pub to check with.

    If OUT is a folder, they are called `understudy` in it.
    """
    from understudy.artefacts.signature import make_keys, read_trusted_keys

    private, public = make_keys(out / "understudy" if out.is_dir() else out)
    (key_id,) = read_trusted_keys(public)
    if wants_json:
        print_json({"key": key_id, "private": private, "public": public})
        return
    click.echo(f"{private}  signs; keep it to yourself, and out of every repository")
    click.echo(f"{public}  checks; give it to whoever sets UNDERSTUDY_TRUSTED_KEYS")
    click.echo(f"key id {key_id}")


@click.command()
@click.argument("model", metavar=MODEL_OR_FOLDER)
@click.option(
    "--key", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The private key, which nobody else may read.",
)  # fmt: skip
@in_store
@as_json
def sign(model: str, key: Path, store_url: str | None, wants_json: bool) -> None:
    """
    Sign an artefact, so that a service can ask for it.

    A stored version is signed where it is stored; the model itself does not change.
    """
    from understudy.artefacts.signature import sign as sign_artefact

    named = None if Path(model).is_dir() else parse_model(model)
    if named is None:
        with find_artefact(model) as artefact:
            key_id = sign_artefact(artefact.folder, key)
    else:
        store = open_store(store_url)
        with TemporaryDirectory(prefix="understudy-models-") as scratch:
            artefact = store.pull(named.name, named.version, Path(scratch))
            key_id = sign_artefact(artefact.folder, key)
            store.push(artefact)
    if wants_json:
        manifest = artefact.manifest
        print_json({"name": manifest.name, "version": manifest.version, "key": key_id})
        return
    click.echo(f"{artefact.manifest.title} is signed with key {key_id}.")
