"""A trace reads from the answer back to the data, and says what is not known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from understudy.artefacts.artefact import Artefact
from understudy.artefacts.dossier import Dossier
from understudy.artefacts.manifest import Manifest
from understudy.artefacts.vetting import Compared, GateResult, Waiver
from understudy.cli.output import plain
from understudy.cli.trace_text import MOST_INSTANCES, describe
from understudy.log.lineage import Answerer
from understudy.log.predictions import (
    LivePrediction,
    OutcomeRevision,
    RecordedRequest,
    ShadowPrediction,
)
from understudy.log.roles import DeploymentRow
from understudy.review.answer import Answer
from understudy.review.trace import Trace

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
LATER = NOW + timedelta(days=30)
WAIVERS = (Waiver("quality", "good enough\nfor the pilot", "ada"),)


def _request(instances: int = 1, output: object = 214332.125) -> RecordedRequest:
    live = [LivePrediction(n, {"area": 90.5}, output, None, None) for n in range(instances)]
    return RecordedRequest("0190-id", "order-7", "tiny-houses", "1.0.0", 4, NOW, NOW, live, [], [])


@pytest.fixture
def manifest(linear_artefact: Artefact) -> Manifest:
    """A manifest with one gate of each kind."""
    gates = (
        GateResult("schema", "passed", "all rows fit"),
        GateResult("leakage", "passed", "no row"),
        GateResult("staleness", "warned", "the data is 400 days old"),
        GateResult("quality", "waived", "RMSE is 31,200 and 30,000 are allowed"),
    )
    against = Compared("tiny-houses", "0.9.0", "f" * 64)
    return replace(linear_artefact.manifest, gates=gates, waivers=WAIVERS, compared_with=against)


def _trace(
    request: RecordedRequest, manifest: Manifest | None, problem: str | None = None,
    **dossier: object,
) -> Trace:  # fmt: skip
    row = DeploymentRow(
        3, NOW, "ada@office", "the first", "live", "tiny-houses", "1.0.0", "d" * 64,
        waivers=WAIVERS,
    )  # fmt: skip
    answer = Answer(request, Answerer(row, 4), {})
    found = None if manifest is None else Dossier(manifest, **dossier)  # type: ignore[arg-type]
    return Trace("houses", answer, found, problem)


def _lines(found: Trace, number: int | None = None) -> list[str]:
    return [" ".join(line.split()) for line in describe(found, number)]


PROVENANCE: dict[str, object] = {
    "packaged_by": "ada", "packaged_at": "2026-01-01T08:00:00+00:00", "host": "office",
    "platform": "Linux", "source": {"revision": "9f0c", "dirty": True},
}  # fmt: skip


def test_everything_behind_an_answer_is_told(manifest: Manifest) -> None:
    """Request, decision, model, data, quality, gates and provenance, each in its place."""
    lines = _lines(_trace(_request(), manifest, provenance=PROVENANCE, signed_by="k1"))
    for line in (
        "request 0190-id",
        "client id order-7",
        "answered 2026-01-02 03:04:05 UTC by tiny-houses:1.0.0",
        f"digest {'d' * 64}",
        "endpoint houses",
        'asked {"area": 90.5}',
        "answered 214332.125 EUR",
        "outcome not known",
        "deployment 3 (live) at 2026-01-02 03:04:05 UTC; roles as of deployment 4",
        "by ada@office",
        "why the first",
        "waived quality, by ada: good enough for the pilot",
        "predicts price in EUR (regression)",
        "seed 0",
        "signature names the key k1, not verified here",
        "rows 220",
        f"digest {manifest.training.digest}",
        "time range sold from 2006 to 2009",
        "held against tiny-houses:0.9.0, digest ffffffffffff, which was live then",
        "passed schema, leakage",
        "warned staleness: the data is 400 days old",
        "waived quality: RMSE is 31,200 and 30,000 are allowed",
        "waiver quality, by ada: good enough for the pilot",
        "packaged 2026-01-01T08:00:00+00:00 by ada",
        "on office, Linux",
        "source revision 9f0c, with changes that were not committed",
    ):
        assert line in lines, line
    assert any(line.startswith("rmse ") and " to " in line for line in lines)
    assert any(line.startswith("libraries ") and "python 3" in line for line in lines)


def test_shadows_and_outcomes_stand_with_their_instance(manifest: Manifest) -> None:
    """A failed shadow says why, and every revision of the truth is shown."""
    shadows = [
        ShadowPrediction(0, "m", "2", "scored", 7.25, 7.25, None, None, NOW),
        ShadowPrediction(0, "m", "3", "failed", None, None, None, "division by zero", NOW),
        ShadowPrediction(1, "m", "2", "skipped", None, None, None, None, NOW),
    ]
    outcomes = [OutcomeRevision(0, 1, 5, LATER), OutcomeRevision(0, 2, 6, LATER)]
    request = replace(_request(2), shadows=shadows, outcomes=outcomes)
    first, second = (_lines(_trace(request, manifest), number) for number in (0, 1))
    assert "shadow m:2 7.25 EUR" in first
    assert "shadow m:3 failed: division by zero" in first
    assert "outcome 6 EUR, known since 2026-02-01 03:04:05 UTC (revision 2)" in first
    assert "Instance 1" not in first
    assert "shadow m:2 skipped" in second
    assert "outcome not known" in second


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ({"label": "dear", "probabilities": {"dear": 0.75}}, 'answered "dear" {"dear": 0.75}'),
        ({"label": "dear"}, 'answered "dear"'),
        (0.1, "answered 0.1 EUR"),
    ],
)
def test_an_answer_is_told_with_every_digit(manifest: Manifest, output: object, said: str) -> None:
    """As it was sent to the client, labels as well as numbers."""
    assert said in _lines(_trace(_request(output=output), manifest))


def test_of_many_instances_the_first_are_shown(manifest: Manifest) -> None:
    """And it is said how to see the others."""
    lines = _lines(_trace(_request(MOST_INSTANCES + 3), manifest))
    assert sum(line.startswith("Instance ") for line in lines) == MOST_INSTANCES
    assert "… and 3 more instances (--instance N, --json has all)" in lines


def test_what_is_not_known_is_said(manifest: Manifest) -> None:
    """An older row, an archive that is gone, a model without git, signature, seed and time."""
    older = Trace(
        "houses", Answer(replace(_request(), client_id=None), None, {}), None, "It's gone."
    )
    lines = _lines(older)
    for line in (
        "client id none", "digest not known", "deployment not recorded with this answer",
        "Caution: It's gone.",
    ):  # fmt: skip
        assert line in lines, line
    bare = replace(
        manifest, seed=None, compared_with=None, waivers=(), gates=(),
        training=replace(manifest.training, time_column=None),
    )  # fmt: skip
    lines = _lines(_trace(_request(), bare, "no archive"))
    for line in ("seed none", "passed none", "time range no column of the data says",
                 "packaged not known", "Caution: no archive"):  # fmt: skip
        assert line in lines, line
    assert not any(line.startswith("signature") for line in lines)
    lines = _lines(_trace(_request(), bare, provenance={"packaged_by": "ada", "source": None}))
    for line in ("source not under version control", "packaged unknown by ada", "signature none",
                 "on unknown, unknown"):  # fmt: skip
        assert line in lines, line


def test_what_gates_found_is_broken_to_the_terminal(manifest: Manifest) -> None:
    """Under its beginning; an instance stays on its line, so that it can be copied."""
    gates = (GateResult("slices", "warned", "a slice is worse than all rows, " * 9),)
    request = _request()
    lines = list(describe(_trace(request, replace(manifest, gates=gates, waivers=())), None))
    start = next(n for n, line in enumerate(lines) if line.startswith("  warned  slices:"))
    assert lines[start + 1][:10].isspace()
    assert all(len(line) <= 100 for line in lines[lines.index("Gates") : start + 4])
    long = replace(request.predictions[0], instance={"text": "many words " * 20})
    lines = _lines(_trace(replace(request, predictions=[long]), manifest))
    assert any(len(line) > 200 for line in lines)


def test_a_decision_without_a_reason_or_without_recorded_waivers_says_so() -> None:
    """Silence is no statement that all was well."""
    row = DeploymentRow(3, NOW, "ada", "", "live", "tiny-houses", "1.0.0", "d" * 64)
    found = Trace("houses", Answer(_request(), Answerer(row, 3), {}), None, None)
    lines = _lines(found)
    assert "deployment 3 (live) at 2026-01-02 03:04:05 UTC" in lines
    assert "why no reason was given" in lines
    assert "waived not recorded" in lines
    row = replace(row, waivers=())
    found = Trace("houses", Answer(_request(), Answerer(row, 3), {}), None, None)
    assert "waived none" in _lines(found)


def test_no_text_commands_the_terminal() -> None:
    """Whoever wrote it, it stays on its line and moves no cursor."""
    assert plain("a\nb\tc \x1b[31md") == "a b c \\x1b[31md"
    assert plain("Grüße, 東京") == "Grüße, 東京"
