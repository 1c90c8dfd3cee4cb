"""`understudy models package`: from a person's model to an artefact, or to reasons why not."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import skops.io

from tests import tiny
from tests.integration.cli.conftest import CommandLine
from tests.integration.stacks import until
from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.store import ArtefactStore
from understudy.log.database import connect
from understudy.log.deployments import Change, append

CODE = """
from sklearn.linear_model import Ridge
from tests import tiny

def frames():
    houses = tiny.make_houses()[[*tiny.NUMBERS[:1], *tiny.COUNTS, "price"]]
    X, y = houses.drop(columns="price"), houses["price"]
    return {"X_train": X[:220], "y_train": y[:220], "X_test": X[220:], "y_test": y[220:]}

def train():
    print("what the training prints")
    given = frames()
    model = Ridge().fit(given["X_train"], given["y_train"])
    return {"estimator": model, "name": "tiny", "version": "1.0.0", **given}

def leaking():
    given = train()
    return given | {"X_test": given["X_train"][:60], "y_test": given["y_train"][:60]}

def failing():
    raise ValueError("no rows came")

def waiting():
    import pathlib, time
    pathlib.Path("waiting").touch()
    time.sleep(60)
"""

NOISE = """
import os

def train():
    print("a")
    os.write(1, b"b")
    raise KeyError("c")
"""


@pytest.fixture
def code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a file of training code in the working directory."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "houses_code.py"
    path.write_text(CODE)
    return path


@pytest.fixture
def rows(tmp_path: Path) -> tuple[str, ...]:
    """Return the options that name files of training and test rows."""
    houses = tiny.make_houses()[[*tiny.FEATURES, "price"]]
    houses[:220].to_csv(tmp_path / "train.csv", index=False)
    houses[220:].to_parquet(tmp_path / "test.parquet", index=False)
    paths = ("--train", str(tmp_path / "train.csv"), "--test", str(tmp_path / "test.parquet"))
    return (*paths, "--target", "price")


def test_training_code_becomes_an_artefact(
    understudy: CommandLine, code: Path, tmp_path: Path
) -> None:
    """A person reads where it is, what it is worth and what each gate found."""
    ending = understudy("models", "package", "houses_code.py:train")
    assert ending.status == 0, ending
    artefact = open_artefact(tmp_path / "packaged/tiny-1.0.0")
    assert ending.out.startswith("tiny:1.0.0 is packaged in packaged/tiny-1.0.0\n")
    for part in (artefact.digest, "compiled\n", "ms of CPU for a row", "95 % interval"):
        assert part in ending.out
    for result in artefact.manifest.gates:
        assert f"\n{result.gate:<14}{result.status:<9}{result.summary[:50]}" in ending.out
    assert "understudy models push packaged/tiny-1.0.0" in ending.out
    assert "what the training prints" in ending.err
    assert ending.err.count("gate") == 1
    assert "asking 14 gates" in ending.err


def test_the_same_again_is_fine_and_another_model_is_not(
    understudy: CommandLine, code: Path
) -> None:
    """A version is what it was when it was first packaged."""
    command = ("models", "package", "houses_code.py:train", "--json")
    first = json.loads(understudy.good(*command))
    assert json.loads(understudy.good(*command))["digest"] == first["digest"]
    code.write_text(CODE.replace("Ridge()", "Ridge(alpha=9.0)"))
    ending = understudy(*command)
    (reason,) = json.loads(ending.out)["reasons"]
    assert (ending.status, reason["gate"]) == (70, None)
    assert "already holds" in reason["summary"]
    assert "already holds" in ending.err


def test_an_option_wins_over_the_code(understudy: CommandLine, code: Path) -> None:
    """And the document for programs holds everything."""
    said = understudy.good(
        "models", "package", "houses_code.py:train", "--json", "--name", "other", "--out", "there",
        "--unit", "EUR", "--seed", 3, "--limitations", "toy",
    )  # fmt: skip
    found = json.loads(said)
    assert (found["packaged"], found["name"]) == (True, "other")
    assert found["folder"] == "there/other-1.0.0"
    assert set(found["cpu_ms_per_row"]) == {"1", "32", "1000"}
    assert found["bytes"] == sum(p.stat().st_size for p in Path(found["folder"]).iterdir())
    assert {"mae", "rmse", "r2"} == set(found["metrics"])
    manifest = open_artefact(Path(found["folder"])).manifest
    assert [gate["gate"] for gate in found["gates"]] == [result.gate for result in manifest.gates]
    assert (manifest.output.unit, manifest.seed, manifest.limitations) == ("EUR", 3, "toy")
    assert found["stored"] is None


def test_a_fitted_estimator_from_a_file_becomes_an_artefact(
    understudy: CommandLine, rows: tuple[str, ...], tmp_path: Path
) -> None:
    """With the rows in files of any kind; the answers are those of the estimator."""
    houses = tiny.make_houses()
    model = tiny.linear_pipeline().fit(houses[tiny.FEATURES][:220], houses["price"][:220])
    skops.io.dump(model, tmp_path / "model.skops")
    quiz = houses[tiny.FEATURES][220:222].assign(__expected__=model.predict(houses[220:222]))
    quiz.assign(__tolerance__=1.0).to_csv(tmp_path / "quiz.csv", index=False)
    (tmp_path / "schema.yaml").write_text("area: {description: Living area., minimum: 0}\n")
    said = understudy.good(
        "models", "package", tmp_path / "model.skops", *rows, "--name", "saved", "--version",
        "1.0.0", "--quiz", tmp_path / "quiz.csv", "--schema", tmp_path / "schema.yaml", "--out",
        tmp_path / "out", "--json",
    )  # fmt: skip
    artefact = open_artefact(Path(json.loads(said)["folder"]))
    assert [item.origin for item in artefact.quiz()].count("given") == 2
    area = artefact.manifest.input_schema.features[0]
    assert (area.description, area.minimum) == ("Living area.", 0)


def test_a_refusal_names_each_gate_and_what_helps(understudy: CommandLine, code: Path) -> None:
    """For a person on stderr; nothing is written."""
    ending = understudy("models", "package", "houses_code.py:leaking")
    assert (ending.status, ending.out) == (70, "")
    assert "Error: tiny:1.0.0 is refused." in ending.err
    assert "  leakage: " in ending.err
    assert "gates.yaml sets leakage.share." in ending.err
    assert '--override leakage --reason "…"' in ending.err
    assert not Path("packaged").exists()


def test_a_refusal_is_a_document_too(understudy: CommandLine, code: Path) -> None:
    """Programs read the reasons, each with its gate."""
    ending = understudy("models", "package", "houses_code.py:leaking", "--json")
    assert ending.status == 70
    found = json.loads(ending.out)
    assert (found["packaged"], found["model"]) == (False, "tiny:1.0.0")
    (leakage,) = (reason for reason in found["reasons"] if reason["gate"] == "leakage")
    assert "60" in leakage["summary"]
    (result,) = (gate for gate in found["gates"] if gate["gate"] == "leakage")
    assert (result["status"], result["figures"]) == ("refused", leakage["figures"])
    assert leakage["can_be_overruled"] is True
    assert leakage["help"][-1] == 'To overrule it: --override leakage --reason "…"'
    assert len(found["gates"]) == 14
    assert "Error: tiny:1.0.0 is refused." in ending.err


def test_an_overruled_gate_is_on_record(understudy: CommandLine, code: Path) -> None:
    """Who, which and why stand in the manifest and in what is printed."""
    waived = ("--override", "leakage", "--reason", "a demonstration")
    said = understudy.good("models", "package", "houses_code.py:leaking", *waived)
    assert "waived leakage: a demonstration" in said
    (waiver,) = open_artefact(Path("packaged/tiny-1.0.0")).manifest.waivers
    assert (waiver.gate, waiver.reason) == ("leakage", "a demonstration")


def test_limits_come_from_a_file(understudy: CommandLine, code: Path) -> None:
    """With the right limit the same model passes."""
    Path("gates.yaml").write_text("leakage: {share: 1.0}\n")
    command = ("models", "package", "houses_code.py:leaking", "--gates", "gates.yaml", "--json")
    gates = json.loads(understudy.good(*command))["gates"]
    assert [gate["status"] for gate in gates if gate["gate"] == "leakage"] == ["warned"]


@pytest.mark.parametrize(
    ("options", "status", "says"),
    [
        (("houses_code.py:trian",), 64, "did you mean 'train'?\n"),
        (("missing.py:train",), 64, "There is no file missing.py"),
        (("houses_code.py:frames",), 64, "gives no estimator"),
        (("houses_code.py:failing",), 70, "line 21, in failing"),
        (("houses_code.py:train", "--override", "leakage"), 64, "leakage has no --reason"),
        (("houses_code.py:failing", "--override", "no", "--reason", "x"), 64, "no gate 'no'"),
        (("houses_code.py:failing", "--override", "quiz", "--reason", "x"), 64, "cannot be"),
        (("houses_code.py:failing", "--gates", "houses_code.py"), 64, "houses_code.py"),
        (("houses_code.py:failing", "--schema", "no.yaml"), 64, "'no.yaml' does not exist"),
        (("houses_code.py:failing", "--name", "Not A Name"), 64, "may hold only a-z"),
        (("houses_code.py:failing", "--out", "houses_code.py/a"), 64, "Nothing can be written"),
        (("houses_code.py:train", "--time-column", "when"), 64, "'when'; the columns are"),
        (("houses_code.py:train", "--carried", "agnet"), 64, "carried field agnet; its columns"),
        (("houses_code.py:train", "--against", "nonsense"), 64, "neither NAME:VERSION nor"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(
    understudy: CommandLine, code: Path, options: tuple[str, ...], status: int, says: str
) -> None:
    """Usage ends with 64, a failing training or a refusal with 70; a long training comes last."""
    ending = understudy("models", "package", *options)
    assert (ending.status, ending.out) == (status, "")
    assert says in ending.err
    assert "Traceback" not in ending.err


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ("aera: {minimum: 0}", "names aera, which no column is called"),
        ("area: {minimun: 0}", "sets minimun of area"),
        ("area: {minimum: 9, maximum: 1}", "the minimum 9 is above the maximum 1"),
    ],
)
def test_a_schema_that_cannot_be_is_a_wrong_option(
    understudy: CommandLine, code: Path, schema: str, says: str
) -> None:
    """As limits of gates that cannot be are; no document is printed."""
    Path("schema.yaml").write_text(schema)
    command = ("models", "package", "houses_code.py:train", "--schema", "schema.yaml", "--json")
    ending = understudy(*command)
    assert (ending.status, ending.out) == (64, "")
    assert says in ending.err


def test_a_malformed_question_is_a_wrong_option(understudy: CommandLine, code: Path) -> None:
    """Named by the line of its file that an editor shows."""
    Path("quiz.csv").write_text("area,rooms,__tolerance__\n\n80,3,1\n")
    command = ("models", "package", "houses_code.py:train", "--quiz", "quiz.csv", "--json")
    ending = understudy(*command)
    assert (ending.status, ending.out) == (64, "")
    assert "Error: quiz: line 3 of quiz.csv: the question" in ending.err
    limits = Path("gates.yaml")
    limits.write_text("cost: {ms_per_row: 0.0000001}\n")
    ending = understudy(*command, "--gates", limits)
    first, *_ = json.loads(ending.out)["reasons"]
    assert (ending.status, first["gate"]) == (70, "quiz")
    assert first["summary"].startswith("line 3 of quiz.csv: the question")


def test_a_time_column_of_the_files_is_carried_by_itself(
    understudy: CommandLine, code: Path, tmp_path: Path
) -> None:
    """Nobody has to say so twice; what is no time is refused."""
    houses = tiny.make_houses()[[*tiny.NUMBERS[:1], *tiny.COUNTS, "price"]].assign(when="2024-05")
    houses[:220].to_csv("train.csv", index=False)
    houses[220:].to_csv("test.csv", index=False)
    files = ("--train", "train.csv", "--test", "test.csv", "--target", "price")
    command = ("models", "package", "houses_code.py:train", *files, "--time-column", "when")
    understudy.good(*command)
    manifest = open_artefact(tmp_path / "packaged/tiny-1.0.0").manifest
    assert [field.name for field in manifest.input_schema.carried] == ["when"]
    assert manifest.training.start == "2024-05"
    houses[:220].assign(when="soon").to_csv("train.csv", index=False)
    ending = understudy(*command)
    assert ending.status == 70
    assert "the time column when holds 'soon': neither an ISO date nor a year" in ending.err


def test_a_bad_cell_is_named_by_its_line(understudy: CommandLine, code: Path) -> None:
    """With the option that helps, which does."""
    houses = tiny.make_houses()[[*tiny.NUMBERS[:1], *tiny.COUNTS, "price"]]
    houses[220:].to_csv("test.csv", index=False)
    lines = houses[:220].to_csv(index=False).splitlines()
    lines[5] = "n/a" + lines[5][lines[5].index(",") :]
    Path("train.csv").write_text("\n".join(lines) + "\n")
    files = ("--train", "train.csv", "--test", "test.csv", "--target", "price")
    ending = understudy("models", "package", "houses_code.py:train", *files, "--json")
    (reason,) = json.loads(ending.out)["reasons"]
    assert (ending.status, reason["gate"]) == (70, "schema")
    assert reason["summary"] == (
        f"{houses.columns[0]} is a number in 219 of 220 rows; line 6 of train.csv holds 'n/a';"
        " if that means no value, say --missing n/a"
    )


def test_an_override_without_effect_is_told(understudy: CommandLine, code: Path) -> None:
    """It is on no record, so whoever gave it hears why."""
    command = ("models", "package", "houses_code.py:train", "--override", "live", "--reason", "x")
    assert "the override of live was not needed: " in understudy.good(*command)
    found = json.loads(understudy.good(*command, "--json"))
    assert (found["overrides_not_needed"], found["waivers"]) == (["live"], [])


def test_it_says_where_it_is_stored(understudy: CommandLine, code: Path, tmp_path: Path) -> None:
    """Right below where it was packaged."""
    command = ("models", "package", "houses_code.py:train", "--push", "--store", tmp_path / "here")
    assert f"\nand stored in {tmp_path / 'here'}\n" in understudy.good(*command)


def test_it_is_signed_with_a_key(understudy: CommandLine, code: Path, tmp_path: Path) -> None:
    """Whoever trusts the key may serve it; a file that is no key is told by its name."""
    understudy.good("models", "keys", "team")
    understudy.good("models", "package", "houses_code.py:train", "--key", "team.key")
    understudy.good("models", "verify", "packaged/tiny-1.0.0", "--trusted", "team.pub")
    command = ("models", "package", "houses_code.py:train", "--out", "there", "--key", "team.pub")
    ending = understudy(*command)
    assert (ending.status, "team.pub" in ending.err) == (64, True)
    assert not Path("there").exists()


def test_it_is_held_against_a_version_of_the_store(
    understudy: CommandLine, code: Path, tmp_path: Path
) -> None:
    """Pushed with --push, found by its name afterwards."""
    store = ("--store", tmp_path / "store")
    command = ("models", "package", "houses_code.py:train", "--json", *store)
    first = json.loads(understudy.good(*command, "--push"))
    assert first["stored"] == str(tmp_path / "store")
    assert ArtefactStore(str(tmp_path / "store")).list() == [("tiny", "1.0.0")]
    for against in ("tiny:1.0.0", first["folder"]):
        again = (*command, "--against", against, "--version", "2.0.0", "--out", tmp_path)
        second = json.loads(understudy.good(*again))
        assert second["compared_with"]["digest"] == first["digest"]


def test_it_is_held_against_what_is_live(
    understudy: CommandLine, code: Path, database_url: str, linear_artefact: Artefact,
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:  # fmt: skip
    """The endpoint's own record says which version that is, and the store has it."""
    monkeypatch.setenv("UNDERSTUDY_DATABASE_URL", database_url)
    monkeypatch.setenv("UNDERSTUDY_ENDPOINT", "houses")
    monkeypatch.setenv("UNDERSTUDY_ARTEFACT_STORE", str(tmp_path / "store"))
    understudy.good("models", "package", "houses_code.py:train", "--push")
    command = ("models", "package", "houses_code.py:train", "--version", "2.0.0")
    ending = understudy(*command, "--against", "live")
    assert (ending.status, "Nothing is live on the endpoint 'houses'" in ending.err) == (64, True)
    digest = open_artefact(tmp_path / "packaged/tiny-1.0.0").digest
    with connect(database_url, pool_size=1).begin() as connection:
        append(connection, "houses", Change("live", "ada", "tiny", "1.0.0", digest))
    said = understudy.good(*command, "--against", "live")
    assert f"held against tiny:1.0.0, digest {digest[:12]}" in said
    assert "understudy deploy tiny:2.0.0 --shadow" in said


def test_ctrl_c_ends_with_130_and_leaves_nothing(code: Path, tmp_path: Path) -> None:
    """Neither a folder nor a traceback."""
    command = [sys.executable, "-m", "understudy", "models", "package", "houses_code.py:waiting"]
    folders = {"PYTHONPATH": os.pathsep.join(sys.path), "TMPDIR": str(tmp_path / "scratch")}
    (tmp_path / "scratch").mkdir()
    with subprocess.Popen(
        command, cwd=tmp_path, env={**os.environ, **folders}, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
    ) as process:  # fmt: skip
        until((tmp_path / "waiting").exists)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, "")
    assert err.splitlines()[-1] == "Interrupted."
    assert "Traceback" not in err
    left = {path.name for path in tmp_path.iterdir()} - {"__pycache__"}
    assert left == {"houses_code.py", "scratch", "waiting"}
    assert list((tmp_path / "scratch").iterdir()) == []


def test_what_libraries_write_themselves_does_not_spoil_the_document(tmp_path: Path) -> None:
    """Code in C writes to the descriptor, past whatever Python redirects."""
    path = tmp_path / "noisy.py"
    path.write_text(NOISE)
    command = [sys.executable, "-m", "understudy", "models", "package", f"{path}:train", "--json"]
    ended = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (ended.returncode, ended.stdout) == (70, "")
    assert "KeyError: 'c'" in ended.stderr
