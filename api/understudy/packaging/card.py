"""The model card: what a person should know of a model before using it."""

from understudy.artefacts.artefact import QuizItem
from understudy.artefacts.manifest import FeatureSummary, Manifest
from understudy.artefacts.schema import Field

MOST_LEVELS = 8


def write_card(manifest: Manifest, quiz: tuple[QuizItem, ...]) -> str:
    """Return the model card of a manifest, in Markdown."""
    sections = [
        f"# {manifest.title}\n",
        f"{manifest.description}\n" if manifest.description else "",
        _purpose(manifest),
        _training(manifest),
        _quality(manifest),
        _serving(manifest, quiz),
        _inputs(manifest),
    ]
    return "\n".join(section for section in sections if section)


def _purpose(manifest: Manifest) -> str:
    output = manifest.output
    unit = f" in {output.unit}" if output.unit else ""
    if output.classes is None:
        return f"Predicts the number `{output.target}`{unit}.\n"
    known = ", ".join(f"`{name}`" for name in output.classes)
    extra = f" Its primary value is the probability of `{output.positive}`." * bool(output.positive)
    return f"Predicts the class `{output.target}`, one of {known}.{extra}\n"


def _training(manifest: Manifest) -> str:
    training = manifest.training
    time = ""
    if training.time_column:
        time = f" with `{training.time_column}` from {training.start} to {training.end}"
    seed = "" if manifest.seed is None else f" The seed was {manifest.seed}."
    return (
        f"## Training data\n\n{training.rows} rows{time}."
        f" Their digest is `{training.digest[:12]}`.{seed}\n"
    )


def _quality(manifest: Manifest) -> str:
    rows = [
        f"| {name} | {metric.value:.6g} | {metric.low:.6g} to {metric.high:.6g} |"
        for name, metric in manifest.metrics.items()
    ]
    head = "| metric on held-out rows | value | 95 % interval |\n|---|---|---|"
    return "\n".join(["## Quality\n", head, *rows]) + "\n"


def _serving(manifest: Manifest, quiz: tuple[QuizItem, ...]) -> str:
    given = sum(item.origin == "given" for item in quiz)
    lines = [f"Runs in the engine `{manifest.engine}`."]
    lines += [f"Not in `{name}`: {reason}." for name, reason in manifest.engine_reasons.items()]
    lines += [f"Passes {given} quiz questions of a person and {len(quiz) - given} of its own."]
    return "## Serving\n\n" + "\n".join(f"- {line}" for line in lines) + "\n"


def _inputs(manifest: Manifest) -> str:
    rows = [
        _input_row(field, manifest.features[field.name]) for field in manifest.input_schema.features
    ]
    head = "| feature | type | missing | seen in training |\n|---|---|---|---|"
    carried = ", ".join(field.name for field in manifest.input_schema.carried)
    tail = f"\n\nCarried, not used: {carried}." if carried else ""
    return "\n".join(["## Inputs\n", head, *rows]) + tail + "\n"


def _input_row(field: Field, summary: FeatureSummary) -> str:
    missing = f"{summary.missing_share:.1%}" if field.nullable else "refused"
    seen = ""
    if summary.minimum is not None and summary.maximum is not None:
        seen = f"{summary.minimum:g} to {summary.maximum:g}"
    elif summary.levels is not None:
        ordered = sorted(summary.levels.items(), key=lambda item: (-item[1], item[0]))
        seen = ", ".join(f"{name} ({count})" for name, count in ordered[:MOST_LEVELS])
        seen += f", {len(ordered) - MOST_LEVELS} more" if len(ordered) > MOST_LEVELS else ""
    return f"| {field.name} | {field.type} | {missing} | {seen} |"
