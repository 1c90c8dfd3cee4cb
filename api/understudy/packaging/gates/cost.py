"""The gate cost: a row is cheap enough in the engine that will serve it."""

from understudy.packaging.gates.case import Case
from understudy.packaging.gates.ruling import Ruling

# A row asked alone is the dearest: nothing is shared with others.
ALONE = "1"


def judge(case: Case) -> Ruling:
    """
    Hold the CPU time of one row, asked alone, against the limit.

    The cost itself varies from run to run, so that only the limit stands in the summary.
    """
    limit, cost = case.limits.cost.ms_per_row, case.costs[ALONE]
    is_cheap = cost <= limit
    costs = "at most" if is_cheap else "more than"
    return Ruling(
        "passed" if is_cheap else "refused",
        f"a row alone costs {costs} {limit:g} ms of CPU in the engine {case.engine.name}",
        {"limit ms per row": limit, "engine": case.engine.name},
        measured={"ms per row": cost},
    )
