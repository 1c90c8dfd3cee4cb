"""
The one door into service: what may be deployed, loaded or scored.

Everything that takes an artefact into service asks here: `deploy` before it records, the agent
before it tells the workers, a worker before it loads, a shadow before and when it starts.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import Manifest
from understudy.artefacts.vetting import unvetted
from understudy.errors import ArtefactUnvetted

if TYPE_CHECKING:
    from understudy.artefacts.store import ArtefactStore


def admit(artefact: Artefact, trusted_keys: Path | None) -> None:
    """
    Let an opened artefact into service, or say why not.

    `trusted_keys` is the setting of that name: a public key file or a folder of them, read anew
    each time, so that keys change without a restart; None asks for no signature. Raises
    ArtefactUnvetted, ArtefactUntrusted, or KeyInvalid where the keys cannot be read.
    """
    vet(artefact.manifest)
    if trusted_keys is not None:
        # Here, not above: a worker that asks for no signature loads no cryptography.
        from understudy.artefacts.signature import check_signature, read_trusted_keys

        check_signature(artefact, read_trusted_keys(trusted_keys))


def vet(manifest: Manifest) -> None:
    """Raise ArtefactUnvetted if a gate refuses the model and nobody waived it."""
    if reasons := unvetted(manifest.gates, manifest.waivers):
        raise ArtefactUnvetted(manifest.title, reasons)


def admit_stored(
    store: "ArtefactStore", name: str, version: str, trusted_keys: Path | None
) -> Manifest:
    """
    Return the manifest of a stored version that may be deployed.

    A signature covers more than the manifest: where one is asked for, the version is fetched for a
    moment. Raises what `admit` and the store raise.
    """
    if trusted_keys is None:
        manifest = store.manifest(name, version)
        vet(manifest)
        return manifest
    with TemporaryDirectory(prefix="understudy-admission-") as scratch:
        artefact = store.pull(name, version, Path(scratch))
        admit(artefact, trusted_keys)
        return artefact.manifest
