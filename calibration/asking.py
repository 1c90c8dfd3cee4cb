"""Asks: the same comparison looked at again and again while its units come in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from understudy.comparison import Evidence, Policy, compare

from .arithmetic import OPEN, States, Watched, states
from .case import CalibrationBroken, Run

PROMOTE, REJECT = "PROMOTE", "REJECT"
WRONG = "limit excluded"
EVER_WRONG = "limit excluded, any unit"
ASKS = 50
FIRST_ASK = 100
AUDITED = 0.1
"""Share of the runs of which two asks are put to `compare` although nothing is decided there."""


@dataclass(frozen=True, eq=False)
class Scene:
    """
    What one run is about: everything that will ever be known, rows in order of arrival.

    `codes` number the unit of each row from 0, `watched` are the guards that stand at their limits
    and `level` is what each of them may err with.
    """

    evidence: Evidence
    policy: Policy
    codes: NDArray[np.int64]
    watched: tuple[Watched, ...]
    level: float

    @property
    def units(self) -> int:
        """The number of units there will ever be."""
        return int(self.codes[-1]) + 1


@dataclass(frozen=True)
class Answer:
    """What a rule says after some units: its word, and the state of its guards by name."""

    word: str
    guards: dict[str, str]


Rule = Callable[[Scene, int], Answer]


def by_compare(scene: Scene, units: int) -> Answer:
    """Asks the product: `compare` on exactly the first units."""
    found = compare(first_units(scene, units), scene.policy)
    return Answer(found.verdict, {guard.name: guard.state for guard in found.guards})


def first_units(scene: Scene, units: int) -> Evidence:
    """Gives the evidence as it stood after so many units."""
    rows = int(np.searchsorted(scene.codes, units))
    size = len(scene.codes)
    cut: dict[str, Any] = {}
    for field in fields(Evidence):
        value = getattr(scene.evidence, field.name)
        if isinstance(value, np.ndarray) and len(value) == size:
            cut[field.name] = value[:rows]
    return replace(scene.evidence, **cut)


def asks(units: int, number: int = ASKS) -> list[int]:
    """Gives the numbers of units at which somebody asks: half evenly spread, half by ratio."""
    half = number // 2
    evenly = np.linspace(FIRST_ASK, units, number - half)
    by_ratio = np.geomspace(FIRST_ASK, units, half + 2)[1:-1]
    return sorted({round(at) for at in (*evenly, *by_ratio)})


def ask_always(scene: Scene, rule: Rule, number: int = ASKS) -> Run:
    """Puts every ask to a rule, whatever it is, and says what it ever answered."""
    given = [rule(scene, units) for units in asks(scene.units, number)]
    names = [watched.guard for watched in scene.watched]
    wrong = any(answer.guards[name] != OPEN for answer in given for name in names)
    words = {answer.word for answer in given}
    return Run({PROMOTE: PROMOTE in words, REJECT: REJECT in words, WRONG: wrong})


def ask_where_decided(scene: Scene, rng: np.random.Generator) -> Run:
    """
    Puts to `compare` the asks at which a guard is not open, and now and then others.

    PROMOTE needs every watched guard inside and REJECT one of them beyond, so no other ask can
    give these words. Raises CalibrationBroken where `compare` and the arithmetic disagree.
    """
    found = judged(scene)
    when = asks(scene.units)
    inside = [at for at in when if all(state.inside[at - 1] for state in found)]
    beyond = [at for at in when if any(state.beyond[at - 1] for state in found)]
    if rng.random() < AUDITED:
        for at in (int(rng.choice(when)), when[-1]):
            checked(scene, found, at)
    decided = [at for at in when if any(state.at(at) != OPEN for state in found)]
    return Run(
        {
            PROMOTE: any(checked(scene, found, at).word == PROMOTE for at in inside),
            REJECT: any(checked(scene, found, at).word == REJECT for at in beyond),
            WRONG: any(checked(scene, found, at).guards for at in decided[:1]),
            EVER_WRONG: any(bool(np.any(state.inside | state.beyond)) for state in found),
        }
    )


def judged(scene: Scene) -> list[States]:
    """Gives the states of the watched guards after every unit, by the arithmetic."""
    planned = scene.policy.planned_units
    return [states(watched, scene.units, scene.level, planned) for watched in scene.watched]


def checked(scene: Scene, found: Sequence[States], units: int) -> Answer:
    """Asks `compare` and holds its guards against the arithmetic."""
    answer = by_compare(scene, units)
    for watched, state in zip(scene.watched, found, strict=True):
        says = answer.guards.get(watched.guard)
        if says != state.at(units):
            raise CalibrationBroken(
                f"After {units:,} units `compare` says the guard {watched.guard} is {says},"
                f" the formulas of the rule say {state.at(units)}."
            )
    return answer


def first_promotion(scene: Scene) -> float:
    """
    Gives the number of units after which `compare` first says PROMOTE, infinite if it never does.

    Looks at every unit by the arithmetic, and asks `compare` from the first unit on at which all
    watched guards are inside.
    """
    found = judged(scene)
    ready = np.all([state.inside for state in found], axis=0)
    ready[: scene.policy.minimum_units - 1] = False
    candidates = np.flatnonzero(ready) + 1
    while len(candidates):
        at = int(candidates[0])
        if checked(scene, found, at).word == PROMOTE:
            return float(at)
        candidates = candidates[candidates >= at * 1.05]
    return float("inf")
