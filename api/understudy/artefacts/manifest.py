"""What an artefact says of itself: the content of `manifest.json`."""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from understudy.artefacts.canonical import canonical_json, sha256
from understudy.artefacts.parsing import parse, shown
from understudy.artefacts.schema import InputSchema
from understudy.artefacts.vetting import Compared, GateResult, Waiver
from understudy.errors import ArtefactInvalid, ArtefactMissing

FORMAT_VERSION = 2
MANIFEST_FILE = "manifest.json"

Task = Literal["regression", "binary", "multiclass"]
EngineName = Literal["compiled", "onnx", "exact"]
InputForm = Literal["frame", "array", "series"]

NAME_PATTERN = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
FILE_PATTERN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")
VERSION_PATTERN = re.compile(r"[0-9]{1,9}\.[0-9]{1,9}\.[0-9]{1,9}(?:-[0-9A-Za-z.-]{1,40})?")


@dataclass(frozen=True)
class OutputDescription:
    """
    What a model's output means.

    `classes` are the labels of a classification in the order of its probabilities, `positive` and
    `threshold` those of a binary one. `minimum`, `maximum` and `quantiles` (0 % to 100 % in steps
    of 5 %) describe the primary values on held-out rows; None where there is no primary value.
    """

    target: str
    unit: str = ""
    classes: tuple[str, ...] | None = None
    positive: str | None = None
    threshold: float | None = None
    has_probabilities: bool = False
    minimum: float | None = None
    maximum: float | None = None
    quantiles: tuple[float, ...] | None = None


@dataclass(frozen=True)
class TrainingData:
    """Which rows a model was trained on; `start` and `end` are the ends of `time_column`."""

    digest: str
    rows: int
    time_column: str | None = None
    start: str | None = None
    end: str | None = None


@dataclass(frozen=True)
class FeatureSummary:
    """How one field was distributed in training; `levels` only where it is no free text."""

    missing_share: float
    distinct: int
    minimum: float | None = None
    maximum: float | None = None
    mean: float | None = None
    levels: dict[str, int] | None = None


@dataclass(frozen=True)
class Metric:
    """An offline metric on held-out rows, with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Manifest:
    """
    Everything one model version says of itself.

    `input_form` says whether the estimator takes a frame, a plain array or one column of texts.
    `gates` is what each gate found, `waivers` who overruled one, and `compared_with` the live
    version it was held against. `distributions` names the installed distributions that define
    classes of the model, with their versions at packaging; `files` maps every other file of the
    artefact but the provenance and the signature to its SHA-256.
    """

    name: str
    version: str
    task: Task
    engine: EngineName
    engine_reasons: dict[str, str]
    input_schema: InputSchema
    input_form: InputForm
    output: OutputDescription
    training: TrainingData
    features: dict[str, FeatureSummary]
    metrics: dict[str, Metric]
    libraries: dict[str, str]
    files: dict[str, str]
    gates: tuple[GateResult, ...]
    waivers: tuple[Waiver, ...] = ()
    compared_with: Compared | None = None
    description: str = ""
    intended_use: str = ""
    limitations: str = ""
    seed: int | None = None
    distributions: dict[str, str] = field(default_factory=dict)
    format_version: int = FORMAT_VERSION

    def to_json(self) -> dict[str, object]:
        """Return the manifest as JSON-ready content."""
        return asdict(self)

    def to_bytes(self) -> bytes:
        """Return the one spelling of this manifest."""
        return canonical_json(self.to_json())

    @cached_property
    def digest(self) -> str:
        """The SHA-256 that stands for the whole artefact but its provenance."""
        return sha256(self.to_bytes())

    @property
    def title(self) -> str:
        """Name and version in one word, as people type it."""
        return f"{self.name}:{self.version}"


def parse_manifest(content: Mapping[str, object] | object) -> Manifest:
    """Build a manifest from decoded JSON; raises ArtefactInvalid with the place that is wrong."""
    if isinstance(content, dict) and content.get("format_version") != FORMAT_VERSION:
        raise ArtefactInvalid(
            f"The manifest has format_version {shown(content.get('format_version'))}, but this"
            f" Understudy reads {FORMAT_VERSION}. Package the model again."
        )
    manifest = parse(Manifest, content)
    if not NAME_PATTERN.fullmatch(manifest.name):
        raise ArtefactInvalid(f"{shown(manifest.name)} is not a model name.")
    if not VERSION_PATTERN.fullmatch(manifest.version):
        raise ArtefactInvalid(f"{shown(manifest.version)} is not a version such as 1.2.0.")
    for file in manifest.files:
        if not FILE_PATTERN.fullmatch(file):
            raise ArtefactInvalid(f"{shown(file)} is not the name of a file in an artefact.")
    return manifest


# The same versions are asked for again and again, and a large manifest takes 14 ms.
@lru_cache(maxsize=128)
def read_manifest_bytes(content: bytes) -> Manifest:
    """Read the bytes of a `manifest.json`, which must be in canonical spelling."""
    try:
        manifest = parse_manifest(json.loads(content))
        spelled = manifest.to_bytes()
    except (ValueError, RecursionError) as error:
        raise ArtefactInvalid(f"{MANIFEST_FILE} is not JSON ({error}).") from error
    if spelled != content:
        raise ArtefactInvalid(f"{MANIFEST_FILE} is not in canonical spelling; it was edited.")
    return manifest


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest of an artefact's folder."""
    try:
        content = (folder / MANIFEST_FILE).read_bytes()
    except FileNotFoundError:
        raise ArtefactMissing(f"There is no artefact in {folder}: no {MANIFEST_FILE}.") from None
    return read_manifest_bytes(content)


def write_manifest(manifest: Manifest, folder: Path) -> None:
    """Write the manifest into an artefact's folder."""
    (folder / MANIFEST_FILE).write_bytes(manifest.to_bytes())
