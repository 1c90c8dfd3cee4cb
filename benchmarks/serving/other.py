"""One figure beyond the tables, and the file of all of them."""

import csv
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

BACKLOG, SHIPPING, SCORING = "backlog_s", "shipping_rows_per_s", "million_scored_s"
WORKER, READY, HELP = "worker_pss_mib", "serve_ready_s", "help_s"


@dataclass(frozen=True)
class Other:
    """A figure and what is to be said of it; NaN with the reason where it could not be had."""

    name: str
    value: float
    said: str


def write_others(path: Path, others: Sequence[Other]) -> None:
    """Write the figures as CSV."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["name", "value", "said"], lineterminator="\n")
        writer.writeheader()
        for other in others:
            writer.writerow({**asdict(other), "value": f"{other.value:.6g}"})
