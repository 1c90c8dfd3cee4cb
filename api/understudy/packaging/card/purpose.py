"""What the model is, in one paragraph, and what it is for."""

from collections import Counter

from understudy.artefacts.manifest import Manifest
from understudy.packaging.card.facts import Facts
from understudy.presentation.markdown import code, paragraphs, plain
from understudy.presentation.metrics import IN_UNIT, METRICS
from understudy.presentation.numbers import count, number

MOST_CLASSES = 10


def summary(manifest: Manifest, facts: Facts) -> str:
    """Return the paragraph for those who read no further."""
    sentences = [
        _predicts(manifest),
        _learnt(manifest),
        _reaches(manifest, facts),
        _vetted(manifest),
    ]
    text = " ".join(sentences)
    return f"{paragraphs(manifest.description)}\n\n{text}" if manifest.description.strip() else text


def use(manifest: Manifest) -> str:
    """Return what the model is meant for and what not, or that nobody has said so."""
    intended = paragraphs(manifest.intended_use) or (
        "**Nobody has stated what this model is meant for.** Ask those who packaged it before"
        " using it for anything but a trial."
    )
    limits = paragraphs(manifest.limitations) or (
        "**Nobody has stated what this model must not be used for.** What its data and its gates"
        " show stands under [Limits](#limits)."
    )
    return f"## Intended use\n\n{intended}\n\n## Out of scope\n\n{limits}"


def _predicts(manifest: Manifest) -> str:
    output = manifest.output
    if output.classes is None:
        unit = f" in {plain(output.unit)}" if output.unit.strip() else ""
        return f"Predicts the number {code(output.target)}{unit}."
    listed = [code(name) for name in output.classes[:MOST_CLASSES]]
    more = len(output.classes) - len(listed)
    known = ", ".join(listed) + (f" and {count(more)} more" if more else "")
    text = f"Predicts the class {code(output.target)}, one of {known}."
    if not output.has_probabilities:
        return f"{text} It gives a label and no probabilities."
    if output.positive is None:
        return f"{text} It gives a label and the probability of each class."
    threshold = "" if output.threshold is None else f", and its label from {output.threshold:g} on"
    return f"{text} Its primary value is the probability of {code(output.positive)}{threshold}."


def _learnt(manifest: Manifest) -> str:
    training, features = manifest.training, len(manifest.input_schema.features)
    period = f" from {training.start} to {training.end}" if training.time_column else ""
    return (
        f"It looks at {count(features)} {'feature' if features == 1 else 'features'} and was"
        f" trained on {count(training.rows)} rows{period}."
    )


def _reaches(manifest: Manifest, facts: Facts) -> str:
    name, metric = next(iter(manifest.metrics.items()))
    unit = manifest.output.unit if name in IN_UNIT else ""
    return (
        f"On {count(facts.test_rows)} held-out rows its {METRICS.get(name, plain(name))} is"
        f" {plain_figure(metric.value, unit)}"
        f" (95 % interval {number(metric.low)} to {number(metric.high)})."
    )


def _vetted(manifest: Manifest) -> str:
    counts: Counter[str] = Counter(result.status for result in manifest.gates)
    order = ("passed", "warned", "waived", "refused", "skipped")
    parts = [f"{counts[status]} {status}" for status in order if counts[status]]
    return f"Of {count(len(manifest.gates))} gates, {', '.join(parts)}."


def plain_figure(value: float, unit: str) -> str:
    """Return a figure with its unit, which a person gave."""
    return number(value, plain(unit))
