"""Draws the plots of a card beside it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from understudy.artefacts.manifest import Manifest
from understudy.packaging.card.facts import Plot, Section
from understudy.packaging.card.quality import gate
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.losses import LOSS_NAMES, Loss
from understudy.packaging.metrics import class_numbers

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from understudy.packaging.plots import SliceLoss

Drawn = tuple[str, Section, str, str, "Figure"]


def draw_plots(folder: Path, manifest: Manifest, case: Case) -> tuple[Plot, ...]:
    """Write the plots that suit a model into its folder; the same model gives the same bytes."""
    # Matplotlib takes a second to load, and nothing but a card needs it here.
    from understudy.presentation.canvas import to_svg

    plots = []
    for name, section, title, caption, figure in _drawn(manifest, case):
        plot = Plot(f"card-{name}.svg", section, title, caption)
        (folder / plot.file).write_text(to_svg(figure), encoding="utf-8")
        plots.append(plot)
    return tuple(plots)


def _drawn(manifest: Manifest, case: Case) -> Iterator[Drawn]:
    if case.test_scores.values is not None:
        yield from _of_numbers(manifest, case)
    else:
        yield from _of_classes(manifest, case)
    yield from _of_slices(manifest)


def _of_numbers(manifest: Manifest, case: Case) -> Iterator[Drawn]:
    from understudy.packaging import plots

    output = manifest.output
    label = f"{output.target} ({output.unit})" if output.unit else output.target
    truth = case.given.test_target.astype(np.float64)
    answers = np.asarray(case.test_scores.values)
    figure = plots.predicted_against_true(truth, answers, label)
    caption = (
        "Every dot is a held-out row, at most 1,000 of them and the largest errors in any case;"
        " right answers lie on the line."
    )
    yield "predicted-against-true", "quality", "Predicted against true values", caption, figure
    figure = plots.error_by_answer(truth, answers, label)
    caption = (
        "Held-out rows in groups with alike answers. The dot is the median error, the bar the"
        " middle half, the line 90 % of the rows; above zero the answers are too high."
    )
    yield "error-by-answer", "quality", "Errors by predicted value", caption, figure


def _of_classes(manifest: Manifest, case: Case) -> Iterator[Drawn]:
    from understudy.packaging import plots

    scores, classes = case.test_scores, manifest.output.classes or ()
    truth = class_numbers(case.given.test_target, classes)
    positive = manifest.output.positive
    if positive is not None and scores.probabilities is not None:
        number = classes.index(positive)
        figure = plots.calibration(scores.probabilities[:, number], truth == number, positive)
        caption = (
            "Held-out rows in groups with alike probabilities: what was predicted against what"
            " came, with 95 % intervals. On the line a probability means what it says."
        )
        yield "calibration", "quality", "Calibration", caption, figure
    labels = np.asarray(scores.labels)
    figure = plots.confusion(truth, labels, classes)
    caption = "Held-out rows by true and predicted class; right answers lie on the diagonal."
    yield "confusion", "quality", "True and predicted classes", caption, figure


def _of_slices(manifest: Manifest) -> Iterator[Drawn]:
    from understudy.packaging import plots

    result = gate(manifest, "slices")
    if result is None or not result.rows:
        return
    found = [_slice(row) for row in result.rows]
    loss = LOSS_NAMES.get(cast(Loss, result.figures.get("loss")), "loss")
    overall = cast(float | None, result.figures.get("mean_loss"))
    live = manifest.compared_with
    names = plots.Names(loss, manifest.title, f"{live.name}:{live.version}" if live else "")
    figure = plots.slice_losses(found, overall, names)
    caption = f"The mean loss of the held-out rows of each slice ({loss}), the worst slices first."
    yield "slices", "slices", "Loss by slice", caption, figure


def _slice(row: Mapping[str, object]) -> "SliceLoss":
    """Return a row of the gate."""
    from understudy.packaging.plots import SliceLoss

    live_loss = cast(float | None, row.get("live_loss"))
    ours = cast(float, row["loss"])
    return SliceLoss(str(row["slice"]), cast(int, row["rows"]), ours, live_loss)
