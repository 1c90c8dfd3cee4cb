"""The noise floor beside the disagreement: how far live differs from its own twin."""

from understudy.comparison.compare import Comparison
from understudy.comparison.noise import LEAST_UNITS, NoiseFloor
from understudy.dashboard.table import Table, table
from understudy.presentation.numbers import SPACE, count, number, percent


def sentence(found: Comparison) -> str:
    """Say how far live differs from itself, or that nobody has measured it."""
    floor = found.noise
    if floor is None:
        return (
            f"How far {found.live} differs from itself has not been measured: no twin of it has"
            " scored anything."
        )
    if not floor.differing:
        return (
            f"Noise floor: live and its twin gave the same answer to all {count(floor.units)}"
            " units, so every difference is the shadow's own."
        )
    text = (
        f"Noise floor: live and its twin differ on {percent(floor.differing)} of"
        f" {count(floor.units)} units"
    )
    if floor.p99 is None:
        return f"{text}; no shadow can be asked for less."
    far = number(floor.p99, found.measured_in)
    return (
        f"{text}, by less than {far} in 99{SPACE}% of the pairs; no shadow can be asked for less."
    )


def figures(found: Comparison) -> Table | None:
    """Show the twin's figures beside the shadow's."""
    floor = found.noise
    if floor is None:
        return None
    rows = [
        ("Pairs", count(floor.pairs), count(found.pairs.pairs)),
        ("Units", count(floor.units), count(found.pairs.units)),
        ("Failed", count(floor.failed), count(found.coverage.failed)),
        ("Answers that differ", percent(floor.differing), percent(_differing(found))),
        *_labels(floor, found),
        *_quantiles(floor, found),
    ]
    unit = f", in {found.measured_in}" if found.measured_in else ""
    return table(
        f"Live against its twin, and against the shadow{unit}",
        ("Figure", "Twin", "Shadow"),
        rows,
        _note(floor),
    )


def _differing(found: Comparison) -> float | None:
    same = found.pairs.description.get("identical_share")
    return None if same is None else 1 - same


def _labels(floor: NoiseFloor, found: Comparison) -> list[tuple[str, str, str]]:
    share = next((guard for guard in found.pairs.guards if guard.name == "labels"), None)
    if floor.labels_differing is None:
        return []
    shadow = percent(None if share is None else share.estimate)
    return [("Labels that differ", percent(floor.labels_differing), shadow)]


def _quantiles(floor: NoiseFloor, found: Comparison) -> list[tuple[str, str, str]]:
    if floor.p99 is None:
        return []
    own = found.pairs.description
    names = (
        (f"95{SPACE}% of the pairs are nearer than", floor.p95, "q95_abs"),
        (f"99{SPACE}% of the pairs are nearer than", floor.p99, "q99_abs"),
        ("Largest distance", floor.largest, "max_abs"),
    )
    return [(name, number(twin), number(own.get(key))) for name, twin, key in names]


def _note(floor: NoiseFloor) -> str:
    if floor.units >= LEAST_UNITS:
        return ""
    return f"Fewer than {LEAST_UNITS} units: the outer figures are little more than the largest."
