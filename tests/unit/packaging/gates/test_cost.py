"""A row is cheap enough."""

from collections.abc import Callable

import pytest

from understudy.packaging.gates import cost
from understudy.packaging.gates.case import Case

MakeCase = Callable[..., Case]


@pytest.mark.parametrize(("found", "status"), [(0.4, "passed"), (0.5, "passed"), (0.6, "refused")])
def test_the_limit_decides(found: float, status: str, make_case: MakeCase) -> None:
    """The cost of a row alone counts; it varies, so it stands beside the summary."""
    case = make_case(costs={"1": found, "32": 9.0}, limits={"cost": {"ms_per_row": 0.5}})
    ruling = cost.judge(case)
    assert ruling.status == status
    assert "0.5 ms of CPU in the engine exact" in ruling.summary
    assert ruling.figures == {"limit ms per row": 0.5, "engine": "exact"}
    assert ruling.measured == {"ms per row": found}
    assert f"measured: ms per row {found}" in ruling.sentence
