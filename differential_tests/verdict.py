"""What a comparison means: equal, different, or not to be trusted."""

from collections.abc import Mapping
from dataclasses import dataclass

from differential_tests.declarations import Declaration
from differential_tests.differences import Comparison, Difference
from differential_tests.tolerances import Rule


@dataclass(frozen=True)
class Noise:
    """How far two runs of the same build lie apart under one rule."""

    rule: Rule
    floor: float

    @property
    def is_too_loud(self) -> bool:
        """Say whether the rule asks for more than the build gives twice in a row."""
        return self.floor > self.rule.limit


@dataclass(frozen=True)
class Verdict:
    """Everything that was found; `no_baseline` is the reason why the candidate met itself."""

    baseline: str
    candidate: str
    no_baseline: str | None
    answers: int
    comparison: Comparison
    noise: tuple[Noise, ...]
    declared: Mapping[Declaration, tuple[Difference, ...]]
    unexplained: tuple[Difference, ...]

    @property
    def unused(self) -> tuple[Declaration, ...]:
        """The declarations that covered nothing; without a baseline nobody can tell."""
        if self.no_baseline is not None:
            return ()
        return tuple(declaration for declaration, found in self.declared.items() if not found)

    @property
    def too_loud(self) -> tuple[Noise, ...]:
        """The rules whose tolerance lies below the noise floor."""
        return tuple(noise for noise in self.noise if noise.is_too_loud)

    @property
    def is_equal(self) -> bool:
        """Say whether nothing speaks against the candidate."""
        return not (self.unexplained or self.unused or self.too_loud)


def judge(
    comparison: Comparison,
    twice: Comparison | None,
    declarations: tuple[Declaration, ...],
    *,
    titles: tuple[str, str],
    no_baseline: str | None,
    answers: int,
) -> Verdict:
    """
    Weigh the differences against the declarations and the noise floor.

    `twice` compares two runs of the baseline. Without a baseline the comparison is itself of two
    runs of one build: nothing in it can be intended.
    """
    declared: dict[Declaration, list[Difference]] = {item: [] for item in declarations}
    unexplained: list[Difference] = []
    for difference in comparison.differences:
        covering = [item for item in declarations if item.covers(difference)]
        if no_baseline is not None or not covering:
            unexplained.append(difference)
        for item in covering:
            declared[item].append(difference)
    widest = twice.widest if twice else {}
    return Verdict(
        baseline=titles[0],
        candidate=titles[1],
        no_baseline=no_baseline,
        answers=answers,
        comparison=comparison,
        noise=tuple(Noise(rule, floor) for rule, floor in widest.items()),
        declared={item: tuple(found) for item, found in declared.items()},
        unexplained=tuple(unexplained),
    )
