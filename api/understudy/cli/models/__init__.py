"""`understudy models`: from a fitted estimator to a version that others can trust."""

import click

from understudy.cli.commands import Commands

_COMMANDS = {
    "package": ("package", "Make an artefact of a fitted model, or say why not."),
    "list": ("showing:list_models", "List the model versions in the artefact store."),
    "show": ("showing", "Show what a model version says of itself."),
    "card": ("card", "Print the model card, or write it as one HTML page."),
    "diff": ("diff", "Show two model versions side by side."),
    "push": ("storing", "Put artefacts into the artefact store, for good."),
    "pull": ("storing", "Fetch a model version into a folder, verified."),
    "verify": ("verifying", "Check an artefact's files, its gates and its quiz."),
    "keys": ("signing", "Make the pair of keys that artefacts are signed with."),
    "sign": ("signing", "Sign an artefact, so that others can see whose it is."),
}


@click.group(cls=Commands, package=__name__, table=_COMMANDS)
def models() -> None:
    """Look after packaged models."""
