"""What was served is scored again, by the very content that answered, and differences are found."""

import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.integration.endpoint import ENDPOINT, Endpoint
from understudy.artefacts.artefact import Artefact
from understudy.comparison.reproduction import TOLERANCE, Reproduction
from understudy.log.erasure import erase
from understudy.log.reproduction import (
    Span,
    begin_run,
    draw,
    find_strata,
    finish_run,
    last_run,
)
from understudy.monitoring.registry import new_registry
from understudy.monitoring.reproduction_boards import ReproductionBoards
from understudy.shadow.reproducer import look, run_reproducer
from understudy.shadow.reproducing import Wish, reproduce, tolerance_for
from understudy.shadow.worklist import Stopped

Run = Callable[..., Reproduction]


def _span() -> Span:
    now = datetime.now(UTC)
    return Span(now - timedelta(hours=1), now + timedelta(hours=1))


@pytest.fixture
def served(endpoint: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact) -> Endpoint:
    """An endpoint on which two versions answered, 60 and 20 instances."""
    endpoint.deploy("live", linear_artefact)
    endpoint.serve(linear_artefact, 60)
    endpoint.deploy("live", boosting_artefact)
    endpoint.serve(boosting_artefact, 20)
    return endpoint


@pytest.fixture
def run(served: Endpoint) -> Run:
    """Score a sample again."""

    def score(sample: int = 30, seed: int = 1) -> Reproduction:
        return reproduce(served.engine, served.settings, Wish(_span(), sample, seed))

    return score


def _alter(served: Endpoint, change: str) -> None:
    with served.engine.begin() as connection:
        connection.execute(text(f"UPDATE prediction SET {change}"))  # noqa: S608 - our own


def test_what_was_served_is_had_again_to_the_last_bit(run: Run, linear_artefact: Artefact) -> None:
    """Of each version that answered, by the artefact of its digest."""
    found = run()
    assert found.is_equal
    assert [(one.version, one.recorded, one.sampled) for one in found.versions] == [
        ("1.0.0", 60, 15), ("2.0.0", 20, 15),
    ]  # fmt: skip
    assert [(one.identical, one.tolerance) for one in found.versions] == [(15, 0.0)] * 2
    assert found.versions[0].digest == linear_artefact.digest
    assert found.versions[0].engine == "compiled"


def test_a_prediction_that_was_altered_in_the_log_is_found(served: Endpoint, run: Run) -> None:
    """By its request, with both answers; the last bit is enough."""
    with served.engine.begin() as connection:
        altered = connection.execute(
            text(
                "UPDATE prediction SET output = to_jsonb((output::text::float8)"
                " * (1 + 3e-16)) WHERE request_id = (SELECT request_id FROM prediction"
                " WHERE version = '1.0.0' ORDER BY request_id LIMIT 1)"
                " RETURNING request_id::text, output"
            )
        ).one()
    found = run(sample=80)
    assert not found.is_equal
    assert [one.differing for one in found.versions] == [1, 0]
    (example,) = found.versions[0].examples
    assert (example.request_id, example.recorded) == tuple(altered)
    assert example.difference == pytest.approx(3e-16, rel=0.9)
    assert example.again != example.recorded


def test_an_instance_that_was_altered_in_the_log_is_found(served: Endpoint, run: Run) -> None:
    """The skew this alarm is for: what the model was asked is not what is on record."""
    _alter(served, "instance = instance || '{\"area\": 1000.0}'")
    assert all(one.differing > 10 for one in run().versions)


def test_the_same_seed_draws_the_same_rows(served: Endpoint) -> None:
    """A run can be repeated; another seed draws others."""
    with served.engine.connect() as connection:
        stratum, _ = find_strata(connection, ENDPOINT, _span())
        drawn = [
            [row.request_id for row in draw(connection, ENDPOINT, _span(), stratum, 10, seed)]
            for seed in (1, 1, 2)
        ]
    assert drawn[0] == drawn[1] != drawn[2]
    assert len(set(drawn[0])) == 10


def test_an_artefact_that_is_gone_is_said_and_the_others_are_checked(
    served: Endpoint, run: Run
) -> None:
    """What cannot be proven equal is not called equal."""
    shutil.rmtree(f"{served.settings.artefacts_url}/tiny-houses/1.0.0")
    found = run()
    first, second = found.versions
    assert (first.missing, first.identical) == (15, 0)
    assert first.problem is not None
    assert "tiny-houses:1.0.0 is not in the artefact store" in first.problem
    assert (second.identical, found.is_equal) == (15, False)


def test_a_content_that_is_left_in_a_cache_is_enough(served: Endpoint, run: Run) -> None:
    """The digest proves it, whatever became of the store."""
    assert run().is_equal
    shutil.rmtree(served.settings.artefacts_url)
    assert run().is_equal


def test_a_store_with_other_content_proves_nothing(served: Endpoint, run: Run) -> None:
    """The deployment says which content answered."""
    with served.engine.begin() as connection:
        connection.execute(text("UPDATE deployment SET digest = repeat('e', 64)"))
    assert [one.missing for one in run().versions] == [15, 15]
    with served.engine.begin() as connection:
        connection.execute(text("DELETE FROM deployment"))
    problem = run().versions[0].problem
    assert problem is not None
    assert "was deployed with more than one content, or not at all" in problem


def test_other_engines_and_other_libraries_have_a_stated_tolerance(
    linear_artefact: Artefact, exact_artefact: Artefact
) -> None:
    """Only the compiled engine under its own NumPy answers to the last bit in any batch."""
    manifest = linear_artefact.manifest
    assert tolerance_for(manifest)[0] == 0.0
    older = replace(manifest, libraries=manifest.libraries | {"numpy": "1.0.0"})
    tolerance, why = tolerance_for(older)
    assert tolerance == TOLERANCE
    assert "numpy 1.0.0 then" in why
    assert tolerance_for(replace(manifest, libraries=manifest.libraries | {"scipy": "1"}))[0] == 0
    assert tolerance_for(exact_artefact.manifest)[0] == TOLERANCE


def test_the_exact_engine_gives_the_same_again(
    endpoint: Endpoint, exact_artefact: Artefact
) -> None:
    """Within its tolerance, and a change beyond it is found."""
    endpoint.deploy("live", exact_artefact)
    endpoint.serve(exact_artefact, 10)
    _alter(
        endpoint,
        "output = to_jsonb((output::text::float8) * 1.00001)"
        " WHERE request_id = (SELECT request_id FROM prediction LIMIT 1)",
    )
    wish = Wish(_span(), 10, 1)
    (found,) = reproduce(endpoint.engine, endpoint.settings, wish).versions
    assert (found.differing, found.identical + found.within) == (1, 9)
    assert found.largest == pytest.approx(1e-5, rel=0.01)


def test_who_is_told_to_stop_leaves_at_once(served: Endpoint) -> None:
    """A watcher that ends does not wait for a model."""
    stop = threading.Event()
    stop.set()
    with pytest.raises(Stopped):
        reproduce(served.engine, served.settings, Wish(_span(), 10, 1), stop)


def test_a_run_is_due_once_an_interval(served: Endpoint) -> None:
    """Whoever asks first begins it; one that was cut short is due again after a while."""
    with served.engine.begin() as connection:
        begun = begin_run(connection, ENDPOINT, 86400)
        assert begun is not None
        assert begin_run(connection, ENDPOINT, 86400) is None
        assert begin_run(connection, "flats", 86400) is None
        connection.execute(
            text("UPDATE reproduction SET started_at = started_at - interval '61 min'")
        )
        assert begin_run(connection, ENDPOINT, 86400) is not None


def test_what_is_erased_while_a_run_goes_on_is_not_in_it(served: Endpoint) -> None:
    """The report was drawn before: what the request was answered is taken out when it is kept."""
    with served.engine.begin() as connection:
        number, _ = begin_run(connection, ENDPOINT, 86400) or (0, None)
        (gone, kept) = [str(found) for (found,) in connection.execute(
            text("SELECT request_id FROM prediction ORDER BY request_id LIMIT 2"))]  # fmt: skip
    examples = [
        {"request_id": one, "instance_no": 0, "recorded": 1.5, "again": 2.5, "error": None}
        for one in (gone, kept)
    ]
    with served.engine.begin() as connection:
        erase(connection, ENDPOINT, gone, "ann", "asked for")
    with served.engine.begin() as connection:
        finish_run(connection, ENDPOINT, number, {"versions": [{"examples": examples}]})
    with served.engine.connect() as connection:
        found = last_run(connection, ENDPOINT)
    assert found is not None
    (version,) = found[1]["versions"]
    assert [(one["recorded"], one["again"], one["error"]) for one in version["examples"]] == [
        (None, None, "erased"), (1.5, 2.5, None)
    ]  # fmt: skip


def test_of_several_watchers_one_begins(served: Endpoint) -> None:
    """Their number makes no more of the runs."""

    def begin(_: int) -> object:
        with served.engine.begin() as connection:
            return begin_run(connection, ENDPOINT, 86400)

    with ThreadPoolExecutor(4) as pool:
        begun = [found for found in pool.map(begin, range(4)) if found is not None]
    assert len(begun) == 1


def test_the_watcher_runs_shows_and_remembers(served: Endpoint) -> None:
    """After a restart the figures are there at once, and nothing is scored before its time."""
    registry = new_registry(ENDPOINT)
    boards = ReproductionBoards(registry, ENDPOINT)
    settings = replace(served.settings, reproduce_sample=20)

    def value(metric: str, version: str) -> float | None:
        labels = {
            "endpoint": ENDPOINT, "name": "tiny-houses", "version": version, "engine": "compiled",
        }  # fmt: skip
        return registry.get_sample_value(f"understudy_reproduce_{metric}", labels)

    _alter(served, "output = '1.5' WHERE version = '2.0.0'")
    look(settings, served.engine, threading.Event(), boards.show)
    assert value("instances", "1.0.0") == 10
    assert value("differing_instances", "1.0.0") == 0
    assert value("differing_instances", "2.0.0") == 10
    assert value("missing_instances", "2.0.0") == 0
    at = registry.get_sample_value("understudy_reproduce_timestamp_seconds", {"endpoint": ENDPOINT})
    with served.engine.connect() as connection:
        before = last_run(connection, ENDPOINT)
    look(settings, served.engine, threading.Event(), boards.show)
    with served.engine.connect() as connection:
        assert last_run(connection, ENDPOINT) == before
    assert before is not None
    assert before[0].timestamp() == at


def test_it_runs_by_itself_and_ends_when_told(served: Endpoint) -> None:
    """Beside the watcher, an interval after the start."""
    shown: list[object] = []
    seen, stop = threading.Event(), threading.Event()

    def show(newest: object, waiting: object) -> None:
        shown.append((newest, waiting))
        seen.set()

    thread = threading.Thread(target=run_reproducer, args=(served.settings, stop, show))
    thread.start()
    assert seen.wait(60)
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
    assert shown[0][0][1].is_equal  # type: ignore[index]


def test_nothing_is_scored_where_it_is_switched_off_or_postgres_is_away(
    served: Endpoint,
) -> None:
    """No sample is no run, and an outage is nothing to end over."""
    off = replace(served.settings, reproduce_sample=0)
    shown: list[object] = []
    look(off, served.engine, threading.Event(), lambda *found: shown.append(found))
    assert shown == [(None, {})]
    away = replace(served.settings, database_url="postgresql://nobody@127.0.0.1:1/none")
    stop = threading.Event()
    thread = threading.Thread(
        target=run_reproducer, args=(away, stop, lambda *found: shown.append(found))
    )
    thread.start()
    assert thread.is_alive()
    stop.set()
    thread.join(30)
    assert not thread.is_alive()
    assert len(shown) == 1
    run_reproducer(replace(away, database_url=None), stop, lambda *_: None)
