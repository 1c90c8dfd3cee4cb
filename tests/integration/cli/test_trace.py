"""From an answer to everything behind it, and the page of the endpoint, on a running stack."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests import tiny
from tests.integration.cli.conftest import CommandLine
from tests.integration.stacks import until
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import write_manifest
from understudy.artefacts.store import ArtefactStore
from understudy.settings import Settings
from understudy.stack.addresses import api_url

REASON = "the nightly run | trains it again"
UNKNOWN = "01900000-0000-7000-8000-000000000000"


def ask(stack: Settings, count: int = 1, **headers: str) -> str:
    """Send instances and return the request id."""
    answer = httpx.post(
        f"{api_url(stack)}/v1/predictions",
        json={"instances": tiny.make_instances(count)},
        headers=headers,
    )
    assert answer.status_code == 200, answer.text
    found: str = answer.json()["request_id"]
    return found


def served(stack: Settings) -> object:
    """Return the version that answers now."""
    return httpx.get(f"{api_url(stack)}/health/ready").json().get("model", {}).get("version")


@pytest.fixture(scope="module")
def waived(tmp_path_factory: pytest.TempPathFactory) -> Artefact:
    """A version whose gate `reproducible` was waived."""
    return tiny.package_houses(
        tiny.linear_pipeline(), tmp_path_factory.mktemp("waived"), "5.0.0",
        overrides={"reproducible": REASON},
    )  # fmt: skip


@pytest.fixture
def answered(
    stack: Settings, understudy: CommandLine, waived: Artefact, boosting_artefact: Artefact
) -> str:
    """The id of a request of two instances that a waived version answered and a shadow scored."""
    said = understudy.good("deploy", waived.folder, "--live", "--why", "try | it")
    by = waived.manifest.waivers[0].by
    assert f"A gate refused it and was waived: reproducible, by {by}: {REASON}" in said
    understudy.good("deploy", boosting_artefact.folder, "--shadow")
    until(lambda: served(stack) == "5.0.0")
    request_id = ask(stack, 2, **{"x-request-id": "one-order"})

    def is_scored() -> bool:
        found = httpx.get(f"{api_url(stack)}/v1/predictions/{request_id}")
        return found.status_code == 200 and bool(found.json()["instances"][1]["shadows"])

    until(is_scored)
    return request_id


def test_an_answer_is_traced_to_its_decision_and_its_data(
    understudy: CommandLine, answered: str, waived: Artefact, boosting_artefact: Artefact
) -> None:
    """For people and for programs, whole or one instance of it."""
    text = understudy.good("trace", answered)
    for part in (
        "by tiny-houses:5.0.0", waived.digest, "one-order", "Instance 1", "try | it",
        f"reproducible, by {waived.manifest.waivers[0].by}: {REASON}", "shadow tiny-houses:2.0.0",
        waived.manifest.training.digest, "sold from 2006 to", "scikit-learn", "packaged", "rmse",
    ):  # fmt: skip
        assert part in text, part
    found = json.loads(understudy.good("trace", answered, "--json"))
    assert found["artefact"]["manifest"]["training"]["rows"] == 220
    assert found["artefact"]["provenance"] == waived.provenance()
    assert found["deployment"]["digest"] == found["digest"] == waived.digest
    assert found["deployment"]["waivers"][0]["reason"] == REASON
    assert found["deployment"]["as_of"] >= found["deployment"]["id"]
    assert found["instances"][0]["shadows"][0]["digest"] == boosting_artefact.digest
    assert found["problem"] is None
    one = json.loads(understudy.good("trace", answered, "--instance", 1, "--json"))
    assert (one["instance"], one["instances"]) == (1, found["instances"][1:])
    assert "Instance 0" not in understudy.good("trace", answered, "--instance", 1)
    assert understudy("trace", answered, "--instance", 2).status == 64


def test_an_answer_is_found_by_the_id_of_the_client(
    stack: Settings, understudy: CommandLine, linear_artefact: Artefact
) -> None:
    """One is traced, several are listed, and an id that nobody sent is an error."""
    understudy.good("deploy", linear_artefact.folder, "--live")
    first = ask(stack, **{"x-request-id": "twice"})
    until(lambda: understudy("trace", first).status == 0)
    assert first in understudy.good("trace", "--client-id", "twice")
    assert first in understudy.good("trace", "twice")
    second = ask(stack, **{"x-request-id": "twice"})
    until(lambda: understudy("trace", second).status == 0)
    listed = understudy.good("trace", "--client-id", "twice").splitlines()
    assert listed[0].split() == ["request", "answered", "model", "instances"]
    assert {line.split()[0] for line in listed[1:]} == {first, second}
    found = json.loads(understudy.good("trace", "--client-id", "twice", "--json"))
    assert {request["request_id"] for request in found["requests"]} == {first, second}
    nobody = understudy("trace", "--client-id", "nobody")
    assert nobody.status == 70
    assert "'nobody'" in nobody.err


def test_what_cannot_be_traced_is_told(
    stack: Settings, understudy: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A wrong form is looked for as the client's; an absent record or database is an error."""
    wrong = understudy("trace", "order-7")
    assert wrong.status == 70
    assert "order-7 is no request id" in wrong.err
    assert "under the client's id 'order-7'" in wrong.err
    assert understudy("trace").status == 64
    assert understudy("trace", UNKNOWN, "--client-id", "x").status == 64
    unknown = understudy("trace", UNKNOWN)
    assert unknown.status == 70
    assert "on its way to the prediction log" in unknown.err
    monkeypatch.setenv("UNDERSTUDY_DATABASE_URL", "postgresql://nobody:word@127.0.0.1:1/none")
    away = understudy("trace", UNKNOWN)
    assert away.status == 70
    assert "prediction log in Postgres cannot be reached" in away.err
    assert "word" not in away.err


def test_an_artefact_that_is_gone_is_said_and_the_rest_is_shown(
    understudy: CommandLine, answered: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log alone still says who answered what, by whose decision."""
    monkeypatch.setenv("UNDERSTUDY_ARTEFACT_STORE", str(tmp_path / "empty"))
    text = understudy.good("trace", answered)
    assert "Caution: tiny-houses:5.0.0 is not in the artefact store" in text
    assert "try | it" in text
    assert "the copy that this machine fetched earlier" in text
    assert "is not in the artefact store" in understudy.good("deployments", "--markdown")


def test_a_store_with_other_content_tells_no_stories(
    understudy: CommandLine, answered: str, waived: Artefact, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Somebody filled it anew under the same version: page and trace keep to what was deployed."""
    shutil.copytree(waived.folder, tmp_path / "other")
    write_manifest(replace(waived.manifest, description="another"), tmp_path / "other")
    ArtefactStore(str(tmp_path / "store")).push(open_artefact(tmp_path / "other"))
    monkeypatch.setenv("UNDERSTUDY_ARTEFACT_STORE", str(tmp_path / "store"))
    assert "the store holds other content" in understudy.good("deployments", "--markdown")
    text = understudy.good("trace", answered)
    assert f"but {waived.digest[:12]}… answered" in text
    assert waived.manifest.training.digest in text


def test_the_page_says_who_serves_and_who_decided(
    understudy: CommandLine, answered: str, waived: Artefact
) -> None:
    """Live, shadows and history, with the data each was trained on."""
    assert answered
    page = understudy.good("deployments", "--markdown")
    assert page.startswith("# Endpoint houses\n")
    live = next(line for line in page.splitlines() if line.startswith("| **live**"))
    assert "tiny-houses:5.0.0" in live
    assert "the nightly run \\| trains it again" in live
    assert "try \\| it" in page
    assert f"`{waived.manifest.training.digest[:12]}`" in page
    assert "shadow on 100%" in page
    assert understudy("deployments", "--markdown", "--json").status == 64
    text = understudy.good("deployments")
    assert "\n          scoring since 20" in text
    assert "| scoring since 20" in page
    (shadow,) = json.loads(understudy.good("deployments", "--json"))["shadows"]
    assert (shadow["state"], shadow["detail"]) == ("scoring", "")
    assert f"waived: reproducible, by {waived.manifest.waivers[0].by}: {REASON}" in text
    history = json.loads(understudy.good("deployments", "--json"))["history"]
    assert any(row["waivers"] and row["waivers"][0]["reason"] == REASON for row in history)


def test_a_promotion_tells_what_was_waived(
    stack: Settings, understudy: CommandLine, linear_artefact: Artefact, waived: Artefact
) -> None:
    """The last moment at which somebody may think again; the decision is recorded with it."""
    understudy.good("deploy", linear_artefact.folder, "--live")
    assert REASON in understudy.good("deploy", waived.folder, "--shadow")
    assert REASON in understudy.good("promote", "tiny-houses:5.0.0", "--why", "all is well")
    back = json.loads(understudy.good("rollback", "--json"))
    assert back["waivers"] == []
    again = json.loads(understudy.good("rollback", "--json"))
    assert again["waivers"][0]["reason"] == REASON
    understudy.good("deploy", linear_artefact.folder, "--live")
    ended = json.loads(understudy.good("deploy", waived.folder, "--shadow", "--json"))
    assert ended["waivers"][0]["reason"] == REASON
    assert json.loads(understudy.good("withdraw", "tiny-houses:5.0.0", "--json"))["waivers"] is None
