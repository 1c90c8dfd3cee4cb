"""The verdict: PROMOTE, REJECT, HOLD or NEED_MORE_DATA, with every reason that was found."""

from collections.abc import Sequence
from dataclasses import dataclass

from .coverage import Coverage
from .finding import Finding
from .guards import BEYOND, INSIDE, Guard
from .losses import BOUNDED
from .needed import MoreNeeded, Progress
from .outcomes import OutcomesResult
from .policy import Policy
from .sequences import share_sequence
from .slice_shapes import SliceReport
from .wording import ON_OUTCOMES, as_text, bad_slice, limit_text, tell

PROMOTE = "PROMOTE"
REJECT = "REJECT"
HOLD = "HOLD"
NEED_MORE_DATA = "NEED_MORE_DATA"

HORIZONS = 10


@dataclass(frozen=True)
class Verdict:
    """One word and all the sentences behind it, those of the word first, cautions last."""

    word: str
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class Case:
    """All a verdict rests on."""

    policy: Policy
    coverage: Coverage
    progress: Progress
    guards: tuple[Guard, ...]
    outcomes: OutcomesResult | None
    needed: MoreNeeded
    selection: tuple[Finding, ...] = ()
    cautions: tuple[str, ...] = ()
    slices: SliceReport | None = None


@dataclass(frozen=True)
class Reason:
    """A sentence that speaks for one word."""

    word: str
    text: str
    rests_on_outcomes: bool = False


def decide(case: Case) -> Verdict:
    """
    Applies the rules in order; the first that matches names the word.

    An outcome that the answer itself influences can neither promote nor reject: HOLD. Drift is a
    caution and changes no verdict.
    """
    reasons = [*rejections(case), *holds(case)]
    if not reasons:
        reasons = promotions(case) or shortages(case)
    reasons = _doubt_outcomes(reasons, case.policy)
    word = min(
        (reason.word for reason in reasons), key=(REJECT, HOLD, PROMOTE, NEED_MORE_DATA).index
    )
    first = [reason.text for reason in reasons if reason.word == word]
    rest = [reason.text for reason in reasons if reason.word != word]
    cautions = tuple(f"Caution: {text}" for text in case.cautions)
    return Verdict(word, (*first, *rest, *cautions), cautions)


def rejections(case: Case) -> list[Reason]:
    """Every guard that is beyond its limit, the aim if it is refuted, every bad slice."""
    reasons = [
        Reason(
            REJECT, f"{tell(case.outcomes, guard)}: beyond its limit.", guard.name in ON_OUTCOMES
        )
        for guard in case.guards
        if guard.decides and guard.state == BEYOND and guard.name != "better"
    ]
    refuted = case.outcomes is not None and case.outcomes.not_worse.state == BEYOND
    if case.policy.aim == "better" and refuted and case.outcomes is not None:
        known = tell(case.outcomes, case.outcomes.not_worse)
        text = f"{known}: worse than live by more than the margin."
        reasons.append(Reason(REJECT, text, True))
    bad = case.slices.bad if case.slices is not None else ()
    return [*reasons, *(Reason(REJECT, bad_slice(part, case.policy), True) for part in bad)]


def holds(case: Case) -> list[Reason]:
    """Everything that more rows cannot mend."""
    found = [
        *_unmatched(case),
        *_no_outcomes(case),
        *_selected(case.selection),
        *_too_far(case),
        *_not_stable(case.guards),
    ]
    return [Reason(HOLD, text) for text in found]


def _unmatched(case: Case) -> list[str]:
    """Counts are instances, and those of one request are not independent: scaled to units."""
    coverage, limit = case.coverage, case.policy.unmatched_limit
    if not coverage.due:
        return []
    share = coverage.unmatched / coverage.due
    per_unit = min(1.0, case.progress.units / max(1, case.progress.rows))
    units = coverage.due * per_unit
    low, high = share_sequence(share * units, units, case.policy.alpha)
    if low <= limit:
        return []
    return [
        f"{coverage.unmatched:,} of {coverage.due:,} instances that were due have no pair"
        f" ({share:.1%}, between {low:.1%} and {high:.1%}; limit {limit:.1%})."
    ]


def _no_outcomes(case: Case) -> list[str]:
    delay, days = case.policy.outcome_delay_days, case.progress.days
    is_late = delay is not None and days is not None and days > delay
    if not case.policy.needs_outcomes or case.progress.outcomes or not is_late:
        return []
    return [
        f"No outcome has come in {days:.3g} days, although the policy expects them within"
        f" {delay:g}: the aim cannot be judged."
    ]


def _selected(selection: Sequence[Finding]) -> list[str]:
    return [
        f"Instances with an outcome differ from those without in {finding.column}"
        f" ({finding.finding}: {finding.effect_name} {finding.effect:.3g}): what is known of one"
        " half says little of the other."
        for finding in selection
    ]


def _too_far(case: Case) -> list[str]:
    likely, horizon = case.needed.units[1], case.policy.horizon_units
    if not likely or likely <= HORIZONS * horizon:
        return []
    return [
        f"About {likely:,} more units would be needed for {case.needed.limited_by}, more than"
        f" {HORIZONS} times the horizon of {horizon:,}."
    ]


def _not_stable(guards: Sequence[Guard]) -> list[str]:
    """A guard kept on the whole, whose newest quarter alone would break it."""
    found = []
    for guard in guards:
        newest = guard.quarters[-1]
        if not guard.decides or guard.state != INSIDE or newest is None:
            continue
        if guard.limits.gap(newest) < 0:
            found.append(
                f"Not stable in time: {guard.what} is {as_text(guard, newest)} in the newest"
                f" quarter of the units, beyond its limit ({limit_text(guard)}), though"
                f" {as_text(guard, guard.estimate)} over all."
            )
    return found


def promotions(case: Case) -> list[Reason]:
    """The reasons to promote, if every deciding guard is inside and the coverage suffices."""
    deciding = [guard for guard in case.guards if guard.decides]
    if not all(guard.state == INSIDE for guard in deciding) or shortfalls(case):
        return []
    inside = [
        Reason(
            PROMOTE, f"{tell(case.outcomes, guard)}: inside its limit.", guard.name in ON_OUTCOMES
        )
        for guard in deciding
    ]
    return [*inside, *_unseen(case.policy, deciding)]


def _unseen(policy: Policy, deciding: Sequence[Guard]) -> list[Reason]:
    """What no rule can see: with 95 % a loss as rare as 3 in n units is among n (rule of three)."""
    on_outcomes = [guard for guard in deciding if guard.name in ON_OUTCOMES]
    if not on_outcomes or policy.loss_cap is not None or policy.loss in BOUNDED:
        return []
    text = (
        f"A loss that befalls fewer than about 3 in {on_outcomes[0].units:,} units may not be among"
        " them; `loss_cap` in the policy bounds what a single one may count."
    )
    return [Reason(PROMOTE, text, True)]


def shortages(case: Case) -> list[Reason]:
    """What is still open, and how much more it needs."""
    still_open = [
        f"{tell(case.outcomes, guard)}: not settled yet{f' ({guard.note})' if guard.note else ''}."
        for guard in case.guards
        if guard.decides and guard.state != INSIDE
    ]
    texts = [case.needed.sentence, *still_open, *shortfalls(case)]
    return [Reason(NEED_MORE_DATA, text) for text in texts]


def shortfalls(case: Case) -> list[str]:
    """Every part of the policy's minimum coverage that is not reached."""
    policy, progress = case.policy, case.progress
    found = []
    if progress.units < policy.minimum_units:
        found.append(f"{progress.units:,} of at least {policy.minimum_units:,} units are compared.")
    if policy.minimum_days and (progress.days or 0.0) < policy.minimum_days:
        found.append(
            f"{progress.days or 0.0:.3g} of at least {policy.minimum_days:g} days are observed."
        )
    if policy.needs_outcomes and progress.outcomes < policy.minimum_outcomes:
        found.append(
            f"{progress.outcomes:,} of at least {policy.minimum_outcomes:,} outcomes are known."
        )
    return found


def _doubt_outcomes(reasons: list[Reason], policy: Policy) -> list[Reason]:
    """Turns a promotion or rejection that rests on influenced outcomes into HOLD."""
    if not policy.outcome_influenced:
        return reasons
    rejected = [r for r in reasons if r.word == REJECT and not r.rests_on_outcomes]
    doubtful = [r for r in reasons if r.rests_on_outcomes and r.word in (PROMOTE, REJECT)]
    if rejected or not doubtful:
        return reasons
    warning = Reason(
        HOLD, "The answers influence the outcomes, so outcomes can neither promote nor reject."
    )
    return [warning, *(Reason(HOLD, r.text, r.rests_on_outcomes) for r in reasons)]
