"""A comparison folds in each closed item once, whoever asks, and keeps what it has seen."""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import text

from tests.integration.endpoint import ENDPOINT, Endpoint
from tests.integration.stacks import until
from understudy.artefacts.artefact import Artefact
from understudy.comparison import Comparison, compare
from understudy.errors import RecordUnknown
from understudy.log.comparisons import list_comparisons
from understudy.log.coverage import coverage_counts
from understudy.log.database import connect
from understudy.log.kept_looks import read_looks
from understudy.log.outcomes import OutcomeItem, record
from understudy.log.planner import refresh_statistics
from understudy.log.readers import read_pairs
from understudy.log.replay import Replay, insert_missing
from understudy.records import ServedRequest
from understudy.review import folding
from understudy.review.ended import review_ended
from understudy.review.evidence import as_evidence
from understudy.review.exploring import explore
from understudy.review.shadow import review, review_shadow

SHADOW = "tiny-houses:2.0.0"


@pytest.fixture
def deployed(
    endpoint: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> Endpoint:
    """An endpoint with a live model and a shadow."""
    endpoint.deploy("live", linear_artefact)
    endpoint.deploy("shadow", boosting_artefact)
    return endpoint


def _ask(endpoint: Endpoint) -> Comparison:
    return review_shadow(endpoint.engine, endpoint.settings, endpoint.store, SHADOW)


def _play(endpoint: Endpoint, live: Artefact, shadow: Artefact, sizes: Sequence[int]) -> None:
    """Serve and score in shipments of these sizes; each begins with a failure."""
    for seed, size in enumerate(sizes):
        endpoint.serve(live, size, seed)
        endpoint.score(shadow, ["failed"])


def _looks(endpoint: Endpoint) -> list[tuple[int, str, int, str, object]]:
    with endpoint.engine.connect() as connection:
        return [
            (kept.id, found.family, found.number, found.finding, found.content)
            for kept in list_comparisons(connection, ENDPOINT)
            for found in read_looks(connection, kept.id)
        ]


def test_folded_sums_say_what_all_rows_say(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Guards, coverage and outcomes are those of a comparison of all pairs at once."""
    _play(deployed, linear_artefact, boosting_artefact, (30, 90, 41))
    found = review(deployed.engine, deployed.settings, deployed.store, SHADOW)
    live, shadow = found.kept.live, found.kept.shadow
    with deployed.engine.connect() as connection:
        pairs = read_pairs(connection, ENDPOINT, live, shadow)
        counts = coverage_counts(connection, ENDPOINT, live, shadow)
    whole = compare(as_evidence(pairs, found.sides), found.comparison.policy)
    assert found.comparison.coverage.compared == counts.scored == 158
    assert found.comparison.coverage.failed == counts.failed == 3
    assert found.comparison.verdict == whole.verdict
    for one, other in zip(found.comparison.guards, whole.guards, strict=True):
        assert (one.name, one.state, one.units) == (other.name, other.state, other.units)
        assert one.interval == pytest.approx(other.interval)
    assert found.comparison.pairs.description == pytest.approx(whole.pairs.description)


def test_every_row_is_accounted_for_while_work_is_under_way(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """What is recorded and not scored is waiting, before the first fold and after it."""
    deployed.serve(linear_artefact, 20)
    assert _ask(deployed).coverage.waiting == 20
    deployed.score(boosting_artefact)
    deployed.serve(linear_artefact, 7)
    coverage = _ask(deployed).coverage
    assert (coverage.recorded, coverage.compared, coverage.waiting) == (27, 20, 7)


def test_looks_are_taken_once_and_stay_as_they_are(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """A look uses exactly its units; what changes in the log later changes nothing of it."""
    _play(deployed, linear_artefact, boosting_artefact, (60, 150))
    first = _ask(deployed)
    assert first.input_drift is not None
    assert (first.input_drift.look, first.input_drift.n_current) == (2, 200)
    assert [glimpse.units for glimpse in first.input_drift.history] == [100, 200]
    before = _looks(deployed)
    with deployed.engine.begin() as connection:
        connection.execute(
            text("""UPDATE prediction SET instance = instance || '{"area": 9e9}', value = 9e9""")
        )
    _play(deployed, linear_artefact, boosting_artefact, (40,))
    again = _ask(deployed)
    assert _looks(deployed) == before
    assert again.input_drift is not None
    assert again.input_drift.findings == first.input_drift.findings
    assert again.input_drift.units == 250


def test_any_number_of_askers_at_once_fold_everything_once(
    deployed: Endpoint,
    linear_artefact: Artefact,
    boosting_artefact: Artefact,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Six askers, one item per fold: nothing is lost or doubled, and every look is there once."""
    monkeypatch.setattr(folding, "MOST_ITEMS", 1)
    _play(deployed, linear_artefact, boosting_artefact, (40,) * 6)
    engines = [connect(str(deployed.settings.database_url)) for _ in range(6)]
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda own: _ask(replace(deployed, engine=own)), engines))
    for own in engines:
        own.dispose()
    assert {answer.coverage.compared for answer in answers} == {234}
    assert {answer.verdict for answer in answers} == {answers[0].verdict}
    places = [place[:4] for place in _looks(deployed)]
    assert len(places) == len(set(places)) > 0
    assert answers[0].input_drift is not None
    assert {answer.input_drift.look for answer in answers if answer.input_drift} == {2}


KILLED = """
import os, signal, sys
from pathlib import Path
from understudy.log.database import connect
from understudy.artefacts.store import ArtefactStore
from understudy.review import folding
from understudy.review.exploring import explore
from understudy.review.shadow import review_shadow
from understudy.settings import Settings

url, data, store, after = sys.argv[1:]
folding.MOST_ITEMS = 1
real, done = folding.kept_looks.write_looks, 0

def write_looks(*arguments):
    global done
    real(*arguments)
    done += 1
    if done == int(after):
        os.kill(os.getpid(), signal.SIGKILL)

folding.kept_looks.write_looks = write_looks
settings = Settings(endpoint="houses", data_dir=Path(data), database_url=url, artefact_store=store)
review_shadow(connect(url), settings, ArtefactStore(store), "tiny-houses:2.0.0", shows=False)
"""


def test_a_killed_watcher_loses_and_doubles_nothing(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """kill -9 in the middle of a fold, twice; the next asker goes on where it was committed."""
    _play(deployed, linear_artefact, boosting_artefact, (50, 50, 50, 50))
    settings = deployed.settings
    for after in ("1", "2"):
        ended = subprocess.run(
            [
                sys.executable, "-c", KILLED, str(settings.database_url), str(settings.data_dir),
                str(settings.artefact_store), after,
            ],
            env={name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ},
            check=False,
        )  # fmt: skip
        assert ended.returncode == -signal.SIGKILL
    with deployed.engine.connect() as connection:
        (kept,) = list_comparisons(connection, ENDPOINT)
    assert kept.folds == 1
    found = _ask(deployed)
    assert found.coverage.compared == 196
    assert found.coverage.failed == 4
    assert found.input_drift is not None
    assert found.input_drift.look == 2


def test_another_policy_is_another_comparison(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Judged anew on what comes later; the earlier comparison stays listed with its verdict."""
    _play(deployed, linear_artefact, boosting_artefact, (120,))
    assert _ask(deployed).coverage.compared == 119
    deployed.deploy("shadow", boosting_artefact, policy={"aim": "same"})
    assert _ask(deployed).coverage.recorded == 0
    _play(deployed, linear_artefact, boosting_artefact, (30,))
    assert _ask(deployed).policy.aim == "same"
    assert _ask(deployed).coverage.compared == 29
    review_ended(deployed.engine, deployed.settings, deployed.store)
    with deployed.engine.connect() as connection:
        newest, earlier = list_comparisons(connection, ENDPOINT)
    assert (newest.policy["aim"], earlier.policy["aim"]) == ("same", "not_worse")
    assert newest.ended_at is None
    assert earlier.ended_at == newest.started_at
    assert earlier.verdict is not None


def test_a_changed_share_goes_on_with_the_same_comparison(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """How much is sampled is no new question."""
    _play(deployed, linear_artefact, boosting_artefact, (40,))
    _ask(deployed)
    deployed.deploy("shadow", boosting_artefact)
    _play(deployed, linear_artefact, boosting_artefact, (40,))
    assert _ask(deployed).coverage.compared == 78


def test_work_that_closes_late_belongs_to_the_comparison_it_was_recorded_in(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Recorded before a new policy and scored after it: folded into the earlier comparison."""
    deployed.serve(linear_artefact, 25)
    _ask(deployed)
    deployed.deploy("shadow", boosting_artefact, policy={"aim": "same"})
    deployed.serve(linear_artefact, 15)
    for _ in range(2):
        deployed.score(boosting_artefact)
    assert _ask(deployed).coverage.compared == 15
    assert review_ended(deployed.engine, deployed.settings, deployed.store) == 1
    assert review_ended(deployed.engine, deployed.settings, deployed.store) == 0
    with deployed.engine.connect() as connection:
        folded = connection.execute(
            text("SELECT comparison_id, sum(instances) FROM work GROUP BY 1 ORDER BY 1")
        ).all()
    assert [row[1] for row in folded] == [25, 15]


def _report(endpoint: Endpoint, requests: Sequence[ServedRequest], shift: float) -> None:
    """Post what came true: live's answer moved by so much."""
    items = [
        OutcomeItem(request.request_id, 0, float(request.values[0] or 0) + shift)
        for request in requests
    ]
    with endpoint.engine.begin() as connection:
        record(connection, ENDPOINT, items)


def test_outcomes_count_whenever_they_come(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Before the pair is folded, long after it, and corrected: the newest value counts."""
    early = deployed.serve(linear_artefact, 30, 1)
    _report(deployed, early, 0.0)
    deployed.score(boosting_artefact)
    late = deployed.serve(linear_artefact, 20, 2)
    deployed.score(boosting_artefact)
    first = _ask(deployed).outcomes
    assert first is not None
    assert (first.outcomes, first.waiting) == (30, 20)
    assert first.live_loss == pytest.approx(0.0)
    _report(deployed, late, 0.0)
    _report(deployed, early, 10.0)
    second = _ask(deployed).outcomes
    assert second is not None
    assert (second.outcomes, second.waiting) == (50, 0)
    assert second.live_loss == pytest.approx(np.average([10.0, 0.0], weights=[30, 20]))


def test_what_the_shadow_was_trained_on_is_excluded(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Answers from before the end of the training data are counted and not compared."""
    _play(deployed, linear_artefact, boosting_artefact, (20,))
    with deployed.engine.begin() as connection:
        connection.execute(
            text("UPDATE prediction SET served_at = :then WHERE request_id IN"
                 " (SELECT request_id FROM prediction ORDER BY request_id LIMIT 6)"),
            {"then": datetime(2009, 12, 31, 23, tzinfo=UTC)},
        )  # fmt: skip
    coverage = _ask(deployed).coverage
    assert coverage.excluded == 6
    assert coverage.recorded == 20
    assert coverage.compared + coverage.failed == 14


def test_a_unit_that_comes_back_counts_once(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """By the field of the policy, over all work; looks are taken at units and kept as ever."""
    deployed.deploy("shadow", boosting_artefact, policy={"unit": "built"})
    first = deployed.serve(linear_artefact, 150, 1)
    deployed.score(boosting_artefact)
    assert _ask(deployed).units == len({request.instances[0]["built"] for request in first})
    second = deployed.serve(linear_artefact, 250, 2)
    deployed.score(boosting_artefact)
    found = _ask(deployed)
    built = {request.instances[0]["built"] for request in (*first, *second)}
    assert found.units == len(built) > 100
    assert found.coverage.compared == found.pairs.pairs == 400
    assert found.input_drift is not None
    assert (found.input_drift.look, found.input_drift.units) == (1, len(built))
    before = _looks(deployed)
    assert {place[1] for place in before} == {"inputs", "outputs"}
    assert _ask(deployed).input_drift == found.input_drift
    assert _looks(deployed) == before


def test_slices_and_selection_are_looked_at_as_outcomes_come(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """The first hundred outcomes by arrival make a look, which later corrections leave alone."""
    policy = {"outcome_delay_days": 0.0}
    deployed.deploy("shadow", boosting_artefact, policy=policy)
    requests = deployed.serve(linear_artefact, 260, 1)
    deployed.score(boosting_artefact)
    _report(deployed, requests[:99], 0.0)
    assert not [place for place in _looks(deployed) if place[1] in ("slices", "selection")]
    found = _ask(deployed).slices
    assert found is not None
    assert not found.worst
    _report(deployed, requests[99:130], 5.0)
    first = _ask(deployed).slices
    assert first is not None
    assert (first.look, first.units) == (1, 100)
    before = [place for place in _looks(deployed) if place[1] in ("slices", "selection")]
    assert {place[1] for place in before} == {"slices", "selection"}
    _report(deployed, requests[:99], 9.0)
    assert _ask(deployed).slices == first
    after = [place for place in _looks(deployed) if place[1] in ("slices", "selection")]
    assert after == before


def test_some_of_the_traffic_is_explored_without_a_verdict(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Whoever picks the time after a look at the data gets figures, and no word to act on."""
    _play(deployed, linear_artefact, boosting_artefact, (150,))
    middle = datetime.now(UTC)
    with deployed.engine.begin() as connection:
        connection.execute(text("UPDATE prediction SET served_at = served_at - interval '1 day'"))
    _play(deployed, linear_artefact, boosting_artefact, (20, 30))
    since = middle.replace(microsecond=0) - timedelta(hours=1)
    found = explore(deployed.engine, deployed.settings, deployed.store, SHADOW, since)
    assert found.pairs.pairs == 48
    assert found.verdict == "EXPLORATORY"
    assert "It carries no verdict" in found.reasons[0]
    assert _ask(deployed).pairs.pairs == 197


def test_a_changed_share_is_shown_apart(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """The accounting tells which share was sampled when how much came in."""
    _play(deployed, linear_artefact, boosting_artefact, (30,))
    with deployed.engine.begin() as connection:
        connection.execute(text("UPDATE work SET share = 0.5"))
    _play(deployed, linear_artefact, boosting_artefact, (20,))
    assert [(part.share, part.instances) for part in _ask(deployed).segments] == [
        (0.5, 30),
        (1.0, 20),
    ]


def test_a_twin_gets_no_verdict_and_its_noise_stands_beside_the_shadow(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """The live version as its own shadow measures what no shadow can be asked to beat."""
    deployed.twin(linear_artefact)
    deployed.serve(linear_artefact, 40)
    deployed.score(linear_artefact)
    deployed.score(boosting_artefact)
    found = _ask(deployed)
    assert found.noise is not None
    assert (found.noise.units, found.noise.differing) == (40, 0.0)
    with pytest.raises(RecordUnknown, match="no verdict over itself"):
        review_shadow(deployed.engine, deployed.settings, deployed.store, "tiny-houses:1.0.0")


def test_replayed_work_counts_in_the_comparison_it_was_asked_for_or_the_next(
    endpoint: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Replayed before the shadow was deployed, and later; what was seen in training is excluded."""
    endpoint.deploy("live", linear_artefact)
    endpoint.store.push(boosting_artefact)
    served = endpoint.serve(linear_artefact, 40, 1)
    span = datetime.now(UTC) - timedelta(hours=1), datetime.now(UTC) + timedelta(seconds=1)
    wanted = Replay(ENDPOINT, "tiny-houses", "2.0.0", boosting_artefact.digest, 1.0, *span)
    assert [batch.instances for batch in insert_missing(endpoint.engine, wanted)] == [40]
    endpoint.score(boosting_artefact)
    endpoint.deploy("shadow", boosting_artefact)
    assert _ask(endpoint).coverage.compared == len(served) == 40
    assert _ask(endpoint).coverage.recorded == 40


def test_the_planner_is_told_of_tables_that_have_just_been_filled(
    deployed: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """A first minute of traffic, before autovacuum came by: once, and not again for a few rows."""
    requests = deployed.serve(linear_artefact, 400, 1)
    deployed.score(boosting_artefact)
    _report(deployed, requests, 1.0)

    def known() -> int:
        """Postgres counts what changed a moment later; whoever asks next finds it."""
        _ask(deployed)
        with deployed.engine.connect() as connection:
            return connection.execute(
                text("SELECT sum(reltuples) FROM pg_class WHERE reltuples > 0 AND"
                     " (relname = 'outcome' OR relname ~ '^(shadow_)?prediction_[0-9]{8}$')")
            ).scalar_one() or 0  # fmt: skip

    until(lambda: known() == 1200, 30)
    assert refresh_statistics(deployed.engine) == []
