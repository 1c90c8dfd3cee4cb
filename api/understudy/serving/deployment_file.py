"""The local file by which the agent tells the api workers of one machine what to serve."""

from dataclasses import asdict, dataclass
from pathlib import Path

import orjson

from understudy.capture import Capture
from understudy.errors import ArtefactInvalid, CaptureInvalid
from understudy.serving.replacing import replace_file


@dataclass(frozen=True)
class Placed:
    """One deployed model version and the folder in which its artefact lies unpacked."""

    name: str
    version: str
    digest: str
    folder: str
    share: float = 1.0

    @property
    def title(self) -> str:
        """The version as people write it."""
        return f"{self.name}:{self.version}"


@dataclass(frozen=True)
class Deployed:
    """
    Who serves what on this machine, as of one deployment, and what is recorded of the instances.

    `deployment_id` is the number of the newest deployment or capture policy; `capture` None leaves
    every field as it is.
    """

    deployment_id: int
    endpoint: str
    live: Placed | None
    previous: Placed | None
    shadows: tuple[Placed, ...] = ()
    capture: Capture | None = None


def write(path: Path, deployed: Deployed) -> None:
    """Replace the file in one step, so that no reader sees half of it."""
    capture = None if deployed.capture is None else deployed.capture.to_json()
    content = asdict(deployed) | {"capture": capture}
    replace_file(path, orjson.dumps(content, option=orjson.OPT_INDENT_2))


def read(path: Path) -> Deployed | None:
    """
    Return what is deployed, or None where nothing has been deployed yet.

    Raises ArtefactInvalid if the file is not what `write` writes.
    """
    try:
        found = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise ArtefactInvalid(f"{path} is not JSON ({error}).") from error
    try:
        return Deployed(
            deployment_id=found["deployment_id"],
            endpoint=found["endpoint"],
            live=Placed(**found["live"]) if found["live"] else None,
            previous=Placed(**found["previous"]) if found["previous"] else None,
            shadows=tuple(Placed(**shadow) for shadow in found["shadows"]),
            capture=Capture.from_json(found["capture"]) if found.get("capture") else None,
        )
    except (KeyError, TypeError, CaptureInvalid) as error:
        raise ArtefactInvalid(f"{path} is not a deployment file ({error!r}).") from error
