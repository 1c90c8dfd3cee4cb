"""Who gets in: keys, scopes, rates, and how soon a change of them counts."""

import asyncio
import os
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from pathlib import Path

import httpx
import pytest
from connexion.exceptions import ProblemException

from tests.tiny import make_instances
from tests.unit.controllers.conftest import Start
from understudy.controllers.access import Door
from understudy.controllers.contract import read_contract
from understudy.controllers.key_ring import KeyRing
from understudy.keys import SCOPES, Key, KeyBook, mint
from understudy.serving import key_file
from understudy.settings import Settings

PREDICTION = {"instances": make_instances(1)}
PARAMETERS = ("request_id", "name", "version", "shadow", "deployment_id")
Give = Callable[..., str]


@pytest.fixture
def ring(tmp_path: Path) -> dict[str, Key]:
    """The keys that are good, by their text."""
    return {}


@pytest.fixture
def give(ring: dict[str, Key], tmp_path: Path) -> Give:
    """Return a function that makes a key, as the agent would bring it, and returns its text."""

    def make(*scopes: str, per_second: float | None = None, expires_at: float | None = None) -> str:
        minted = mint()
        ring[minted.text] = Key(
            minted.id, "shop", minted.digest, frozenset(scopes), per_second, expires_at
        )
        bring(tmp_path, list(ring.values()))
        return minted.text

    return make


def bring(folder: Path, keys: Sequence[Key]) -> None:
    """Write the keys that are good from now on."""
    key_file.write(folder / "keys.json", KeyBook(asks=True, keys=tuple(keys)))


def predict(client: httpx.Client, key: str | None) -> httpx.Response:
    """Ask for a prediction with a key."""
    headers = {} if key is None else {"x-api-key": key}
    return client.post("/v1/predictions", json=PREDICTION, headers=headers)


def until(client: httpx.Client, key: str | None, status: int) -> None:
    """Wait until a key gets this status; a change counts within two seconds of the file's."""
    end = time.monotonic() + 10
    while predict(client, key).status_code != status:
        assert time.monotonic() < end, f"no {status} within 10 s"
        time.sleep(0.05)


def test_a_key_opens_what_its_scopes_say(start: Start, give: Give) -> None:
    """403 names what the key opens and what was asked for."""
    predictor, reader = give("predict"), give("read", "outcomes")
    client = start()
    assert predict(client, predictor).status_code == 200
    refused = predict(client, reader)
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
    assert "opens outcomes, read; this asks for predict" in refused.json()["detail"]
    assert client.get("/metrics", headers={"x-api-key": reader}).status_code == 200
    assert client.get("/metrics", headers={"x-api-key": predictor}).status_code == 403


@pytest.mark.parametrize("scope", SCOPES)
def test_a_browser_needs_to_read(start: Start, give: Give, scope: str) -> None:
    """A key as a password shows the dashboard if it may read, and opens nothing else."""
    basic = {"authorization": "Basic " + b64encode(f"ann:{give(scope)}".encode()).decode()}
    client = start()
    # 503: it got in, and there is no prediction log.
    assert client.get("/", headers=basic).status_code == (503 if scope == "read" else 403)
    assert client.post("/v1/predictions", json=PREDICTION, headers=basic).status_code == 401


def test_a_running_service_closes_with_its_first_key(start: Start, give: Give) -> None:
    """Open until then, and its contract says so; closed from then on."""
    client = start()
    assert predict(client, None).status_code == 200
    assert "security" not in client.get("/openapi.json").json()["paths"]["/metrics"]["get"]
    key = give("predict")
    until(client, None, 401)
    assert predict(client, key).status_code == 200
    assert client.get("/openapi.json").json()["paths"]["/metrics"]["get"]["security"]


def test_a_revoked_key_is_out_and_the_door_stays_shut(
    start: Start, give: Give, tmp_path: Path
) -> None:
    """Also when it was the last one."""
    key = give("predict")
    client = start()
    assert predict(client, key).status_code == 200
    bring(tmp_path, [])
    until(client, key, 401)
    assert predict(client, None).status_code == 401


def test_a_key_ends_by_itself(start: Start, give: Give) -> None:
    """Nobody has to bring the news."""
    key = give("predict", expires_at=time.time() + 1.5)
    client = start()
    assert predict(client, key).status_code == 200
    until(client, key, 401)


def test_a_key_is_good_for_its_rate(start: Start, give: Give) -> None:
    """429 says when to come again; other keys are not held up."""
    slow, other = give("predict", per_second=2), give("predict")
    client = start(workers=1)
    statuses = [predict(client, slow).status_code for _ in range(12)]
    assert statuses[0] == 200
    assert 429 in statuses
    refused = next(answer for answer in iter(lambda: predict(client, slow), None)
                   if answer.status_code == 429)  # fmt: skip
    assert refused.headers["retry-after"] == "1"
    assert "good for 2 requests a second" in refused.json()["detail"]
    assert predict(client, other).status_code == 200
    until(client, slow, 200)


def test_a_rate_below_one_a_second_is_shared_by_the_workers(start: Start, give: Give) -> None:
    """Half a request a second, two workers: each gives one in four seconds."""
    key = give("predict", per_second=0.5)
    client = start(workers=2)
    assert [predict(client, key).status_code for _ in range(3)] == [200, 429, 429]


@pytest.mark.parametrize("workers", [1, 2, 3, 8, 16])
@pytest.mark.parametrize("rate", [0.5, 1, 3, 4.5, 9, 17, 40])
def test_the_workers_together_give_out_a_key_s_rate(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, workers: int, rate: float
) -> None:
    """Over a long time neither more nor less; at once hardly more than a worker's share."""
    now = 1_000_000.0
    monkeypatch.setattr("limits.aio.storage.memory.time.time", lambda: now)
    minted = mint()
    bring(tmp_path, [Key(minted.id, "shop", minted.digest, frozenset({"read"}), rate)])
    given: list[float] = []
    share = rate / workers
    lasting_s = max(100 / share, 40)

    async def ask() -> None:
        nonlocal now
        door = Door(KeyRing(Settings(data_dir=tmp_path)), workers)
        step, end = 0.1 / share, now + lasting_s
        while now < end:
            for _ in range(60):  # always more than there is to be had
                try:
                    await door.open(minted.text, ["read"])
                except ProblemException:
                    break
                given.append(now)
            now += step

    asyncio.run(ask())
    assert len(given) * workers / lasting_s == pytest.approx(rate, rel=0.04)
    at_once = [given.count(moment) for moment in set(given)]
    assert max(at_once) <= max(1, 1.34 * share)


@pytest.mark.parametrize("per_second", [0.25, 0.5])
def test_a_browser_beyond_its_rate_is_told_to_wait(
    start: Start, give: Give, per_second: float
) -> None:
    """With 401 it would ask for another password."""
    client = start(workers=1)
    key = give("read", per_second=per_second)
    basic = {"authorization": "Basic " + b64encode(f"ann:{key}".encode()).decode()}
    until(client, None, 401)
    assert client.get("/", headers=basic).status_code == 503  # in, and there is no prediction log
    refused = client.get("/", headers=basic)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == str(int(1 / per_second))
    wrong = {"authorization": "Basic " + b64encode(b"ann:us_wrong").decode()}
    for headers in (wrong, {}, {"authorization": "Digest abc"}, {"authorization": "Bearer wrong"}):
        assert client.get("/", headers=headers).status_code == 401


def test_a_worker_s_share_is_told_when_to_come_again(start: Start, give: Give) -> None:
    """A connection stays with its worker, so that this one's next request is what counts."""
    key = give("predict", per_second=0.5)
    client = start(workers=2)
    assert predict(client, key).status_code == 200
    assert predict(client, key).headers["retry-after"] == "4"


def test_a_damaged_file_lets_nobody_in_and_nobody_out(
    start: Start, give: Give, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Who was known stays in; where nobody was known, nobody gets in."""
    key = give("predict")
    client = start()
    assert predict(client, key).status_code == 200
    (tmp_path / "keys.json").write_text("{")
    end = time.monotonic() + 10
    while "stay good" not in caplog.text:
        assert time.monotonic() < end
        assert predict(client, key).status_code == 200
        time.sleep(0.05)
    assert predict(client, None).status_code == 401


def test_a_damaged_file_does_not_open_a_service(start: Start, tmp_path: Path) -> None:
    """Nobody knows whether a key was asked for, so it is."""
    (tmp_path / "keys.json").write_text("{")
    assert predict(start(), None).status_code == 401


def test_a_service_can_be_told_to_ask(start: Start, give: Give) -> None:
    """Before it knows any key it lets nobody in."""
    client = start(access="keys")
    assert predict(client, None).status_code == 401
    until(client, give("predict"), 200)


def test_the_key_of_the_settings_opens_all_beside_others(start: Start, give: Give) -> None:
    """It is the owner's, and stays good."""
    key = give("read")
    client = start(api_key="s3cret-key")
    assert predict(client, "s3cret-key").status_code == 200
    assert predict(client, key).status_code == 403
    assert predict(client, "s3cret-kez").status_code == 401


@pytest.mark.parametrize("password", ["", ":", "us_", "us_aaaaaaaa_"])
def test_an_empty_password_is_nobody_s(start: Start, give: Give, password: str) -> None:
    """It is not known, which is another thing than to be known and to open nothing."""
    give("read")
    basic = {"authorization": "Basic " + b64encode(f"ann:{password}".encode()).decode()}
    assert start().get("/", headers=basic).status_code == 401


@pytest.mark.parametrize("change", [lambda key: key[:-1], lambda key: key + "x", str.upper])
def test_nearly_a_key_is_none(start: Start, give: Give, change: Callable[[str], str]) -> None:
    """The id alone opens nothing."""
    key = give("predict")
    assert predict(start(), change(key)).status_code == 401


def test_an_address_beside_the_contract_opens_nothing(start: Start, give: Give) -> None:
    """Routers differ in what a line feed at the end of an address means; none of it goes by."""
    client = start()
    give("read")
    until(client, None, 401)
    paths = [path.format(**dict.fromkeys(PARAMETERS, "1")) for path in read_contract()["paths"]]
    for path in [*paths, "/v1/models/a%0Ab/1", "/shadows/%0a"]:
        for beside in (f"{path}%0a", f"{path}%0a%0a", f"{path}/%0a", f"/%0a{path}"):
            for method in ("GET", "POST"):
                answer = client.request(method, beside, json=PREDICTION)
                assert answer.status_code in (307, 401, 404, 405), beside
    assert client.delete("/v1/outcomes").status_code == 405
    assert client.get("/metrics").status_code == 401


def test_the_door_does_not_open_again_while_the_service_runs(
    start: Start, give: Give, tmp_path: Path
) -> None:
    """Whatever becomes of the file: it may be removed, or say that nobody was ever asked."""
    key = give("predict")
    client = start()
    until(client, key, 200)
    file = tmp_path / "keys.json"
    for change in (file.unlink, lambda: key_file.write(file, KeyBook())):
        change()
        until(client, key, 401)
        for _ in range(5):
            assert predict(client, None).status_code == 401
            time.sleep(0.15)


def test_beyond_loopback_somebody_is_asked_before_there_is_a_key(start: Start) -> None:
    """Also where the file of the keys is not there."""
    client = start(host="0.0.0.0")  # noqa: S104 - nothing listens there
    assert predict(client, None).status_code == 401


def _revoked_just_now(
    start: Start, give: Give, ring: dict[str, Key], folder: Path
) -> tuple[httpx.Client, str, str]:
    """Return a client of a service, a good key, and one that the file on its way no longer has."""
    kept, revoked = give("predict"), give("predict")
    client = start()
    until(client, revoked, 200)
    del ring[revoked]
    bring(folder, list(ring.values()))
    return client, kept, revoked


def test_a_file_that_cannot_be_read_for_a_moment_is_read_again(
    start: Start, give: Give, ring: dict[str, Key], tmp_path: Path
) -> None:
    """What was revoked meanwhile is good no more as soon as it can be read."""
    client, kept, revoked = _revoked_just_now(start, give, ring, tmp_path)
    file = tmp_path / "keys.json"
    there = file.rename(tmp_path / "aside")
    file.symlink_to(file)  # too many levels: an error of the system, not of the content
    time.sleep(0.7)
    assert predict(client, kept).status_code == 200
    file.unlink()
    there.rename(file)
    until(client, revoked, 401)
    assert predict(client, kept).status_code == 200


def test_a_file_that_was_seen_half_written_is_read_again(
    start: Start, give: Give, ring: dict[str, Key], tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """On a full disk it is written over, and may be met in the midst of that."""
    client, kept, revoked = _revoked_just_now(start, give, ring, tmp_path)
    file = tmp_path / "keys.json"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    written = file.stat().st_mtime_ns
    end = time.monotonic() + 10
    while "stay good" not in caplog.text:
        assert time.monotonic() < end
        assert predict(client, kept).status_code == 200
        time.sleep(0.05)
    file.write_bytes(whole)
    os.utime(file, ns=(written, written))  # the kernel's clock may not have moved on meanwhile
    until(client, revoked, 401)
    assert predict(client, kept).status_code == 200
