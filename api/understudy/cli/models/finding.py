"""The artefact that a `NAME:VERSION` or a folder on the command line means."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click

from understudy.cli.names import parse_model
from understudy.cli.places import find_settings
from understudy.errors import UsageError

if TYPE_CHECKING:
    from understudy.artefacts.artefact import Artefact
    from understudy.artefacts.store import ArtefactStore

# How a command's argument is called that `find_artefact` understands.
MODEL_OR_FOLDER = "NAME:VERSION|FOLDER"

in_store: Callable[[Any], Any] = click.option(
    "--store", "store_url", metavar="URL",
    help="The artefact store, any fsspec URL; without it, as the settings say.",
)  # fmt: skip


def open_store(store_url: str | None) -> "ArtefactStore":
    """Open the artefact store of an option, of the running stack or of the settings."""
    from understudy.artefacts.store import ArtefactStore

    return ArtefactStore(store_url or find_settings().artefacts_url)


@contextmanager
def find_artefact(text: str, store_url: str | None = None) -> "Iterator[Artefact]":
    """
    Give the verified artefact of a `NAME:VERSION` or of a folder.

    A stored version is fetched into a folder that is gone afterwards. Raises UsageError for
    anything that is neither, and what `open_artefact` and `ArtefactStore.pull` raise.
    """
    from understudy.artefacts.artefact import open_artefact

    if Path(text).is_dir():
        yield open_artefact(Path(text))
        return
    found = parse_model(text)
    if found is None:
        raise UsageError(f"{text!r} is neither NAME:VERSION nor the folder of an artefact.")
    with TemporaryDirectory(prefix="understudy-models-") as scratch:
        yield open_store(store_url).pull(found.name, found.version, Path(scratch))
