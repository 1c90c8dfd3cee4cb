"""What was measured of two versions, what the gates found, and how they are run."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain

from understudy.artefacts.manifest import Manifest, Metric
from understudy.artefacts.vetting import GateResult, Waiver


@dataclass(frozen=True)
class MetricPair:
    """A metric of both versions, each on its own held-out rows; None where one has no such."""

    name: str
    before: Metric | None
    after: Metric | None


@dataclass(frozen=True)
class GatePair:
    """What a gate found of both versions; None where it was not asked."""

    gate: str
    before: GateResult | None
    after: GateResult | None
    waivers: tuple[Waiver | None, Waiver | None]

    @property
    def is_changed(self) -> bool:
        """Whether the status or the summary differs."""
        sides = [(one.status, one.summary) if one else None for one in (self.before, self.after)]
        return sides[0] != sides[1] or self.waivers[0] != self.waivers[1]


@dataclass(frozen=True)
class Pair:
    """A named text of both versions that differs; None where one has no such."""

    name: str
    before: str | None
    after: str | None


def contrast_metrics(first: Manifest, second: Manifest) -> tuple[MetricPair, ...]:
    """Return every metric that either version has."""
    sides = first.metrics, second.metrics
    return tuple(MetricPair(name, *(side.get(name) for side in sides)) for name in _names(*sides))


def contrast_gates(first: Manifest, second: Manifest) -> tuple[GatePair, ...]:
    """Return every gate that either version was asked, in the order of asking."""
    sides = [{result.gate: result for result in m.gates} for m in (first, second)]
    waivers = [{waiver.gate: waiver for waiver in m.waivers} for m in (first, second)]
    return tuple(
        GatePair(
            gate, sides[0].get(gate), sides[1].get(gate),
            (waivers[0].get(gate), waivers[1].get(gate)),
        )
        for gate in _names(*sides)
    )  # fmt: skip


def contrast_facts(first: Manifest, second: Manifest) -> tuple[Pair, ...]:
    """Return what else the manifests say of themselves, where it differs."""
    sides = _facts(first), _facts(second)
    return _differing(*sides)


def contrast_libraries(first: Manifest, second: Manifest) -> tuple[Pair, ...]:
    """Return the libraries of which the versions were packaged with different releases."""
    return _differing(first.libraries, second.libraries)


def _facts(manifest: Manifest) -> dict[str, str]:
    live, output = manifest.compared_with, manifest.output
    return {
        "task": manifest.task,
        "target": f"{output.target} {output.unit}".rstrip(),
        "classes": ", ".join(output.classes or ()),
        "positive class": output.positive or "",
        "threshold": "" if output.threshold is None else f"{output.threshold:g}",
        "engine": manifest.engine,
        **{f"not {name}": reason for name, reason in manifest.engine_reasons.items()},
        "input form": manifest.input_form,
        "held against": f"{live.name}:{live.version} {live.digest[:12]}" if live else "",
        "seed": "" if manifest.seed is None else str(manifest.seed),
        "description": manifest.description,
        "intended use": manifest.intended_use,
        "limitations": manifest.limitations,
    }


def _differing(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Pair, ...]:
    pairs = [Pair(name, before.get(name), after.get(name)) for name in _names(before, after)]
    return tuple(pair for pair in pairs if (pair.before or "") != (pair.after or ""))


def _names(*sides: Mapping[str, object]) -> list[str]:
    return list(dict.fromkeys(chain(*sides)))
