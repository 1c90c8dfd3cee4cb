"""Samples of very many pairs: whole requests, the same each time, from a part of the items."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text

from tests.integration.endpoint import ENDPOINT, Endpoint
from understudy.artefacts.artefact import Artefact
from understudy.log import joins, readers
from understudy.log.outcomes import OutcomeItem, record
from understudy.log.readers import Pairs, Wanted, read_instances, read_pairs
from understudy.review.shadow import review

SHADOW = "tiny-houses:2.0.0"
ROWS_READ = """
    SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)
    FROM pg_stat_xact_user_tables WHERE relname = 'outcome'
"""


def _names(found: Pairs | readers.Instances) -> Sequence[str]:
    names: Sequence[str] = found.request_ids.tolist()
    return names


def test_a_sample_is_a_part_of_all_and_the_same_each_time(
    endpoint: Endpoint,
    linear_artefact: Artefact,
    boosting_artefact: Artefact,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half the requests of half the items or more, in the order of all of them."""
    monkeypatch.setattr(readers, "SPREAD", 1.2)
    monkeypatch.setattr(readers, "FEWEST_ITEMS", 1)
    endpoint.deploy("live", linear_artefact)
    endpoint.deploy("shadow", boosting_artefact)
    for seed in range(8):
        endpoint.serve(linear_artefact, 20, seed)
        endpoint.score(boosting_artefact)
    kept = review(endpoint.engine, endpoint.settings, endpoint.store, SHADOW).kept
    with endpoint.engine.connect() as connection:
        every, *samples = (
            read_pairs(connection, ENDPOINT, kept.live, kept.shadow, Wanted(kept.id, sample=share))
            for share in (None, 0.5, 0.5)
        )
        asked = [
            read_instances(
                connection, ENDPOINT, kept.live, ["area"], most=most, comparison_id=kept.id
            )
            for most in (1000, 60)
        ]
    assert len(every) == len(asked[0]) == 160
    assert _names(samples[0]) == _names(samples[1])
    assert 10 < len(samples[0]) < 140
    chosen = set(_names(samples[0]))
    assert _names(samples[0]) == [name for name in _names(every) if name in chosen]
    assert 0 < len(asked[1]) <= 60
    assert set(_names(asked[1])) < set(_names(asked[0]))


def test_a_sample_of_some_folds_stays_whatever_is_folded_in_later(
    endpoint: Endpoint,
    linear_artefact: Artefact,
    boosting_artefact: Artefact,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Which items it is drawn from follows from the items of these folds alone."""
    monkeypatch.setattr(readers, "FEWEST_ITEMS", 4)
    endpoint.deploy("live", linear_artefact)
    endpoint.deploy("shadow", boosting_artefact)
    samples = []
    wanted = None
    for half in range(2):
        for seed in range(8):
            endpoint.serve(linear_artefact, 20, 8 * half + seed)
            endpoint.score(boosting_artefact)
        kept = review(endpoint.engine, endpoint.settings, endpoint.store, SHADOW).kept
        wanted = wanted or Wanted(kept.id, kept.folds, sample=0.1)
        with endpoint.engine.connect() as connection:
            found = read_pairs(connection, ENDPOINT, kept.live, kept.shadow, wanted)
        samples.append(_names(found))
    assert 0 < len(samples[0]) < 160
    assert samples[1] == samples[0]


def test_a_sample_looks_up_its_own_outcomes_and_no_others(
    endpoint: Endpoint, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """However many there are: counted by Postgres, since a plan for few rows hides it."""
    endpoint.deploy("live", linear_artefact)
    endpoint.deploy("shadow", boosting_artefact)
    requests = endpoint.serve(linear_artefact, 300, 1)
    endpoint.score(boosting_artefact)
    with endpoint.engine.begin() as connection:
        record(connection, ENDPOINT, [OutcomeItem(one.request_id, 0, 1.0) for one in requests])
    kept = review(endpoint.engine, endpoint.settings, endpoint.store, SHADOW).kept
    wanted = Wanted(kept.id, sample=0.3)
    with endpoint.engine.connect() as connection:
        before = connection.execute(text(ROWS_READ)).scalar_one()
        found = read_pairs(connection, ENDPOINT, kept.live, kept.shadow, wanted)
        read = connection.execute(text(ROWS_READ)).scalar_one() - before
    assert len(found) == read == (found.outcome == 1.0).sum() < 200


@pytest.mark.parametrize(("few", "chosen"), [(1, joins.FEW_KNOWN), (10**6, joins.KNOWN)])
def test_known_pairs_are_the_same_whichever_way_they_are_found(
    few: int,
    chosen: joins.Joins,
    endpoint: Endpoint,
    linear_artefact: Artefact,
    boosting_artefact: Artefact,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One by one where few of many have an outcome: the newest of each, and only of this shadow."""
    monkeypatch.setattr(joins, "FEW", few)
    endpoint.deploy("live", linear_artefact)
    endpoint.deploy("shadow", boosting_artefact)
    requests = endpoint.serve(linear_artefact, 40, 1)
    endpoint.score(boosting_artefact, ["failed"])
    endpoint.serve(linear_artefact, 40, 2)
    endpoint.score(boosting_artefact)
    for value, some in ((1.0, requests), (2.0, requests[:10])):
        with endpoint.engine.begin() as connection:
            record(connection, ENDPOINT, [OutcomeItem(one.request_id, 0, value) for one in some])
    kept = review(endpoint.engine, endpoint.settings, endpoint.store, SHADOW).kept
    with endpoint.engine.connect() as connection:
        assert joins.joins_for(connection, ENDPOINT, kept.id, only_known=True) is chosen
        found = read_pairs(
            connection, ENDPOINT, kept.live, kept.shadow, Wanted(kept.id, only_known=True)
        )
    assert _names(found) == [one.request_id for one in requests]
    assert found.outcome.tolist() == [2.0] * 10 + [1.0] * 30
    assert found.outcome_revision.tolist() == [2] * 10 + [1] * 30
    assert found.failed.sum() == 1
