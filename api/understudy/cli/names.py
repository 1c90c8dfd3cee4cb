"""How model versions are named on the command line, and who gives the command."""

import getpass
import os
import re
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from understudy.errors import UsageError

if TYPE_CHECKING:
    from understudy.settings import Settings


@dataclass(frozen=True)
class ModelName:
    """A name and a version, written `NAME:VERSION`."""

    name: str
    version: str

    def __str__(self) -> str:
        return f"{self.name}:{self.version}"


class ModelParameter(click.ParamType[ModelName]):
    """An argument of the form `NAME:VERSION`."""

    name = "NAME:VERSION"

    def convert(self, value: Any, param: Any, ctx: Any) -> ModelName:
        """Split the argument, or say what was expected."""
        if isinstance(value, ModelName):
            return value
        found = parse_model(value)
        if found is None:
            self.fail(f"{value!r} is not NAME:VERSION, such as house-prices:2.0.0.", param, ctx)
        return found


MODEL = ModelParameter()


def parse_model(text: str) -> ModelName | None:
    """Return the name and version of `NAME:VERSION`, or None if it is something else."""
    name, separator, version = text.partition(":")
    return ModelName(name, version) if separator and name and version and "/" not in text else None


_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")


def is_request_id(text: str) -> bool:
    """Say whether a text is a request id, as an answer has it, and not a client's own id."""
    return _UUID.fullmatch(text) is not None


def stored_model(text: str, settings: "Settings") -> ModelName:
    """
    Return the model version that a `NAME:VERSION` or an artefact's folder means.

    A folder is pushed to the artefact store first. Raises ArtefactUnvetted for one that its gates
    keep out of service.
    """
    from pathlib import Path

    from understudy.artefacts.admission import vet
    from understudy.artefacts.artefact import open_artefact
    from understudy.artefacts.store import ArtefactStore

    if Path(text).is_dir():
        artefact = open_artefact(Path(text))
        vet(artefact.manifest)
        ArtefactStore(settings.artefacts_url).push(artefact)
        return ModelName(artefact.manifest.name, artefact.manifest.version)
    found = parse_model(text)
    if found is None:
        raise UsageError(f"{text!r} is neither NAME:VERSION nor the folder of an artefact.")
    return found


def who() -> str:
    """Return who gives the command, for the record: the user and the machine."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = f"uid {os.getuid()}"  # a container's user without an entry in the password file
    return f"{user}@{socket.gethostname()}"
