"""The card shows whatever a gate tells, of any kind, without knowing what it means."""

import pytest

from understudy.artefacts.vetting import GateResult
from understudy.packaging.card.figures import named, rows_told, shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"), (True, "yes"), (False, "no"), (1234, "1,234"), (0.04567, "0.0457"),
        ("a|b", "a\\|b"), ("", "–"), ([], "–"), (["x", 2], "x, 2"),
        ({"a": 1.5, "b": None}, "a: 1.5, b: –"),
    ],
)  # fmt: skip
def test_a_figure_of_any_kind_is_one_cell(value: object, text: str) -> None:
    """Numbers as people write them, lists with commas, nothing as a dash."""
    assert shown(value) == text


def test_a_known_metric_is_named_in_words() -> None:
    """Others by their own name, without underscores."""
    assert named("mae") == "mean absolute error"
    assert named("left_out_seen") == "left out seen"


def test_rows_need_not_tell_the_same() -> None:
    """Every column that any row tells is there; figures are on the right."""
    rows: tuple[dict[str, object], ...] = ({"slice": "a", "rows": 3}, {"slice": "b", "loss": 1.5})
    table = rows_told(GateResult("slices", "passed", "x", rows=rows)).splitlines()
    assert table[0] == "| slice | rows | loss |"
    assert table[1] == "| --- | ---: | ---: |"
    assert table[2:] == ["| a | 3 | – |", "| b | – | 1.5 |"]
