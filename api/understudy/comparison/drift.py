"""Drift: whether columns of current traffic are distributed as in the reference."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .columns import Kind
from .family import Family
from .finding import (
    MATERIAL,
    NEED_MORE_DATA,
    NEGLIGIBLE,
    SCHEMA,
    STABLE,
    UNSETTLED,
    Finding,
)
from .jsonable import as_json
from .looks import FIRST_LOOK, ONLY, Look, conclude, glance, look_sizes, take_look
from .sizes import Sizes
from .traffic import Columns, Traffic, Training

NO_DRIFT = "NO_DRIFT"
DRIFT = "DRIFT"


@dataclass(frozen=True)
class Glimpse:
    """The effects one look found, under `column: finding`."""

    number: int
    units: int
    effects: Mapping[str, float | None]


@dataclass(frozen=True)
class DriftReport:
    """
    All findings of one comparison of columns, and what they add up to.

    `look` is the number of the newest look (0: none yet, or the only one that will be taken) and
    `n_current` the units it used, of `units` and `rows` there are. `repeated` counts rows that are
    identical to an earlier one. `history` has the effects at each look.
    """

    verdict: str
    reasons: tuple[str, ...]
    findings: tuple[Finding, ...]
    kinds: Mapping[str, str]
    family: int
    alpha: float
    look: int
    n_reference: int
    n_current: int
    units: int
    rows: int
    repeated: int
    history: tuple[Glimpse, ...] = ()

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """The findings that raise the alarm."""
        return tuple(finding for finding in self.findings if finding.alarm)

    def to_json(self) -> dict[str, Any]:
        """Gives the report as a JSON object without NaN."""
        result: dict[str, Any] = as_json(self)
        return result


@np.errstate(over="ignore", invalid="ignore")
def drift(
    reference: Columns,
    current: Columns | Traffic,
    *,
    kinds: Mapping[str, Kind] | None = None,
    training: Training | None = None,
    looks: bool = False,
    sizes: Sizes | None = None,
    alpha: float = 0.05,
) -> DriftReport:
    """
    Compares columns of two independent samples, with at most `alpha` risk of any false alarm.

    With `looks`, tests at 100, 200, 400, … units in order of arrival, however often it is called,
    and spends alpha over all looks; without, takes everything in one look. A column is tested as
    its reference suggests, unless `kinds` says otherwise. Raises EvidenceInvalid when there is
    nothing to compare.
    """
    family = Family.of(reference, kinds=kinds, training=training)
    traffic = current if isinstance(current, Traffic) else Traffic(current)
    everything, after = traffic.frame(), traffic.one_per_unit()
    shared = family.only([name for name in family.columns if name in after.columns])
    taken = take_looks(shared, after, alpha, looks=looks)
    counts = Counts(len(after), len(everything), _repeated(everything))
    early = () if taken else glance(shared.checks, shared.tally(after), alpha)
    absent = schema_findings(list(family.columns), list(after.columns), family.rows, len(after))
    return report(family, taken, counts, early=early, absent=absent, alpha=alpha, sizes=sizes)


def take_looks(
    family: Family,
    current: "pd.DataFrame",
    alpha: float,
    *,
    looks: bool = True,
    taken: Sequence[Look] = (),
) -> tuple[Look, ...]:
    """
    Takes every look that is due on rows in order of arrival, one per unit.

    Those `taken` before stay as they are, whatever the rows say now.
    """
    kept = {look.number: look for look in taken}
    talliers = {name: column.tallier(current[name]) for name, column in family.columns.items()}
    due = list(enumerate(look_sizes(len(current)), start=1)) if looks else [(ONLY, len(current))]

    def look(number: int, size: int) -> Look:
        tallies = {name: count(size) for name, count in talliers.items()}
        return take_look(family.checks, tallies, number, size, alpha)

    return tuple(kept.get(number) or look(number, size) for number, size in due)


@dataclass(frozen=True)
class Counts:
    """How much traffic there is: units, rows, and rows like an earlier one."""

    units: int
    rows: int
    repeated: int


def report(
    family: Family,
    looks: Sequence[Look],
    counts: Counts,
    *,
    early: Sequence[Finding] = (),
    absent: Sequence[Finding] = (),
    alpha: float = 0.05,
    sizes: Sizes | None = None,
) -> DriftReport:
    """Says what all looks together mean; `early` are the estimates where none was due yet."""
    judged = conclude(looks, alpha, sizes) if looks else list(early)
    is_watched = not looks or looks[-1].number != ONLY
    findings = tuple(sorted((*judged, *absent), key=_rank))
    verdict, reasons = _conclude(findings, counts.units, is_watched)
    return DriftReport(
        verdict=verdict,
        reasons=reasons,
        findings=findings,
        kinds={name: column.kind for name, column in family.columns.items()},
        family=len(judged),
        alpha=alpha,
        look=looks[-1].number if looks else 0,
        n_reference=family.rows,
        n_current=looks[-1].units if looks else 0,
        units=counts.units,
        rows=counts.rows,
        repeated=counts.repeated,
        history=tuple(_glimpse(look) for look in looks),
    )


def _glimpse(look: Look) -> "Glimpse":
    effects = {f"{found.column}: {found.finding}": found.effect for found in look.findings}
    return Glimpse(look.number, look.units, effects)


def _repeated(frame: "pd.DataFrame") -> int:
    if frame.empty:
        return 0
    rows = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return len(rows) - len(np.unique(rows))


def schema_findings(before: list[str], after: list[str], n: int, m: int) -> list[Finding]:
    """Says which columns only one side has; one that is gone is an alarm."""
    gone = [name for name in before if name not in after]
    new = [name for name in after if name not in before]
    return [
        Finding(
            column=name,
            kind="schema",
            finding="absent from the current data" if name in gone else "absent from the reference",
            test="presence of the column",
            statistic=None,
            p_value=None,
            p_adjusted=None,
            effect=None,
            effect_name="",
            interval=None,
            status=SCHEMA,
            n_reference=n,
            n_current=m,
            assumption="",
            alarm=name in gone,
        )
        for name in (*gone, *new)
    ]


_ORDER = (MATERIAL, SCHEMA, UNSETTLED, NEGLIGIBLE, NEED_MORE_DATA, STABLE)


def _rank(finding: Finding) -> tuple[bool, int, float, str, str]:
    """Worst first."""
    surprise = 1.0 if finding.p_adjusted is None else finding.p_adjusted
    place = _ORDER.index(finding.status)
    return (not finding.alarm, place, surprise, finding.column, finding.finding)


def _conclude(
    findings: tuple[Finding, ...], units: int, looks: bool
) -> tuple[str, tuple[str, ...]]:
    alarms = [sentence(finding) for finding in findings if finding.alarm]
    if alarms:
        return DRIFT, tuple(alarms)
    unclear = [sentence(f) for f in findings if f.status in (MATERIAL, UNSETTLED)]
    if unclear:
        return UNSETTLED, tuple(unclear)
    if looks and units < FIRST_LOOK:
        return NEED_MORE_DATA, (f"The first look is due at {FIRST_LOOK} units; {units} are there.",)
    waiting = [finding for finding in findings if finding.status == NEED_MORE_DATA]
    if waiting:
        hopeless = sum("reference too small" in finding.note for finding in waiting)
        tail = f"; for {hopeless} of them the reference is too small" if hopeless else ""
        text = f"{len(waiting)} of {len(findings)} findings are not settled yet{tail}."
        return NEED_MORE_DATA, (text,)
    return NO_DRIFT, (f"All {len(findings)} findings are stable or too small to matter.",)


def sentence(finding: Finding) -> str:
    """Says a finding in words, with its figures."""
    if finding.status == SCHEMA:
        return f"{finding.column} is {finding.finding}."
    effect, p_value = finding.effect or 0.0, finding.p_adjusted
    low, high = finding.interval or (effect, effect)
    tail = f"; {finding.note}" if finding.note else ""
    return (
        f"{finding.column}, {finding.finding}: {finding.effect_name} {effect:.3g}"
        f" (between {low:.3g} and {high:.3g}), adjusted p = {p_value:.2g}{tail}."
    )
