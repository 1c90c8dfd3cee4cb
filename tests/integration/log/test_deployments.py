"""Changes of roles are recorded in order, refused when they make no sense, and heard of."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, text

from understudy.artefacts.vetting import Waiver
from understudy.errors import DeploymentRefused, LogUnavailable
from understudy.log.deployments import CHANNEL, Change, append, current, history
from understudy.log.notices import Listener, notify
from understudy.log.roles import Deployments

LIVE = Change("live", "ada", "m", "1", "digest 1", "the first one")
SHADOW = Change("shadow", "bob", "m", "2", "digest 2", share=0.5, policy={"days": 0})


def _append(engine: Engine, *changes: Change, endpoint: str = "e") -> Deployments:
    with engine.begin() as connection:
        found = Deployments()
        for change in changes:
            found = append(connection, endpoint, change)
    return found


def test_what_append_returns_is_what_everyone_reads_afterwards(database: Engine) -> None:
    """Who, why, share, policy and digest are kept; another endpoint sees nothing of it."""
    found = _append(database, LIVE, SHADOW)
    with database.connect() as connection:
        assert current(connection, "e") == found
        assert current(connection, "other") == Deployments()
        assert [(row.action, row.who, row.policy) for row in history(connection, "e")] == [
            ("live", "ada", None),
            ("shadow", "bob", {"days": 0}),
        ]
        nulls = text("SELECT count(*) FROM deployment WHERE policy IS NULL")
        assert connection.execute(nulls).scalar() == 1
    assert found.live is not None
    assert (found.live.why, found.live.digest) == ("the first one", "digest 1")
    shadow = found.shadow("m", "2")
    assert shadow is not None
    assert (shadow.share, shadow.policy, shadow.digest) == (0.5, {"days": 0}, "digest 2")


def test_a_whole_life_of_changes(database: Engine) -> None:
    """Promote, roll back and withdraw find digests by themselves."""
    found = _append(database, LIVE, SHADOW, Change("promote", "ada", "m", "2"))
    assert found.live is not None
    assert found.previous is not None
    assert (found.live.key, found.live.digest, found.shadows) == (("m", "2"), "digest 2", ())
    found = _append(database, Change("rollback", "ada", why="it was wrong"))
    assert found.live is not None
    assert (found.live.key, found.live.digest) == (("m", "1"), "digest 1")
    assert found.live.why == "it was wrong"
    found = _append(database, SHADOW, Change("withdraw", "ada", "m", "2"))
    assert found.shadows == ()


def test_waivers_go_with_the_version_from_role_to_role(database: Engine) -> None:
    """Who promotes or rolls back need not repeat them, and whoever ends a role waives nothing."""
    waivers = (Waiver("quality", "so be it", "ada"),)
    found = _append(
        database,
        replace(LIVE, waivers=()),
        replace(SHADOW, waivers=waivers),
        Change("promote", "ada", "m", "2"),
        Change("rollback", "ada"),
        Change("rollback", "ada"),
        Change("shadow", "ada", "m", "1", "digest 1"),
        Change("withdraw", "ada", "m", "1"),
    )
    assert found.live is not None
    assert found.live.waivers == waivers
    with database.connect() as connection:
        rows = history(connection, "e")
        nulls = text("SELECT count(*) FROM deployment WHERE waivers IS NULL")
        assert connection.execute(nulls).scalar() == 2
    assert [row.waivers for row in rows] == [(), waivers, waivers, (), waivers, None, None]
    assert found.live.deployment_id == rows[4].id


def test_a_promotion_may_say_its_waivers_anew(database: Engine) -> None:
    """As the manifest has them, where the shadow's change came from an earlier command."""
    waivers = (Waiver("quality", "so be it", "ada"),)
    found = _append(database, LIVE, SHADOW, Change("promote", "a", "m", "2", waivers=waivers))
    assert found.live is not None
    assert found.live.waivers == waivers


def test_a_shadow_keeps_its_policy_unless_another_is_given(database: Engine) -> None:
    """Changing the share alone must not reset what the comparison asks for."""
    again = Change("shadow", "bob", "m", "2", "digest 2", share=0.1)
    shadow = _append(database, SHADOW, again).shadow("m", "2")
    assert shadow is not None
    assert (shadow.share, shadow.policy) == (0.1, {"days": 0})
    emptied = Change("shadow", "bob", "m", "2", "digest 2", policy={})
    shadow = _append(database, emptied).shadow("m", "2")
    assert shadow is not None
    assert shadow.policy == {}


@pytest.mark.parametrize(
    ("change", "help"),
    [
        (Change("promote", "ada", "m", "3"), r"m:3 is not a shadow.*m:2.*--shadow"),
        (Change("withdraw", "ada", "m", "1"), "not a shadow"),
        (Change("rollback", "ada"), "nothing to roll back to"),
        (Change("shadow", "ada", "m", "1", "digest 1"), "not compared with itself"),
        (Change("shadow", "ada", "m", "3", "digest 3", is_twin=True), "m:1 .digest 1….* is live"),
        (Change("shadow", "ada", "m", "1", "digest 9", is_twin=True), "not m:1 .digest 9…"),
        (Change("shadow", "ada", "m", "3", "digest 3", share=0), "share of m:3 is 0"),
        (Change("shadow", "ada", "m", "3", "digest 3", share=1.5), "share"),
        (Change("live", "ada", "m", "3"), "needs the model's digest"),
        (Change("live", "ada", "", "3", "digest"), "needs the model's name"),
        (Change("shadow", "ada", "m", "", "digest"), "needs the model's version"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_with_what_would_help(
    database: Engine, change: Change, help: str
) -> None:
    """Nothing is recorded then."""
    before = _append(database, LIVE, SHADOW)
    with pytest.raises(DeploymentRefused, match=help):
        _append(database, change)
    with database.connect() as connection:
        assert current(connection, "e") == before


def test_the_live_version_may_be_its_own_twin_and_is_no_candidate(database: Engine) -> None:
    """It is withdrawn like any shadow, and not promoted to what it is."""
    twin = Change("shadow", "ada", "m", "1", "digest 1", share=0.05, is_twin=True)
    found = _append(database, LIVE, twin)
    assert [(role.key, role.share) for role in found.shadows] == [(("m", "1"), 0.05)]
    with pytest.raises(DeploymentRefused, match="m:1 is live already, and its twin"):
        _append(database, Change("promote", "ada", "m", "1"))
    assert _append(database, Change("withdraw", "ada", "m", "1")).shadows == ()
    with pytest.raises(DeploymentRefused, match="but nothing is live"):
        _append(database, twin, endpoint="other")


def test_of_two_who_promote_at_once_one_is_refused(database: Engine) -> None:
    """Writers of one endpoint wait for one another and see what the other one did."""
    _append(database, LIVE, SHADOW)
    barrier = threading.Barrier(2)

    def promote(who: str) -> bool:
        barrier.wait(timeout=30)
        try:
            _append(database, Change("promote", who, "m", "2"))
        except DeploymentRefused:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(promote, ("ada", "bob"))) == [False, True]


def test_listeners_hear_of_a_change_once_it_counts(database: Engine) -> None:
    """Nothing is heard before the commit, and nothing of what was rolled back."""
    with Listener(database, [CHANNEL]) as listener, database.connect() as connection:
        append(connection, "e", LIVE)
        assert listener.wait(0.05) == []
        connection.commit()
        assert listener.wait(30) == [(CHANNEL, "e")]
        append(connection, "e", SHADOW)
        connection.rollback()
        assert listener.wait(0.05) == []


def test_a_listener_says_when_postgres_is_away(database: Engine) -> None:
    """Its owner makes a new one then."""
    with Listener(database, ["odd name; --"]) as listener:
        with database.begin() as connection:
            notify(connection, "odd name; --", "heard")
        assert listener.wait(30) == [("odd name; --", "heard")]
        with database.begin() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        with pytest.raises(LogUnavailable):
            listener.wait(30)
