"""`understudy models`: what lies in the artefact store."""

from pathlib import Path

import click

from understudy.cli.names import MODEL, ModelName, parse_model
from understudy.cli.output import as_json, print_json, print_table
from understudy.cli.places import find_settings
from understudy.errors import UsageError


@click.group()
def models() -> None:
    """Look after packaged models."""


@models.command("list")
@as_json
def list_models(wants_json: bool) -> None:
    """List the model versions in the artefact store."""
    from understudy.artefacts.store import ArtefactStore

    store = ArtefactStore(find_settings().artefacts_url)
    manifests = [store.manifest(name, version) for name, version in store.list()]
    if wants_json:
        print_json(
            [{"name": m.name, "version": m.version, "task": m.task, "engine": m.engine,
              "digest": m.digest} for m in manifests]
        )  # fmt: skip
        return
    rows = [(m.title, m.task, m.engine, m.training.rows, m.digest[:12]) for m in manifests]
    print_table(("model", "task", "engine", "rows", "digest"), rows)


@models.command()
@click.argument("model", type=MODEL)
@as_json
def show(model: ModelName, wants_json: bool) -> None:
    """Show what a model version says of itself."""
    from understudy.artefacts.store import ArtefactStore

    manifest = ArtefactStore(find_settings().artefacts_url).manifest(model.name, model.version)
    if wants_json:
        print_json(manifest.to_json() | {"digest": manifest.digest})
        return
    click.echo(f"{manifest.title}  {manifest.task}, engine {manifest.engine}")
    click.echo(f"digest    {manifest.digest}")
    click.echo(f"target    {manifest.output.target} {manifest.output.unit}".rstrip())
    training = manifest.training
    period = f", {training.start} to {training.end}" if training.start else ""
    click.echo(f"training  {training.rows} rows{period}, digest {training.digest[:12]}")
    for name, reason in manifest.engine_reasons.items():
        click.echo(f"engine    {name} was not chosen: {reason}")
    for name, metric in manifest.metrics.items():
        click.echo(f"{name:<9} {metric.value:g} ({metric.low:g} to {metric.high:g})")
    fields = manifest.input_schema.features
    print_table(
        ("feature", "type", "required", "nullable"),
        [(f.name, f.type, f.required, f.nullable) for f in fields],
    )
    click.echo(f"carried   {', '.join(f.name for f in manifest.input_schema.carried) or 'nothing'}")


@models.command()
@click.argument(
    "folders", metavar="FOLDER…", nargs=-1, required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
)  # fmt: skip
def push(folders: tuple[Path, ...]) -> None:
    """Put artefacts into the artefact store, for good."""
    from understudy.artefacts.artefact import open_artefact
    from understudy.artefacts.store import ArtefactStore

    store = ArtefactStore(find_settings().artefacts_url)
    for folder in folders:
        artefact = open_artefact(folder)
        digest = store.push(artefact)
        click.echo(f"{artefact.manifest.title} is stored with digest {digest}.")


@models.command()
@click.argument("model", type=MODEL)
@click.argument("into", type=click.Path(file_okay=False, path_type=Path))
def pull(model: ModelName, into: Path) -> None:
    """Unpack a model version into a folder below INTO, verified."""
    from understudy.artefacts.store import ArtefactStore

    artefact = ArtefactStore(find_settings().artefacts_url).pull(model.name, model.version, into)
    click.echo(artefact.folder)


@models.command()
@click.argument("model", metavar="NAME:VERSION|FOLDER")
def verify(model: str) -> None:
    """Check every file of an artefact against its manifest, and its engine against its quiz."""
    from tempfile import TemporaryDirectory

    from understudy.artefacts.artefact import open_artefact
    from understudy.artefacts.store import ArtefactStore

    with TemporaryDirectory() as scratch:
        if Path(model).is_dir():
            artefact = open_artefact(Path(model))
        elif found := parse_model(model):
            store = ArtefactStore(find_settings().artefacts_url)
            artefact = store.pull(found.name, found.version, Path(scratch))
        else:
            raise UsageError(f"{model!r} is neither NAME:VERSION nor the folder of an artefact.")
        answered = _take_quiz(artefact.folder)
    title = artefact.manifest.title
    click.echo(f"{title} is whole: {len(artefact.manifest.files)} files as its manifest says,")
    click.echo(f"{answered} quiz questions answered rightly here. Digest {artefact.digest}.")


def _take_quiz(folder: Path) -> int:
    from understudy.artefacts.artefact import open_artefact
    from understudy.serving.engines import load_engine
    from understudy.serving.engines.quiz import check_quiz

    artefact = open_artefact(folder)
    check_quiz(load_engine(artefact), artefact)
    return len(artefact.quiz())
