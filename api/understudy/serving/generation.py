"""One model version made ready to serve: model, compiled contract and all that goes with them."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from understudy.artefacts.admission import admit
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import Manifest, read_manifest
from understudy.artefacts.schema import Expectations, Field, instance_schema, served_fields
from understudy.errors import ArtefactError, ArtefactInvalid
from understudy.serving.deployment_file import Deployed, Placed
from understudy.serving.engines import Engine, load_engine
from understudy.serving.engines.quiz import check_quiz
from understudy.serving.pace import Cost
from understudy.serving.redaction import Redact, compile_capture
from understudy.serving.validation import RequestValidator
from understudy.settings import Settings

logger = logging.getLogger(__name__)

_BATCH = 32
SLOW_BATCH_MS = 5.0
"""A model that needs longer for a batch of 32 runs beside the event loop (docs/adr/0004)."""


@dataclass(frozen=True, eq=False)
class Generation:
    """
    What one deployment lets a worker serve; immutable, replaced as a whole.

    `extra` are the fields that deployed shadows need beyond the live model's contract. `redact`
    makes what is recorded of the instances, None records them as they are sent.
    """

    deployment_id: int
    manifest: Manifest
    engine: Engine
    validator: RequestValidator
    extra: tuple[Field, ...]
    expectations: Expectations
    example: dict[str, Any]
    is_slow: bool
    cost: Cost
    redact: Redact | None = None

    @property
    def name(self) -> str:
        """The live model's name."""
        return self.manifest.name

    @property
    def version(self) -> str:
        """The live model's version."""
        return self.manifest.version

    @property
    def title(self) -> str:
        """The live version as people write it."""
        return f"{self.name}:{self.version}"


@dataclass(frozen=True)
class LoadedModel:
    """A model version that passed its quiz, ready to be part of a generation."""

    digest: str
    manifest: Manifest
    engine: Engine
    example: dict[str, Any]
    is_slow: bool
    cost: Cost


def load_model(placed: Placed, trusted_keys: Path | None) -> LoadedModel:
    """
    Load an artefact that was deployed, if it may serve, and let it sit its quiz.

    Raises ArtefactError if the files are not those that were deployed, or if the gates or a
    missing signature keep the model out of service, and QuizFailed on a wrong answer.
    """
    artefact = _open_deployed(placed)
    admit(artefact, trusted_keys)
    engine = load_engine(artefact)
    check_quiz(engine, artefact)
    questions = [dict(item.instance) for item in artefact.quiz()]
    batch_ms = _batch_ms(engine, questions, _BATCH)
    return LoadedModel(
        digest=placed.digest,
        manifest=artefact.manifest,
        engine=engine,
        example=questions[0],
        is_slow=batch_ms > SLOW_BATCH_MS,
        cost=Cost.between(_batch_ms(engine, questions, 1) / 1000, batch_ms / 1000, _BATCH),
    )


def readmit(model: LoadedModel, placed: Placed, trusted_keys: Path | None) -> LoadedModel:
    """Return a model that is loaded already, if it may still serve: trusted keys come and go."""
    admit(Artefact(Path(placed.folder), model.manifest), trusted_keys)
    return model


def build_generation(model: LoadedModel, deployed: Deployed, settings: Settings) -> Generation:
    """
    Put a loaded model, its contract and the capture policy together.

    Raises CaptureKeyUnusable if the policy hashes a field and there is no key for it.
    """
    extra = _extra_fields(model.manifest, deployed.shadows)
    schema = instance_schema(
        model.manifest.input_schema, extra=extra, expectations=settings.expectations
    )
    return Generation(
        deployment_id=deployed.deployment_id,
        manifest=model.manifest,
        engine=model.engine,
        validator=RequestValidator(schema, settings.max_instances),
        extra=extra,
        expectations=settings.expectations,
        example=model.example,
        is_slow=model.is_slow,
        cost=model.cost,
        redact=_redaction(model.manifest, extra, deployed, settings),
    )


def _redaction(
    live: Manifest, extra: Sequence[Field], deployed: Deployed, settings: Settings
) -> Redact | None:
    if deployed.capture is None:
        return None
    fields = [field.name for field in served_fields(live.input_schema, extra)]
    return compile_capture(deployed.capture.policy, fields, settings.capture_key_file)


def _open_deployed(placed: Placed) -> Artefact:
    artefact = open_artefact(Path(placed.folder))
    _require_deployed(artefact.manifest, placed)
    return artefact


def _deployed_manifest(placed: Placed) -> Manifest:
    manifest = read_manifest(Path(placed.folder))
    _require_deployed(manifest, placed)
    return manifest


def _require_deployed(found: Manifest, placed: Placed) -> None:
    if found.digest != placed.digest:
        raise ArtefactInvalid(
            f"{placed.folder} holds {found.title} with digest {found.digest[:12]}…,"
            f" but {placed.title} with {placed.digest[:12]}… was deployed."
        )


def _extra_fields(live: Manifest, shadows: Sequence[Placed]) -> tuple[Field, ...]:
    """Return the features of the shadows that the live contract does not know."""
    known = {field.name for field in (*live.input_schema.features, *live.input_schema.carried)}
    extra: dict[str, Field] = {}
    for shadow in shadows:
        try:
            features = _deployed_manifest(shadow).input_schema.features
        except ArtefactError:
            # A shadow must not keep the live model out of service.
            logger.exception("%s is left out of the contract.", shadow.title)
            continue
        extra |= {field.name: field for field in features if field.name not in known}
    return tuple(extra.values())


def _batch_ms(engine: Engine, questions: Sequence[dict[str, Any]], size: int) -> float:
    """Return the CPU time of a batch, the best of three."""
    batch = [questions[index % len(questions)] for index in range(size)]
    times = []
    for _ in range(3):
        start = time.thread_time()
        engine.predict(batch)
        times.append(time.thread_time() - start)
    return min(times) * 1000
