"""The main job by the command line: deploy, send, outcomes, compare, promote, roll back."""

import json
import os
from pathlib import Path

import pytest

from tests import tiny
from tests.integration.cli.conftest import CommandLine
from tests.integration.stacks import until
from understudy.artefacts.artefact import Artefact
from understudy.settings import Settings

LIVE, SHADOW = "tiny-houses:1.0.0", "tiny-houses:2.0.0"
ROWS = 120


@pytest.fixture(scope="module")
def sales(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return sales of made houses that no model was trained on."""
    path = tmp_path_factory.mktemp("sales") / "sales.csv"
    tiny.make_houses(ROWS, seed=7).to_csv(path, index=False)
    return path


def test_the_main_job(
    stack: Settings, understudy: CommandLine, tmp_path: Path, sales: Path,
    linear_artefact: Artefact, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """Every row that is sent is answered, recorded, paired and judged."""
    good = understudy.good
    assert "is stored with digest" in good("models", "push", linear_artefact.folder)
    said = good("deploy", LIVE, "--live", "--why", "the first")
    assert f"1 of 1 workers serve {LIVE}." in said
    policy = tmp_path / "policy.yaml"
    policy.write_text("aim: not_worse\nminimum_days: 0\n")
    # The folder of an artefact is pushed by the way.
    said = good("deploy", boosting_artefact.folder, "--shadow", "--policy", policy)
    assert f"{SHADOW} is a shadow on 100% of the requests" in said
    ids = tmp_path / "ids.jsonl"
    sent = json.loads(good("send", sales, "--drop", "price", "--ids", ids, "--json"))
    assert (sent["sent"], sent["answered"], sent["failed"]) == (ROWS, ROWS, 0)
    answers = [json.loads(line) for line in ids.read_text().splitlines()]
    assert sorted(answer["row"] for answer in answers) == list(range(ROWS))
    assert len({answer["request_id"] for answer in answers}) == ROWS
    told = json.loads(good("outcomes", sales, "--ids", ids, "--column", "price", "--json"))
    assert (told["posted"], told["new"]) == (ROWS, ROWS)

    def compare() -> dict[str, int]:
        coverage: dict[str, int] = json.loads(good("compare", "--json"))["coverage"]
        return coverage

    until(lambda: compare()["compared"] == ROWS)
    assert compare()["recorded"] == ROWS
    told = json.loads(good("outcomes", sales, "--ids", ids, "--column", "price", "--json"))
    assert (told["unchanged"], told["matched"], told["waiting"]) == (ROWS, ROWS, 0)
    text = good("compare", "--shadow", SHADOW)
    for part in ("Coverage", "Inputs against", "Pairs:", "Errors against outcomes", "Verdict: "):
        assert part in text
    gate = understudy("compare", "--gate")
    verdict = json.loads(good("compare", "--json"))["verdict"]
    assert gate.status == {"PROMOTE": 0, "REJECT": 1, "HOLD": 2, "NEED_MORE_DATA": 3}[verdict]


def test_a_promotion_and_its_way_back(
    stack: Settings, understudy: CommandLine, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """Each step waits for the workers, and each is on record with its author and reason."""
    good = understudy.good
    good("deploy", linear_artefact.folder, "--live")
    good("deploy", boosting_artefact.folder, "--shadow", "--share", "0.5")
    assert f"1 of 1 workers serve {SHADOW}." in good("promote", SHADOW, "--why", "it is better")
    assert f"1 of 1 workers serve {LIVE}." in good("rollback", "--why", "it is not")
    found = json.loads(good("rollback", "--json"))
    assert (found["live"], found["previous"], found["shadows"]) == (SHADOW, LIVE, [])
    assert found["workers"] == {"serving": 1, "of": 1, "problems": []}
    good("deploy", LIVE, "--shadow")
    good("promote", LIVE, "--keep-shadow")
    assert json.loads(good("deployments", "--json"))["shadows"][0]["version"] == "1.0.0"
    assert "is no shadow any more" in good("withdraw", LIVE)
    table = good("deployments")
    assert "endpoint  houses" in table
    assert "it is better" in table
    history = json.loads(good("deployments", "--json"))["history"]
    actions = [row["action"] for row in history]
    assert actions[-7:] == [
        "shadow", "promote", "rollback", "rollback", "shadow", "promote", "withdraw",
    ]  # fmt: skip
    assert all("@" in row["who"] for row in history)


def test_a_breaking_change_needs_a_reason(
    stack: Settings, understudy: CommandLine, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """Instances that are accepted today must not be refused tomorrow by accident."""
    understudy.good("deploy", linear_artefact.folder, "--live")
    narrow = tiny.package_houses(tiny.linear_pipeline(), tmp_path, "3.0.0", carried=["sold"])
    refused = understudy("deploy", narrow.folder, "--live")
    assert refused.status == 70
    assert "agent is no longer known" in refused.err
    assert "--breaking --why" in refused.err
    assert json.loads(understudy.good("deployments", "--json"))["live"]["version"] == "1.0.0"
    assert understudy("deploy", narrow.folder, "--live", "--breaking").status == 64
    understudy.good("deploy", narrow.folder, "--live", "--breaking", "--why", "nobody sends it")
    # Back to a contract that was accepted before.
    understudy.good("rollback")


def test_a_model_that_cannot_be_brought_here_is_told(
    stack: Settings, understudy: CommandLine, linear_artefact: Artefact, boosting_artefact: Artefact
) -> None:
    """The decision is on record, the old model answers, and the person hears why."""
    understudy.good("deploy", linear_artefact.folder, "--live")
    understudy.good("models", "push", boosting_artefact.folder)
    store = Path(stack.artefacts_url) / "tiny-houses" / "2.0.0"
    archive = next(store.glob("*.tar.gz"))
    away = archive.rename(archive.with_suffix(".away"))
    cached = list(stack.cache_dir.absolute().glob("tiny-houses-2.0.0-*"))
    for number, folder in enumerate(cached):
        folder.rename(folder.with_name(f"away-{number}"))
    try:
        refused = understudy("deploy", SHADOW, "--live", "--wait", "3")
        assert refused.status == 70
        assert "only 0 of 1 workers serve it" in refused.err
        assert "archive of tiny-houses:2.0.0 is gone" in refused.err
    finally:
        away.rename(archive)
    # The agent tries again by itself.
    until(lambda: "2.0.0" in stack.deployment_file.read_text().split("previous")[0])
    understudy.good("rollback")


def test_models_are_listed_shown_pulled_and_verified(
    stack: Settings, understudy: CommandLine, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """What lies in the store can be looked at by people and programs."""
    good = understudy.good
    good("models", "push", linear_artefact.folder)
    assert LIVE in good("models", "list")
    listed = json.loads(good("models", "list", "--json"))
    assert linear_artefact.digest in [model["digest"] for model in listed]
    shown = good("models", "show", LIVE)
    # Features and carried fields have a table each, with what is expected of them.
    for part in ("engine", "rmse", "frontage", "agent", "Ada, Ben", "between 2006 and 2009"):
        assert part in shown
    assert json.loads(good("models", "show", LIVE, "--json"))["digest"] == linear_artefact.digest
    folder = Path(good("models", "pull", LIVE, tmp_path).strip())
    assert (folder / "manifest.json").exists()
    assert f"{LIVE} is whole" in good("models", "verify", LIVE)
    assert f"{LIVE} is whole" in good("models", "verify", folder)
    card = folder / "card.md"
    card.write_text(card.read_text() + "changed")
    broken = understudy("models", "verify", folder)
    assert broken.status == 70
    assert "card.md has SHA-256" in broken.err
    assert understudy("models", "verify", "nonsense").status == 64
    assert understudy("models", "show", "tiny-houses:9.9.9").status == 70


def test_rows_that_are_refused_are_counted_and_named(
    stack: Settings, understudy: CommandLine, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """One bad row costs itself only; the command ends with an error and says which."""
    understudy.good("deploy", linear_artefact.folder, "--live")
    instances = tiny.make_instances(4)
    instances[2]["area"] = "large"
    rows, ids = tmp_path / "rows.jsonl", tmp_path / "ids.jsonl"
    rows.write_text("".join(json.dumps(instance) + "\n" for instance in instances))
    ending = understudy("send", rows, "--ids", ids, "--concurrency", 1)
    assert ending.status == 70
    assert "4 rows sent, 3 answered, 1 failed" in ending.out
    assert "row 2: status 400" in ending.err
    assert "area" in ending.err
    lines = [json.loads(line) for line in ids.read_text().splitlines()]
    assert [line["status"] for line in lines] == [200, 200, 400, 200]
    assert lines[2]["request_id"] is None
    batch = understudy("send", rows, "--batch", 2, "--limit", 2, "--json")
    assert json.loads(batch.out)["requests"] == 1


def test_unusable_requests_to_the_commands_say_what_would_help(
    stack: Settings, understudy: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each ends with its own status and a line that a person can act on."""
    empty = tmp_path / "empty.csv"
    empty.write_text("request_id,value\n")
    assert understudy("outcomes", empty).status == 64
    assert understudy("deploy", "tiny-houses:1.0.0").status == 64
    assert understudy("deploy", "nonsense", "--live").status == 64
    assert understudy("deploy", "a:1.0.0", "--live", "--share", "0.5").status == 64
    assert understudy("deploy", "a:1.0.0", "--shadow", "--share", "0").status == 64
    policy = tmp_path / "policy.yaml"
    policy.write_text("aim: [")
    assert understudy("deploy", "a:1.0.0", "--shadow", "--policy", policy).status == 64
    policy.write_text("aim: perfect")
    assert understudy("deploy", "a:1.0.0", "--shadow", "--policy", policy).status == 64
    lost = understudy("send", empty, "--url", "http://127.0.0.1:9", "--patience", 0)
    assert lost.status == 70
    assert "No api answers at http://127.0.0.1:9" in lost.err
    monkeypatch.setenv("UNDERSTUDY_DATA_DIR", str(tmp_path))
    for command in ("migrate", "deployments", "compare"):
        ending = understudy(command)
        assert ending.status == 70
        assert "understudy up" in ending.err
    monkeypatch.setenv("UNDERSTUDY_PROT", "1")
    assert understudy("deployments").status == 64
    assert os.environ["UNDERSTUDY_PROT"] == "1"


def test_which_shadow_has_to_be_said_if_there_is_not_one(
    stack: Settings, understudy: CommandLine, tmp_path: Path,
    linear_artefact: Artefact, boosting_artefact: Artefact,
) -> None:  # fmt: skip
    """Neither none nor two can be compared without a name."""
    good = understudy.good
    good("deploy", linear_artefact.folder, "--live")
    for shadow in json.loads(good("deployments", "--json"))["shadows"]:
        good("withdraw", f"{shadow['name']}:{shadow['version']}")
    assert "There is no shadow" in understudy("compare").err
    third = tiny.package_houses(tiny.linear_pipeline(), tmp_path, "4.0.0")
    good("deploy", boosting_artefact.folder, "--shadow")
    good("deploy", third.folder, "--shadow")
    ending = understudy("compare")
    assert ending.status == 64
    assert f"{SHADOW}, tiny-houses:4.0.0" in ending.err
    assert understudy("compare", "--shadow", "tiny-houses:7.0.0").status == 70


def test_migrating_again_changes_nothing(stack: Settings, understudy: CommandLine) -> None:
    """The command says that all is well."""
    assert "up to date" in understudy.good("migrate")
