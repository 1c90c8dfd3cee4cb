"""The rows of the evidence, checked and put in order of arrival."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from understudy.errors import CoverageMismatch, EvidenceInvalid

from .columns import level_name
from .coverage import Coverage
from .evidence import Evidence
from .policy import TASKS
from .units import Units, Values, arrange

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Names = NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Rows:
    """
    The rows of the evidence in order of arrival, numbers as floats and labels as strings.

    `classes` are the columns of the shares; `known_classes` all that a model may answer, empty if
    nobody knows.
    """

    task: str
    units: Units
    live: Floats | None
    shadow: Floats | None
    live_labels: Names | None
    shadow_labels: Names | None
    live_shares: Floats | None
    shadow_shares: Floats | None
    classes: tuple[str, ...]
    positive: str | None
    failed: Flags
    compared: Flags
    outcomes: Names | Floats
    known: Flags
    outcome_at: Floats | None
    served_at: Floats | None
    known_classes: frozenset[str] = frozenset()

    @property
    def codes(self) -> NDArray[np.int64]:
        """The unit of each row."""
        return self.units.codes

    @property
    def names(self) -> NDArray[np.str_]:
        """The name of each row within its unit."""
        return self.units.parts

    @property
    def unit_names(self) -> NDArray[np.str_]:
        """The name of each row's unit."""
        return self.units.names[self.units.codes]


def read_rows(evidence: Evidence) -> Rows:
    """Checks the evidence and puts it in order; raises EvidenceInvalid if it does not fit."""
    if evidence.task not in TASKS:
        raise EvidenceInvalid(f"The task is {evidence.task!r}, but must be one of {TASKS}.")
    size = _size(evidence)
    units = arrange(size, evidence.units, evidence.instances, evidence.served_at)
    live, shadow = _optional(evidence.live, units), _optional(evidence.shadow, units)
    labels = tuple(
        None if side is None else units.arrange(_labels(side))
        for side in (evidence.live_labels, evidence.shadow_labels)
    )
    classes, shares = _probabilities(evidence, units)
    if evidence.task == "regression":
        usable = np.isfinite(_present(live)), np.isfinite(_present(shadow))
    else:
        usable = tuple(  # type: ignore[assignment] # two sides in, two out
            _classified(name, label, number, share)
            for name, label, number, share in zip(
                ("live", "shadow"), labels, (live, shadow), shares, strict=True
            )
        )
    excluded = units.arrange(_flags(evidence.excluded, size)) | ~usable[0]
    failed = (units.arrange(_flags(evidence.failed, size)) | ~usable[1]) & ~excluded
    outcomes, known = _outcomes(evidence, units)
    return Rows(
        task=evidence.task,
        units=units,
        live=live,
        shadow=shadow,
        live_labels=labels[0],
        shadow_labels=labels[1],
        live_shares=shares[0],
        shadow_shares=shares[1],
        classes=classes,
        positive=None if evidence.positive is None else level_name(evidence.positive),
        failed=failed,
        compared=~failed & ~excluded,
        outcomes=outcomes,
        known=known,
        outcome_at=_optional(evidence.outcome_at, units),
        served_at=_optional(evidence.served_at, units),
        known_classes=_known_classes(evidence, (*labels, classes)),
    )


def account(evidence: Evidence, rows: Rows) -> Coverage:
    """
    Gives the coverage, checked against the rows; raises CoverageMismatch if they disagree.

    Rows the log counts as compared although live's or the shadow's answer is unusable are moved to
    where they belong; nothing is ever dropped.
    """
    compared, failed = int(rows.compared.sum()), int(rows.failed.sum())
    left_out = len(rows.compared) - compared - failed
    given = evidence.coverage
    if given is None:
        return Coverage(
            recorded=len(rows.compared), compared=compared, failed=failed, excluded=left_out
        )
    declared = int(_flags(evidence.excluded, len(rows.compared)).sum())
    unusable = left_out - declared
    due = compared + failed + unusable
    if given.compared + given.failed != due:
        raise CoverageMismatch("compared and failed instances", given.compared + given.failed, due)
    return Coverage(
        recorded=given.recorded,
        compared=compared,
        sampled_out=given.sampled_out,
        skipped=given.skipped,
        failed=failed,
        excluded=given.excluded + unusable,
        waiting=given.waiting,
    )


def _size(evidence: Evidence) -> int:
    names = (
        "live",
        "shadow",
        "live_labels",
        "shadow_labels",
        "live_probabilities",
        "shadow_probabilities",
        "failed",
        "excluded",
        "outcomes",
        "outcome_at",
    )
    sizes = {name: len(array) for name in names if (array := getattr(evidence, name)) is not None}
    if len(set(sizes.values())) > 1:
        raise EvidenceInvalid(f"The arrays have different lengths: {sizes}.")
    if not sizes:
        raise EvidenceInvalid("There are no predictions: give `live` and `shadow`, or labels.")
    return next(iter(sizes.values()))


def _numbers(values: Values) -> Floats:
    array = np.asarray(values)
    if array.dtype.kind == "M":
        missing = np.isnat(array)
        seconds = array.astype("datetime64[us]").astype(np.float64) / 1e6
        return np.where(missing, np.nan, seconds)
    try:
        return array.astype(np.float64, copy=False)
    except (TypeError, ValueError) as error:
        raise EvidenceInvalid(f"A number was expected: {error}.") from error


def _optional(values: Values | None, units: Units) -> Floats | None:
    return None if values is None else units.arrange(_numbers(values))


def _present(values: Floats | None) -> Floats:
    if values is None:
        raise EvidenceInvalid("Regression needs the numbers of both `live` and `shadow`.")
    return values


def _labels(values: Values) -> Names:
    given = values if isinstance(values, pd.Series) else pd.Series(list(values), dtype=object)
    codes, uniques = pd.factorize(given)
    names = np.array([*(level_name(value) for value in uniques), None], dtype=object)
    picked: Names = names[codes]
    return picked


def _classified(
    name: str, labels: Names | None, numbers: Floats | None, shares: Floats | None
) -> Flags:
    if labels is None:
        raise EvidenceInvalid(f"Classification needs `{name}_labels`.")
    usable: Flags = np.asarray(pd.notna(labels), dtype=bool)
    if numbers is not None:
        usable &= np.isfinite(numbers)
    if shares is not None:
        usable &= np.isfinite(shares).all(axis=1)
    return usable


def _known_classes(
    evidence: Evidence, seen: tuple[Names | tuple[str, ...] | None, ...]
) -> frozenset[str]:
    """Names what the two models may answer: as declared, or else as far as it was ever seen."""
    declared = {level_name(name) for name in (*evidence.classes, evidence.positive)}
    if not evidence.classes:
        declared.update(name for names in seen if names is not None for name in set(names))
    return frozenset(name for name in declared if name is not None)


def _probabilities(
    evidence: Evidence, units: Units
) -> tuple[tuple[str, ...], tuple[Floats | None, Floats | None]]:
    """Probabilities of both over the union of their classes; a class unknown to one has 0."""
    given = evidence.live_probabilities, evidence.shadow_probabilities
    if given[0] is None or given[1] is None:
        return (), (None, None)
    names = {str(name) for side in given for row in side or () if row for name in row}
    classes = tuple(sorted(names))
    place = {name: index for index, name in enumerate(classes)}
    tables = []
    for side in given:
        table = np.zeros((len(units.order), len(classes)))
        for row, shares in enumerate(side or ()):
            for name, share in (shares or {}).items():
                table[row, place[str(name)]] = share
            if not shares:
                table[row] = np.nan
        tables.append(units.arrange(table))
    return classes, (tables[0], tables[1])


def _flags(values: Values | None, size: int) -> Flags:
    return np.zeros(size, dtype=bool) if values is None else np.asarray(values, dtype=bool)


def _outcomes(evidence: Evidence, units: Units) -> tuple[Names | Floats, Flags]:
    given, size = evidence.outcomes, len(units.order)
    if evidence.task == "regression":
        values = np.full(size, np.nan) if given is None else units.arrange(_numbers(given))
        return values, np.isfinite(values)
    labels = np.full(size, None) if given is None else units.arrange(_labels(given))
    return labels, np.asarray(pd.notna(labels), dtype=bool)
