"""Laws of compiled boosters, for every form in which XGBoost and LightGBM make models."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import boosters, tiny
from tests.pairs import FRAME, Pair, assert_equal, booster
from understudy.artefacts.schema import Field
from understudy.packaging.inference import infer_schema


def values_of(field: Field) -> st.SearchStrategy[Any]:
    """Return values that the contract of a field accepts, far beyond what training saw."""
    far = st.floats(-1e30, 1e30) | st.sampled_from([0.0, -0.0, 5e-324, -1e-35, 1e-35, 1e-45, 3e38])
    strategies: dict[str, st.SearchStrategy[Any]] = {
        "boolean": st.booleans(),
        "string": st.sampled_from([*(field.categories or ()), "unseen", ""]),
        "integer": st.integers(-(2**53) + 1, 2**53 - 1) | st.integers(-3, 2020),
        "number": far | st.floats(0, 300).map(lambda number: round(number, 1)),
    }
    values = strategies[field.type]
    return st.none() | values if field.nullable else values


SCHEMA = infer_schema(FRAME, features=tiny.FEATURES)
INSTANCES = st.fixed_dictionaries(
    {field.name: values_of(field) for field in SCHEMA.features if not field.nullable},
    optional={field.name: values_of(field) for field in SCHEMA.features if field.nullable},
)


@pytest.fixture(params=boosters.BOOSTERS, ids=" ".join, scope="module")
def pair(request: pytest.FixtureRequest) -> Pair:
    """Return every model in turn."""
    return booster(*request.param)


@given(st.lists(INSTANCES, min_size=1, max_size=12))
@settings(max_examples=12, deadline=None)
def test_every_booster_is_compiled_to_equal_answers(pair: Pair, batch: list[Any]) -> None:
    """With nulls, unseen levels, subnormal numbers and those that 32 bits hardly hold."""
    assert_equal(pair, batch)


@given(INSTANCES, st.randoms())
@settings(max_examples=4, deadline=None)
def test_the_order_of_keys_is_irrelevant(pair: Pair, instance: Any, random: Any) -> None:
    """A client may send the fields in any order."""
    names = list(instance)
    random.shuffle(names)
    shuffled = {name: instance[name] for name in names}
    assert pair[1].predict([instance]).outputs == pair[1].predict([shuffled]).outputs


@pytest.mark.parametrize("count", [1, 2, 6, 7, 100, 1000])
def test_batches_of_every_size_are_answered_alike(pair: Pair, count: int) -> None:
    """Few rows are searched in another way than many, and nobody can tell."""
    instances = tiny.make_instances(1000, seed=3)
    assert_equal(pair, instances[:count])
    whole, part = pair[1].score(instances), pair[1].score(instances[:count])
    for name in ("values", "probabilities", "labels"):
        if getattr(whole, name) is not None:
            np.testing.assert_array_equal(getattr(whole, name)[:count], getattr(part, name))
