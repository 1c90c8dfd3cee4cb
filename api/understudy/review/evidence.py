"""Gathers what is known of a shadow and the live model, from the log and their artefacts."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from understudy.artefacts.manifest import Manifest
from understudy.artefacts.store import ArtefactStore
from understudy.comparison.columns import Kind, Range
from understudy.comparison.coverage import Coverage
from understudy.comparison.evidence import Evidence
from understudy.comparison.policy import Policy
from understudy.comparison.traffic import Traffic, Training
from understudy.errors import RecordUnknown
from understudy.log import deployments
from understudy.log.coverage import coverage_counts
from understudy.log.database import Connection, Engine, log_errors
from understudy.log.readers import Instances, Pairs, read_instances, read_pairs
from understudy.log.roles import Deployments, Role, ShadowRole
from understudy.settings import Settings

if TYPE_CHECKING:
    import pandas as pd

MOST_INPUTS = 200_000
"""Of more live instances than this a sample is tested for drift; pairs are never sampled."""

_KINDS: dict[str, Kind] = {"number": "numeric", "integer": "numeric", "boolean": "categorical"}


@dataclass(frozen=True, eq=False)
class Gathered:
    """The evidence about one shadow, the policy to judge it by, and whose models they are."""

    evidence: Evidence
    policy: Policy
    live: Manifest
    shadow: Manifest


@dataclass(frozen=True, eq=False)
class _Logged:
    """What the log says, as of one moment."""

    now: Deployments
    role: ShadowRole
    coverage: Coverage
    pairs: Pairs
    inputs: Instances


def gather(engine: Engine, settings: Settings, store: ArtefactStore, shadow: str) -> Gathered:
    """
    Read everything there is about a shadow, `NAME:VERSION`, as of one moment.

    Raises RecordUnknown if it is no shadow now, LogUnavailable, or ArtefactError.
    """
    with log_errors(), engine.connect() as connection:
        now = deployments.current(connection, settings.endpoint)
    live_role, role = find_roles(now, settings.endpoint, shadow)
    live = store.pull(live_role.name, live_role.version, settings.reading_dir)
    other = store.pull(role.name, role.version, settings.reading_dir)
    reference = live.reference()
    with _snapshot(engine) as connection:
        logged = _read_log(
            connection, settings.endpoint, now, (live.manifest, other.manifest), role
        )
    return Gathered(
        evidence=_evidence(settings.endpoint, (live.manifest, other.manifest), logged, reference),
        policy=Policy.from_json(role.policy) if role.policy else Policy(),
        live=live.manifest,
        shadow=other.manifest,
    )


def find_roles(now: Deployments, endpoint: str, shadow: str) -> tuple[Role, ShadowRole]:
    """Return the live role and that of a shadow; raises RecordUnknown naming those there are."""
    name, _, version = shadow.partition(":")
    role = now.shadow(name, version)
    if role is None:
        there = ", ".join(other.model for other in now.shadows) or "none"
        raise RecordUnknown(
            f"{shadow} is not a shadow of the endpoint {endpoint}; its shadows are: {there}."
        )
    if now.live is None:
        raise RecordUnknown(f"Nothing is live on the endpoint {endpoint} to compare {shadow} with.")
    return now.live, role


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """Open a transaction in which every query sees the same log: the counts must add up."""
    repeatable = engine.execution_options(isolation_level="REPEATABLE READ")
    with log_errors(), repeatable.begin() as connection:
        yield connection


def _read_log(
    connection: Connection,
    endpoint: str,
    now: Deployments,
    manifests: tuple[Manifest, Manifest],
    role: ShadowRole,
) -> _Logged:
    live, shadow = ((manifest.name, manifest.version) for manifest in manifests)
    end = _end_of(manifests[1].training.end)
    counts = coverage_counts(
        connection, endpoint, live, shadow, role_since=role.since, training_end=end
    )
    fields = [field.name for field in manifests[0].input_schema.fields]
    return _Logged(
        now=now,
        role=role,
        coverage=Coverage(
            recorded=counts.recorded,
            compared=counts.scored,
            sampled_out=counts.sampled_out,
            skipped=counts.skipped,
            failed=counts.failed,
            excluded=counts.excluded,
            waiting=counts.waiting,
        ),
        pairs=read_pairs(connection, endpoint, live, shadow, training_end=end),
        inputs=read_instances(connection, endpoint, live, fields, most=MOST_INPUTS),
    )


def _evidence(
    endpoint: str,
    manifests: tuple[Manifest, Manifest],
    logged: _Logged,
    reference: "pd.DataFrame",
) -> Evidence:
    live, pairs, inputs = manifests[0], logged.pairs, logged.inputs
    has_numbers = [_has_numbers(manifest) for manifest in manifests]
    is_number = live.task == "regression"
    features = [field.name for field in live.input_schema.features]
    held_out = reference[reference["__split__"] == "test"]
    return Evidence(
        live=pairs.live_value if has_numbers[0] else None,
        shadow=pairs.shadow_value if has_numbers[1] else None,
        task=live.task,
        units=pairs.request_ids,
        instances=pairs.instance_no,
        served_at=pairs.served_at,
        live_labels=None if is_number else pairs.live_label,
        shadow_labels=None if is_number else pairs.shadow_label,
        positive=live.output.positive,
        classes=sorted({name for one in manifests for name in one.output.classes or ()}),
        failed=pairs.failed,
        outcomes=pairs.outcome if is_number else pairs.outcome_label,
        outcome_at=pairs.outcome_at,
        coverage=logged.coverage,
        inputs=Traffic(
            {name: inputs.columns[name] for name in features},
            inputs.request_ids,
            inputs.instance_no,
            inputs.served_at,
        ),
        reference=reference[reference["__split__"] == "train"][features],
        kinds={
            field.name: _KINDS[field.type]
            for field in live.input_schema.features
            if field.type in _KINDS
        },
        training=_training(live, features),
        held_out=held_out["__label__" if live.task == "multiclass" else "__prediction__"],
        offline={name: metric.value for name, metric in live.metrics.items()},
        live_name=live.title,
        shadow_name=logged.role.model,
        endpoint=endpoint,
        target=live.output.target,
        measured_in=live.output.unit,
        shadows=len(logged.now.shadows),
    )


def _has_numbers(manifest: Manifest) -> bool:
    """Tell whether a model gives a primary number: a value, or a probability of the positive."""
    return manifest.task == "regression" or (
        manifest.task == "binary" and manifest.output.has_probabilities
    )


def _training(live: Manifest, features: list[str]) -> Training:
    """Return what the manifest knows of all training rows, not only of the sample."""
    known = {name: live.features[name] for name in features if name in live.features}
    rows = live.training.rows
    return Training(
        ranges={
            name: Range(found.minimum, found.maximum, round(rows * (1 - found.missing_share)))
            for name, found in known.items()
            if found.minimum is not None and found.maximum is not None
        },
        levels={name: found.levels for name, found in known.items() if found.levels is not None},
    )


def _end_of(day: str | None) -> datetime | None:
    """Return the end of the day, or of the year, with which the training data ends, if known."""
    if day is None:
        return None
    if re.fullmatch(r"\d{4}", day):
        return datetime(int(day) + 1, 1, 1, tzinfo=UTC)
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC) + timedelta(days=1)
    except ValueError:
        return None  # a time column of some other kind: nobody can say what was before it
