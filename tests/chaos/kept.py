"""The figures of the last runs, docs/reliability.json, of which the page is written."""

import json
import os
import platform
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.serving.page import processor
from tests.chaos.page import page
from tests.chaos.result import Result

DOCS = Path(__file__).parents[2] / "docs"


def keep(part: str, content: Mapping[str, Any], docs: Path = DOCS) -> None:
    """Keep the figures of a run, and write the page anew with those of all others."""
    known = _known(docs)
    known[part] = dict(content) | {"on": _today(), "machine": machine()}
    text = json.dumps(known, indent=1, sort_keys=True, ensure_ascii=False)
    (docs / "reliability.json").write_text(text + "\n")
    (docs / "reliability.md").write_text(page(known))


def keep_results(part: str, results: Iterable[Result], docs: Path = DOCS) -> None:
    """Keep what became of single experiments; those that did not run keep their last figures."""
    runs = dict(_known(docs).get(part, {}).get("runs", {}))
    runs |= {result.name: as_kept(result) for result in results}
    keep(part, {"runs": runs}, docs)


def as_kept(result: Result) -> dict[str, Any]:
    """Return what is kept of a result: no ids of single requests, which only a journal needs."""
    content = result.to_json()
    content["figures"] = {name: found for name, found in content["figures"].items()
                          if name != "examples"}  # fmt: skip
    return content | {"on": _today()}


def machine() -> str:
    """Say what this machine is."""
    return (
        f"{os.cpu_count()} cores ({processor()}), Linux {platform.release()},"
        f" Python {platform.python_version()}"
    )


def _known(docs: Path) -> dict[str, Any]:
    file = docs / "reliability.json"
    known: dict[str, Any] = json.loads(file.read_text()) if file.exists() else {}
    return known


def _today() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d}"
