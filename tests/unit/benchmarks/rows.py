"""Rows as a run writes them."""

from benchmarks.serving.row import Row


def row(
    server: str,
    rate: float = 100.0,
    *,
    cpu_ms: float = 1.0,
    load: str = "64",
    number: int = 1,
    problem: str = "",
) -> Row:
    """Return a row of the linear model."""
    return Row(
        "linear",
        server,
        load,
        number,
        problem,
        requests=1000,
        requests_per_s=rate,
        instances_per_s=rate,
        cpu_ms=cpu_ms,
        api_cpu_ms=cpu_ms,
        p50_ms=1.0,
        p95_ms=2.0,
        p99_ms=3.0,
        pss_mb=100.0,
        start_s=1.0,
        backlog_s=0.0,
        difference=0.0,
    )
