"""
Tests that prove a promise of docs/reliability.md: `@pytest.mark.promise(PART, TEXT)`.

`pytest --promises` runs these and no others, and writes into the page what became of them. What a
test was tried on it says by `record_property`, for instance `record_property("requests", 10_000)`.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest

PARTS = ("limits", "spools", "exactly once", "access", "privacy", "hostile input", "upgrade")
_MARK = "promise"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    parser.addoption(
        "--promises",
        action="store_true",
        help="Run only the tests that prove a promise, and write docs/reliability.md.",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Make the mark known; the process that hears of all tests keeps what became of them."""
    config.addinivalue_line("markers", f"{_MARK}(part, text): a promise of docs/reliability.md")
    if config.getoption("--promises") and not hasattr(config, "workerinput"):
        config.pluginmanager.register(_Keeper())


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Send each promise along with the report of its test."""
    for item in items:
        if mark := item.get_closest_marker(_MARK):
            part, text = mark.args
            if part not in PARTS:
                raise pytest.UsageError(f"{item.nodeid}: {part!r} is none of {PARTS}")
            item.user_properties.append((_MARK, [part, text]))
    if config.getoption("--promises"):
        others = [item for item in items if item.get_closest_marker(_MARK) is None]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if item.get_closest_marker(_MARK)]


@dataclass
class Proof:
    """What became of the cases of one test."""

    part: str
    promise: str
    cases: int = 0
    failed: int = 0
    skipped: int = 0
    figures: dict[str, Any] = field(default_factory=dict)

    def add(self, report: pytest.TestReport) -> None:
        """Add what one phase of a case tells."""
        self.cases += report.when == "setup"
        self.failed += report.failed
        self.skipped += report.skipped
        if report.when == "call":
            self.figures |= {name: told for name, told in report.user_properties if name != _MARK}

    @property
    def is_kept(self) -> bool:
        """Whether every case was tried, and none failed."""
        return self.cases > 0 and not self.failed and not self.skipped


class _Keeper:
    """Hears what became of each test, and writes it down at the end."""

    def __init__(self) -> None:
        self._proofs: dict[str, Proof] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Hear of a case."""
        told = dict(report.user_properties).get(_MARK)
        if isinstance(told, list):
            name = report.nodeid.partition("[")[0]
            self._proofs.setdefault(name, Proof(*told)).add(report)

    def pytest_sessionfinish(self) -> None:
        """Write the page."""
        from tests.chaos.kept import keep  # here: it needs matplotlib, which other runs do not

        runs = {name: vars(proof) | {"kept": proof.is_kept} for name, proof in self._proofs.items()}
        keep("tests", {"runs": runs})
