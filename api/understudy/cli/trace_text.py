"""A trace in words, for a terminal: the answer first, then what lies behind it, layer by layer."""

import json
from collections.abc import Iterator
from textwrap import wrap
from typing import TYPE_CHECKING, Any

from understudy.cli.figures_text import interval
from understudy.cli.figures_text import number as figure
from understudy.cli.models.columns import WIDTH
from understudy.cli.output import moment, plain
from understudy.cli.waivers import waived

if TYPE_CHECKING:
    from understudy.artefacts.dossier import Dossier
    from understudy.artefacts.manifest import Manifest
    from understudy.log.predictions import LivePrediction, RecordedRequest
    from understudy.review.trace import Trace

MOST_INSTANCES = 10

Line = tuple[str, str]


def describe(found: "Trace", number: int | None) -> Iterator[str]:
    """Yield the lines of a trace; of many instances only the first, unless `number` names one."""
    request = found.answer.request
    yield from _aligned(_request(found))
    unit = found.dossier.manifest.output.unit if found.dossier else ""
    chosen = request.predictions if number is None else [request.predictions[number]]
    for live in chosen[:MOST_INSTANCES]:
        yield from _section(f"Instance {live.instance_no}", _instance(request, live, unit))
    if len(chosen) > MOST_INSTANCES:
        more = f"… and {len(chosen) - MOST_INSTANCES} more instances (--instance N, --json has all)"
        yield from ("", more)
    yield from _section("Decision", _decision(found))
    if found.problem:
        yield from ("", f"Caution: {found.problem}")
    if found.dossier:
        yield from _artefact(found.dossier)


def _section(title: str, lines: Iterator[Line]) -> Iterator[str]:
    yield from ("", title)
    for line in _aligned(lines):
        yield f"  {line}"


def _aligned(lines: Iterator[Line]) -> Iterator[str]:
    found = list(lines)
    width = max(len(label) for label, _ in found)
    for label, text in found:
        yield f"{label.ljust(width)}  {text}".rstrip()


def _wrapped(lines: Iterator[Line]) -> Iterator[Line]:
    """Break texts that are too long for a terminal; what is no prose stays whole, to be copied."""
    found = list(lines)
    room = WIDTH - max(len(label) for label, _ in found) - 4  # what stands before it
    for label, text in found:
        first, *others = wrap(text, room, break_on_hyphens=False) or [""]
        yield label, first
        yield from (("", other) for other in others)


def _request(found: "Trace") -> Iterator[Line]:
    request = found.answer.request
    yield "request", request.request_id
    yield "client id", "none" if request.client_id is None else plain(request.client_id)
    yield "answered", f"{moment(request.served_at)} by {request.name}:{request.version}"
    yield "digest", found.answer.digest or "not known"
    yield "recorded", moment(request.recorded_at)
    yield "endpoint", plain(found.endpoint)
    if found.answer.capture is not None:
        yield "capture", f"recorded by {found.answer.capture.capture.title}, not as it was sent"


def _instance(request: "RecordedRequest", live: "LivePrediction", unit: str) -> Iterator[Line]:
    yield "asked", json.dumps(live.instance, ensure_ascii=False)
    yield "answered", _said(live.output, unit)
    for shadow in request.shadows:
        if shadow.instance_no == live.instance_no:
            said = _said(shadow.output, unit) if shadow.status == "scored" else shadow.status
            why = f": {plain(shadow.error)}" if shadow.error else ""
            yield f"shadow {shadow.name}:{shadow.version}", f"{said}{why}"
    known = [one for one in request.outcomes if one.instance_no == live.instance_no]
    for outcome in known:
        revision = f" (revision {outcome.revision})" if len(known) > 1 else ""
        said = f"{_said(outcome.value, unit)}, known since {moment(outcome.received_at)}{revision}"
        yield "outcome", said
    if not known:
        yield "outcome", "not known"


def _said(output: object, unit: str) -> str:
    """Return an output with every digit it was answered with."""
    if isinstance(output, dict) and "label" in output:
        shares = output.get("probabilities")
        return json.dumps(output["label"], ensure_ascii=False) + (
            f" {json.dumps(shares, ensure_ascii=False)}" if shares else ""
        )
    text = json.dumps(output, ensure_ascii=False)
    is_number = isinstance(output, int | float) and not isinstance(output, bool)
    return f"{text} {unit}" if unit and is_number else text


def _decision(found: "Trace") -> Iterator[Line]:
    answerer = found.answer.answerer
    if answerer is None:
        yield "deployment", "not recorded with this answer"
        return
    decision = answerer.decision
    later = f"; roles as of deployment {answerer.as_of}" if answerer.as_of != decision.id else ""
    yield "deployment", f"{decision.id} ({decision.action}) at {moment(decision.at)}{later}"
    yield "by", plain(decision.who)
    yield "why", plain(decision.why) or "no reason was given"
    for text in waived(decision.waivers):
        yield "waived", text


def _artefact(found: "Dossier") -> Iterator[str]:
    manifest = found.manifest
    yield from _section(f"Model {manifest.title}", _model(found))
    yield from _section("Training data", _training(manifest))
    yield from _section("Quality on held-out rows", _quality(manifest))
    yield from _section("Gates", _wrapped(_gates(manifest)))
    yield from _section("Provenance", _provenance(found))


def _model(found: "Dossier") -> Iterator[Line]:
    manifest = found.manifest
    unit = f" in {manifest.output.unit}" if manifest.output.unit else ""
    yield "predicts", plain(f"{manifest.output.target}{unit} ({manifest.task})")
    yield "engine", manifest.engine
    yield "digest", manifest.digest
    yield "seed", "none" if manifest.seed is None else str(manifest.seed)
    if found.provenance is not None:
        signer = f"names the key {plain(found.signed_by)}, not verified here"
        yield "signature", signer if found.signed_by else "none"


def _training(manifest: "Manifest") -> Iterator[Line]:
    data = manifest.training
    yield "digest", data.digest
    yield "rows", f"{data.rows:,}"
    if data.time_column:
        yield "time range", plain(f"{data.time_column} from {data.start} to {data.end}")
    else:
        yield "time range", "no column of the data says"


def _quality(manifest: "Manifest") -> Iterator[Line]:
    for name, metric in manifest.metrics.items():
        yield name, f"{figure(metric.value)} ({interval((metric.low, metric.high))})"
    against = manifest.compared_with
    if against is not None:
        title = f"{against.name}:{against.version}"
        yield "held against", f"{title}, digest {against.digest[:12]}, which was live then"


def _gates(manifest: "Manifest") -> Iterator[Line]:
    silent = [gate.gate for gate in manifest.gates if gate.status == "passed"]
    yield "passed", ", ".join(silent) or "none"
    for gate in manifest.gates:
        if gate.status != "passed":
            yield gate.status, plain(f"{gate.gate}: {gate.summary}")
    for waiver in manifest.waivers:
        yield "waiver", plain(f"{waiver.gate}, by {waiver.by}: {waiver.reason}")


def _provenance(found: "Dossier") -> Iterator[Line]:
    manifest, told = found.manifest, found.provenance
    if told is None:
        yield "packaged", "not known"
    else:
        yield "packaged", plain(f"{_told(told, 'packaged_at')} by {_told(told, 'packaged_by')}")
        yield "on", plain(f"{_told(told, 'host')}, {_told(told, 'platform')}")
        yield "source", _source(told.get("source"))
    yield "libraries", plain(", ".join(f"{name} {v}" for name, v in manifest.libraries.items()))


def _told(provenance: dict[str, Any], key: str) -> object:
    return provenance.get(key) or "unknown"


def _source(source: Any) -> str:
    if not isinstance(source, dict):
        return "not under version control"
    state = "with changes that were not committed" if source.get("dirty") else "as committed"
    return plain(f"revision {source.get('revision')}, {state}")
