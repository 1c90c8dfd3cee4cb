"""Capture policies on a running stack, as people and auditors meet them."""

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import inspect, text

from tests.integration.cli.conftest import CommandLine
from tests.integration.stacks import running_stack, until
from tests.tiny import make_instances
from understudy.artefacts.artefact import Artefact
from understudy.log.database import connect
from understudy.settings import Settings
from understudy.stack.running import find_running

SECRET, HOUSE, YEAR = "Adalina-Nowhere", "xylophone-lane-93", 7777771
KEEPS_AGENTS = "fields: {agent: hash, sold: {bucket: [2000, 2010]}}\n"
TEMPLATE = "fields: {%s}\n"
_PAGES = ("/", "/deployments", "/metrics", "/v1/comparisons", "/v1/deployments", "/openapi.json")


@pytest.fixture(scope="module")
def running() -> Iterator[Settings]:
    """A stack that runs for all tests of this file, and logs refused bodies if it may."""
    with running_stack(log_inputs=True, watch_interval_s=0.5) as settings:
        yield settings


@pytest.fixture
def api(stack: Settings) -> Iterator[httpx.Client]:
    """A client of the running api."""
    url = f"http://127.0.0.1:{stack.port}"
    with httpx.Client(base_url=url, timeout=30, verify=False) as client:  # noqa: S501
        yield client


@pytest.fixture
def policy(tmp_path: Path) -> Callable[[str], Path]:
    """Write a capture policy to a file."""

    def write(content: str) -> Path:
        path = tmp_path / "capture.yaml"
        path.write_text(content)
        return path

    return write


@pytest.mark.promise(
    "privacy", "A planted secret reaches the model, and no file, page, metric or report"
)
def test_a_secret_goes_no_further_than_the_model(  # noqa: PLR0915 - one story, told to its end
    stack: Settings, understudy: CommandLine, api: httpx.Client, policy: Callable[[str], Path],
    linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path,
) -> None:  # fmt: skip
    """Through every command that concerns it, and nowhere in what the stack writes or shows."""
    live, shadow = "tiny-houses:1.0.0", "tiny-houses:2.0.0"
    understudy.good("deploy", linear_artefact.folder, "--live")
    until(lambda: api.get("/health/ready").status_code == 200)
    understudy.good("deploy", boosting_artefact.folder, "--shadow")

    # What a model reads is refused by name, and so is what would be a policy about nothing.
    why = ("--why", "the agents asked for it")
    refused = understudy("capture", "set", policy(TEMPLATE % "zone: drop"), *why)
    assert refused.status == 70
    for word in (f"{live} reads zone", f"{shadow} reads zone", "--output-only"):
        assert word in refused.err
    slip = understudy("capture", "set", policy(TEMPLATE % "agnet: drop"), *why)
    assert (slip.status, "did you mean 'agent'" in slip.err) == (64, True)
    twice = understudy("capture", "set", policy("fields: {agent: drop, agent: keep}"), *why)
    assert (twice.status, "stands twice" in twice.err) == (64, True)
    text = understudy("capture", "set", policy(TEMPLATE % "agent: {bucket: [1]}"), *why)
    assert (text.status, "buckets are of numbers" in text.err) == (64, True)
    assert "every field is recorded" in understudy.good("capture", "show")

    said = understudy.good("capture", "set", policy(KEEPS_AGENTS), *why)
    assert "1 of 1 workers go by it" in said
    shown = json.loads(understudy.good("capture", "show", "--json"))
    assert shown["workers"]["serving"] == shown["workers"]["of"] == 1
    known = {field["field"]: field for field in shown["fields"]}
    assert known["agent"] == {"field": "agent", "handling": "hash", "read_by": []}
    assert known["zone"]["read_by"] == [live, shadow]

    instances = [{**one, "agent": SECRET, "sold": YEAR} for one in make_instances(300)]
    answered = [api.post("/v1/predictions", json={"instances": [one]}).json() for one in instances]
    for bad in ({"agent": [SECRET]}, {SECRET: 1}):
        body = {"instances": [{**instances[0], **bad}]}
        assert api.post("/v1/predictions", json=body).status_code == 400
    assert api.post("/v1/predictions", content=f"{{{SECRET}").status_code in (400, 415)

    # The field that nobody reads disturbs no comparison: every pair is there.
    until(lambda: _compared(understudy, shadow) == 300)
    found = json.loads(understudy.good("compare", "--shadow", shadow, "--json"))
    assert found["redacted"] == ["agent", "sold"]
    assert "agent, sold redacted at capture" in " ".join(found["cautions"])
    report = tmp_path / "report.html"
    understudy.good("report", "--shadow", shadow, "--out", report)
    for page in (f"/requests/{answered[0]['request_id']}", f"/shadows/{shadow}"):
        shown_there = api.get(page)
        assert shown_there.status_code == 200
        assert SECRET not in shown_there.text
    trace = json.loads(understudy.good("trace", answered[0]["request_id"], "--json"))
    (kept,) = trace["instances"]
    assert kept["instance"]["sold"] == "from 2010"
    assert kept["instance"]["agent"].startswith("hash:")

    # For outputs only: the shadow that reads it goes, and nothing that would need it is offered.
    went = json.loads(
        understudy.good(
            "capture", "set", policy(TEMPLATE % "agent: hash, alley: drop, built: hash"), *why,
            "--output-only", "--json",
        )
    )  # fmt: skip
    assert went["ended"] == [shadow]
    assert went["workers"]["serving"] == 1
    number = went["capture"]["id"]
    for one in make_instances(5, seed=2):
        answer = api.post("/v1/predictions", json={"instances": [{**one, "alley": HOUSE}]})
        last = answer.json()["request_id"]
    until(lambda: _is_recorded(api, last))
    for command in (
        ("deploy", shadow, "--shadow"), ("deploy", "--twin"), ("deploy", shadow, "--live"),
        ("replay", shadow, "--since", "1h"), ("reproduce", "--since", shown["capture"]["at"]),
    ):  # fmt: skip
        ending = understudy(*command)
        if command[2:] == ("--live",):  # live models may read it now
            assert ending.status == 0, ending
            understudy.good("rollback")
        elif command[0] == "reproduce":  # what was recorded before is proven as ever
            assert ending.status == 0, ending
            assert f"redacted: built, alley by the capture policy {number}" in ending.out
        else:
            assert ending.status == 70, (command, ending)
            assert "alley" in ending.err
            assert f"the capture policy {number}" in ending.err

    _look_everywhere(stack, api, report)


@pytest.mark.promise("privacy", "A request is erased wherever it is")
def test_a_request_is_erased_by_command(
    stack: Settings, understudy: CommandLine, api: httpx.Client, linear_artefact: Artefact
) -> None:
    """By its id, or by the client's if all that carry it are meant; and nothing is guessed."""
    understudy.good("deploy", linear_artefact.folder, "--live")
    until(lambda: api.get("/health/ready").status_code == 200)
    client_id = "order-of-adalina"
    ids = [
        api.post(
            "/v1/predictions", json={"instances": make_instances(2)},
            headers={"X-Request-ID": client_id},
        ).json()["request_id"]
        for _ in range(2)
    ]  # fmt: skip
    until(lambda: all(_is_recorded(api, one) for one in ids))
    why = ("--why", "she asked for it")
    assert understudy("erase", ids[0]).status == 64  # nobody would know why
    assert "--client-id" in understudy("erase", client_id, *why).err
    guess = understudy("erase", "--client-id", client_id, *why)
    assert (guess.status, "2 requests carry" in guess.err) == (64, True)
    assert all(_is_recorded(api, one) for one in ids)
    told = json.loads(understudy.good("erase", "--client-id", client_id, "--all", *why, "--json"))
    assert [(one["request_id"], one["instances"]) for one in told["requests"]] == [
        (one, 2) for one in sorted(ids)
    ]
    for one in ids:
        gone = api.get(f"/v1/predictions/{one}")
        assert (gone.status_code, gone.json()["title"]) == (410, "Erased")
        assert api.get(f"/requests/{one}").status_code == 410
    trace = understudy("trace", ids[0])
    assert (trace.status, "was erased" in trace.err) == (70, True)
    assert api.get("/v1/predictions", params={"client_id": client_id}).status_code == 404
    assert understudy("erase", "--client-id", client_id, *why).status == 70
    assert "was erased before" in understudy.good("erase", ids[0].upper(), *why)
    nobody = "01900000-0000-7000-8000-000000000001"
    assert "erased when it is shipped" in understudy.good("erase", nobody, *why)
    answer = api.post("/v1/outcomes", json={"outcomes": [{"request_id": ids[0], "value": 1.0}]})
    assert (answer.json()["erased"], answer.json()["waiting"]) == (1, 0)
    audit = understudy.good("audit", "--json")
    assert ids[0] in audit
    assert client_id not in audit


def _compared(understudy: CommandLine, shadow: str) -> int:
    found = json.loads(understudy.good("compare", "--shadow", shadow, "--json"))
    return int(found["coverage"]["compared"])


def _is_recorded(api: httpx.Client, request_id: str) -> bool:
    return api.get(f"/v1/predictions/{request_id}").status_code == 200


def _look_everywhere(stack: Settings, api: httpx.Client, report: Path) -> None:
    """Search every byte below the data directory, every row, every page and every metric."""
    files = [path for path in stack.data_dir.rglob("*") if path.is_file()]
    parts = {path.relative_to(stack.data_dir).parts[0] for path in files}
    assert {"postgres", "logs", "spool"} <= parts
    shown = {page: api.get(page).content for page in _PAGES} | {"report": report.read_bytes()}
    for port in (stack.agent_port, stack.shadow_port, stack.watcher_port):
        shown[f"metrics of {port}"] = httpx.get(f"http://127.0.0.1:{port}/metrics").content
    for path in files:
        with contextlib.suppress(FileNotFoundError):  # Postgres makes and removes some all the time
            shown[str(path)] = path.read_bytes()
    for secret in (SECRET, HOUSE, YEAR):
        wanted = str(secret).encode()
        assert [place for place, content in shown.items() if wanted in content] == []
        assert _tables_with(stack, str(secret)) == []  # numbers lie there in another form
    assert "prediction" in _tables_with(stack, "from 2010")


def _tables_with(stack: Settings, words: str) -> list[str]:
    """Return the tables of the prediction log in which a row says these words."""
    running = find_running(stack)
    assert running is not None
    engine = connect(running.database_url or "", pool_size=1)
    with engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        found = [
            table
            for table in tables
            if connection.execute(
                text(f'SELECT EXISTS (SELECT 1 FROM "{table}" AS row'  # noqa: S608 - our own names
                     " WHERE row::text LIKE '%' || :words || '%')"),
                {"words": words},
            ).scalar_one()
        ]  # fmt: skip
    engine.dispose()
    return found
