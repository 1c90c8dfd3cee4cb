"""Writes the files of an artefact, once everything about the model is known."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from understudy.artefacts.artefact import (
    PROVENANCE_FILE,
    QUIZ_FILE,
    QUIZ_TABLE_FILE,
    REFERENCE_FILE,
    TRAINING_INPUTS_FILE,
    TRAINING_ROWS_FILE,
)
from understudy.artefacts.canonical import canonical_json, file_sha256
from understudy.artefacts.manifest import Manifest, Metric, OutputDescription, write_manifest
from understudy.artefacts.vetting import Compared
from understudy.packaging.card import write_card
from understudy.packaging.engine_choice import Choice
from understudy.packaging.fingerprints import input_fingerprints, row_fingerprints
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.run import Vetting
from understudy.packaging.given import Given
from understudy.packaging.metrics import offline_metrics
from understudy.packaging.provenance import library_versions, provenance
from understudy.packaging.reference import prediction_columns, write_quiz, write_reference
from understudy.packaging.summary import QUANTILES, describe_training, summarise
from understudy.serving.engines.scores import Scores


@dataclass(frozen=True)
class Label:
    """What a person says about a model version."""

    name: str
    version: str
    description: str
    intended_use: str
    limitations: str
    seed: int | None
    time_column: str | None
    code: Path


@dataclass(frozen=True)
class Vetted:
    """A model that every gate let pass."""

    case: Case
    choice: Choice
    vetting: Vetting
    label: Label


def write_files(folder: Path, model: Vetted) -> None:
    """Write everything but the model itself into the folder that holds it already."""
    case, given = model.case, model.case.given
    write_quiz(folder, case.questions, given.schema.fields)
    held_out = (given.test, given.test_target, case.test_scores)
    output = _with_quantiles(given.model.output, case.test_scores)
    write_reference(folder, (given.train, given.train_target), held_out, output, case.seed)
    _write_training_rows(folder, given)
    manifest = _manifest(model, output, offline_metrics(given, case.test_scores, case.seed))
    names = [*model.choice.files, QUIZ_FILE, QUIZ_TABLE_FILE, REFERENCE_FILE]
    names += [TRAINING_ROWS_FILE, TRAINING_INPUTS_FILE]
    names += write_card(folder, manifest, case)
    files = {file: file_sha256(folder / file) for file in names}
    write_manifest(replace(manifest, files=files), folder)
    told = provenance(case.costs, model.vetting.measured, model.label.code)
    (folder / PROVENANCE_FILE).write_bytes(canonical_json(told))


def _write_training_rows(folder: Path, given: Given) -> None:
    features = given.schema.features
    rows = row_fingerprints(given.train, given.train_target, features)
    np.save(folder / TRAINING_ROWS_FILE, np.unique(rows), allow_pickle=False)
    inputs = input_fingerprints(given.train, features)
    np.save(folder / TRAINING_INPUTS_FILE, np.unique(inputs), allow_pickle=False)


def _with_quantiles(output: OutputDescription, scores: Scores) -> OutputDescription:
    values = prediction_columns(scores, output).get("__prediction__")
    if values is None:
        return output
    quantiles = tuple(np.quantile(values, QUANTILES).tolist())
    return replace(output, minimum=quantiles[0], maximum=quantiles[-1], quantiles=quantiles)


def _manifest(model: Vetted, output: OutputDescription, metrics: dict[str, Metric]) -> Manifest:
    given, label, choice = model.case.given, model.label, model.choice
    fields = given.schema.fields
    return Manifest(
        name=label.name,
        version=label.version,
        task=given.task,
        engine=choice.name,
        engine_reasons=choice.reasons,
        input_schema=given.schema,
        input_form=given.model.form,
        output=output,
        training=describe_training(given.train, given.train_target, fields, label.time_column),
        features=summarise(given.train, fields),
        metrics=metrics,
        libraries=library_versions({**choice.distributions, **choice.trained_with}),
        files={},
        gates=tuple(model.vetting.results),
        waivers=tuple(model.vetting.waivers),
        compared_with=_compared(model.case),
        description=label.description,
        intended_use=label.intended_use,
        limitations=label.limitations,
        seed=label.seed,
        distributions=choice.distributions,
    )


def _compared(case: Case) -> Compared | None:
    if case.live is None:
        return None
    manifest = case.live.artefact.manifest
    return Compared(manifest.name, manifest.version, manifest.digest)
