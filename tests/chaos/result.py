"""What became of one experiment, read from the journal of Chaos Toolkit."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Journal = Mapping[str, Any]


@dataclass(frozen=True)
class Result:
    """
    What became of one experiment.

    `broken` names the promises that did not hold, or why nothing could be shown; `figures` are
    those of `tests.chaos.account`, empty if it did not get so far.
    """

    name: str
    fault: str
    promise: str
    tags: tuple[str, ...]
    broken: tuple[str, ...]
    figures: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0
    journal: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether all promises held."""
        return not self.broken

    @property
    def shows_its_breach(self) -> bool:
        """Whether, of an experiment that breaks a promise by hand, just that promise is broken."""
        return any(what.startswith(f"{self.promise} after the fault") for what in self.broken)

    def to_json(self) -> dict[str, Any]:
        """Return all of it for a program."""
        return asdict(self) | {"kept": self.is_kept}


def broken(journal: Journal | None, status: int) -> tuple[str, ...]:
    """
    Return whatever was not as it should be, in a journal and beside it.

    Chaos Toolkit takes an experiment whose fault failed for completed; here it is broken.
    """
    if journal is None:
        return (f"Chaos Toolkit ended with status {status} and left no journal",)
    found = (*_failed_activities(journal), *_missed_tolerances(journal))
    if journal["status"] != "completed":
        found = (f"the experiment is {journal['status']}", *found)
    return found or ((f"Chaos Toolkit ended with status {status}",) if status else ())


def figures(journal: Journal | None) -> Mapping[str, Any]:
    """Return the figures of the experiment, as far as it got."""
    runs = (journal or {}).get("run") or []
    found = [run["output"] for run in runs if run["activity"]["name"] == "figures"]
    return found[-1] or {} if found else {}


def _failed_activities(journal: Journal) -> Iterator[str]:
    for run in [*(journal.get("run") or []), *(journal.get("rollbacks") or [])]:
        if run.get("status") != "succeeded":
            yield f"{run['activity']['name']}: {_last_words(run)}"


def _missed_tolerances(journal: Journal) -> Iterator[str]:
    for when in ("before", "after"):
        state = journal["steady_states"].get(when)
        if not state:
            yield f"the promises were not looked at {when} the fault"
            continue
        for probe in state["probes"]:
            if not probe.get("tolerance_met"):
                said = probe["output"] if probe["status"] == "succeeded" else _last_words(probe)
                yield f"{probe['activity']['name']} {when} the fault: {said}"


def _last_words(run: Mapping[str, Any]) -> str:
    return str((run.get("exception") or ["it did not end"])[-1]).strip()
