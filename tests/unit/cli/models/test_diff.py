"""Two versions side by side, for people and for programs."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests import tiny
from understudy.artefacts.artefact import Artefact
from understudy.artefacts.vetting import Waiver
from understudy.cli.models.diff_text import print_contrast
from understudy.packaging.contrast import Contrast, contrast
from understudy.packaging.contrast.answers import AnswersContrast
from understudy.packaging.contrast.schemas import FieldChange, SchemaContrast
from understudy.packaging.contrast.training import LevelShift, Shift
from understudy.packaging.contrast.vetting import Pair

Run = Callable[..., str]


@pytest.fixture
def found(linear_artefact: Artefact, boosting_artefact: Artefact) -> Contrast:
    """Return the contrast of two versions trained on the same rows."""
    return contrast(linear_artefact, boosting_artefact)


@pytest.fixture
def text_of(capsys: pytest.CaptureFixture[str]) -> Callable[[Contrast], str]:
    """Return what is printed of a contrast."""

    def printed(contrast: Contrast) -> str:
        capsys.readouterr()
        print_contrast(contrast)
        return capsys.readouterr().out

    return printed


def test_versions_of_a_store_and_of_a_folder_are_compared(
    run: Run, store: str, boosting_artefact: Artefact
) -> None:
    """Within a hundred columns, and with a good ending although they differ."""
    said = run("diff", "tiny-houses:1.0.0", boosting_artefact.folder, "--store", store)
    assert all(len(line) <= 100 for line in said.splitlines())
    for part in (
        "The same fields, of the same types, under the same rules.",
        "Every instance that the first accepts is accepted by the second.",
        "220 different rows were in the training of both: 100 %",
        "No common field is distributed otherwise.",
        "HELD-OUT ROWS, WHICH ARE THE SAME IN BOTH",
        "80 of 80 rows are compared.", "80 of them (100 %) are answered otherwise.",
        "absolute", "relative", "The same in both: ", "The same releases.",
    ):  # fmt: skip
        assert part in said
    table = said.split("held out of")[1].splitlines()
    assert len(table) == 11
    assert table[1].startswith("tiny-houses:1.0.0 ")


def test_the_same_version_twice_is_one_line(
    run: Run, store: str, linear_artefact: Artefact
) -> None:
    """Wherever it lies."""
    said = run("diff", "tiny-houses:1.0.0", linear_artefact.folder, "--store", store)
    assert said == (
        "tiny-houses:1.0.0 and tiny-houses:1.0.0 are the same artefact,"
        f" digest {linear_artefact.digest}.\n"
    )


def test_a_diff_can_be_had_as_json(run: Run, store: str) -> None:
    """With every figure."""
    said = run("diff", "tiny-houses:1.0.0", "tiny-houses:2.0.0", "--store", store, "--json")
    found = json.loads(said)
    assert found["answers"]["compared"] == 80
    assert len(found["answers"]["largest"]) == 10


def test_models_of_different_kinds_are_compared_as_far_as_possible(run: Run, store: str) -> None:
    """It says what cannot be."""
    said = run("diff", "tiny-dear:1.0.0", "tiny-houses:1.0.0", "--store", store)
    assert "The rows cannot be compared: they have different targets." in said
    assert "The answers cannot be compared: one is a binary, the other a regression." in said
    assert "brier" in said
    assert "WHICH ARE NOT THE SAME IN BOTH" in said


def test_what_is_no_version_is_an_error(run: Run, linear_artefact: Artefact) -> None:
    """Of either side."""
    assert "'x' is neither" in run("diff", linear_artefact.folder, "x", status=64)
    assert "'x' is neither" in run("diff", "x", linear_artefact.folder, status=64)


def test_versions_of_one_title_are_told_apart(
    run: Run, linear_artefact: Artefact, tmp_path: Path
) -> None:
    """By the beginning of their digests."""
    other = tiny.package_houses(tiny.linear_pipeline(), tmp_path, "1.0.0", unit="USD")
    said = run("diff", linear_artefact.folder, other.folder)
    assert f"tiny-houses:1.0.0 {other.digest[:6]}" in said
    assert "one answers in EUR, the other in USD" in said


def test_changes_of_the_contract_stand_out(
    found: Contrast, text_of: Callable[[Contrast], str]
) -> None:
    """What a client would notice is called breaking."""
    schema = SchemaContrast(
        added=("new",), removed=("old\x1b",), breaking=("old is no longer known",),
        changed=(FieldChange("a", "required", False, True), FieldChange("b", "unit", "", "m²"),
                 FieldChange("c", "categories", None, ("x", "y"))),
    )  # fmt: skip
    said = text_of(replace(found, schema=schema))
    for part in (
        "added: new", "removed: old\\x1b", "breaking: old is no longer known",
        "a      required    no      yes", "b      unit        –       m²",
        "c      categories  –       x, y",
    ):  # fmt: skip
        assert part in said
    assert "Every instance" not in said


def test_what_changed_alike_in_several_fields_is_one_line(
    found: Contrast, text_of: Callable[[Contrast], str]
) -> None:
    """A retraining on other columns moves many of them at once."""
    moved = tuple(FieldChange(name, "role", "used", "carried") for name in "abc")
    other = FieldChange("b", "required", True, False)
    schema = SchemaContrast((), (), (moved[0], moved[1], other, moved[2]), ())
    lines = [" ".join(line.split()) for line in text_of(replace(found, schema=schema)).splitlines()]
    assert "a, b, c role used carried" in lines
    assert "b required yes no" in lines


def test_a_time_that_neither_knows_has_no_line(
    found: Contrast, text_of: Callable[[Contrast], str]
) -> None:
    """One that either knows has."""
    timeless = replace(found.training.first, time_column=None, start=None, end=None)
    one = replace(found.training, first=timeless)
    neither = replace(one, second=timeless)
    assert "\nfrom    –" in text_of(replace(found, training=one))
    said = text_of(replace(found, training=neither))
    assert "\nrows  " in said
    assert "\nfrom" not in said
    assert "\nto " not in said


def test_distributions_are_told_by_what_moved(
    found: Contrast, text_of: Callable[[Contrast], str]
) -> None:
    """What did not is told once; of many fields the rest is counted."""
    shift = Shift("area", 0.5, (0.0, 0.25), (1.0, 1.0), (5.0, 7.5), (9.0, 9.0))
    level = Shift("zone", 0.3, (0.0, 0.0), (None, None), (None, None), (None, None),
                  (LevelShift("North", 0.5, 0.2), LevelShift("x" * 99, 0.0, 0.3)))  # fmt: skip
    said = text_of(replace(found, features=(shift, level) + 15 * (shift,)))
    assert "area   0 % → 25.0 %  1        5 → 7.5  9" in said
    assert "zone   0 %           –        –        –        North 50.0 % → 20.0 %," in said
    assert "x" * 23 + "…" in said
    assert "x" * 24 not in said
    assert "2 more moved less" in said


def test_gates_and_waivers_stand_side_by_side(
    found: Contrast, text_of: Callable[[Contrast], str]
) -> None:
    """A gate that only one version was asked, too."""
    pair = found.gates[0]
    waived = replace(pair, after=None, waivers=(Waiver(pair.gate, "because", "Ada"), None))
    said = text_of(replace(found, gates=(waived,), libraries=(Pair("numpy", "2.0", None),)))
    assert "[waived by Ada: because]" in " ".join(said.split())
    assert "not asked" in said
    assert "The same in both" not in said
    assert "numpy    2.0                –" in said


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        ({"refused": (3, 4), "unanswered": 2, "compared": 71},
         ["71 of 80 rows are compared, without 3 that tiny-houses:1.0.0 refuses and 4 that"
          " tiny-houses:2.0.0 refuses and 2 without an answer."]),
        ({"compared": 0, "largest": ()}, ["0 of 80 rows are compared."]),
        ({"differing": 0, "largest": (), "labels_changed": 0},
         ["0 of them (0 %) are answered otherwise, 0 with another label."]),
    ],
)  # fmt: skip
def test_rows_that_were_not_compared_are_counted(
    found: Contrast, text_of: Callable[[Contrast], str], change: dict[str, object], parts: list[str]
) -> None:
    """And there is no table of differences where there are none."""
    answers: AnswersContrast = replace(found.answers, **change)  # type: ignore[type-var]
    said = " ".join(text_of(replace(found, answers=answers)).split())
    for part in parts:
        assert part in said
    assert ("The largest differences" in said) == bool(answers.largest)


def test_labels_are_shown_with_their_probabilities(
    run: Run, binary_artefact: Artefact, tmp_path: Path
) -> None:
    """Those of the positive class."""
    houses = tiny.make_houses()
    dear = (houses["price"] > houses["price"].median()).map({True: "dear", False: "cheap"})
    pipeline = tiny.boosting_pipeline(tiny.HistGradientBoostingClassifier(max_iter=3))
    other = tiny._package_classifier(
        pipeline, houses, dear, "tiny-dear", tmp_path, positive="dear",
        overrides=dict.fromkeys(("slices", "simpler"), "this is a test"),
    )  # fmt: skip
    said = run("diff", binary_artefact.folder, other.folder)
    assert "with another label" in said
    assert "dear (" in said
