"""The page and the files of a run."""

import re
from pathlib import Path

from benchmarks.serving.page import write_page
from benchmarks.serving.picture import draw
from benchmarks.serving.row import Row, read_rows, write_rows
from benchmarks.serving.tails import Tail
from benchmarks.serving.verdicts import Measured
from tests.unit.benchmarks.rows import row

ROWS = [
    row("understudy-shadow", 800.0, number=1),
    row("understudy-shadow", 1000.0, number=2),
    row("flask", 100.0, number=1),
    row("flask", 110.0, number=2),
    row("bentoml", number=1, problem="differs from the | pipeline"),
    Row("linear", "bentoml", "64", 2, "it ended"),
    row("uvicorn", 9000.0, load="1"),
]


def test_rows_survive_their_file(tmp_path: Path) -> None:
    """Also those without figures."""
    write_rows(tmp_path / "deep" / "rows.csv", ROWS)
    assert repr(read_rows(tmp_path / "deep" / "rows.csv")) == repr(ROWS)


def test_the_page_tells_every_server_in_every_load(tmp_path: Path) -> None:
    """Median and ends of sound rows, and the error in place of the figures of others."""
    tails = [Tail("alone", 1, 500.0, p99_ms=2.0), Tail("hung", 1, 500.0, p99_ms=3.0)]
    found = Measured(ROWS, tails, (), ["linear"])
    page = write_page(found, tmp_path / "performance.md", draw(ROWS, "linear", "64"), 5)
    assert (tmp_path / "performance.md").read_text() == page
    assert (tmp_path / "pictures/performance.svg").read_text().startswith("<?xml")
    assert "mathdefault" not in (tmp_path / "pictures/performance.svg").read_text()
    (ours,) = re.findall(r"^\| Understudy, capture and shadow on \|.*$", page, re.MULTILINE)
    assert "| 900 (800–1,000) |" in ours
    (bento,) = re.findall(r"^\| BentoML \|.*$", page, re.MULTILINE)
    assert bento.endswith("| — | differs from the \\| pipeline |")
    assert page.index("8.6 times (900 against 105 of Flask + gunicorn)") < page.index(
        "## linear, 64"
    )
    assert "## linear, 1 connection, one instance" in page
    assert "16 connections" not in page
    assert "1.50 (1.50–1.50)" in page
    assert "2 rounds of 5 s," in page


def test_a_page_without_figures_claims_nothing(tmp_path: Path) -> None:
    """There is no picture, and every line is open."""
    page = write_page(Measured([], [], (), ["linear"]), tmp_path / "page.md", None, 5)
    lines = re.findall(r"^\| .* \| not measured \| (.*) \|$", page, re.MULTILINE)
    assert len(lines) > 10
    assert set(lines) == {"—"}
    assert draw([], "linear", "64") is None
