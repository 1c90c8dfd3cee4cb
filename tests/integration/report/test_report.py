"""The report is one file that needs nothing, whole or absent, whatever the log holds."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from html import unescape
from itertools import pairwise
from pathlib import Path

import pytest

from understudy.artefacts.artefact import Artefact, open_artefact
from understudy.artefacts.manifest import write_manifest
from understudy.errors import ExtraMissing, ReportFailed
from understudy.report import writing as report
from understudy.report.writing import write_report
from understudy.settings import Settings

Fill = Callable[..., Settings]

SECTIONS = (
    "At a glance", "How to read", "Verdict", "Pairs", "Slices", "Outcomes", "Inputs", "Answers",
    "Values", "Coverage", "What all of this",
)  # fmt: skip


def _write(settings: Settings, shadow: str, folder: Path) -> str:
    out = write_report(settings, shadow, folder / "new" / "report.html")
    page = out.read_text()
    assert "Traceback" not in page
    assert '<pre class="said">' not in page, "a cell printed something, perhaps a warning"
    for section in SECTIONS:
        assert re.search(rf"<h2[^>]*>{section}", page), section
    return page


def test_the_report_is_one_file_that_needs_nothing(
    fill: Fill, linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path
) -> None:
    """Every section, the verdict first, every picture with a text, no address of anything."""
    settings = fill(linear_artefact, boosting_artefact)
    steps: list[int] = []

    @contextmanager
    def progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
        assert "tiny-houses:2.0.0" in label
        yield steps.append
        assert sum(steps) == total

    out = write_report(settings, "tiny-houses:2.0.0", tmp_path / "report.html", progress)
    page = out.read_text()
    assert [path.name for path in tmp_path.glob("*report*")] == ["report.html"]
    assert not re.findall(r"<(?:script|link|iframe|object)\b", page)
    assert set(re.findall(r"(?:src|href)=\"([a-z]+:|#)", page)) == {"data:", "#"}
    places = set(re.findall(r' id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= places, "a link leads nowhere"
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert all(later <= level + 1 for level, later in pairwise(levels))
    assert not re.findall(r"url\(|@import", page)
    pictures = re.findall(r"<img [^>]*>", page)
    assert len(pictures) >= 10
    assert all(re.search(r'alt="[^"]+"', picture) for picture in pictures)
    for section in SECTIONS:
        assert re.search(rf"<h2[^>]*>{section}", page), section
    text = unescape(page)
    assert text.index("<strong>NEED_MORE_DATA:</strong> the shadow's") < text.index("At a glance")
    assert "150 of 150 instances were compared" in text
    assert "EUR" in text
    assert "What their gates found before they were served" in text
    assert "tiny-houses:2.0.0 (shadow): the gate staleness warned" in text
    assert "gates waived for shadow" in text
    assert "Kolmogorov–Smirnov" in text


def test_a_shadow_without_pairs_and_outcomes_has_a_report(
    fill: Fill, linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path
) -> None:
    """What is not known yet is said, and the verdict is NEED_MORE_DATA."""
    settings = fill(linear_artefact, boosting_artefact, 20, is_scored=False, has_outcomes=False)
    page = unescape(_write(settings, "tiny-houses:2.0.0", tmp_path))
    assert "NEED_MORE_DATA" in page
    assert "no instance has been answered by both models yet" in page
    assert "There are no pairs yet." in page
    assert "No outcome of a compared instance is known yet" in page


def test_an_empty_log_has_a_report(
    fill: Fill, linear_artefact: Artefact, boosting_artefact: Artefact, tmp_path: Path
) -> None:
    """A shadow that was deployed this minute is no error."""
    settings = fill(linear_artefact, boosting_artefact, 0, is_scored=False, has_outcomes=False)
    page = _write(settings, "tiny-houses:2.0.0", tmp_path)
    assert "NEED_MORE_DATA" in page
    assert "There are no live inputs yet." in page


@pytest.mark.parametrize("kind", ["binary_artefact", "multiclass_artefact"])
def test_classifiers_have_a_report(
    kind: str, fill: Fill, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Labels are compared in a table of both; what needs numbers is shown where there are any."""
    artefact: Artefact = request.getfixturevalue(kind)
    shutil.copytree(artefact.folder, tmp_path / "next")
    write_manifest(replace(artefact.manifest, version="2.0.0"), tmp_path / "next")
    shadow = open_artefact(tmp_path / "next")
    settings = fill(artefact, shadow, 120)
    page = unescape(_write(settings, shadow.manifest.title, tmp_path))
    assert "The labels agree on 120 of 120 pairs" in page
    assert "error rate" in page
    assert ("Nearly all differences" in page) == (kind == "binary_artefact")


def test_a_failing_cell_is_told_and_leaves_no_file(tmp_path: Path) -> None:
    """The error names the section and has the cell's words; an earlier report stays."""
    notebook = tmp_path / "broken.py"
    notebook.write_text(
        "# %% [markdown]\n# # Beginning\n\n# %% tags=['parameters']\nshadow = ''\n\n"
        "# %% [markdown]\n# ## Middle of it\n\n# %%\nraise ValueError(f'no {shadow} here')\n"
    )
    out = tmp_path / "report.html"
    out.write_text("the old one")
    with pytest.raises(ReportFailed, match=r"“Middle of it” fails with ValueError: no a:1\.0\.0"):
        write_report(Settings(), "a:1.0.0", out, notebook=notebook)
    assert out.read_text() == "the old one"
    assert {path.name for path in tmp_path.iterdir()} == {"broken.py", "report.html"}


def test_a_dying_kernel_is_told(tmp_path: Path) -> None:
    """A process that is killed, for want of memory perhaps, is no riddle."""
    notebook = tmp_path / "dying.py"
    notebook.write_text(
        "# %% [markdown]\n# # Only one\n\n# %% tags=['parameters']\nshadow = ''\n\n"
        "# %%\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n"
    )
    with pytest.raises(ReportFailed, match=r"Only one.*died"):
        write_report(Settings(), "a:1.0.0", tmp_path / "report.html", notebook=notebook)


def test_settings_reach_the_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The notebook sees the settings of the caller and none of the environment's own."""
    monkeypatch.setenv("UNDERSTUDY_ENDPOINT", "another")
    notebook = tmp_path / "asking.py"
    notebook.write_text(
        "# %% tags=['parameters']\nshadow = ''\n\n# %%\n"
        "from understudy.settings import read_settings\n\n"
        "print('asked', read_settings().endpoint)\n"
    )
    out = write_report(
        Settings(endpoint="mine"), "a:1.0.0", tmp_path / "report.html", notebook=notebook
    )
    assert "asked mine" in out.read_text()


def test_missing_libraries_name_the_extra(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lacks the extra is told how to get it, before anything is done."""
    monkeypatch.setattr(report, "LIBRARIES", (*report.LIBRARIES, "not_there_at_all"))
    with pytest.raises(ExtraMissing, match=r"needs not_there_at_all.*understudy\[report\]"):
        write_report(Settings(), "a:1.0.0", tmp_path / "report.html")
