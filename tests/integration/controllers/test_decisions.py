"""POST /v1/deployments: the decisions of the command line, by whoever has a key for them."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import Engine

from tests.unit.controllers.conftest import served
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import write_manifest
from understudy.artefacts.signature import make_keys
from understudy.artefacts.store import ArtefactStore
from understudy.artefacts.vetting import GateResult, Waiver
from understudy.capture import CapturePolicy, Handling
from understudy.log.audit import read_audit
from understudy.log.deployments import change_capture
from understudy.log.keys import KeyWish, create_key, read_key_book
from understudy.log.spools import SpoolReport, report_spool
from understudy.serving import key_file
from understudy.settings import Settings

ENDPOINT = "default"
LIVE = {"name": "tiny-houses", "version": "1.0.0"}
SHADOW = {"name": "tiny-houses", "version": "2.0.0"}

Client = Callable[..., httpx.Client]


@pytest.fixture
def stored(store: ArtefactStore, linear_artefact: Artefact, boosting_artefact: Artefact) -> None:
    """The store has `tiny-houses:1.0.0` and `2.0.0`."""
    store.push(linear_artefact)
    store.push(boosting_artefact)


@pytest.fixture
def start(options: Settings, database: Engine, stored: None) -> Iterator[Client]:
    """Return a function that serves the api and gives a client with a key named `release`."""
    with ExitStack() as running:

        def run(*scopes: str, **changes: Any) -> httpx.Client:
            settings = replace(options, **changes)
            with database.begin() as connection:
                wish = KeyWish("release", scopes or ("deploy", "read"))
                minted = create_key(connection, ENDPOINT, wish, "ada", "")
                key_file.write(settings.key_file, read_key_book(connection, ENDPOINT))
            client = running.enter_context(served(settings))
            client.headers["x-api-key"] = minted.text
            return client

        yield run


@pytest.fixture
def api(start: Client) -> httpx.Client:
    """A client whose key may decide and read."""
    return start()


def decide(api: httpx.Client, action: str, *given: dict[str, Any], **more: Any) -> httpx.Response:
    """Send a decision with the reason `why ACTION`."""
    body = {"action": action, "why": f"why {action}"}
    for one in (*given, more):
        body |= one
    return api.post("/v1/deployments", json=body)


def made(answer: httpx.Response, status: int = 201) -> dict[str, Any]:
    """Return the decision that was recorded."""
    assert answer.status_code == status, answer.text
    found: dict[str, Any] = answer.json()["decision"]
    return found


def refused(answer: httpx.Response, status: int) -> str:
    """Return why a decision was refused."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    detail: str = answer.json()["detail"]
    return detail


def roles(api: httpx.Client) -> tuple[str | None, str | None, list[str]]:
    """Return the versions that are live, were live before, and are in the shadow."""
    now = api.get("/v1/deployments").json()
    live, previous = (now[role] and now[role]["version"] for role in ("live", "previous"))
    return live, previous, [shadow["version"] for shadow in now["shadows"]]


def changed(artefact: Artefact, folder: Path, **changes: object) -> Artefact:
    """Return an artefact with another manifest, as `tiny-houses:3.0.0`."""
    manifest = replace(artefact.manifest, version="3.0.0", **changes)  # type: ignore[arg-type]
    for file in artefact.folder.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    write_manifest(manifest, folder)
    return Artefact(folder, manifest)


def test_the_life_of_a_model(api: httpx.Client, database: Engine) -> None:
    """Every change of roles, by the name of a key, with its reason, in record and audit."""
    assert made(decide(api, "live", LIVE))["version"] == "1.0.0"
    assert made(decide(api, "shadow", SHADOW, share=0.2))["share"] == 0.2
    assert roles(api) == ("1.0.0", None, ["2.0.0"])
    made(decide(api, "withdraw", SHADOW))
    made(decide(api, "shadow", SHADOW))
    made(decide(api, "promote", SHADOW))
    assert roles(api) == ("2.0.0", "1.0.0", [])
    made(decide(api, "rollback"))
    made(decide(api, "shadow", SHADOW))
    made(decide(api, "promote", SHADOW, keep_shadow=True))
    assert roles(api) == ("2.0.0", "1.0.0", ["2.0.0"])
    made(decide(api, "rollback"))
    twin = made(decide(api, "twin"))
    assert (twin["action"], twin["version"], twin["share"]) == ("shadow", "1.0.0", 0.05)
    with database.begin() as connection:
        acts = read_audit(connection, ENDPOINT)
    (made_key,) = (act for act in acts if act.action == "create key")
    key_id = made_key.subject.split()[0]
    decisions = [act for act in acts if act is not made_key]
    assert len(decisions) == 10
    assert {act.who for act in decisions} == {f"release (key {key_id})"}
    assert (decisions[0].action, decisions[0].why) == ("shadow", "why twin")


def test_an_answer_tells_where_to_see_how_many_serve_it(
    api: httpx.Client, database: Engine
) -> None:
    """The workers follow afterwards: whoever wants to wait asks again."""
    answer = decide(api, "live", LIVE)
    number = made(answer)["id"]
    assert answer.json()["workers"] == {"serving": 0, "of": 0, "problems": []}
    where = answer.headers["location"]
    assert where == f"/v1/deployments/{number}"
    reports = (SpoolReport(uuid4(), "a", number), SpoolReport(uuid4(), "b", 0, "no such file"))
    with database.begin() as connection:
        for report in reports:
            report_spool(connection, ENDPOINT, report)
    found = api.get(where).json()
    assert found["workers"] == {"serving": 1, "of": 2, "problems": ["no such file"]}
    assert found["decision"] == answer.json()["decision"]
    assert f"no decision {number + 1}" in refused(api.get(f"/v1/deployments/{number + 1}"), 404)


def test_a_request_sent_again_decides_nothing_anew(api: httpx.Client) -> None:
    """With the last known decision in it a rollback is not rolled back by its own repetition."""
    first = made(decide(api, "live", LIVE, after=0))
    assert made(decide(api, "live", LIVE, after=0), 200) == first
    second = made(decide(api, "live", SHADOW, after=first["id"]))
    third = made(decide(api, "rollback", after=second["id"]))
    assert made(decide(api, "rollback", after=second["id"]), 200) == third
    assert roles(api) == ("1.0.0", "2.0.0", [])
    # A promotion by somebody who has not seen it, or for another reason, is none of this.
    for body in ({**SHADOW}, {**LIVE, "why": "another"}):
        assert f"the last one is {third['id']}" in refused(
            decide(api, "live", body, after=second["id"]), 409
        )
    assert "the last one is" in refused(decide(api, "rollback", after=third["id"] + 9), 409)
    # Nobody said what it is to come after: it is a decision of its own.
    made(decide(api, "rollback"))
    assert roles(api)[0] == "2.0.0"


def test_a_repetition_after_a_later_decision_is_still_one(api: httpx.Client) -> None:
    """An answer that was lost may be asked for again whatever happened since."""
    first = made(decide(api, "live", LIVE, after=0))
    made(decide(api, "live", SHADOW))
    assert made(decide(api, "live", LIVE, after=0), 200) == first
    assert roles(api)[0] == "2.0.0"


UNFIT = [
    ({"action": "live", **LIVE}, "why: it is required"),
    ({"action": "live", "why": " \n", **LIVE}, "why"),
    ({"action": "live", "why": "x", "version": "1.0.0"}, "name: it is required"),
    ({"action": "promote", "why": "x"}, "it is required, but missing (1 more"),
    ({"action": "rollback", "why": "x", **LIVE}, "no such field is known"),
    ({"action": "live", "why": "x", "share": 0.5, **LIVE}, "share: no such field"),
    ({"action": "twin", "why": "x", "policy": {}}, "policy: no such field"),
    ({"action": "remove", "why": "x"}, "is none of live, shadow"),
    ({"action": "shadow", "why": "x", "share": 0, **SHADOW}, "share"),
    ({"action": "shadow", "why": "x", "share": 1.01, **SHADOW}, "share"),
    ({"action": "shadow", "why": "x", "share": "all", **SHADOW}, "share"),
    ({"action": "shadow", "why": "x", "sahre": 1, **SHADOW}, "did you mean 'share'?"),
    ({"action": "rollback", "why": "x", "after": -1}, "after"),
    ({"action": "rollback", "why": "x" * 2001}, "why"),
    ([], "object"),
]


def test_what_is_no_decision_is_refused_by_name(api: httpx.Client) -> None:
    """Nothing is guessed, and nothing is recorded."""
    for body, words in UNFIT:
        assert words in refused(api.post("/v1/deployments", json=body), 400)
    assert api.get("/v1/deployments").json()["history"] == []


def test_what_the_command_line_refuses_is_refused_here(
    api: httpx.Client, store: ArtefactStore, linear_artefact: Artefact, tmp_path_factory: Any
) -> None:
    """A version that is not stored, is no shadow, was not vetted, or breaks the contract."""
    assert "tiny-houses:9" in refused(decide(api, "live", name="tiny-houses", version="9"), 404)
    for name in ("../../etc", "a/b", ".", "a\\b", "\u202e"):
        assert decide(api, "live", name=name, version="1").status_code == 404
    assert "Nothing is live" in refused(decide(api, "twin"), 409)
    assert "nothing to roll back to" in refused(decide(api, "rollback"), 409)
    made(decide(api, "live", LIVE))
    assert "is live, and a version is not compared" in refused(decide(api, "shadow", LIVE), 409)
    for action in ("promote", "withdraw"):
        assert "is not a shadow of this" in refused(decide(api, action, SHADOW), 409)
    third = {**LIVE, "version": "3.0.0"}
    fields = linear_artefact.manifest.input_schema
    narrow = replace(fields, carried=())
    folder = tmp_path_factory.mktemp("narrow")
    store.push(changed(linear_artefact, folder, input_schema=narrow))
    assert '"breaking": true over HTTP' in refused(decide(api, "live", third), 409)
    assert roles(api) == ("1.0.0", None, [])
    made(decide(api, "live", third, breaking=True))
    assert roles(api) == ("3.0.0", "1.0.0", [])


def test_a_capture_policy_counts_like_a_decision(api: httpx.Client, database: Engine) -> None:
    """What reads a redacted field gets no role, and `after` has to name what came last."""
    first = made(decide(api, "live", LIVE))["id"]
    keeps_no_area = CapturePolicy({"area": Handling("drop")}, output_only=True)
    with database.begin() as connection:
        policy = change_capture(connection, ENDPOINT, keeps_no_area, "ada", "why not").id
    assert f"the last one is {policy}" in refused(decide(api, "shadow", SHADOW, after=first), 409)
    said = refused(decide(api, "shadow", SHADOW, after=policy), 409)
    assert "tiny-houses:2.0.0 reads area" in said
    assert api.get("/v1/deployments").json()["deployment_id"] == policy
    second = made(decide(api, "live", SHADOW, after=policy))
    assert made(decide(api, "live", SHADOW, after=policy), 200) == second


def test_gates_signatures_and_waivers_count_as_ever(
    start: Client, store: ArtefactStore, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """What no gate let pass is not deployed, nor what is not signed; a waiver goes on record."""
    gates = linear_artefact.manifest.gates
    waived = tuple(
        GateResult("cost", "waived", "too dear") if gate.gate == "cost" else gate for gate in gates
    )
    folder = tmp_path / "changed"
    folder.mkdir()
    waiver = Waiver("cost", "for now", "ada")
    store.push(changed(linear_artefact, folder, gates=waived, waivers=(waiver,)))
    trusting = start(trusted_keys=make_keys(tmp_path / "mine")[1])
    assert "not signed" in refused(decide(trusting, "live", LIVE), 409)
    api = start()
    third = made(decide(api, "live", {**LIVE, "version": "3.0.0"}))
    assert third["waivers"] == [{"gate": "cost", "reason": "for now", "by": "ada"}]
    manifest_path = next(Path(store.url).glob("*/1.0.0/manifest.json"))
    write_manifest(replace(linear_artefact.manifest, gates=()), manifest_path.parent)
    assert "no gate has looked at it" in refused(decide(api, "live", LIVE), 409)


def test_a_shadow_is_judged_by_what_is_given_or_by_the_policy_of_the_endpoint(
    start: Client, tmp_path: Path
) -> None:
    """Both are held against the models first; the process that knows policies ends afterwards."""
    file = tmp_path / "policy.yaml"
    file.write_text("aim: better\n")
    api = start(policy=file)
    api.timeout = 150  # who examines gives way to whoever else is busy here
    made(decide(api, "live", LIVE))
    answer = decide(api, "shadow", SHADOW, policy={"aim": "better", "unit": "zoen"})
    assert "did you mean zone" in refused(answer, 400)
    assert roles(api)[2] == []
    made(decide(api, "shadow", SHADOW))
    (shadow,) = api.get("/v1/deployments").json()["shadows"]
    assert shadow["policy"]["aim"] == "better"


def test_reading_decides_nothing(start: Client) -> None:
    """Each scope opens its own."""
    reader = start("read", "predict", "outcomes")
    assert "this asks for deploy" in refused(decide(reader, "rollback"), 403)
    decider = start("deploy")
    made(decide(decider, "live", LIVE))
    assert decider.get("/v1/deployments").status_code == 403
    del decider.headers["x-api-key"]
    assert decide(decider, "rollback").status_code == 401


def test_an_open_service_says_that_it_asked_nobody(options: Settings, stored: None) -> None:
    """Whoever can log in to this machine may decide; the record does not make up a name."""
    with served(options) as api:
        assert made(decide(api, "live", LIVE))["who"] == "(no key was asked for)"


def test_without_postgres_nothing_is_decided(start: Client) -> None:
    """503 and when to come again."""
    api = start(database_url="postgresql://nobody@127.0.0.1:1/none")
    for answer in (decide(api, "live", LIVE), decide(api, "twin"), api.get("/v1/deployments/1")):
        assert "cannot be reached" in refused(answer, 503)
        assert answer.headers["retry-after"] == "5"


def test_two_at_once_are_two_decisions_one_after_the_other(
    start: Client, options: Settings
) -> None:
    """Of those who have seen the same last decision, one decides and the others are told."""
    api = start()
    made(decide(api, "live", LIVE))
    last = api.get("/v1/deployments").json()["deployment_id"]

    def attempt(number: int) -> int:
        return decide(api, "live", SHADOW, why=f"try {number}", after=last).status_code

    with ThreadPoolExecutor(6) as people:
        statuses: Sequence[int] = list(people.map(attempt, range(6)))
    assert sorted(statuses) == [201, 409, 409, 409, 409, 409]
