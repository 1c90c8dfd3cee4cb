"""
Deploys one artefact, in the words of the build in whose environment this file is run.

Run by path, never imported: `python place.py ARTEFACT`, with the settings of the service to come.
It uses three interfaces that a build must have: settings, artefacts and the deployment file.
"""

import sys
from pathlib import Path

try:
    from understudy.artefacts.artefact import open_artefact
    from understudy.serving.deployment_file import Deployed, Placed, write
    from understudy.settings import read_settings
except ImportError as missing:
    sys.exit(f"This build cannot be told what to serve: {missing}.")


def place(folder: Path) -> None:
    """Make the artefact live, as the agent would."""
    settings = read_settings()
    artefact = open_artefact(folder)
    manifest = artefact.manifest
    live = Placed(manifest.name, manifest.version, artefact.digest, str(artefact.folder))
    write(settings.deployment_file, Deployed(1, settings.endpoint, live, None))


if __name__ == "__main__":
    place(Path(sys.argv[1]))
