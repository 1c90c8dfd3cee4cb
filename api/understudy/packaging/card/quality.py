"""How well the model answers held-out rows: altogether, against live, and slice by slice."""

from typing import cast

from understudy.artefacts.manifest import Manifest
from understudy.artefacts.vetting import GateResult
from understudy.packaging.card.facts import Facts, Plot, Section
from understudy.packaging.card.figures import named, rows_told
from understudy.packaging.card.purpose import plain_figure
from understudy.packaging.gates.losses import LOSS_NAMES, Loss
from understudy.presentation.markdown import code, plain, table
from understudy.presentation.metrics import IN_UNIT
from understudy.presentation.numbers import count, number

# What the gate `live` tells of the two models.
_LOSSES = ("new_loss", "live_loss", "difference", "low", "high")


def quality(manifest: Manifest, facts: Facts) -> str:
    """Return the metrics with their intervals, and the plots of the answers."""
    rows = [
        [named(name), plain_figure(metric.value, manifest.output.unit if name in IN_UNIT else ""),
         f"{number(metric.low)} to {number(metric.high)}"]
        for name, metric in manifest.metrics.items()
    ]  # fmt: skip
    figures = table(["metric", "value", "95 % interval"], rows, (1, 2))
    text = f"## Quality\n\nOn {count(facts.test_rows)} held-out rows.\n\n{figures}"
    return "\n\n".join([text, *_plots(facts, "quality")])


def against_live(manifest: Manifest) -> str:
    """Return how the model compares with the version that served when it was packaged."""
    live = manifest.compared_with
    if live is None:
        return "## Against the live version\n\nThis model was held against no other version."
    parts = [
        f"## Against the live version\n\nHeld against {code(f'{live.name}:{live.version}')},"
        f" digest {code(live.digest[:12])}. Losses are compared on held-out rows that neither was"
        " trained on."
    ]
    for name in ("live", "deviation"):
        result = gate(manifest, name)
        if result is None or result.status == "skipped":
            continue
        parts.append(f"**{result.status.capitalize()}**: {plain(result.summary)}.")
        parts += _losses(manifest, result)
        parts += [rows_told(result)] if result.rows else []
    return "\n\n".join(parts)


def slices(manifest: Manifest, facts: Facts) -> str:
    """Return the table of the slices, as the gate ordered it: the worst first."""
    result = gate(manifest, "slices")
    if result is None:
        return "## Slices\n\nNo slices were looked at."
    parts = [f"## Slices\n\n**{result.status.capitalize()}**: {plain(result.summary)}."]
    parts += _plots(facts, "slices")
    parts += [rows_told(result)] if result.rows else []
    return "\n\n".join(parts)


def gate(manifest: Manifest, name: str) -> GateResult | None:
    """Return what one gate found, None if it was not asked."""
    return next((result for result in manifest.gates if result.gate == name), None)


def _losses(manifest: Manifest, result: GateResult) -> list[str]:
    """Return the losses of both and their difference, if this is what a gate found."""
    found = {name: result.figures.get(name) for name in _LOSSES}
    numbers = {name: float(v) for name, v in found.items() if isinstance(v, int | float)}
    if set(numbers) != set(_LOSSES) or manifest.compared_with is None:
        return []
    new, live, gap, low, high = (number(numbers[name]) for name in _LOSSES)
    other = code(f"{manifest.compared_with.name}:{manifest.compared_with.version}")
    rows = [
        [code(manifest.title), new, ""],
        [other, live, ""],
        ["difference", gap, f"{low} to {high}"],
    ]
    name = LOSS_NAMES.get(cast(Loss, result.figures.get("loss")), "mean loss")
    return [table([name, "value", "95 % interval"], rows, (1, 2))]


def _plots(facts: Facts, section: Section) -> list[str]:
    return [_plot(plot) for plot in facts.plots if plot.section == section]


def _plot(plot: Plot) -> str:
    return f"![{plain(plot.title)}]({plot.file})\n\n*{plain(plot.caption)}*"
