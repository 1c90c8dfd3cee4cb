"""The page that says which endpoint is served by which version, trained on what, by whose word."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from understudy.artefacts.manifest import Manifest
from understudy.cli.figures_text import interval, number
from understudy.cli.output import moment, plain
from understudy.cli.waivers import waived

if TYPE_CHECKING:
    from understudy.log.roles import DeploymentRow, Deployments, Role
    from understudy.log.work import ShadowState

# What Markdown, or HTML within it, would take for its own signs.
_SIGNS = re.compile(r"([\\`*_\[\]<>&|~#])")
_BREAK = "<br>"
_ROLE = ("role", "version", "state of the shadow")

Known = Mapping[str, Manifest | str]
States = Mapping[tuple[str, str], "ShadowState"]
"""How each shadow fares, by name and version."""


def page(
    endpoint: str, now: "Deployments", rows: "Sequence[DeploymentRow]", known: Known, states: States
) -> str:
    """
    Return the page of an endpoint in Markdown.

    `known` has the manifest of each deployed digest, or a sentence why it cannot be had; a shadow
    that has no state was not taken up yet.
    """
    lines = [
        f"# Endpoint {text(endpoint)}",
        "",
        _summary(now.live, known),
        "",
        f"As of deployment {now.id}, written {moment(datetime.now(UTC))}.",
        "",
        "## Who serves",
        "",
        *_table((*_ROLE, "since", "by", "why", "waived gates"), _serving(now, states)),
        "",
        "## What they are made of",
        "",
        *_table(
            ("version", "digest", "engine", "trained on", "rows", "time range", "held-out rows"),
            _made(now, known),
        ),
        "",
        "## Every decision",
        "",
        *_table(
            ("id", "at", "who", "action", "version", "digest", "waived gates", "why"),
            _decisions(rows),
        ),
    ]
    return "\n".join(lines) + "\n"


def text(said: object) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    return _SIGNS.sub(r"\\\1", plain(said))


def fares(state: "ShadowState | None") -> str:
    """Say whether a shadow is scored, and if not, why."""
    if state is None:
        return "not scored yet: no shadow process has taken it up"
    detail = f", not scored: {state.detail}" if state.state != "scoring" else ""
    return f"{state.state} since {moment(state.since)}{detail}"


def _summary(live: "Role | None", known: Known) -> str:
    """Say in one sentence who serves, trained on what, since when, by whose decision."""
    if live is None:
        return "Nothing is live."
    found = known[live.digest]
    data = ""
    if isinstance(found, Manifest):
        period = _period(found)
        period = f", {period}" if period else ""
        data = f", trained on {found.training.rows:,} rows{period}"
        data += f" (data set {_short(found.training.digest)})"
    why = f": {text(live.why)}" if live.why else "."
    return (
        f"**{text(live.model)}** answers{data}, since {moment(live.since)}, by the decision of"
        f" {text(live.who)}{why}"
    )


def _period(manifest: Manifest) -> str:
    data = manifest.training
    return text(f"{data.time_column} {data.start} to {data.end}") if data.time_column else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    found = list(rows)
    if not found:
        yield "Nothing yet."
        return
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in found:
        yield f"| {' | '.join(row)} |"


def _roles(now: "Deployments") -> "Iterator[tuple[str, Role]]":
    """Yield each role by its name, the live one first."""
    from understudy.log.roles import is_twin

    if now.live is not None:
        yield "**live**", now.live
    for shadow in now.shadows:
        title = "twin" if is_twin(shadow, now.live) else "shadow"
        yield f"{title} on {shadow.share:.0%}", shadow
    if now.previous is not None:
        yield "previous", now.previous


def _serving(now: "Deployments", states: States) -> Iterator[Sequence[str]]:
    for title, role in _roles(now):
        is_shadow = role in now.shadows
        yield (
            title,
            text(role.model),
            text(fares(states.get(role.key))) if is_shadow else "–",
            moment(role.since),
            text(role.who),
            text(role.why),
            _BREAK.join(map(text, waived(role.waivers))),
        )


def _made(now: "Deployments", known: Known) -> Iterator[Sequence[str]]:
    for digest, role in {role.digest: role for _, role in _roles(now)}.items():
        found = known[digest]
        made = _of(found) if isinstance(found, Manifest) else ("–", text(found), "–", "–", "–")
        yield (text(role.model), _short(digest), *made)


def _of(manifest: Manifest) -> Sequence[str]:
    data = manifest.training
    metrics = (
        text(f"{name} {number(metric.value)} ({interval((metric.low, metric.high))})")
        for name, metric in manifest.metrics.items()
    )
    return (
        manifest.engine,
        _short(data.digest),
        f"{data.rows:,}",
        _period(manifest) or "–",
        _BREAK.join(metrics),
    )


def _decisions(rows: "Sequence[DeploymentRow]") -> Iterator[Sequence[str]]:
    for row in reversed(rows):
        yield (
            str(row.id),
            moment(row.at),
            text(row.who),
            row.action,
            text(row.role.model),
            _short(row.digest),
            text(", ".join(waiver.gate for waiver in row.waivers or ())) or "–",
            text(row.why),
        )


def _short(digest: str) -> str:
    return f"`{digest[:12]}`" if digest.isalnum() else text(digest[:12])
