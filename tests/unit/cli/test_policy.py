"""`understudy policy check` on files, without a stack."""

import json
from pathlib import Path

import pytest

from understudy.artefacts.artefact import Artefact
from understudy.cli import main


def _run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[object, str, str]:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ending:
        main(["policy", "check", *map(str, arguments)])
    said = capsys.readouterr()
    return ending.value.code, said.out, said.err


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A policy file that can be judged."""
    file = tmp_path / "policy.yaml"
    file.write_text("aim: better\nslices: [zone]\nunit: agent\n")
    return file


def test_a_good_policy_is_shown_with_every_default(
    file: Path, linear_artefact: Artefact, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each value has its source: the file, the manifest, or a default."""
    status, out, _ = _run(capsys, file, "--for", linear_artefact.folder)
    assert status == 0
    lines = {line.split("  ")[0]: line for line in out.splitlines()}
    assert lines["aim"].endswith(str(file))
    assert "offline MAE of tiny-houses:1.0.0" in lines["tolerance"]
    assert "EUR" in lines["tolerance"]
    assert lines["minimum_units"].split() == ["minimum_units", "1,000", "default"]


def test_the_same_as_json(
    file: Path, linear_artefact: Artefact, capsys: pytest.CaptureFixture[str]
) -> None:
    """Programs get the filled policy, the digest, and the source of each key."""
    told = json.loads(_run(capsys, file, "--for", linear_artefact.folder, "--json")[1])
    assert told["live"] == "tiny-houses:1.0.0"
    assert told["policy"]["slices"] == ["zone"]
    assert told["policy"]["loss"] == "absolute"
    assert told["keys"]["aim"] == {"value": "better", "source": str(file)}
    assert len(told["digest"]) == 64
    open_ended = json.loads(_run(capsys, file, "--json")[1])
    assert (open_ended["live"], open_ended["policy"]["loss"]) == (None, None)
    assert open_ended["digest"] == told["digest"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("p.yaml", "aims: same", "did you mean aim?"),
        ("p.yaml", "aim: same\naim: better", "aim is ['same', 'better'], but it stands twice."),
        ("p.json", '{"aim": "same", "aim": "same"}', "stands twice"),
        ("p.json", '{"alpha": 1e-1, "unit": "zones"}', "did you mean zone?"),
        ("p.json", "aim: same", "is neither YAML nor JSON"),
        ("p.yaml", "aim: [", "is neither YAML nor JSON"),
        ("p.yaml", "", "keys with values"),
        ("p.yaml", "\xff", "is neither YAML nor JSON"),
    ],
)
def test_a_wrong_policy_ends_with_the_status_of_wrong_usage(
    name: str, content: str, message: str, tmp_path: Path, linear_artefact: Artefact,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    """In one line that says what would help, and with nothing on stdout."""
    file = tmp_path / name
    file.write_bytes(content.encode("latin-1"))
    status, out, err = _run(capsys, file, "--for", linear_artefact.folder)
    assert (status, out) == (64, "")
    assert err.count("\n") == 1
    assert message in err


def test_a_model_that_is_none_is_told(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Neither a name with a version nor a folder."""
    status, _, err = _run(capsys, file, "--for", "houses")
    assert status == 64
    assert "neither NAME:VERSION nor the folder" in err
