"""The account of the chaos experiments sees each promise broken, in a log where it is."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from tests.chaos.account import LATE_S, Account, Place, settle
from tests.chaos.ledger import Ledger, Request
from tests.chaos.records import read_records
from tests.traffic import ENDPOINT, deploy_shadow, withdraw_shadow
from understudy.log.deployments import Change, append
from understudy.log.shipping import ship
from understudy.log.work import claim, complete, read_work
from understudy.log.work_item import ShadowResult
from understudy.records import ServedRequest
from understudy.shadow.sampling import is_sampled

_FAULTS = ("unrecorded", "doubled", "wrong", "unexplained_requests", "errors", "late",
           "shadow_gaps", "shadow_failures_amiss", "open_work", "quarantined")  # fmt: skip


@dataclass
class Scene:
    """A client's ledger, and the log in which its requests are recorded."""

    ledger: Ledger
    database: Engine
    url: str

    def do(self, statement: str) -> None:
        """Change the log by hand, which must hit exactly one row."""
        with self.database.begin() as connection:
            assert connection.execute(text(statement)).rowcount == 1

    def send(self, instances: int, *, status: int | None = 200, recorded: bool = True) -> Request:
        """Send a request that is answered, or not, and recorded, or not."""
        answers = [float(number) for number in range(instances)]
        request = Request(uuid4().hex, instances, time.monotonic(), status=status)
        request.ended = time.monotonic()
        request_id = str(uuid4())
        if status == 200:
            request.request_id, request.version = request_id, "1.0.0"
            request.predictions = list(answers)
        self.ledger.note(request)
        if recorded:
            served = ServedRequest(
                seq=1, request_id=request_id, client_id=request.client_id, served_at=time.time(),
                name="live", version="1.0.0", instances=[{"x": 1}] * instances, outputs=answers,
                values=answers, labels=[None] * instances,
            )  # fmt: skip
            ship(self.database, ENDPOINT, uuid4(), [served])
        return request

    def score(self) -> None:
        """Let both shadows score what they have not yet."""
        for version in ("2.0.0", "2.1.0"):
            while item := claim(self.database, ENDPOINT, "model", version, "me", 30):
                rows = read_work(self.database, item)
                due = [row for row in rows if is_sampled(row.request_id, item.share)]
                found = [ShadowResult(row.request_id, row.instance_no, "scored", 1.0, 1.0, None)
                         for row in due]  # fmt: skip
                complete(self.database, item, found, len(rows) - len(due))

    def account(
        self,
        poisoned: Collection[Place] = (),
        ruined: Collection[str] = (),
        *,
        may_lose: bool = False,
    ) -> Account:
        """Settle."""
        records = read_records(self.url, ENDPOINT)
        return settle(self.ledger, records, poisoned, ruined, may_lose=may_lose)


@pytest.fixture
def scene(database: Engine, database_url: str) -> Scene:
    """Requests that were answered, recorded and scored, by one shadow on a share of them."""
    live = Change("live", "ann", "live", "1.0.0", digest="d" * 64)
    with database.begin() as connection:
        append(connection, ENDPOINT, live)
    deploy_shadow(database, "model", "2.0.0")
    deploy_shadow(database, "model", "2.1.0", share=0.5)
    scene = Scene(Ledger(), database, database_url.replace("+psycopg2", ""))
    for size in (1, 3, 2, 1, 1, 1, 1, 1):
        scene.send(size)
    scene.score()
    return scene


def _broken(account: Account) -> dict[str, int]:
    return {name: found for name in _FAULTS if (found := getattr(account, name))}


def test_a_sound_log_breaks_no_promise(scene: Scene) -> None:
    """Every figure that must be 0 is 0, and the others are those of the client."""
    account = scene.account()
    assert _broken(account) == {}
    assert (account.sent_requests, account.answered, account.recorded) == (8, 11, 11)
    assert 11 < account.shadow_rows < 22
    assert account.recorded_of_live == 11
    assert account.playing == ["model:2.0.0", "model:2.1.0"]


_BREACHES = {
    "DELETE FROM prediction WHERE instance_no = 2": "unrecorded",
    "INSERT INTO prediction SELECT endpoint, request_id, instance_no, client_id, served_at,"
    " recorded_at + interval '1 microsecond', shipment_id, name, version, instance, output, value,"
    " label, deployment_id FROM prediction WHERE instance_no = 2": "doubled",
    "UPDATE prediction SET output = '7' WHERE instance_no = 2": "wrong",
    "UPDATE prediction SET version = '9.0.0' WHERE instance_no = 2": "wrong",
    "UPDATE prediction SET instance_no = 9 WHERE instance_no = 2":
        "wrong",
    "DELETE FROM shadow_prediction WHERE version = '2.0.0' AND instance_no = 2": "shadow_gaps",
    "INSERT INTO shadow_prediction SELECT endpoint, request_id, instance_no, recorded_at"
    " + interval '1 microsecond', shipment_id, name, version, status, output, value, label, error,"
    " scored_at FROM shadow_prediction WHERE version = '2.0.0' AND instance_no = 2": "shadow_gaps",
    "UPDATE work SET state = 'waiting' WHERE id = (SELECT min(id) FROM work)": "open_work",
    "INSERT INTO quarantine (endpoint, spool, seq, payload, error)"
    " VALUES ('houses', gen_random_uuid(), 1, '', 'no')": "quarantined",
}  # fmt: skip


@pytest.mark.parametrize(
    ("breach", "promise"), _BREACHES.items(), ids=map(str, range(len(_BREACHES)))
)
def test_a_broken_promise_is_seen(scene: Scene, breach: str, promise: str) -> None:
    """One row removed, doubled or changed by hand is one breach of that promise."""
    scene.do(breach)
    assert _broken(scene.account())[promise] == 1


def test_what_a_fault_took_out_of_a_spool_may_be_missing_and_nothing_else(scene: Scene) -> None:
    """It is counted by itself; another request that is missing is still a broken promise."""
    taken, missing = scene.send(3, recorded=False), scene.send(2, recorded=False)
    scene.do(
        "INSERT INTO quarantine (endpoint, spool, seq, payload, error) VALUES"  # noqa: S608
        f" ('houses', gen_random_uuid(), 1, convert_to('{taken.client_id}', 'UTF8'), 'half of it')"
    )
    assert _broken(scene.account()) == {"unrecorded": 5, "quarantined": 1}
    account = scene.account(ruined={taken.client_id})
    assert (account.ruined, account.answered, account.recorded) == (3, 16, 11)
    assert _broken(account) == {"unrecorded": 2}
    assert _broken(scene.account(ruined={taken.client_id, missing.client_id})) == {}


def test_a_request_that_fails_is_an_error_unless_the_api_was_away(scene: Scene) -> None:
    """It is forgiven if it was under way in an outage, however it failed."""
    scene.send(1, status=503, recorded=False)
    assert _broken(scene.account()) == {"errors": 1}
    request = scene.send(1, status=None, recorded=False)
    assert request.ended is not None
    scene.ledger.excuse(request.sent - 1, request.sent)
    assert _broken(scene.account()) == {}
    scene.ledger.excuse(request.ended + 1, request.ended + 2)
    late = scene.send(1, status=500, recorded=False)
    assert _broken(scene.account()) == {"errors": 1}, late


@pytest.mark.parametrize("status", [200, 503])
def test_who_waits_too_long_has_noticed_something(scene: Scene, status: int) -> None:
    """An answer or a refusal that comes late is forgiven only while the api was away or held."""
    request = scene.send(1, status=status, recorded=status == 200)
    scene.score()
    prompt = _broken(scene.account())
    request.ended = request.sent + LATE_S + 0.5
    assert _broken(scene.account()) == prompt | {"late": 1}
    assert scene.account().slowest_s == pytest.approx(LATE_S + 0.5)
    scene.ledger.delay(request.ended + 1, request.ended + 2)
    assert scene.account().late == 1
    scene.ledger.delay(request.sent - 1, request.sent + 0.1)
    assert _broken(scene.account()) == prompt
    assert scene.account().slowest_s < LATE_S


def test_recorded_and_unanswered_is_only_who_was_under_way_at_a_kill(scene: Scene) -> None:
    """A request that was refused, or failed at another time, is in no record."""
    scene.send(1, status=None)
    scene.score()
    account = scene.account()
    assert (account.unexplained_requests, account.recorded_unanswered_requests) == (1, 1)
    scene.ledger.excuse(0, time.monotonic())
    assert _broken(scene.account()) == {}
    assert scene.account().recorded_unanswered_requests == 1
    scene.send(1, status=503)
    scene.score()
    assert _broken(scene.account()) == {"unexplained_requests": 1, "errors": 1}


def test_what_the_api_counted_as_lost_is_not_lost_unseen(scene: Scene) -> None:
    """Answered is recorded or counted, to the instance, and counted only where that may be."""
    request = scene.send(2, recorded=False)
    assert _broken(scene.account(may_lose=True)) == {"unrecorded": 2}
    for lost, off in ((1, 1), (2, 0), (5, 3)):
        scene.do(
            f"UPDATE spool SET lost = {lost:d}"  # noqa: S608
            " WHERE uuid = (SELECT uuid FROM spool ORDER BY uuid LIMIT 1)"
        )
        assert _broken(scene.account(may_lose=True)).get("unrecorded", 0) == off
        assert scene.account().counted_lost == lost
        assert _broken(scene.account()) == {"unrecorded": request.instances + lost}


def test_a_shadow_is_due_only_while_it_is_deployed(scene: Scene) -> None:
    """What was recorded after its role has ended is no gap."""
    withdraw_shadow(scene.database, "model", "2.0.0")
    scene.send(3)
    scene.score()
    assert _broken(scene.account()) == {}


def test_a_shadow_fails_where_it_has_to_and_nowhere_else(scene: Scene) -> None:
    """A failure without a poisoned instance is amiss, and a poisoned one without a failure."""
    request = scene.send(5)
    scene.score()
    place = request.client_id, 4
    assert _broken(scene.account([place])) == {"shadow_failures_amiss": 1}
    scene.do("UPDATE shadow_prediction SET status = 'failed', output = NULL, value = NULL,"
             " error = 'no' WHERE version = '2.0.0' AND instance_no = 4")  # fmt: skip
    assert _broken(scene.account([place])) == {}
    assert _broken(scene.account()) == {"shadow_failures_amiss": 1}


def test_after_a_promotion_only_the_new_version_s_rows_are_its_own(scene: Scene) -> None:
    """What `compare` is held against is what the live version has answered."""
    change = Change("promote", "ann", "model", "2.0.0", digest="d" * 64)
    with scene.database.begin() as connection:
        append(connection, ENDPOINT, change)
    account = scene.account()
    assert _broken(account) == {}
    assert account.recorded_of_live == 0
    assert account.playing == ["model:2.1.0"]
