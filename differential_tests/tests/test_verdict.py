"""Declarations, the noise floor, and what the report says of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from differential_tests.declarations import Declaration, read_declarations
from differential_tests.differences import compare
from differential_tests.errors import FileInvalid
from differential_tests.pointers import Leaf
from differential_tests.report import MOST_ROWS, describe, to_json
from differential_tests.tolerances import Tolerances
from differential_tests.verdict import Verdict, judge

GOOD: dict[str, Any] = {
    "payload": "sales/*", "model": "linear", "output": "/body/predictions/*",
    "what": "dearer houses", "reason": "prices rose", "since": "0.2.0",
}  # fmt: skip
RISEN = Declaration(**GOOD)

Answers = dict[str, Leaf]


@pytest.fixture
def weigh(tolerances: Tolerances) -> Any:
    """Return a function that judges two answers to `sales/one`."""

    def run(
        old: Answers, new: Answers, *declared: Declaration, again: Answers | None = None,
        no_baseline: str | None = None,
    ) -> Verdict:  # fmt: skip
        before, after = {("linear", "sales/one"): old}, {("linear", "sales/one"): new}
        twice = {("linear", "sales/one"): old if again is None else again}
        return judge(
            compare(before, after, tolerances),
            None if no_baseline else compare(before, twice, tolerances),
            declared,
            titles=("baseline a", "candidate b"),
            no_baseline=no_baseline,
            answers=1,
        )

    return run


def _text(verdict: Verdict) -> str:
    return "\n".join(describe(verdict))


def test_equal_answers_are_equal(weigh: Any) -> None:
    """Nothing to declare, nothing to complain about, and a measured noise floor."""
    verdict = weigh(
        {"/status": 200, "/body/predictions/0": 1.0}, {"/status": 200, "/body/predictions/0": 1.0}
    )
    assert verdict.is_equal
    assert "Noise floor" in _text(verdict)
    assert _text(verdict).endswith("EQUAL")


def test_an_undeclared_difference_is_shown_and_fails(weigh: Any) -> None:
    """The table names payload, model, instance, both values and how far apart they are."""
    verdict = weigh({"/body/predictions/3": 100.0}, {"/body/predictions/3": 125.0})
    row = next(line for line in describe(verdict) if line.startswith("sales/one"))
    assert row.split() == ["sales/one", "linear", "3", "prediction", "100.0", "125.0", "0.2"]
    assert not verdict.is_equal
    assert "DIFFERENT: 1 differences" in _text(verdict)


def test_a_declared_difference_passes_and_is_listed(weigh: Any) -> None:
    """The report repeats what was declared and why."""
    verdict = weigh({"/body/predictions/0": 1.0}, {"/body/predictions/0": 2.0}, RISEN)
    assert verdict.is_equal
    assert "dearer houses, because prices rose (0.2.0)" in _text(verdict)
    assert "EQUAL but for 1 intended" in _text(verdict)


@pytest.mark.parametrize(
    "elsewhere",
    [{"payload": "edges/*"}, {"model": "boosting"}, {"output": "/status"}, {"at_most": 0.1}],
)
def test_a_declaration_covers_only_what_it_says(weigh: Any, elsewhere: dict[str, Any]) -> None:
    """Another payload, model or output, or a larger difference, is not what was meant."""
    declared = Declaration(**{**GOOD, **elsewhere})
    verdict = weigh({"/body/predictions/0": 1.0}, {"/body/predictions/0": 2.0}, declared)
    assert len(verdict.unexplained) == 1
    assert verdict.unused == (declared,)


def test_an_unused_declaration_fails(weigh: Any) -> None:
    """Equal builds with a declared difference are not what was declared."""
    verdict = weigh({"/status": 200}, {"/status": 200}, RISEN)
    assert not verdict.is_equal
    assert "UNUSED" in _text(verdict)
    assert "DIFFERENT: 1 unused declarations" in _text(verdict)


@pytest.mark.parametrize("missing", ["payload", "model", "output", "what", "reason", "since"])
@pytest.mark.parametrize("blank", [None, "", "  "])
def test_a_declaration_that_lacks_something_is_refused(
    tmp_path: Path, missing: str, blank: str | None
) -> None:
    """Nobody declares a difference without saying why."""
    path = tmp_path / "intended.yaml"
    path.write_text(json.dumps([GOOD, {**GOOD, missing: blank}]))
    with pytest.raises(FileInvalid, match=f"declaration 2: `{missing}` is missing"):
        read_declarations(path)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("{a: 1}", "a list"), ("[7]", "a mapping"),
        (json.dumps([{**GOOD, "because": "x"}]), "'because' is not one of"),
        (json.dumps([{**GOOD, "output": "prices"}]), "JSON pointer"),
        (json.dumps([{**GOOD, "at_most": -1}]), "above 0"),
    ],
)  # fmt: skip
def test_a_declaration_that_cannot_be_understood_is_refused(
    tmp_path: Path, text: str, complaint: str
) -> None:
    """A key or a value that means nothing is named."""
    path = tmp_path / "intended.yaml"
    path.write_text(text)
    with pytest.raises(FileInvalid, match=complaint):
        read_declarations(path)


def test_declarations_are_read_as_they_stand(tmp_path: Path) -> None:
    """A file of nothing but comments declares nothing."""
    path = tmp_path / "intended.yaml"
    path.write_text("# nothing yet\n")
    assert read_declarations(path) == ()
    path.write_text(json.dumps([GOOD]))
    assert read_declarations(path) == (RISEN,)


def test_a_tolerance_below_the_noise_floor_fails(weigh: Any) -> None:
    """A baseline that answers differently twice cannot be held to 1e-9."""
    answer = {"/body/predictions/0": 1.0}
    verdict = weigh(answer, answer, again={"/body/predictions/0": 1.0 + 1e-6})
    assert not verdict.unexplained
    assert not verdict.is_equal
    assert "TOO LOUD" in _text(verdict)
    assert "DIFFERENT: 1 tolerances below the noise floor" in _text(verdict)
    assert weigh(answer, answer, again={"/body/predictions/0": 1.0 + 1e-12}).is_equal


def test_without_a_baseline_the_report_says_so(weigh: Any) -> None:
    """The reason stands in one line, and declarations are not judged."""
    verdict = weigh({"/status": 200}, {"/status": 200}, RISEN, no_baseline="there is no parent")
    assert verdict.is_equal
    assert "NO BASELINE: there is no parent" in next(iter(describe(verdict)))
    assert "1 declared differences cannot be judged" in _text(verdict)
    assert to_json(verdict)["baseline"] is None


def test_a_candidate_that_differs_from_itself_fails_whatever_is_declared(weigh: Any) -> None:
    """Between two runs of one build no difference can be intended."""
    verdict = weigh(
        {"/body/predictions/0": 1.0}, {"/body/predictions/0": 2.0}, RISEN, no_baseline="no parent"
    )
    assert not verdict.is_equal


def test_the_table_ends_and_one_kind_does_not_hide_another(weigh: Any) -> None:
    """At most thirty rows, with every kind among them, and the counts of all."""
    old: Answers = {f"/body/errors/{n}/field": "a" for n in range(200)}
    new: Answers = {f"/body/errors/{n}/field": "b" for n in range(200)}
    old, new = {**old, "/body/predictions/0": 1.0}, {**new, "/body/predictions/0": 1.5}
    lines = list(describe(weigh(old, new)))
    rows = [line for line in lines if line.startswith("sales/one")]
    assert len(rows) == MOST_ROWS
    assert "prediction" in rows[-1]
    assert "… and 171 more (--json has all)" in lines
    assert any(line.split()[0] == "200" for line in lines if line.strip())


def test_the_json_report_holds_every_difference(weigh: Any) -> None:
    """It is JSON in the strict sense, also where a difference has no size."""
    verdict = weigh(
        {"/status": 200, "/body/predictions/2": 1.0}, {"/status": 500, "/body/predictions/2": 2.0}
    )
    found = json.loads(json.dumps(to_json(verdict), allow_nan=False))
    assert found["equal"] is False
    assert [(d["instance"], d["field"], d["relative"]) for d in found["differences"]] == [
        (None, "/status", None), (2, "prediction", 0.5),
    ]  # fmt: skip
