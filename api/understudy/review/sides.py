"""The two model versions of a comparison, and what it goes by."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import pandas as pd

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import Manifest
from understudy.artefacts.store import ArtefactStore
from understudy.comparison.columns import Kind
from understudy.comparison.compare import About, Terms
from understudy.comparison.fold import INPUTS, Premises
from understudy.comparison.policy import Policy
from understudy.comparison.traffic import Training
from understudy.errors import RecordUnknown
from understudy.log.comparisons import KeptComparison
from understudy.log.episodes import Episode, compared_shadows, episodes
from understudy.log.roles import DeploymentRow, fold
from understudy.review.exclusion import Trained, trained, training_end
from understudy.review.learned import Learned
from understudy.settings import Settings


@dataclass(frozen=True, eq=False)
class Sides:
    """
    One live and one shadow version in the time in which they are compared.

    `redacted` are fields of which the log does not hold what was sent: they are left out.
    """

    endpoint: str
    episode: Episode
    live: Artefact
    shadow: Artefact
    redacted: frozenset[str] = frozenset()

    @property
    def task(self) -> str:
        """What both predict: regression, binary or multiclass."""
        return self.live.manifest.task

    @cached_property
    def given(self) -> Policy:
        """The policy as it was deployed with the shadow."""
        policy = self.episode.shadow.policy
        return Policy.from_json(policy) if policy else Policy()

    @cached_property
    def filled(self) -> Policy:
        """The policy with its defaults, which follow from live's offline errors."""
        metrics = self.live.manifest.metrics
        rmse, mae = (metrics[name].value if name in metrics else None for name in ("rmse", "mae"))
        return self.given.with_defaults(rmse, mae, self.task)

    @property
    def unit(self) -> str | None:
        """The field whose values are counted, or None where requests are."""
        return None if self.given.unit == "request" else self.given.unit

    @property
    def about(self) -> About:
        """Who is compared with whom."""
        output = self.live.manifest.output
        titles = self.live.manifest.title, self.episode.shadow.model
        return About(self.endpoint, *titles, self.task, output.target, output.unit)

    @property
    def has_numbers(self) -> bool:
        """Whether both give numbers that can be subtracted."""
        return all(_has_numbers(side.manifest) for side in (self.live, self.shadow))

    @property
    def classes(self) -> list[str]:
        """Every class that one of the two may answer."""
        manifests = self.live.manifest, self.shadow.manifest
        return sorted({name for one in manifests for name in one.output.classes or ()})

    @property
    def has_probabilities(self) -> bool:
        """Whether the probabilities of several classes have to be read."""
        return self.task == "multiclass" and self.has_numbers

    @cached_property
    def learned(self) -> Learned:
        """What live was trained on."""
        return Learned(self.live)

    @property
    def reference(self) -> pd.DataFrame:
        """The sample of live's training and held-out rows."""
        return self.learned.reference

    @property
    def features(self) -> list[str]:
        """The columns that live uses, and the log holds."""
        return self._readable(self.learned.features)

    @property
    def fields(self) -> list[str]:
        """All columns that live knows, features and carried fields, and the log holds."""
        return self._readable(field.name for field in self.live.manifest.input_schema.fields)

    @property
    def kinds(self) -> dict[str, Kind]:
        """What the features hold, as far as the schema says it."""
        return self.learned.kinds

    @property
    def training(self) -> Training:
        """What the manifest knows of all training rows, not only of the sample."""
        return self.learned.training

    @property
    def trained(self) -> pd.DataFrame:
        """The training part of the sample, features only."""
        return self.learned.trained[self.features]

    @property
    def trained_fields(self) -> pd.DataFrame:
        """The training part of the sample with all columns that live knows."""
        return self.reference[self.reference["__split__"] == "train"][self.fields]

    @property
    def held_out(self) -> "pd.Series[float]":
        """Live's own predictions on held-out rows: numbers, or labels of several classes."""
        rows = self.reference[self.reference["__split__"] == "test"]
        return rows["__label__" if self.task == "multiclass" else "__prediction__"]

    @cached_property
    def training_end(self) -> datetime | None:
        """The end of what the shadow was trained on, if it is known."""
        return training_end(self.shadow.manifest)

    @cached_property
    def trained_on(self) -> Trained:
        """What the shadow was trained on, and must not be judged on."""
        return trained(self.shadow)

    @property
    def known_types(self) -> dict[str, str]:
        """All columns that one of the two knows, with their types; live's where they differ."""
        schemas = self.shadow.manifest.input_schema, self.live.manifest.input_schema
        return {field.name: field.type for schema in schemas for field in schema.fields}

    @property
    def wanted_types(self) -> dict[str, str]:
        """The same columns without those that are redacted."""
        return {name: self.known_types[name] for name in self._readable(self.known_types)}

    def premises(self, policy: Policy) -> Premises:
        """Return what the comparison was given before its first row, but for redacted columns."""
        found = Premises.of(
            policy,
            reference=self.learned.trained,
            kinds=self.kinds,
            training=self.training,
            held_out=self.held_out,
            is_number=self.task != "multiclass",
        )
        if not self.redacted:
            return found
        inputs = found.families[INPUTS].only(self.features)
        return replace(found, families={**found.families, INPUTS: inputs})

    def _readable(self, names: Iterable[str]) -> list[str]:
        return [name for name in names if name not in self.redacted]

    def terms(self, kept: KeptComparison) -> Terms:
        """Return what is asked of the shadow, as it was at the start."""
        policy = Policy.from_json(kept.policy)
        numbers, shadows = self.has_numbers, kept.shadows
        return Terms.of(policy, kept.policy_digest, self.task, has_numbers=numbers, shadows=shadows)


def find_sides(
    history: list[DeploymentRow], settings: Settings, store: ArtefactStore, shadow: str
) -> Sides:
    """
    Return the sides of the comparison that is under way for a shadow, `NAME:VERSION`.

    Raises RecordUnknown naming the shadows there are, or ArtefactError.
    """
    return pull_sides(find_episode(history, settings.endpoint, shadow), settings, store)


def pull_sides(episode: Episode, settings: Settings, store: ArtefactStore) -> Sides:
    """Return the sides of an episode, their artefacts fetched; raises ArtefactError."""
    live, other = (
        store.pull(role.name, role.version, settings.reading_dir)
        for role in (episode.live, episode.shadow)
    )
    return Sides(settings.endpoint, episode, live, other)


def find_episode(history: list[DeploymentRow], endpoint: str, shadow: str) -> Episode:
    """Return the episode under way of a shadow; raises RecordUnknown naming those there are."""
    running = [episode for episode in episodes(history) if episode.ended_at is None]
    for episode in running:
        if episode.shadow.model == shadow:
            return episode
    now = fold(history)
    if now.live is None and any(role.model == shadow for role in now.shadows):
        raise RecordUnknown(f"Nothing is live on the endpoint {endpoint} to compare {shadow} with.")
    if now.live is not None and now.live.model == shadow:
        raise RecordUnknown(
            f"{shadow} is live, and a version gets no verdict over itself. What its twin measures"
            " (`understudy deploy --twin`) stands beside every other shadow as the noise floor."
        )
    there = ", ".join(role.model for role in compared_shadows(now)) or "none"
    raise RecordUnknown(
        f"{shadow} is not a shadow of the endpoint {endpoint}; its shadows are: {there}."
    )


def _has_numbers(manifest: Manifest) -> bool:
    """Tell whether a model gives numbers: a value, or probabilities."""
    return manifest.task == "regression" or manifest.output.has_probabilities
