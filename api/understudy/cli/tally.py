"""What became of the rows that were sent."""

import time
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

from understudy.cli.sending import Answer


@dataclass
class Tally:
    """Counts rows, sums up requests, and remembers the first error in its own words."""

    sent: int = 0
    answered: int = 0
    failed: int = 0
    requests: int = 0
    retries: int = 0
    seconds: float = 0.0
    first_error: str = ""
    start: float = field(default_factory=time.monotonic)
    _latencies_ms: list[float] = field(default_factory=list, repr=False)

    def take(self, answer: Answer) -> None:
        """Count one request's answer."""
        self.sent += answer.rows
        self.requests += 1
        self.retries += answer.retries
        if answer.is_good:
            self.answered += answer.rows
            self._latencies_ms.append(answer.seconds * 1000)
            return
        self.failed += answer.rows
        if not self.first_error:
            status = "no answer" if answer.status is None else f"status {answer.status}"
            self.first_error = f"row {answer.first_row}: {status}, {answer.error}"

    def stop(self) -> None:
        """Note how long it took."""
        self.seconds = time.monotonic() - self.start

    def as_json(self) -> dict[str, Any]:
        """Return everything as numbers; latencies are seen from here, retries included."""
        rate = self.requests / self.seconds if self.seconds else 0.0
        latencies = self._latencies_ms
        cuts = quantiles(latencies, n=100) if len(latencies) > 1 else latencies * 99
        return {
            "sent": self.sent,
            "answered": self.answered,
            "failed": self.failed,
            "requests": self.requests,
            "retries": self.retries,
            "seconds": round(self.seconds, 3),
            "requests_per_second": round(rate, 1),
            "p50_ms": round(cuts[49], 2) if cuts else None,
            "p99_ms": round(cuts[98], 2) if cuts else None,
            "first_error": self.first_error or None,
        }

    def as_text(self) -> str:
        """Return it as one line for a person."""
        found = self.as_json()
        latency = f"; p50 {found['p50_ms']} ms, p99 {found['p99_ms']} ms" if self.answered else ""
        return (
            f"{self.sent} rows sent, {self.answered} answered, {self.failed} failed"
            f" ({self.retries} retries) in {self.seconds:.1f} s,"
            f" {found['requests_per_second']} requests/s{latency}."
        )
