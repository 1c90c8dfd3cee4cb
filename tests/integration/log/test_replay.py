"""Recorded traffic becomes work of a version that was not there, once, and never in the way."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from tests.traffic import ENDPOINT, Spool, deploy_shadow, withdraw_shadow
from understudy.errors import DeploymentRefused, NothingRecorded
from understudy.log.claiming import oldest_free
from understudy.log.figures import shadow_lag
from understudy.log.replay import (
    Replay,
    Standing,
    begin_replay,
    cancel_replays,
    insert_missing,
    read_standing,
    replay_backlog,
    replays_under_way,
)
from understudy.log.work import backlog, claim, complete, read_work, set_state
from understudy.log.work_item import ShadowResult, WorkItem

LATE = ("model", "3.0.0")
SHADOW = ("model", "2.0.0")


def _wanted(**changes: object) -> Replay:
    """Return a replay of `model:3.0.0` over the last hour."""
    now = datetime.now(UTC)
    values: dict[str, object] = {
        "endpoint": ENDPOINT, "name": LATE[0], "version": LATE[1], "digest": "d" * 64,
        "share": 1.0, "since": now - timedelta(hours=1), "until": now + timedelta(hours=1),
    }  # fmt: skip
    return Replay(**(values | changes))  # type: ignore[arg-type]


def _replay(engine: Engine, wanted: Replay | None = None, batch: int = 2) -> int:
    """Insert a replay; return how many shipments became work."""
    wanted = wanted or _wanted()
    with engine.begin() as connection:
        begun, _ = begin_replay(connection, wanted, "ann")
    return sum(inserted.shipments for inserted in insert_missing(engine, begun, batch))


def _claim(
    engine: Engine, version: tuple[str, str], ahead: Sequence[tuple[str, str]]
) -> WorkItem | None:
    return claim(engine, ENDPOINT, *version, "one", 60, ahead)


def _score(engine: Engine, item: WorkItem | None) -> None:
    assert item is not None
    rows = read_work(engine, item)
    results = [
        ShadowResult(row.request_id, row.instance_no, "scored", 1.0, 1.0, None) for row in rows
    ]
    assert complete(engine, item, results, 0)


def _standing(engine: Engine) -> Standing:
    with engine.connect() as connection:
        return read_standing(connection, _wanted())


@pytest.fixture
def spool(database: Engine) -> Spool:
    """Five shipments of two instances, recorded while nobody was in the shadow."""
    spool = Spool(database)
    for number in range(5):
        spool.record([{"x": number}, {"x": -number}])
    return spool


def test_every_shipment_becomes_work_once(database: Engine, spool: Spool) -> None:
    """Called again it adds nothing but what came since."""
    assert _replay(database) == 5
    assert _standing(database) == Standing(0, 0, 0, 0, 10)
    assert _replay(database) == 0
    spool.record([{"x": 9}])
    assert _replay(database) == 1
    assert _standing(database).waiting == 11


def test_two_who_replay_at_once_double_nothing(database: Engine, spool: Spool) -> None:
    """Each shipment is inserted by one of them."""
    for number in range(20):
        spool.record([{"x": number}])
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(lambda _: _replay(database, batch=3), range(3)))
    assert sum(found) == 25
    assert _standing(database).waiting == 30


def test_an_interrupted_insertion_goes_on(database: Engine, spool: Spool) -> None:
    """Whole batches stay, and the rest follows."""
    with database.begin() as connection:
        begun, survey = begin_replay(connection, _wanted(), "ann")
    assert (survey.shipments, survey.instances, survey.missing) == (5, 10, 5)
    assert next(insert_missing(database, begun, batch=2)).shipments == 2
    with database.begin() as connection:
        _, survey = begin_replay(connection, _wanted(), "ann")
    assert (survey.present, survey.present_instances, survey.missing) == (2, 4, 3)
    assert _replay(database) == 3


def test_a_shipment_that_becomes_visible_late_is_found(database: Engine, spool: Spool) -> None:
    """A row before the last one seen, committed meanwhile, is inserted in the same run."""
    with database.begin() as connection:
        begun, _ = begin_replay(connection, _wanted(), "ann")
    insertion = insert_missing(database, begun, batch=5)
    found = next(insertion).shipments
    with database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO shipment (endpoint, spool, first_seq, last_seq, instances,"
                " recorded_at) SELECT endpoint, spool, 99, 99, 1, recorded_at - interval '1 s'"
                " FROM shipment ORDER BY id LIMIT 1"
            )
        )
    assert found + sum(inserted.shipments for inserted in insertion) == 6


def test_only_the_time_that_was_asked_for_is_replayed(database: Engine, spool: Spool) -> None:
    """From since, to before until, and of this endpoint alone."""
    with database.begin() as connection:
        connection.execute(
            text("UPDATE shipment SET recorded_at = recorded_at - interval '30 min' WHERE id <= 2")
        )
        connection.execute(text("UPDATE shipment SET endpoint = 'flats' WHERE id = 5"))
    recent = datetime.now(UTC) - timedelta(minutes=10)
    assert _replay(database, _wanted(since=recent)) == 2
    assert _replay(database, _wanted(until=recent)) == 2


def test_what_a_shadow_scored_at_the_time_is_left_as_it_is(database: Engine) -> None:
    """Its share and its results stay, and it is told how many have another share."""
    deploy_shadow(database, *LATE, share=0.5)
    spool = Spool(database)
    spool.record([{"x": 1}])
    withdraw_shadow(database, *LATE)
    spool.record([{"x": 2}])
    with database.begin() as connection:
        _, survey = begin_replay(connection, _wanted(), "ann")
    assert (survey.present, survey.other_share, survey.missing) == (1, 1, 1)
    assert _replay(database) == 1
    with database.connect() as connection:
        rows = connection.execute(text("SELECT replayed, share FROM work ORDER BY id")).all()
    assert [tuple(row) for row in rows] == [(False, 0.5), (True, 1.0)]


def test_nothing_recorded_is_said(database: Engine, spool: Spool) -> None:
    """An empty time, and days that the retention has dropped."""
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    with pytest.raises(NothingRecorded, match="houses has nothing recorded"):
        _replay(database, _wanted(since=long_ago, until=long_ago + timedelta(days=1)))
    with database.begin() as connection:
        connection.execute(text("UPDATE shipment SET recorded_at = '2020-01-01 12:00+00'"))
    with pytest.raises(NothingRecorded, match="5 shipments of that time were dropped"):
        _replay(database, _wanted(since=long_ago))


def test_dropped_days_are_counted_and_the_rest_is_replayed(database: Engine, spool: Spool) -> None:
    """Nobody waits for instances that are gone."""
    with database.begin() as connection:
        connection.execute(
            text("UPDATE shipment SET recorded_at = '2020-01-01 12:00+00' WHERE id <= 2")
        )
    wanted = _wanted(since=datetime(2020, 1, 1, tzinfo=UTC))
    with database.begin() as connection:
        _, survey = begin_replay(connection, wanted, "ann")
    assert (survey.expired, survey.shipments) == (2, 3)
    assert _replay(database, wanted) == 3


def test_another_content_under_the_same_version_is_refused(database: Engine, spool: Spool) -> None:
    """Two models would stand under one name, whether one was replayed or is a shadow."""
    _replay(database)
    with pytest.raises(DeploymentRefused, match="was scored with the digest dddddddddddd…"):
        _replay(database, _wanted(digest="e" * 64))
    deploy_shadow(database, *SHADOW, digest="f" * 64)
    with pytest.raises(DeploymentRefused, match="the digest ffffffffffff…"):
        _replay(database, _wanted(version=SHADOW[1]))


def test_who_has_replayed_work_is_known_until_it_is_done(database: Engine, spool: Spool) -> None:
    """With the content that shall score, and how much waits."""
    assert _replay(database) == 5
    with database.connect() as connection:
        (role,) = replays_under_way(connection, ENDPOINT)
        assert (role.key, role.digest, role.who) == (LATE, "d" * 64, "ann")
        assert replay_backlog(connection, ENDPOINT) == {LATE: 10}
    for _ in range(5):
        _score(database, _claim(database, LATE, ()))
    with database.connect() as connection:
        assert replays_under_way(connection, ENDPOINT) == []
        assert replay_backlog(connection, ENDPOINT) == {LATE: 0}
    assert _standing(database) == Standing(10, 0, 0, 0, 0)


def test_a_cancelled_replay_leaves_what_was_scored(database: Engine, spool: Spool) -> None:
    """What nobody has begun is taken back, and may be asked for again."""
    _replay(database)
    _score(database, _claim(database, LATE, ()))
    with database.begin() as connection:
        taken = cancel_replays(connection, ENDPOINT, *LATE)
    assert (taken.shipments, taken.instances) == (4, 8)
    assert _standing(database) == Standing(2, 0, 0, 0, 0)
    assert _replay(database) == 4


def test_a_replay_waits_while_live_work_waits(database: Engine, spool: Spool) -> None:
    """With a backlog of replays, live work of another shadow goes first, whoever claims."""
    _replay(database)
    deploy_shadow(database, *SHADOW)
    spool.record([{"x": 1}])
    spool.record([{"x": 2}])
    for _ in range(2):
        assert _claim(database, LATE, [SHADOW]) is None
        item = _claim(database, SHADOW, [SHADOW])
        assert item is not None
    # Nothing waits any more: the last live item is being scored.
    assert _claim(database, LATE, [SHADOW]) is not None
    spool.record([{"x": 3}])
    assert _claim(database, LATE, [SHADOW]) is None


def test_a_shadow_takes_its_live_work_before_its_own_replay(database: Engine, spool: Spool) -> None:
    """A deployed version that is replayed as well is not late because of it."""
    deploy_shadow(database, *LATE)
    _replay(database)
    spool.record([{"x": "live"}])
    first = _claim(database, LATE, [LATE])
    assert first is not None
    assert read_work(database, first)[0].instance == '{"x": "live"}'
    second = _claim(database, LATE, [LATE])
    assert second is not None
    assert second.id < first.id


def test_an_expired_lease_of_live_work_goes_before_a_replay(database: Engine, spool: Spool) -> None:
    """Somebody was killed over it: it waits again."""
    _replay(database)
    deploy_shadow(database, *SHADOW)
    spool.record([{"x": 1}])
    assert claim(database, ENDPOINT, *SHADOW, "killed", -1.0, [SHADOW])
    assert _claim(database, LATE, [SHADOW]) is None


@pytest.mark.parametrize("state", ["broken", "failing"])
def test_a_shadow_that_cannot_score_holds_back_no_replay(
    database: Engine, spool: Spool, state: str
) -> None:
    """Its work may wait for ever."""
    _replay(database)
    deploy_shadow(database, *SHADOW)
    spool.record([{"x": 1}])
    with database.begin() as connection:
        set_state(connection, ENDPOINT, *SHADOW, state, "no artefact")  # type: ignore[arg-type]
    assert _claim(database, LATE, [SHADOW]) is not None


def test_what_a_withdrawn_shadow_left_holds_back_nobody_and_is_no_hurry(
    database: Engine, spool: Spool
) -> None:
    """Its live work is scored with its replay, behind the deployed shadows."""
    deploy_shadow(database, *LATE)
    spool.record([{"x": "left"}])
    withdraw_shadow(database, *LATE)
    _replay(database)
    deploy_shadow(database, *SHADOW)
    spool.record([{"x": 1}])
    assert _claim(database, LATE, [SHADOW]) is None
    _score(database, _claim(database, SHADOW, [SHADOW]))
    item = _claim(database, LATE, [SHADOW])
    assert item is not None
    assert read_work(database, item)[0].instance == '{"x": "left"}'


def test_a_replay_is_no_lag(database: Engine, spool: Spool) -> None:
    """Neither the shadow process nor the watcher takes month-old traffic for a late shadow."""
    _replay(database)
    deploy_shadow(database, *LATE)
    with database.connect() as connection:
        assert backlog(connection, ENDPOINT) == []
        assert shadow_lag(connection, ENDPOINT) == []


@pytest.mark.parametrize("replayed", [False, True])
def test_the_next_item_is_found_by_an_index(database: Engine, replayed: bool) -> None:
    """A replay of a year is not looked through, neither for the next item nor for a live one."""
    with database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO work (endpoint, name, version, shipment_id, recorded_at, instances,"
                " replayed, state, scored) SELECT 'houses', 'model', v || '.0.0', n,"
                " timestamptz '2026-01-01' + n * interval '1 s', 1, n > 2000,"
                " CASE WHEN n > 2000 THEN 'waiting' ELSE 'done' END, 1"
                " FROM generate_series(1, 8000) n, generate_series(2, 3) v"
            )
        )
        connection.execute(text("ANALYZE work"))
    query = oldest_free(ENDPOINT, LATE, replayed=replayed)
    spelt = query.compile(database, compile_kwargs={"literal_binds": True})
    with database.connect() as connection:
        plan = "\n".join(connection.execute(text(f"EXPLAIN {spelt}")).scalars())
    assert ("work_open_replayed" if replayed else "work_open_live") in plan
    assert "Sort" not in plan
