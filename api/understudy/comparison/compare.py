"""The one entry point: evidence and a policy in, a comparison with its verdict out."""

from dataclasses import dataclass, replace
from typing import Any

from understudy.errors import PolicyInvalid, listed

from .concentration import Concentration
from .context import (
    cautions,
    concentrated,
    explain_difference,
    input_drift,
    output_drift,
    search_slices,
    selection,
)
from .coverage import Coverage, Segment
from .drift import DriftReport
from .evidence import Evidence
from .explanation import Explanation
from .finding import Finding
from .guards import Guard
from .jsonable import as_json
from .needed import MoreNeeded, Progress, more_needed
from .noise import NoiseFloor
from .outcomes import DAY, OutcomesResult, compare_outcomes
from .pairs import PairsResult, compare_pairs, deciding
from .policy import Policy
from .rows import Rows, account, read_rows
from .slices import SliceReport
from .verdict import Case, decide

ABOUT = (
    "Intervals hold at every number of units at once, so this may be looked at any time."
    " They are about the average so far, not about the future."
)


@dataclass(frozen=True)
class Comparison:
    """
    Everything known about one live and one shadow version, and what it means.

    `policy` has its defaults filled; `policy_digest` is that of the policy as it was given. `noise`
    is how far live differs from itself, `segments` the accounting per sampling share.
    `input_drift` compares live traffic with the training sample, `output_drift` live's predictions
    with its own on held-out rows. `redacted` are the fields that were not recorded as they were
    sent: neither drift nor slices nor reasons are looked for in them.
    """

    endpoint: str
    live: str
    shadow: str
    task: str
    target: str
    measured_in: str
    verdict: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    more_needed: MoreNeeded
    coverage: Coverage
    units: int
    days: float | None
    pairs: PairsResult
    outcomes: OutcomesResult | None
    input_drift: DriftReport | None
    output_drift: DriftReport | None
    selection: tuple[Finding, ...]
    slices: SliceReport | None
    explanation: Explanation | None
    noise: NoiseFloor | None
    segments: tuple[Segment, ...]
    concentrated: tuple[Concentration, ...]
    policy: Policy
    policy_digest: str
    level: float
    about: str = ABOUT
    redacted: tuple[str, ...] = ()

    @property
    def guards(self) -> tuple[Guard, ...]:
        """The guards the verdict rests on, the aim's among them."""
        found = self.pairs.guards
        if self.outcomes is not None:
            found = (*found, self.outcomes.not_worse, self.outcomes.better)
        return tuple(guard for guard in found if guard.decides)

    def to_json(self) -> dict[str, Any]:
        """Gives the comparison as a JSON object without NaN."""
        result: dict[str, Any] = as_json(self)
        return {**result, "coverage": self.coverage.to_json()}


@dataclass(frozen=True)
class About:
    """Who is compared with whom, where, and what they predict."""

    endpoint: str
    live: str
    shadow: str
    task: str
    target: str
    measured_in: str


@dataclass(frozen=True)
class Terms:
    """
    What is asked of the shadow: the policy with its defaults, and what follows from it.

    `criteria` are the names the verdict rests on, among which alpha is shared: each interval may
    err with `level`.
    """

    policy: Policy
    policy_digest: str
    criteria: tuple[str, ...]
    level: float

    @classmethod
    def of(
        cls, policy: Policy, policy_digest: str, task: str, *, has_numbers: bool, shadows: int
    ) -> "Terms":
        """Works out the terms of a policy whose defaults are filled."""
        names = policy.criteria(task, has_numbers=has_numbers)
        return cls(policy, policy_digest, names, policy.alpha / len(names) / max(1, shadows))


@dataclass(frozen=True, eq=False)
class Summary:
    """
    All that a verdict rests on, summed up, wherever it came from; see `Comparison`.

    `requests` are those compared, where they are not the unit.
    """

    about: About
    coverage: Coverage
    pairs: PairsResult
    outcomes: OutcomesResult | None
    input_drift: DriftReport | None
    output_drift: DriftReport | None
    selection: tuple[Finding, ...]
    days: float | None
    slices: SliceReport | None = None
    explanation: Explanation | None = None
    noise: NoiseFloor | None = None
    segments: tuple[Segment, ...] = ()
    requests: int | None = None
    concentrated: tuple[Concentration, ...] = ()
    redacted: tuple[str, ...] = ()


def compare(evidence: Evidence, policy: Policy | None = None) -> Comparison:
    """
    Compares a shadow with live and says what follows.

    Pure: the same evidence in any order of its rows gives the same comparison, provided that rows
    carry their units and times. Raises EvidenceInvalid or CoverageMismatch for evidence that does
    not fit together, PolicyInvalid for a policy that this evidence cannot answer.
    """
    given = policy or Policy()
    rows = read_rows(evidence)
    coverage = account(evidence, rows)
    evidence = evidence.without_rows()
    offline = evidence.offline
    filled = given.with_defaults(offline.get("rmse"), offline.get("mae"), evidence.task)
    numbers, shadows = _has_numbers(rows), evidence.shadows
    terms = Terms.of(filled, given.digest, evidence.task, has_numbers=numbers, shadows=shadows)
    summary = Summary(
        about=About(
            evidence.endpoint, evidence.live_name, evidence.shadow_name, evidence.task,
            evidence.target, evidence.measured_in,
        ),
        coverage=coverage,
        pairs=compare_pairs(rows, filled, terms.level),
        outcomes=compare_outcomes(rows, filled, terms.level),
        input_drift=input_drift(evidence, filled),
        output_drift=output_drift(evidence, rows, filled),
        selection=selection(evidence, rows, filled),
        days=_days(evidence, rows),
        slices=search_slices(evidence, rows, filled),
        explanation=explain_difference(evidence, rows),
        concentrated=concentrated(evidence, rows, filled),
    )  # fmt: skip
    return conclude(summary, terms)


def conclude(summary: Summary, terms: Terms) -> Comparison:
    """Says what a summary means; raises PolicyInvalid if it lacks what the policy asks for."""
    policy, pairs, outcomes = terms.policy, summary.pairs, summary.outcomes
    guards = deciding(
        (*pairs.guards, *((outcomes.not_worse, outcomes.better) if outcomes else ())),
        terms.criteria,
    )
    _refuse_unanswerable(terms.criteria, guards)
    pairs, outcomes = _marked(pairs, outcomes, terms.criteria)
    progress = Progress(
        units=pairs.units,
        rows=pairs.pairs,
        outcome_units=outcomes.units if outcomes else 0,
        outcomes=outcomes.outcomes if outcomes else 0,
        days=summary.days,
        requests=summary.requests,
    )
    needed = more_needed(guards, policy, progress)
    warned = (
        *_same(pairs),
        *_unread(summary.redacted),
        *cautions("inputs", summary.input_drift),
        *cautions("live predictions", summary.output_drift),
    )
    verdict = decide(
        Case(
            policy,
            summary.coverage,
            progress,
            guards,
            outcomes,
            needed,
            summary.selection,
            warned,
            summary.slices,
        )
    )
    return Comparison(
        **vars(summary.about),
        verdict=verdict.word,
        reasons=verdict.reasons,
        cautions=verdict.cautions,
        more_needed=needed,
        coverage=summary.coverage,
        units=pairs.units,
        days=progress.days,
        pairs=pairs,
        outcomes=outcomes,
        input_drift=summary.input_drift,
        output_drift=summary.output_drift,
        selection=summary.selection,
        slices=summary.slices,
        explanation=summary.explanation,
        noise=summary.noise,
        segments=summary.segments,
        concentrated=summary.concentrated,
        policy=policy,
        policy_digest=terms.policy_digest,
        level=terms.level,
        redacted=summary.redacted,
    )


def _has_numbers(rows: Rows) -> bool:
    return (rows.live_shares if rows.task == "multiclass" else rows.live) is not None


def _refuse_unanswerable(names: tuple[str, ...], guards: tuple[Guard, ...]) -> None:
    there = {guard.name for guard in guards}
    for name in names:
        if name not in there:
            raise PolicyInvalid(
                f"criterion {name}",
                None,
                "it needs a margin or tolerance in the policy, live's offline errors, or"
                " predictions that the evidence does not hold",
            )


def _marked(
    pairs: PairsResult, outcomes: OutcomesResult | None, names: tuple[str, ...]
) -> tuple[PairsResult, OutcomesResult | None]:
    pairs = replace(pairs, guards=deciding(pairs.guards, names))
    if outcomes is not None:
        not_worse, better = deciding((outcomes.not_worse, outcomes.better), names)
        outcomes = replace(outcomes, not_worse=not_worse, better=better)
    return pairs, outcomes


def _days(evidence: Evidence, rows: Rows) -> float | None:
    if evidence.days is not None:
        return evidence.days
    if rows.served_at is None or not len(rows.served_at):
        return None
    return float(rows.served_at.max() - rows.served_at.min()) / DAY


def _unread(redacted: tuple[str, ...]) -> tuple[str, ...]:
    told = "neither drift nor slices nor reasons are looked for in these fields"
    return (f"{listed(redacted)} redacted at capture: {told}.",) if redacted else ()


def _same(pairs: PairsResult) -> tuple[str, ...]:
    return (f"all {pairs.pairs:,} pairs are identical so far.",) if pairs.is_identical else ()
