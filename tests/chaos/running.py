"""Runs experiments with Chaos Toolkit, each in a process of its own."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import yaml

from tests.chaos.result import Result, broken, figures

EXPERIMENTS = Path(__file__).with_name("experiments")
SABOTAGE = Path(__file__).with_name("sabotage")
EVIDENCE = "requests.jsonl"
_LONGEST_S = 900.0
_NOT_CLEARED = "the stage was not cleared"
_CHAOS = [sys.executable, "-m", "chaostoolkit", "--no-version-check"]

Experiment = Mapping[str, Any]

_under_way: set["subprocess.Popen[bytes]"] = set()


def find(
    names: Sequence[str] = (), tags: Sequence[str] = (), folder: Path = EXPERIMENTS
) -> dict[str, Experiment]:
    """Return the experiments of these names or tags, or all; raises LookupError for a stranger."""
    present = {path.stem: read(path) for path in sorted(folder.glob("*.yaml"))}
    if unknown := sorted(set(names) - set(present)):
        raise LookupError(f"no experiment {', '.join(unknown)}; there are {', '.join(present)}")
    return {
        name: experiment
        for name, experiment in present.items()
        if name in names or set(experiment["tags"]) & set(tags) or not (names or tags)
    }


def read(file: Path) -> dict[str, Any]:
    """Return an experiment from its file."""
    content: dict[str, Any] = yaml.safe_load(file.read_text())
    return content


def run_all(
    experiments: Mapping[str, Experiment],
    journals: Path,
    at_a_time: int,
    tell: Callable[[Result], None],
    seconds: float | None = None,
) -> list[Result]:
    """
    Run experiments, so many at a time, and return what became of each in their order.

    After `seconds` no further one is begun; those are not in the results.
    """
    until = float("inf") if seconds is None else time.monotonic() + seconds

    def attempt(name: str) -> Result | None:
        if time.monotonic() > until:
            return None
        result = run(name, experiments[name], journals / name)
        tell(result)
        return result

    with ThreadPoolExecutor(at_a_time) as hands:
        try:
            return [result for result in hands.map(attempt, experiments) if result is not None]
        except BaseException:  # Ctrl-C: whoever is under way clears its stage and ends
            until = 0.0
            for process in list(_under_way):
                process.terminate()
            raise


def run(name: str, experiment: Experiment, folder: Path) -> Result:
    """Run one experiment, from a file in `folder` that repeats it, and return what became of it."""
    folder.mkdir(parents=True, exist_ok=True)
    file, journal = folder / "experiment.yaml", folder / "journal.json"
    ledger = folder / EVIDENCE
    file.write_text(yaml.safe_dump(dict(experiment), sort_keys=False, width=200))
    for old in (journal, ledger):
        old.unlink(missing_ok=True)
    began = time.monotonic()
    status = _run_chaos_toolkit(file, journal, folder)
    found = json.loads(journal.read_text()) if journal.exists() else None
    return Result(
        name=name,
        fault=experiment["title"],
        promise=experiment["description"],
        tags=tuple(experiment["tags"]),
        # Chaos Toolkit passes over a control that fails.
        broken=broken(found, status) + (() if ledger.exists() else (_NOT_CLEARED,)),
        figures=figures(found),
        seconds=round(time.monotonic() - began, 1),
        journal=str(journal),
    )


def _run_chaos_toolkit(file: Path, journal: Path, folder: Path) -> int:
    command = [
        *_CHAOS, "--log-file", str(folder / "debug.log"),
        "run", "--rollback-strategy", "always", "--journal-path", str(journal), str(file),
    ]  # fmt: skip
    with (folder / "chaos.log").open("wb") as log:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
            env=os.environ | {"CHAOS_EVIDENCE": str(folder)}, process_group=0,
        )  # fmt: skip
        _under_way.add(process)
        try:
            return process.wait(_LONGEST_S)
        except subprocess.TimeoutExpired:
            process.terminate()  # it then clears the stage
            return process.wait()
        finally:
            _under_way.discard(process)
