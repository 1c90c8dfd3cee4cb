"""An artefact in a folder: verified when opened, read when asked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from understudy.artefacts.canonical import file_sha256
from understudy.artefacts.manifest import MANIFEST_FILE, Manifest, read_manifest
from understudy.artefacts.parsing import parse
from understudy.errors import ArtefactCorrupt, ArtefactInvalid

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

PROVENANCE_FILE = "provenance.json"
SIGNATURE_FILE = "signature.json"
REFERENCE_FILE = "reference.parquet"
QUIZ_FILE = "quiz.json"
QUIZ_TABLE_FILE = "quiz.parquet"
TRAINING_ROWS_FILE = "training_rows.npy"
TRAINING_INPUTS_FILE = "training_inputs.npy"
CARD_FILE = "card.md"

# Beside the manifest, outside the artefact's digest.
_OUTSIDE = {PROVENANCE_FILE, SIGNATURE_FILE}


@dataclass(frozen=True)
class QuizItem:
    """
    An instance whose right answer is known.

    `expected` is a number within `tolerance` (regression) or a label. `origin` says whether a
    person gave it or packaging took it from the model itself, as a check of this machine.
    """

    instance: dict[str, object]
    expected: object
    tolerance: float | None
    origin: str


@dataclass(frozen=True)
class Artefact:
    """One model version in a folder, its files known to be what the manifest says."""

    folder: Path
    manifest: Manifest

    @property
    def digest(self) -> str:
        """The SHA-256 of the manifest, which holds those of all files that make up the model."""
        return self.manifest.digest

    def reference(self) -> "pd.DataFrame":
        """
        Read the sample of training and held-out rows.

        Columns: every field, `__split__` (train or test), `__target__`, and for held-out rows the
        model's own `__prediction__` (regression: the number, binary: the probability of the
        positive class) and `__label__` (classification).
        """
        import pandas as pd

        with self._reading(REFERENCE_FILE):
            return pd.read_parquet(self.folder / REFERENCE_FILE)

    def quiz(self) -> tuple[QuizItem, ...]:
        """Read the instances with known answers; needs no pandas, so that serving can ask."""
        with self._reading(QUIZ_FILE):
            content = json.loads((self.folder / QUIZ_FILE).read_bytes())
            return tuple(QuizItem(**item) for item in content)

    def training_rows(self) -> "NDArray[np.uint64]":
        """Read the sorted fingerprints of all training rows: features and target of each."""
        return self._fingerprints(TRAINING_ROWS_FILE)

    def training_inputs(self) -> "NDArray[np.uint64] | None":
        """Read the sorted fingerprints of all training inputs: the features alone; older: None."""
        if TRAINING_INPUTS_FILE not in self.manifest.files:
            return None
        return self._fingerprints(TRAINING_INPUTS_FILE)

    def provenance(self) -> dict[str, object]:
        """Read who packaged this, when and from which revision."""
        with self._reading(PROVENANCE_FILE):
            content = json.loads((self.folder / PROVENANCE_FILE).read_bytes())
            return parse(dict[str, object], content, PROVENANCE_FILE)

    def _fingerprints(self, file: str) -> "NDArray[np.uint64]":
        import numpy as np

        with self._reading(file):
            found: NDArray[np.uint64] = np.load(self.folder / file, allow_pickle=False)
            return found

    @contextmanager
    def _reading(self, file: str) -> Iterator[None]:
        """Say which file is not what it should be: a digest only tells that nobody changed it."""
        try:
            yield
        except ArtefactInvalid:
            raise
        except Exception as error:
            raise ArtefactInvalid(
                f"{file} of {self.manifest.title} cannot be read ({type(error).__name__}: {error})."
            ) from error


def open_artefact(folder: Path) -> Artefact:
    """
    Open an artefact, checking every file against the manifest.

    Raises ArtefactMissing, ArtefactInvalid (a file more or less than the manifest names) or
    ArtefactCorrupt (a file with another digest).
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    named = set(manifest.files) | {MANIFEST_FILE}
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
    if extra := sorted(found - named - _OUTSIDE):
        raise ArtefactInvalid(
            f"{manifest.title} holds {extra[0]}, which its manifest does not name."
        )
    if lacking := sorted(file for file in named if not (folder / file).is_file()):
        raise ArtefactInvalid(f"{manifest.title} lacks {lacking[0]}, which its manifest names.")
    for file, expected in manifest.files.items():
        digest = file_sha256(folder / file)
        if digest != expected:
            raise ArtefactCorrupt(file, expected, digest)
    return Artefact(folder, manifest)
