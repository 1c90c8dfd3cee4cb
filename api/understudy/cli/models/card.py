"""`understudy models card`: what a person should know of a model before using it."""

from pathlib import Path

import click

from understudy.cli.models.finding import MODEL_OR_FOLDER, find_artefact, in_store
from understudy.errors import UsageError


@click.command()
@click.argument("model", metavar=MODEL_OR_FOLDER)
@click.option(
    "--out", metavar="FILE.html", type=click.Path(dir_okay=False, path_type=Path),
    help="Write one HTML page that holds the plots and the provenance, too.",
)  # fmt: skip
@in_store
def card(model: str, out: Path | None, store_url: str | None) -> None:
    """Print the model card in Markdown, or write it as one HTML page."""
    from understudy.artefacts.artefact import CARD_FILE

    if out is not None and out.suffix not in (".html", ".htm"):
        raise UsageError(f"{out} is to be an HTML page: give it a name that ends in .html.")
    with find_artefact(model, store_url) as artefact:
        if out is None:
            click.echo((artefact.folder / CARD_FILE).read_text(encoding="utf-8"), nl=False)
            return
        from understudy.packaging.card.page import card_page

        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(card_page(artefact), encoding="utf-8")
        click.echo(f"The card of {artefact.manifest.title} is in {out}.")
