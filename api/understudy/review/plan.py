"""Gathers what a plan rests on: held-out rows that both versions were asked, and the traffic."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.frames import instances_of
from understudy.artefacts.manifest import Manifest
from understudy.comparison.evidence import Evidence
from understudy.comparison.jsonable import as_json
from understudy.comparison.plan import Expected, Plan, plan
from understudy.comparison.policy import Policy
from understudy.errors import UsageError

if TYPE_CHECKING:
    from understudy.log.traffic import RecentTraffic

LEAST_ROWS = 30
CORRELATION = 0.8
"""Assumed between the errors of two models on the same instance, where no rows tell."""
ASSUMED_ROWS = 2000
PREDICTION_BYTES, SHADOW_BYTES = 900.0, 400.0
"""Of a row with its indexes, where the log is too young to tell: a house of eighty fields."""


@dataclass(frozen=True)
class Costs:
    """What the time until the verdict costs, beside what live costs anyway; None: not known."""

    prediction_mb: float | None
    shadow_mb: float | None
    is_size_measured: bool
    shadow_cpu_s_per_day: float | None
    cpu_ms_per_row: float | None


@dataclass(frozen=True)
class Planned:
    """A plan for one candidate, with its costs and what it assumes."""

    live: str
    candidate: str
    plan: Plan
    costs: Costs
    traffic_days: float | None
    assumptions: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Return all of it as a JSON object."""
        result: dict[str, Any] = as_json(self)
        return result


def make_plan(
    live: Artefact,
    candidate: Artefact,
    policy: Policy,
    expected: Expected,
    traffic: "RecentTraffic | None" = None,
) -> Planned:
    """
    Plan the shadow time of a candidate.

    Raises UsageError where the two predict different things, or hold no rows to plan by.
    """
    _check_alike(live.manifest, candidate.manifest)
    evidence, assumptions = _evidence(live, candidate)
    found = plan(evidence, policy, expected)
    return Planned(
        live=live.manifest.title,
        candidate=candidate.manifest.title,
        plan=found,
        costs=_costs(found, candidate, traffic),
        traffic_days=None if traffic is None else traffic.days,
        assumptions=(*assumptions, *_assumed_of(expected)),
    )


def expected_of(traffic: "RecentTraffic", share: float, policy: Policy) -> Expected:
    """Take the traffic to come for that of the last days."""
    needed = policy.needs_outcomes and traffic.outcomes > 0
    delay = traffic.outcome_delay_days if policy.outcome_delay_days is None else None
    return Expected(
        units_per_day=traffic.units / traffic.days,
        instances_per_unit=traffic.instances / traffic.units,
        share=share,
        outcome_share=min(1.0, traffic.outcomes / traffic.instances) if needed else 1.0,
        outcome_delay_days=policy.outcome_delay_days or delay or 0.0,
    )


def _check_alike(live: Manifest, candidate: Manifest) -> None:
    before, after = live.output, candidate.output
    if (live.task, before.target) != (candidate.task, after.target):
        raise UsageError(
            f"{live.title} is a {live.task} of {before.target}, {candidate.title} a"
            f" {candidate.task} of {after.target}: they cannot be compared."
        )


def _evidence(live: Artefact, candidate: Artefact) -> tuple[Evidence, tuple[str, ...]]:
    """Prefer rows that both versions held out; else take normal errors for those of offline."""
    pairs = _held_out_by_both(live, candidate)
    if len(pairs) >= LEAST_ROWS:
        return _as_evidence(live.manifest, pairs), (
            f"live traffic is like the {len(pairs):,} held-out rows that both versions have",
        )
    errors = [artefact.manifest.metrics.get("rmse") for artefact in (live, candidate)]
    if live.manifest.task != "regression" or errors[0] is None or errors[1] is None:
        raise UsageError(
            f"{live.manifest.title} and {candidate.manifest.title} have {len(pairs)} held-out rows"
            f" in common, and {LEAST_ROWS} are needed to plan by. Package both with the same test"
            " rows."
        )
    return _assumed(live.manifest, errors[0].value, errors[1].value), (
        f"only {len(pairs)} held-out rows are common to both: errors are taken to be normal, with"
        f" the offline RMSE of each, and correlated {CORRELATION}",
    )


def _held_out_by_both(live: Artefact, candidate: Artefact) -> pd.DataFrame:
    """Pair the held-out rows that are alike in every field of both and in the true answer."""
    sides = [_held_out(artefact) for artefact in (live, candidate)]
    names = [{field.name for field in a.manifest.input_schema.fields} for a in (live, candidate)]
    common = sorted(names[0] & names[1])
    for side, artefact in zip(sides, (live, candidate), strict=True):
        fields = [f for f in artefact.manifest.input_schema.fields if f.name in common]
        keys = [json.dumps(row, sort_keys=True) for row in instances_of(side, fields)]
        truths = side["__target__"].astype(str)
        side["__key__"] = [f"{key} {truth}" for key, truth in zip(keys, truths, strict=True)]
    unique = [side.drop_duplicates("__key__", keep=False).set_index("__key__") for side in sides]
    wanted = ["__target__", "__prediction__", "__label__"]
    left, right = (side[[name for name in wanted if name in side]] for side in unique)
    return left.add_suffix("live").join(right.add_suffix("shadow"), how="inner")


def _held_out(artefact: Artefact) -> pd.DataFrame:
    reference = artefact.reference()
    return reference[reference["__split__"] == "test"].reset_index(drop=True)


def _as_evidence(live: Manifest, pairs: pd.DataFrame) -> Evidence:
    def column(name: str) -> "pd.Series[Any] | None":
        return pairs.get(name)

    is_number = live.task == "regression"
    numbers = None if live.task == "multiclass" else column("__prediction__live")
    return Evidence(
        live=numbers,
        shadow=None if numbers is None else column("__prediction__shadow"),
        task=live.task,
        live_labels=None if is_number else column("__label__live"),
        shadow_labels=None if is_number else column("__label__shadow"),
        positive=live.output.positive,
        outcomes=column("__target__live"),
        offline={name: metric.value for name, metric in live.metrics.items()},
    )


def _assumed(live: Manifest, live_rmse: float, shadow_rmse: float) -> Evidence:
    """Draw normal errors, made to have exactly the offline RMSE of each and this correlation."""
    rng = np.random.default_rng(0)
    draws, _ = np.linalg.qr(rng.normal(size=(ASSUMED_ROWS, 2)))
    first, own = (draws * ASSUMED_ROWS**0.5).T
    second = CORRELATION * first + (1 - CORRELATION**2) ** 0.5 * own
    return Evidence(
        live=live_rmse * first,
        shadow=shadow_rmse * second,
        outcomes=np.zeros(ASSUMED_ROWS),
        offline={name: metric.value for name, metric in live.metrics.items()},
    )


def _assumed_of(expected: Expected) -> tuple[str, ...]:
    found = []
    if expected.instances_per_unit > 1:
        found.append("the rows of a request count as one, as if they were all alike")
    if expected.outcome_share < 1:
        found.append(f"{expected.outcome_share:.0%} of the instances get an outcome, as lately")
    return tuple(found)


def _costs(found: Plan, candidate: Artefact, traffic: "RecentTraffic | None") -> Costs:
    expected, instances = found.expected, found.offline.instances or found.equal.instances
    sizes = (None, None) if traffic is None else (traffic.prediction_bytes, traffic.shadow_bytes)
    recorded = None if instances is None else instances / expected.share
    cost = _cost(candidate.provenance())
    per_day = expected.units_per_day
    is_known = per_day is not None and cost is not None
    rows = 0.0 if per_day is None else per_day * expected.instances_per_unit * expected.share
    return Costs(
        prediction_mb=_megabytes(recorded, sizes[0] or PREDICTION_BYTES),
        shadow_mb=_megabytes(instances, sizes[1] or SHADOW_BYTES),
        is_size_measured=sizes[0] is not None and sizes[1] is not None,
        shadow_cpu_s_per_day=rows * cost / 1000 if is_known and cost is not None else None,
        cpu_ms_per_row=cost,
    )


def _megabytes(rows: float | None, bytes_each: float) -> float | None:
    return None if rows is None else math.ceil(rows) * bytes_each / 1e6


def _cost(provenance: Mapping[str, object]) -> float | None:
    """Return the CPU milliseconds of a row in a batch of 32, as packaging measured them."""
    costs = provenance.get("cpu_ms_per_row")
    known = costs.get("32") if isinstance(costs, Mapping) else None
    return float(known) if isinstance(known, (int, float)) else None
