"""`understudy models diff`: two model versions side by side."""

import click

from understudy.cli.models.finding import MODEL_OR_FOLDER, find_artefact, in_store
from understudy.cli.output import as_json, print_json


@click.command()
@click.argument("first", metavar=MODEL_OR_FOLDER)
@click.argument("second", metavar=MODEL_OR_FOLDER)
@in_store
@as_json
def diff(first: str, second: str, store_url: str | None, wants_json: bool) -> None:
    """Show two model versions side by side, and what both answer to the same held-out rows."""
    from understudy.cli.models.diff_text import print_contrast
    from understudy.packaging.contrast import contrast

    with find_artefact(first, store_url) as before, find_artefact(second, store_url) as after:
        found = contrast(before, after)
    if wants_json:
        print_json(found.to_json())
    else:
        print_contrast(found)
