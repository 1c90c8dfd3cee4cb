"""The quiz catches a model that answers otherwise than it should."""

import json
from pathlib import Path
from shutil import copytree

import pytest

from understudy.artefacts.artefact import Artefact, QuizItem
from understudy.errors import QuizFailed
from understudy.serving.engines import load_engine
from understudy.serving.engines.quiz import check_quiz, wrong_answers


def test_a_good_model_passes_its_own_quiz(
    linear_artefact: Artefact, binary_artefact: Artefact
) -> None:
    """Every artefact brings questions, so that loading is always checked."""
    for artefact in (linear_artefact, binary_artefact):
        assert check_quiz(load_engine(artefact), artefact) == len(artefact.quiz()) > 0


def test_a_wrong_answer_is_named(linear_artefact: Artefact, tmp_path: Path) -> None:
    """The error says what was wanted and what came."""
    copytree(linear_artefact.folder, tmp_path / "copy")
    items = json.loads((tmp_path / "copy" / "quiz.json").read_bytes())
    items[1]["expected"] = 1.0
    (tmp_path / "copy" / "quiz.json").write_text(json.dumps(items))
    changed = Artefact(tmp_path / "copy", linear_artefact.manifest)
    with pytest.raises(QuizFailed, match=r"question 1 wants 1\.0"):
        check_quiz(load_engine(changed), changed)


def test_a_wrong_label_is_wrong(binary_artefact: Artefact) -> None:
    """Labels have no tolerance."""
    item = binary_artefact.quiz()[0]
    other = "cheap" if item.expected == "dear" else "dear"
    wrong = QuizItem(item.instance, other, None, "given")
    assert "gets" in wrong_answers(load_engine(binary_artefact), [wrong])[0]
