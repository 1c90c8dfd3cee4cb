"""What `understudy models package` tells of an artefact that it made, and of a refusal."""

import textwrap
from collections.abc import Collection, Iterator
from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

from understudy.cli.models.columns import WIDTH, columns
from understudy.cli.output import plain
from understudy.packaging.gates.limits import Limits
from understudy.packaging.gates.run import GATES
from understudy.presentation.numbers import number

if TYPE_CHECKING:
    from understudy.artefacts.artefact import Artefact
    from understudy.artefacts.manifest import Manifest
    from understudy.artefacts.vetting import GateResult
    from understudy.errors import ArtefactRefused

# What helps where the gate's own sentence does not say it.
ADVICE = {
    "schema": "Mend the rows, or say in --schema what a field may hold.",
    "quiz": "Mend the model, or the question if its answer is wrong.",
    "quality": "Train a better model.",
    "baseline": "It has learned nothing that these test rows can show: look at features and split.",
    "simpler": "Package the simpler model.",
    "slices": "Train with more rows of the slice.",
    "live": "Keep the live version.",
    "deviation": "Look at the rows that deviate most, and whether the new answers are right.",
    "cost": "Choose a smaller model, or one that the compiled engine knows.",
}


def to_json(
    artefact: "Artefact", stored: str | None, overrides: Collection[str] = ()
) -> dict[str, object]:
    """
    Return all that is told of an artefact, for programs.

    `stored` is the store's address, `overrides` are the gates that were to be overruled.
    """
    manifest = artefact.manifest
    return {
        "packaged": True,
        "name": manifest.name,
        "version": manifest.version,
        "folder": str(artefact.folder),
        "digest": artefact.digest,
        "stored": stored,
        "task": manifest.task,
        "engine": manifest.engine,
        "engine_reasons": manifest.engine_reasons,
        "cpu_ms_per_row": artefact.provenance()["cpu_ms_per_row"],
        "bytes": _size(artefact),
        "metrics": {name: asdict(metric) for name, metric in manifest.metrics.items()},
        "gates": [asdict(result) for result in manifest.gates],
        "waivers": [asdict(waiver) for waiver in manifest.waivers],
        "overrides_not_needed": [result.gate for result in _unneeded(manifest, overrides)],
        "compared_with": manifest.compared_with and asdict(manifest.compared_with),
    }


def refusal_json(error: "ArtefactRefused") -> dict[str, object]:
    """
    Return the reasons of a refusal for programs; `gate` is null where no gate gave it.

    `gates` are the results of all of them, none if it was refused before they were asked.
    """
    figures = {result.gate: result.figures for result in error.gates}
    return {
        "packaged": False,
        "model": error.title,
        "reasons": [
            {
                "gate": gate,
                "summary": summary,
                "figures": figures.get(gate, {}),
                "can_be_overruled": gate is not None and not _is_absolute(gate),
                "help": list(_remedies(gate)) if gate else [],
            }
            for gate, summary in map(_parted, error.reasons)
        ],
        "gates": [asdict(result) for result in error.gates],
    }


def describe_artefact(
    artefact: "Artefact", stored: str | None, overrides: Collection[str] = ()
) -> list[str]:
    """Return the lines that tell a person what was packaged and what the gates found."""
    manifest = artefact.manifest
    gates = [(result.gate, result.status, result.summary) for result in manifest.gates]
    lines = [f"{manifest.title} is packaged in {artefact.folder}"]
    if stored is not None:
        lines.append(f"and stored in {stored}")
    lines += ["", *columns(list(_facts(artefact)))]
    lines += ["", *columns([("gate", "status", "what it found"), *gates])]
    for waiver in manifest.waivers:
        lines += ["", f"{waiver.by} waived {waiver.gate}: {waiver.reason}"]
    for result in _unneeded(manifest, overrides):
        told = f"the override of {result.gate} was not needed: {result.summary}"
        lines += ["", *_wrapped(told, 0, 2)]
    return [*lines, "", *_next_steps(artefact, stored)]


def describe_refusal(error: "ArtefactRefused") -> list[str]:
    """Return the lines that tell a person why a model is refused and what can be done."""
    lines = [f"Error: {error.title} is refused."]
    for reason in error.reasons:
        gate, summary = _parted(reason)
        lines += ["", *_wrapped(f"{gate}: {summary}" if gate else summary, 2, 4)]
        for remedy in _remedies(gate) if gate else ():
            lines += _wrapped(remedy, 4, 4)
    return lines


def _unneeded(manifest: "Manifest", overrides: Collection[str]) -> "list[GateResult]":
    """Return what those gates found that were to be overruled and did not refuse."""
    return [r for r in manifest.gates if r.gate in overrides and r.status != "waived"]


def _facts(artefact: "Artefact") -> Iterator[tuple[str, str]]:
    """Yield what is told of an artefact, each with its label."""
    manifest = artefact.manifest
    yield "digest", artefact.digest
    yield "engine", manifest.engine
    for name, reason in manifest.engine_reasons.items():
        yield "", f"not {name}: {reason}"
    yield "cost", _cost(artefact)
    yield "size", f"{_size(artefact) / 1000:,.0f} kB in {len(manifest.files) + 2} files"
    yield "training", f"{manifest.training.rows:,} rows, digest {manifest.training.digest[:12]}"
    yield from _metrics(manifest)
    if manifest.compared_with is not None:
        there = manifest.compared_with
        yield "live", f"held against {there.name}:{there.version}, digest {there.digest[:12]}"


def _cost(artefact: "Artefact") -> str:
    costs: Any = artefact.provenance()["cpu_ms_per_row"]
    sizes = sorted(map(int, costs))
    shown = ", ".join(f"{costs[str(rows)]:.2g} in batches of {rows:,}" for rows in sizes[1:])
    return f"{costs['1']:.2g} ms of CPU for a row asked alone, {shown} (on this machine)"


def _metrics(manifest: "Manifest") -> Iterator[tuple[str, str]]:
    """Yield the metrics on held-out rows; the first line says what the interval is."""
    what = ", 95 % interval on held-out rows"
    for name, metric in manifest.metrics.items():
        ends = f"{number(metric.low)} to {number(metric.high)}"
        yield name, f"{number(metric.value)} ({ends}{what})"
        what = ""


def _next_steps(artefact: "Artefact", stored: str | None) -> list[str]:
    title, role = artefact.manifest.title, "live"
    if artefact.manifest.compared_with is not None:
        role = "shadow"
    steps = [f"understudy models card {artefact.folder}"]
    if stored is None:
        steps.append(f"understudy models push {artefact.folder}")
    return ["Next:", *(f"  {step}" for step in [*steps, f"understudy deploy {title} --{role}"])]


def _remedies(gate: str) -> Iterator[str]:
    """Yield what helps against the refusal of a gate: mend, set another limit, overrule."""
    if gate in ADVICE:
        yield ADVICE[gate]
    section = getattr(Limits(), gate, None)
    if section is not None:
        names = ", ".join(f"{gate}.{spec.name}" for spec in fields(section))
        yield f"gates.yaml sets {names}."
    if _is_absolute(gate):
        yield "It cannot be overruled."
    else:
        yield f'To overrule it: --override {gate} --reason "…"'


def _is_absolute(gate: str) -> bool:
    return any(known.name == gate and known.is_absolute for known in GATES)


def _parted(reason: str) -> tuple[str | None, str]:
    """Part the sentence of a gate from its name; other reasons have none."""
    gate, separator, summary = reason.partition(": ")
    is_gate = bool(separator) and gate in {known.name for known in GATES}
    return (gate, summary) if is_gate else (None, reason)


def _size(artefact: "Artefact") -> int:
    return sum(path.stat().st_size for path in artefact.folder.iterdir())


def _wrapped(text: str, indent: int, hanging: int) -> list[str]:
    return textwrap.wrap(
        plain(text),
        WIDTH,
        initial_indent=" " * indent,
        subsequent_indent=" " * hanging,
        break_on_hyphens=False,
        break_long_words=False,
    )
