"""Reproduction: what was served, held against what the same version answers again."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .jsonable import as_json

TOLERANCE = 1e-6
"""The largest difference where equality to the last bit is not to be had; engines promise it."""
MOST_EXAMPLES = 10


@dataclass(frozen=True)
class Difference:
    """
    One instance that is answered differently, or, with an error, not at all.

    `difference` is relative for numbers and absolute for probabilities; None stands for another
    label, or an answer of another form.
    """

    request_id: str
    instance: int
    recorded: object
    again: object
    difference: float | None
    error: str | None = None


@dataclass(frozen=True)
class Checked:
    """
    The sampled instances of one content of one version, scored again.

    `identical` are equal to the last bit, `within` equal within `tolerance`, `missing` could not be
    scored because of `problem`. What was recorded without a feature is not sampled: then `redacted`
    says which feature, and by what. `why` says what the tolerance comes from. `largest` is the
    largest difference found, as far as it is a number, `examples` are those that differ most.
    """

    name: str
    version: str
    digest: str | None
    engine: str | None
    recorded: int
    sampled: int
    identical: int = 0
    within: int = 0
    differing: int = 0
    missing: int = 0
    tolerance: float = 0.0
    why: str = ""
    largest: float = 0.0
    examples: tuple[Difference, ...] = ()
    problem: str | None = None
    redacted: str | None = None


@dataclass(frozen=True)
class Reproduction:
    """One run: which sample was drawn, and what came of each version; times are ISO texts."""

    endpoint: str
    since: str
    until: str
    seed: int
    versions: tuple[Checked, ...]

    @property
    def is_equal(self) -> bool:
        """Whether all that was asked for was answered as it had been."""
        return not self.total("differing") and not self.total("missing")

    def total(self, part: str) -> int:
        """Sum up one count of all versions."""
        return sum(getattr(version, part) for version in self.versions)

    def to_json(self) -> dict[str, Any]:
        """Gives the run as a JSON object that `from_json` reads back."""
        result: dict[str, Any] = as_json(self)
        return result

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Reproduction":
        """Reads what `to_json` gave."""
        versions = tuple(
            Checked(
                **{
                    **version,
                    "examples": tuple(Difference(**one) for one in version["examples"]),
                }
            )
            for version in content["versions"]
        )
        return cls(**{**content, "versions": versions})


def allot(counts: Sequence[int], sample: int) -> list[int]:
    """
    Deals a sample out to strata of these sizes, as evenly as they have rows.

    A version that answered little is as suspect as one that answered much, so the shares do not
    follow the sizes; what a small stratum cannot use goes to the others.
    """
    dealt = [0] * len(counts)
    left = min(sample, sum(counts))
    while left:
        hungry = [number for number, count in enumerate(counts) if dealt[number] < count]
        each = max(1, left // len(hungry))
        for number in hungry[:left]:
            portion = min(each, counts[number] - dealt[number], left)
            dealt[number] += portion
            left -= portion
    return dealt


def difference_of(recorded: object, again: object) -> float:
    """
    Measures how far two answers are apart: 0 for equal ones, infinity for others in kind.

    Numbers are compared relatively, probabilities (the numbers within an answer) absolutely, since
    those that are almost 0 matter to nobody. Another label is another kind.
    """
    if isinstance(recorded, Mapping) and isinstance(again, Mapping):
        return _of_parts(recorded, again)
    if _is_number(recorded) and _is_number(again):
        return _relative(recorded, again)
    is_same_kind = type(recorded) is type(again)
    return 0.0 if is_same_kind and recorded == again else math.inf


def check(
    stratum: Checked,
    asked: Sequence[tuple[str, int, object]],
    answers: Sequence[tuple[object, str | None]],
) -> Checked:
    """
    Counts how the answers compare with what was served.

    `asked` has request id, instance number and the recorded answer, `answers` the new one, or None
    and why there is none. The tolerance is that of the stratum.
    """
    counts = dict.fromkeys(("identical", "within", "differing"), 0)
    found: list[tuple[float, Difference]] = []
    largest = 0.0
    for (request_id, instance, recorded), (again, error) in zip(asked, answers, strict=True):
        gap = math.inf if error is not None else difference_of(recorded, again)
        largest = max(largest, gap) if math.isfinite(gap) else largest
        verdict = "differing" if gap > stratum.tolerance else "within" if gap else "identical"
        counts[verdict] += 1
        if verdict == "differing":
            told = gap if math.isfinite(gap) else None
            found.append((gap, Difference(request_id, instance, recorded, again, told, error)))
    found.sort(key=lambda one: (-one[0], one[1].request_id, one[1].instance))
    examples = tuple(one for _, one in found[:MOST_EXAMPLES])
    return Checked(**{**vars(stratum), **counts, "largest": largest, "examples": examples})


def _of_parts(recorded: Mapping[str, object], again: Mapping[str, object]) -> float:
    if recorded.keys() != again.keys():
        return math.inf
    return max((_of_part(recorded[key], again[key]) for key in recorded), default=0.0)


def _of_part(recorded: object, again: object) -> float:
    if _is_number(recorded) and _is_number(again):
        return _gap(recorded, again)
    return difference_of(recorded, again)


def _relative(recorded: object, again: object) -> float:
    gap = _gap(recorded, again)
    if gap in (0.0, math.inf):
        return gap
    return gap / max(abs(float(recorded)), abs(float(again)))  # type: ignore[arg-type]


def _gap(recorded: object, again: object) -> float:
    gap = abs(float(recorded) - float(again))  # type: ignore[arg-type]
    return gap if math.isfinite(gap) else math.inf


def _is_number(found: object) -> bool:
    return isinstance(found, int | float) and not isinstance(found, bool)
