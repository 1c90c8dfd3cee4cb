"""Inputs are counted against what the model that answered saw in training."""

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.agent.inputs import FeatureCounts, count_inputs
from understudy.artefacts.manifest import Manifest
from understudy.artefacts.schema import Field, InputSchema
from understudy.capture import CapturePolicy
from understudy.log.captures import CaptureRow, Captures
from understudy.records import ServedRequest

AREA = Field("area", "number", required=True, nullable=True, minimum=10, maximum=100)
ZONE = Field("zone", "string", required=True, nullable=True, categories=("North", "South"))
FREE = Field("free", "string", required=False, nullable=True)
FLAG = Field("flag", "boolean", required=True, nullable=False, minimum=5, maximum=9)


def manifest(version: str) -> Manifest:
    """Return as much of a manifest as counting needs."""
    schema = InputSchema((AREA, ZONE, FREE, FLAG), (Field("carried", "string", False, True),))
    return cast(Manifest, SimpleNamespace(name="tiny", version=version, input_schema=schema))


def served(version: str, *instances: dict[str, Any]) -> ServedRequest:
    """Return a request that a version answered."""
    ones = [1.0] * len(instances)
    return ServedRequest(
        1, "r", None, 0.0, "tiny", version, instances, ones, ones, [None] * len(instances)
    )


def test_each_kind_of_surprise_is_counted_per_feature() -> None:
    """An absent key and a null are both missing; limits themselves are inside."""
    request = served(
        "1.0.0",
        {"area": 10, "zone": "North", "free": "anything", "flag": True},
        {"area": 9.99, "zone": "Nord", "free": None, "flag": False},
        {"area": 100.5, "zone": None, "flag": True, "carried": None},
        {"area": None, "zone": "South", "free": "", "flag": True},
    )
    (found,) = count_inputs([request], [manifest("1.0.0")])
    assert (found.name, found.version, found.instances) == ("tiny", "1.0.0", 4)
    assert found.features == {
        "area": FeatureCounts(missing=1, unseen=0, out_of_range=2),
        "zone": FeatureCounts(missing=1, unseen=1, out_of_range=0),
        "free": FeatureCounts(missing=2, unseen=0, out_of_range=0),
        "flag": FeatureCounts(missing=0, unseen=0, out_of_range=0),
    }


def test_each_version_is_judged_by_its_own_manifest() -> None:
    """What an unknown version expected is anybody's guess, so nobody guesses."""
    requests = [served("1.0.0", {}), served("2.0.0", {}, {}), served("3.0.0", {})]
    found = count_inputs(requests, [manifest("1.0.0"), manifest("2.0.0"), manifest("4.0.0")])
    assert [(counts.version, counts.instances) for counts in found] == [("1.0.0", 1), ("2.0.0", 2)]


ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.integers(8, 12),
    st.floats(),  # NaN and the infinities too
    st.floats(9, 101),
    st.sampled_from(["North", "South", "Nord", "", "10"]),
)
ROWS = st.lists(st.dictionaries(st.sampled_from(["area", "zone", "free", "flag", "?"]), ANYTHING))


def plainly(field: Field, rows: list[dict[str, Any]]) -> FeatureCounts:
    """Count value by value, as the counts are defined."""
    values = [value for row in rows if (value := row.get(field.name)) is not None]
    numbers = [v for v in values if isinstance(v, int | float) and not isinstance(v, bool)]
    outside = [
        (field.minimum is not None and number < field.minimum)
        or (field.maximum is not None and number > field.maximum)
        for number in numbers
    ]
    known = field.categories
    unseen = 0 if known is None else sum(value not in known for value in values)
    return FeatureCounts(len(rows) - len(values), unseen, sum(outside))


@settings(max_examples=300, deadline=None)
@given(ROWS.filter(bool), st.integers(1, 300))
def test_whole_columns_are_counted_as_single_values_are(
    rows: list[dict[str, Any]], times: int
) -> None:
    """Whatever types meet in a column, and over more rows than are looked at in one go."""
    rows *= times
    (found,) = count_inputs([served("1.0.0", *rows)], [manifest("1.0.0")])
    assert found.instances == len(rows)
    assert found.features == {
        field.name: plainly(field, rows) for field in (AREA, ZONE, FREE, FLAG)
    }


def test_one_limit_alone_is_a_limit() -> None:
    """A field may be bounded on one side only."""
    low, high = (
        Field("x", "number", True, True, minimum=0),
        Field("y", "number", True, True, maximum=0),
    )
    schema = InputSchema((low, high))
    known = cast(Manifest, SimpleNamespace(name="tiny", version="1.0.0", input_schema=schema))
    rows = [{"x": float(n), "y": n} for n in range(-3, 3)]
    (found,) = count_inputs([served("1.0.0", *rows)], [known])
    assert found.features == {"x": FeatureCounts(0, 0, 3), "y": FeatureCounts(0, 0, 2)}


def test_counting_leaves_nothing_behind() -> None:
    """Nor where fields are lacking: an agent counts for months."""
    whole = {"area": 10, "zone": "North", "free": "anything", "flag": True}
    requests, known = [served("1.0.0", whole, {"area": 10})], [manifest("1.0.0")]
    blocks = [_blocks_after(lambda: count_inputs(requests, known)) for _ in range(2)]
    assert blocks[1] - blocks[0] < 1_000


def _blocks_after(act: Callable[[], object]) -> int:
    for _ in range(2_000):
        act()
    return sys.getallocatedblocks()


def test_what_was_redacted_is_not_counted_as_a_surprise() -> None:
    """Only what was answered under the policy, and only the fields that it redacts."""
    policy = CapturePolicy.from_json({"fields": {"zone": "hash", "area": {"bucket": [50]}}})
    captures = Captures([CaptureRow(5, datetime(2026, 1, 1, tzinfo=UTC), "ann", "", policy)])
    instance = {"area": 9.0, "zone": "Nord", "free": None, "flag": True}
    kept = {**instance, "area": "below 50", "zone": "hash:1"}
    requests = [
        served("1.0.0", one)._replace(deployment_id=number)
        for one, number in ((instance, None), (instance, 4), (kept, 5), (kept, 6))
    ]
    found = count_inputs(requests, [manifest("1.0.0")], captures)
    assert sum(counts.instances for counts in found) == 4
    totals: dict[str, FeatureCounts] = {}
    for counts in found:
        for name, one in counts.features.items():
            totals[name] = totals.get(name, FeatureCounts(0, 0, 0)) + one
    assert totals == {
        "area": FeatureCounts(0, 0, 2),
        "zone": FeatureCounts(0, 2, 0),
        "free": FeatureCounts(4, 0, 0),
        "flag": FeatureCounts(0, 0, 0),
    }
