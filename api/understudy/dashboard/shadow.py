"""The page of one shadow, and the card that stands for it on the first page."""

from typing import Any

from understudy.comparison.compare import Comparison
from understudy.dashboard import drift, earlier, explained, noise, slices
from understudy.dashboard.chart import Chart
from understudy.dashboard.development import development
from understudy.dashboard.histogram import Marks, disagreements
from understudy.dashboard.latest import latest
from understudy.dashboard.rendering import fragment
from understudy.dashboard.sheet import Sheet
from understudy.dashboard.strips import coverage_bar, guard_strip, told
from understudy.dashboard.table import Table, address, table
from understudy.dashboard.wording import SHAPES, SIGNS, in_words
from understudy.presentation.numbers import count, number, percent
from understudy.report import headline, narrative, tables
from understudy.review.board import Board, Labels

GUARDS_NOTE = (
    "A limit counts as kept only when the whole interval lies within it. The verdict rests on the"
    " limits that decide."
)


def draw_sheet(board: Board) -> Sheet:
    """Return the card and the page of a board."""
    found = board.comparison
    values = _shared(board)
    return Sheet(
        title=f"{in_words(found.verdict)}: {found.shadow}",
        card=fragment("card.html", **values),
        content=fragment("shadow.html", **values, **_sections(board)),
        made_at=board.made_at,
    )


def _shared(board: Board) -> dict[str, Any]:
    found = board.comparison
    return {
        "found": found,
        "live": board.live,
        "role": board.shadow,
        "word": in_words(found.verdict),
        "shape": SHAPES[found.verdict],
        "opening": _opening(found),
        "figures": narrative.cards(found),
        "coverage_bar": coverage_bar(found.coverage),
        "coverage_told": told(found.coverage),
        "target": address("shadows", found.shadow),
    }


def _opening(found: Comparison) -> tuple[str, ...]:
    """Say what stands right under the verdict, the most important first."""
    sentence = headline.said(found)
    return (sentence[:1].upper() + sentence[1:], *narrative.opening(found)[:1])


def _sections(board: Board) -> dict[str, Any]:
    found = board.comparison
    outcomes, inputs, outputs = found.outcomes, found.input_drift, found.output_drift
    return {
        "reasons": narrative.reasons(found),
        "cautions": narrative.cautions(found),
        "developments": [development(path, found.measured_in) for path in board.developments],
        "guards": guards(found),
        "histogram": _histogram(board),
        "labels": None if board.labels is None else labels(board.labels),
        **_parts(found),
        "coverage": table("Where every instance went", *tables.coverage(found)),
        "segments": segments(found),
        "errors": _errors(found),
        "no_outcomes": narrative.no_outcomes(found),
        "waiting": narrative.waiting(found) if outcomes is not None else "",
        "moved": drift.moved(board.moved) if board.moved else None,
        "drifted": narrative.drifted(inputs, "an input") if inputs else "",
        "all_inputs": drift.every(inputs, "All findings on the inputs") if inputs else None,
        "all_outputs": drift.every(outputs, "Live’s answers against held-out rows")
        if outputs
        else None,
        "latest": latest(board.latest, found.measured_in) if board.latest else None,
        "textbook": _textbook(found),
        "description": _description(found),
        "policy": table("The policy in full", *tables.policy(found)),
        "earlier": earlier.earlier(board.earlier),
    }


def _parts(found: Comparison) -> dict[str, Any]:
    """Return where the two are apart or the shadow worse, why, and how far equals may differ."""
    report, why = found.slices, found.explanation
    is_signed = slices.has_numbers(found) and found.task != "multiclass"
    return {
        "slices": report,
        "searched": slices.searched(report) if report else "",
        "worst": slices.worst(report, found) if report else None,
        "apart": slices.apart(report, found) if report else None,
        "explained": explained.sentence(why),
        "rules": explained.rules(why, found.measured_in, is_signed=is_signed),
        "features": explained.features(why),
        "noise": noise.sentence(found),
        "noise_figures": noise.figures(found),
    }


def guards(found: Comparison) -> Table:
    """Show every limit with its interval drawn over what is allowed."""
    head, rows = tables.guards(found)
    known = [*found.pairs.guards]
    if found.outcomes is not None:
        known += [found.outcomes.not_worse, found.outcomes.better]
    known.sort(key=lambda guard: not guard.decides)
    shown = [
        (
            what,
            f"{SIGNS[guard.state]} {state}",
            estimate,
            interval,
            allowed,
            guard_strip(guard),
            decides,
        )
        for (what, estimate, interval, allowed, state, decides), guard in zip(
            rows, known, strict=True
        )
    ]
    what, estimate, interval, allowed, state, decides = head
    return table(
        "Every limit of the policy",
        (what, state, estimate, interval, allowed, "Drawn", decides),
        shown,
        GUARDS_NOTE,
    )


def _histogram(board: Board) -> Chart | None:
    found = board.comparison
    if board.differences is None:
        return None
    title = narrative.difference(found)
    marks = Marks(found.policy.tolerance, found.noise.p99 if found.noise else None)
    return disagreements(board.differences, marks, title, found.measured_in)


def segments(found: Comparison) -> Table | None:
    """Show the accounting per sampling share, where it was changed on the way."""
    if len(found.segments) < 2:
        return None
    rows = [
        (
            percent(one.share),
            count(one.instances),
            count(one.scored),
            count(one.sampled_out),
            count(one.skipped),
            count(one.failed),
        )
        for one in found.segments
    ]
    head = ("Sampled", "Instances", "Scored", "Sampled out", "Skipped", "Failed")
    note = "The share of the requests was changed on the way; each share is counted by itself."
    return table("What was folded in, per share of the requests", head, rows, note)


def labels(found: Labels) -> Table:
    """Show how often live said the one (rows) and the shadow the other (columns)."""
    rows = [
        (f"live: {name}", *(count(times) for times in row))
        for name, row in zip(found.names, found.counts, strict=True)
    ]
    total = sum(map(sum, found.counts))
    same = sum(found.counts[at][at] for at in range(len(found.names)))
    return table(
        f"The labels agree on {count(same)} of {count(total)} pairs"
        f" ({percent(same / max(1, total))})",
        ("Label", *(f"shadow: {name}" for name in found.names)),
        rows,
    )


def _errors(found: Comparison) -> Table | None:
    if found.outcomes is None or not found.outcomes.outcomes:
        return None
    return table(narrative.errors(found), *tables.errors(found.outcomes, found.measured_in))


def _textbook(found: Comparison) -> Table | None:
    if not found.pairs.findings:
        return None
    return table(
        "Textbook tests, valid for one look; none decides",
        *tables.textbook(found.pairs.findings, found.measured_in),
    )


def _description(found: Comparison) -> Table | None:
    rows = [
        (name.replace("_", " "), number(value)) for name, value in found.pairs.description.items()
    ]
    return table("The differences described", ("Figure", "Value"), rows) if rows else None
