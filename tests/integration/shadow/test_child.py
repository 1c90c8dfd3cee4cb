"""The real child: `python -m understudy.shadow.child`, with real artefacts."""

import os
import select
import signal
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.manifest import write_manifest
from understudy.artefacts.signature import make_keys, sign
from understudy.errors import ArtefactInvalid, ScoringFailed
from understudy.serving.engines import load_engine
from understudy.shadow.answers import Failed, Scored
from understudy.shadow.child import open_model
from understudy.shadow.contract import ShadowContract
from understudy.shadow.framing import read
from understudy.shadow.handle import child_environment, python_command
from understudy.shadow.scorer import Limits, Scorer


@pytest.fixture
def folder(boosting_artefact: Artefact, tmp_path: Path) -> Path:
    """Return a copy of an artefact, to be spoiled."""
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in boosting_artefact.folder.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    return copy


def _narrowed(artefact: Artefact, count: int) -> list[dict[str, object]]:
    contract = ShadowContract(artefact.manifest.input_schema)
    return [contract.narrow(instance) for instance in tiny.make_instances(count)]


def _scorer(artefact: Artefact) -> Scorer:
    command = python_command(artefact.folder)
    return Scorer(command, artefact.manifest.output.classes, Limits(batch=50))


@pytest.mark.parametrize(
    "name", ["linear_artefact", "boosting_artefact", "binary_artefact", "multiclass_artefact"]
)
def test_the_child_predicts_what_the_api_would(request: pytest.FixtureRequest, name: str) -> None:
    """Every kind of model gives, through the pipes, exactly what its engine gives here."""
    artefact: Artefact = request.getfixturevalue(name)
    instances = _narrowed(artefact, 120)
    scorer = _scorer(artefact)
    answers = scorer.score(instances)
    scorer.stop()
    expected = load_engine(artefact).predict(instances)
    columns = zip(expected.outputs, expected.values, expected.labels, strict=True)
    assert answers == [Scored(*one) for one in columns]


def test_an_instance_that_breaks_the_model_fails_alone(linear_artefact: Artefact) -> None:
    """An infinite prediction is no prediction, and its neighbours stand."""
    instances = _narrowed(linear_artefact, 9)
    instances[4]["area"] = 1.7e308
    scorer = _scorer(linear_artefact)
    answers = scorer.score(instances)
    scorer.stop()
    assert [isinstance(answer, Failed) for answer in answers] == [n == 4 for n in range(9)]


def test_an_engine_is_open_once_it_has_passed_its_quiz(
    boosting_artefact: Artefact, folder: Path
) -> None:
    """What the child would say `ready` for predicts as the artefact does; a changed one is none."""
    instances = _narrowed(boosting_artefact, 5)
    expected = load_engine(boosting_artefact).predict(instances).values
    assert open_model(folder).engine.predict(instances).values == expected
    (folder / "card.md").unlink()
    with pytest.raises(ArtefactInvalid, match="lacks"):
        open_model(folder)


def test_a_changed_artefact_does_not_start(folder: Path) -> None:
    """The child checks the digests itself, whoever brought the files."""
    (folder / "card.md").write_text("better than it was")
    scorer = Scorer(python_command(folder), None, Limits())
    with pytest.raises(ScoringFailed, match=r"card\.md has SHA-256"):
        scorer.start()


def test_only_what_is_vetted_and_signed_starts(
    boosting_artefact: Artefact, folder: Path, tmp_path: Path
) -> None:
    """The child asks by itself, whoever started it."""
    private, public = make_keys(tmp_path / "mine")
    with pytest.raises(ScoringFailed, match="it is not signed"):
        Scorer(python_command(folder, public), None, Limits()).start()
    sign(folder, private)
    scorer = Scorer(python_command(folder, public), None, Limits())
    scorer.start()
    scorer.stop()
    write_manifest(replace(boosting_artefact.manifest, gates=()), folder)
    with pytest.raises(ScoringFailed, match="no gate has looked at it"):
        Scorer(python_command(folder), None, Limits()).start()


@pytest.mark.parametrize(
    "name",
    [
        "UNDERSTUDY_API_KEY",
        "PGPASSWORD",
        "AWS_SECRET_ACCESS_KEY",
        "FSSPEC_S3_KEY",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "AZURE_STORAGE_KEY",
    ],
)
def test_a_child_has_no_credentials(name: str) -> None:
    """A model that is not trusted yet finds neither our address nor the store's keys."""
    environment = child_environment({name: "secret", "PATH": "/bin"})
    assert environment["PATH"] == "/bin"
    assert "secret" not in environment.values()


def test_an_artefact_that_is_not_there_does_not_start(tmp_path: Path) -> None:
    """A missing folder is named."""
    scorer = Scorer(python_command(tmp_path / "none"), None, Limits())
    with pytest.raises(ScoringFailed, match="none"):
        scorer.start()


def test_the_child_ends_when_its_parent_hangs_up(linear_artefact: Artefact) -> None:
    """The end of stdin is the end of the child, with success."""
    process = subprocess.Popen(
        python_command(linear_artefact.folder),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=child_environment(os.environ),
    )
    greeting, _ = process.communicate(timeout=30)
    assert read(BytesIO(greeting)) == {"turn": 0, "ready": True}
    assert process.returncode == 0


def test_the_child_dies_with_its_parent(linear_artefact: Artefact) -> None:
    """kill -9 of the parent, and the kernel ends the child."""
    program = (
        "import sys, pathlib, threading\n"
        "from understudy.shadow.scorer import Limits, Scorer\n"
        f"scorer = Scorer({python_command(linear_artefact.folder)!r}, None, Limits())\n"
        "scorer.start()\n"
        "print(scorer.child_pid, flush=True)\n"
        "threading.Event().wait()\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    child = int(parent.stdout.readline())
    handle = os.pidfd_open(child)
    parent.send_signal(signal.SIGKILL)
    parent.wait(10)
    parent.stdout.close()
    poll = select.poll()
    poll.register(handle)
    assert poll.poll(10_000), "the child outlives its parent"
    os.close(handle)
