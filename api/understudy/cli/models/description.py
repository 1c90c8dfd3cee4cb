"""A model version in words, for a terminal."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from understudy.artefacts.schema import MOST_LISTED, describe_range
from understudy.cli.models.columns import columns, print_columns
from understudy.cli.output import plain
from understudy.presentation.numbers import count, number

if TYPE_CHECKING:
    from understudy.artefacts.dossier import Dossier
    from understudy.artefacts.manifest import Manifest
    from understudy.artefacts.schema import Field

Line = tuple[str, str]


def describe(dossier: "Dossier") -> None:
    """Print the facts of a version, then its metrics, gates and fields as tables."""
    manifest = dossier.manifest
    click.echo(f"{manifest.title}  {manifest.task}, engine {manifest.engine}")
    for line in columns([*_facts(manifest), *_beside(dossier)]):
        click.echo(line)
    click.echo()
    metrics = [(n, number(m.value), number(m.low), number(m.high))
               for n, m in manifest.metrics.items()]  # fmt: skip
    print_columns(("metric", "value", "from", "to (95 %)"), metrics, right=(1, 2, 3))
    click.echo()
    gates = [(result.gate, result.status, result.summary) for result in manifest.gates]
    print_columns(("gate", "status", "what it found"), gates)
    _fields("feature", manifest.input_schema.features)
    _fields("carried", manifest.input_schema.carried)


def _fields(kind: str, fields: "Sequence[Field]") -> None:
    """Print what is asked and expected of fields; nothing where there are none."""
    if fields:
        click.echo()
        rows = [(f.name, f.type, _yes(f.required), _yes(f.nullable), _expected(f)) for f in fields]
        print_columns((kind, "type", "required", "nullable", "expected"), rows)


def _yes(answer: bool) -> str:
    return "yes" if answer else "no"


def _expected(field: "Field") -> str:
    """Put ranges, levels and units into words, and whether anything else is refused."""
    expected = describe_range(field) or (f"in {field.unit}" if field.unit else "")
    if field.categories is not None:
        expected = ", ".join(field.categories[:MOST_LISTED]) or "nothing"
        more = len(field.categories) - MOST_LISTED
        expected += f" and {count(more)} more" if more > 0 else ""
    is_strict = expected and field.outside == "refuse"
    return f"{expected}; else refused" if is_strict else expected


def _facts(manifest: "Manifest") -> Iterator[Line]:
    yield "digest", manifest.digest
    if manifest.description:
        yield "about", manifest.description
    yield "target", f"{manifest.output.target} {manifest.output.unit}".rstrip()
    training = manifest.training
    period = f", {training.time_column} {training.start} to {training.end}"
    known = period if training.time_column else ""
    yield "training", f"{training.rows:,} rows{known}, digest {training.digest[:12]}"
    live = manifest.compared_with
    if live is not None:
        yield "held against", f"{live.name}:{live.version}, digest {live.digest[:12]}"
    for waiver in manifest.waivers:
        yield "WAIVED", f"{waiver.gate} by {waiver.by}: {waiver.reason}"
    for name, reason in manifest.engine_reasons.items():
        yield "engine", f"{name} was not chosen: {reason}"


def _beside(dossier: "Dossier") -> Iterator[Line]:
    """Tell what is kept beside the manifest: signature, origin and costs."""
    if dossier.problem is not None:
        yield "caution", f"nothing but the manifest can be read: {dossier.problem}"
        return
    signer = dossier.signed_by
    yield "signature", f"names the key {signer}, not verified here" if signer else "none"
    told = dossier.provenance or {}
    yield "packaged", f"by {told.get('packaged_by')} at {told.get('packaged_at')}"
    yield "source", _source(told.get("source"))
    costs = told.get("cpu_ms_per_row")
    if isinstance(costs, dict):
        ordered = sorted(costs.items(), key=lambda item: (len(item[0]), item[0]))
        yield "cost", ", ".join(f"{_cost(ms)} at {rows}" for rows, ms in ordered) + " rows at once"


def _cost(ms: object) -> str:
    return f"{number(ms)} ms" if isinstance(ms, int | float) else plain(ms)


def _source(source: object) -> str:
    if not isinstance(source, dict):
        return "not under version control"
    state = ", with changes that were not committed" if source.get("dirty") else ""
    return f"revision {source.get('revision')}{state}"
