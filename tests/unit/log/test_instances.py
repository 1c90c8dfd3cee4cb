"""Instances become columns at once, and say the same as if each were read alone."""

from collections.abc import Mapping, Sequence

import numpy as np
import orjson
import pandas as pd
import pyarrow
import pytest

from understudy.artefacts.artefact import Artefact
from understudy.log.instances import Values, instance_columns
from understudy.packaging.training_inputs import training_inputs

TYPES = {"area": "number", "rooms": "integer", "zone": "string", "garage": "boolean"}
PLAIN: list[dict[str, object]] = [
    {"area": 1.5, "rooms": 3, "zone": "2006-01-02", "garage": True, "other": [1, {"a": None}]},
    {"area": None, "rooms": 4.0, "zone": "a\nb \"c\" ü 'd', e", "garage": False},
    {"rooms": 9007199254740993, "zone": None, "garage": None},
    {"area": -0.1e-7, "zone": "", "garage": True},
]


def _columns(instances: Sequence[Mapping[str, object]]) -> dict[str, Values]:
    texts = [orjson.dumps(instance).decode() for instance in instances]
    return instance_columns(pyarrow.chunked_array([texts], pyarrow.string()), TYPES)


def _same(one: object, other: object) -> bool:
    return bool(one == other or (pd.isna(one) and pd.isna(other)))


@pytest.mark.parametrize(
    "odd",
    [
        None,
        {"area": "large", "rooms": 1, "zone": "a", "garage": True},
        {"area": 1, "rooms": True, "zone": 7, "garage": "yes"},
        {"area": [1], "rooms": {}, "zone": None, "garage": 0},
    ],
)
def test_columns_say_what_the_instances_say(odd: dict[str, object] | None) -> None:
    """Missing and absent values, large numbers, texts like dates, and values of another type."""
    instances = [*PLAIN, *([odd] if odd else [])]
    columns = _columns(instances)
    assert list(columns) == list(TYPES)
    for name, values in columns.items():
        assert len(values) == len(instances)
        for value, instance in zip(values, instances, strict=True):
            given = instance.get(name)
            exact = given if isinstance(value, int) or not isinstance(given, int) else float(given)
            assert _same(value, exact) if not isinstance(given, list | dict) else value == given


def test_numbers_are_floats_and_texts_are_objects() -> None:
    """As long as every value has its type, numbers need no object each."""
    columns = _columns(PLAIN)
    kinds = {name: values.dtype for name, values in columns.items()}
    assert kinds == {"area": np.float64, "rooms": np.float64, "zone": object, "garage": object}
    assert columns["garage"].tolist() == [True, False, None, True]


def test_no_instances_are_columns_without_values() -> None:
    """A fold whose live answers are gone has columns all the same."""
    assert {name: len(values) for name, values in _columns([]).items()} == dict.fromkeys(TYPES, 0)


def test_training_inputs_are_found_in_columns_as_in_instances(linear_artefact: Artefact) -> None:
    """An odd type, a gap and a whole number make no difference between the two."""
    known = training_inputs(linear_artefact)
    reference = linear_artefact.reference()
    features = [field.name for field in known.fields]
    rows = reference[reference["__split__"] == "train"][features].head(20)
    trained = [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in rows.to_dict("records")
    ]
    odd = [trained[0] | {"area": "1"}, trained[1] | {"zone": 3}, trained[2] | {"area": -1.0}]
    types = {field.name: field.type for field in known.fields}
    for instances in (trained, [*trained, *odd[2:]], [*trained, *odd]):
        texts = [orjson.dumps(instance).decode() for instance in instances]
        columns = instance_columns(pyarrow.chunked_array([texts], pyarrow.string()), types)
        found = known.hold_columns(columns, len(instances))
        assert found.tolist() == known.hold(instances).tolist()
        assert found.tolist() == [True] * 20 + [False] * (len(instances) - 20)
