"""Rules: which one holds, and which are refused."""

from pathlib import Path

import pytest

from differential_tests.errors import FileInvalid
from differential_tests.tolerances import Tolerances, read_tolerances

LAST = "- {output: /**, exact: true}\n"


def test_the_first_rule_that_fits_holds(tmp_path: Path) -> None:
    """A narrower rule above a wider one wins, also by payload."""
    path = tmp_path / "rules.yaml"
    path.write_text(
        "- {output: /a/*, payload: x/*, ignore: noise}\n- {output: /a/*, relative: 0.001}\n" + LAST
    )
    rules = read_tolerances(path)
    assert rules.rule_for("x/1", "/a/0").kind == "ignore"
    assert rules.rule_for("y/1", "/a/0").limit == 0.001
    assert rules.rule_for("y/1", "/b").kind == "exact"


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ("- {output: /a, relative: 0.2}", "intended difference"),
        ("- {output: /a, relative: 1e-9}", "write 1.0e-9"),
        ("- {output: /a, absolute: true}", "must be a number"),
        ("- {output: /a, relative: 0}", "above 0"),
        ("- {output: /a, ignore: ''}", "must say why"),
        ("- {output: /a, exact: false}", "only be true"),
        ("- {output: /a}", "exactly one"),
        ("- {output: /a, exact: true, relative: 0.001}", "exactly one"),
        ("- {output: a, exact: true}", "JSON pointer"),
        ("- {output: /a, exact: true, tolerance: 1}", "not a key"),
        ("- 7", "a mapping is wanted"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(tmp_path: Path, rule: str, complaint: str) -> None:
    """Each complaint names the file and the rule."""
    path = tmp_path / "rules.yaml"
    path.write_text(f"{rule}\n{LAST}")
    with pytest.raises(FileInvalid, match=f"rule 1: .*{complaint}"):
        read_tolerances(path)


@pytest.mark.parametrize("text", ["", "a: 1", "- {output: /a, exact: true}", "{", LAST[:-7] + "e}"])
def test_rules_that_leave_outputs_out_are_refused(tmp_path: Path, text: str) -> None:
    """Without a last rule for everything an output could change unseen."""
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    with pytest.raises(FileInvalid):
        read_tolerances(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The message says which file cannot be read."""
    with pytest.raises(FileInvalid, match=r"nowhere\.yaml"):
        read_tolerances(tmp_path / "nowhere.yaml")


def test_the_rules_of_this_project_hold_predictions_tightly(tolerances: Tolerances) -> None:
    """Predictions within 1e-9, statuses and fields exactly, request ids not at all."""
    found = {
        pointer: tolerances.rule_for("sales/batch-0", pointer)
        for pointer in ("/body/predictions/7", "/status", "/body/errors/0/field",
                        "/body/request_id", "/body/predictions/7/probabilities/yes")
    }  # fmt: skip
    assert [(rule.kind, rule.limit) for rule in found.values()] == [
        ("relative", 1e-9), ("exact", 0), ("exact", 0), ("ignore", 0), ("absolute", 1e-9),
    ]  # fmt: skip
