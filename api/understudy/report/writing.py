"""The report: the analysis notebook, executed on the prediction log, as one HTML file."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from understudy.errors import ExtraMissing, ReportFailed
from understudy.settings import PREFIX, Settings

Advance = Callable[[int], None]
Progress = Callable[[str, int], AbstractContextManager[Advance]]

LIBRARIES = ("ipykernel", "jupytext", "matplotlib", "nbclient", "nbconvert")

_HERE = Path(__file__).parent
_PLACES = (
    _HERE / "notebook" / "shadow_analysis.py",  # in a wheel
    _HERE.parents[2] / "notebooks" / "shadow_analysis.py",  # in a checkout
)


@contextmanager
def no_progress(label: str, total: int) -> Iterator[Advance]:
    """Show nothing."""
    yield lambda steps: None


def write_report(
    settings: Settings,
    shadow: str,
    out: Path,
    progress: Progress = no_progress,
    notebook: Path | None = None,
) -> Path:
    """
    Execute the analysis of a shadow, `NAME:VERSION`, and write it as HTML that needs no internet.

    The file appears whole or not at all. `notebook` is the packaged one unless given. Raises
    ExtraMissing without the optional libraries and ReportFailed with the words of a failing cell.
    """
    _require_libraries()
    import jupytext

    text = (notebook or find_notebook()).read_text(encoding="utf-8")
    content = _with_parameters(jupytext.reads(text, fmt="py:percent"), shadow=shadow)
    steps = sum(cell.cell_type == "code" for cell in content.cells)
    with progress(f"Report on {shadow}", steps) as advance:
        _execute(content, settings, advance)
    _write(out, _to_html(content, f"{shadow}: fit to take over?"))
    return out


def find_notebook() -> Path:
    """Return where the notebook is: in the installed package or in the checkout."""
    return next(place for place in _PLACES if place.exists())


def _require_libraries() -> None:
    missing = [name for name in LIBRARIES if find_spec(name) is None]
    if missing:
        raise ExtraMissing("The report", missing, "report")


def _with_parameters(content: Any, **values: str) -> Any:
    """Put values behind the cell of defaults, as papermill does."""
    from nbformat.v4 import new_code_cell

    source = "\n".join(f"{name} = {value!r}" for name, value in values.items())
    cell = new_code_cell(source)  # type: ignore[no-untyped-call]
    tags = [cell.metadata.get("tags", []) for cell in content.cells]
    place = next(number for number, known in enumerate(tags, start=1) if "parameters" in known)
    content.cells.insert(place, cell)
    return content


def _execute(content: Any, settings: Settings, advance: Advance) -> None:
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, DeadKernelError
    from traitlets.config import Config

    def on_cell(**_: object) -> None:
        advance(1)

    with tempfile.TemporaryDirectory(prefix="report-") as folder:
        # Nothing of this is anybody's Jupyter: its files come and go with the report, and the
        # kernel listens on sockets in this folder, which nobody else may enter.
        connection = {"connection_file": str(Path(folder, "k.json")), "transport": "ipc"}
        client = NotebookClient(
            content,
            kernel_name="python3",
            timeout=None,
            config=Config({"KernelManager": connection}),
            on_cell_complete=on_cell,
        )
        try:
            client.execute(env=_environment(settings, folder))
        except CellExecutionError as error:
            raise ReportFailed(_section(content), f"{error.ename}: {error.evalue}") from error
        except DeadKernelError as error:
            raise ReportFailed(_section(content), "the process that computes it died") from error


def _environment(settings: Settings, folder: str) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    own = {"IPYTHONDIR": folder, "PYDEVD_DISABLE_FILE_VALIDATION": "1"}
    return inherited | settings.environment() | own


def _section(content: Any) -> str:
    """Return the heading over the last cell that was begun."""
    heading = ""
    for cell in content.cells:
        if cell.cell_type == "markdown":
            heading = cell.source.partition("\n")[0].lstrip("# ")
        elif cell.execution_count is None or _has_failed(cell):
            break
    return heading


def _has_failed(cell: Any) -> bool:
    return any(output.output_type == "error" for output in cell.outputs)


def _to_html(content: Any, title: str) -> str:
    from nbconvert.exporters import HTMLExporter

    exporter = HTMLExporter(  # type: ignore[no-untyped-call]
        template_name="template",
        extra_template_basedirs=[str(_HERE)],
        anchor_link_text="#",
    )
    style = (_HERE / "template" / "report.css").read_text(encoding="utf-8")
    resources = {"metadata": {"name": title}, "style": style}
    html: str = exporter.from_notebook_node(content, resources)[0]
    return html


def _write(out: Path, html: str) -> None:
    """Replace the file in one step, so that nobody ever reads half of it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", dir=out.parent, prefix=f".{out.name}-", delete=False
    ) as file:
        partial = Path(file.name)
        try:
            file.write(html)
            file.flush()
            partial.chmod(0o644)
            partial.replace(out)
        except BaseException:
            partial.unlink()
            raise
