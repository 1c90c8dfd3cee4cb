"""A refused request says which instance, which field, and what would help."""

import json
import time

import pytest

from understudy.errors import InstancesInvalid
from understudy.serving.validation import RequestValidator

SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["LotArea"],
    "properties": {
        "LotArea": {"type": "number"},
        "LotFrontage": {"type": ["number", "null"]},
        "Neighborhood": {"type": ["string", "null"]},
        "Rooms": {"type": "integer", "maximum": 2**53},
    },
}
GOOD = {"LotArea": 8450, "LotFrontage": None, "Neighborhood": "OldTown"}

REFUSED = {
    "wrong type": ([GOOD, {**GOOD, "LotArea": "large"}], 1, "LotArea", '"large" is not of type'),
    "missing": ([{"LotFrontage": 60}], 0, "LotArea", "required, but missing"),
    "null": ([{"LotArea": None}], 0, "LotArea", "null is not allowed"),
    "unknown": ([{**GOOD, "LotAera": 1}], 0, "LotAera", "did you mean 'LotArea'"),
    "far off": ([{**GOOD, "zzzz": 1}], 0, "zzzz", "see /openapi.json"),
    "not an object": ([7], 0, None, "7 is not of type object"),
    "empty": ([], None, "instances", "the list is empty"),
    "too many": ([GOOD] * 4, None, "instances", "4 instances in one request, but at most 3"),
    "half a room": ([{**GOOD, "Rooms": 2.5}], 0, "Rooms", "2.5 is not of type integer"),
    "too large": ([{**GOOD, "Rooms": 2**53 + 2}], 0, "Rooms", "greater than the maximum"),
}


@pytest.fixture(scope="module")
def validator() -> RequestValidator:
    """Compile the small contract above."""
    return RequestValidator(SCHEMA, 3)


def test_good_instances_come_back_as_they_are(validator: RequestValidator) -> None:
    """Validation hands on the very objects that were parsed."""
    instances = [GOOD, GOOD]
    assert validator.accept({"instances": instances}) is instances


@pytest.mark.parametrize(("instances", "at", "field", "message"), REFUSED.values(), ids=REFUSED)
def test_bad_instances_are_named(
    validator: RequestValidator, instances: list[object], at: int, field: str, message: str
) -> None:
    """Instance, field and reason are in the first violation."""
    with pytest.raises(InstancesInvalid) as refused:
        validator.accept({"instances": instances})
    first = refused.value.violations[0]
    assert (first.instance, first.field) == (at, field)
    assert message in first.message


@pytest.mark.parametrize("body", [None, [], {}, {"instances": {}}, {"instance": [GOOD]}])
def test_a_body_of_another_shape_is_refused(validator: RequestValidator, body: object) -> None:
    """Whatever is no list of instances is refused before the model sees it."""
    with pytest.raises(InstancesInvalid):
        validator.accept(body)


def test_a_misspelt_instances_is_helped(validator: RequestValidator) -> None:
    """The envelope's own key is suggested, not a feature."""
    with pytest.raises(InstancesInvalid) as refused:
        validator.accept({"instances": [GOOD], "instnces": []})
    assert "did you mean 'instances'" in refused.value.violations[0].message


def test_no_more_than_twenty_violations_are_listed(validator: RequestValidator) -> None:
    """A hopeless request does not get an answer larger than itself."""
    with pytest.raises(InstancesInvalid, match="19 more below"):
        validator.accept({"instances": [{f"x{number}": 1 for number in range(50)}]})


def time_of(validator: RequestValidator, body: object) -> float:
    """Return the CPU seconds that refusing a body takes."""
    start = time.thread_time()
    with pytest.raises(InstancesInvalid) as refused:
        validator.accept(body)
    assert len(refused.value.violations) <= 20
    assert len(str(refused.value)) < 1000
    return time.thread_time() - start


@pytest.mark.parametrize(
    "body",
    [
        {"instances": [{}] * 100_000},
        {"instances": [{f"unknown{number}": 1 for number in range(100_000)}]},
        {"instances": [{"LotArea": {"deep": ["x" * 1000] * 100}}] * 100},
        {f"key{number}": 1 for number in range(100_000)},
    ],
    ids=["too many", "unknown names", "large values", "foreign keys"],
)
def test_a_hopeless_body_costs_little_more_than_reading_it(body: object) -> None:
    """Refusing takes a few times what the parser takes, not the seconds that every error would."""
    many = RequestValidator(SCHEMA, 1000)
    text = json.dumps(body)
    reading = min(time_of_reading(text) for _ in range(3))
    assert min(time_of(many, body) for _ in range(3)) < 10 * reading


def time_of_reading(text: str) -> float:
    """Return the CPU seconds that the standard library takes to parse a body."""
    start = time.thread_time()
    json.loads(text)
    return time.thread_time() - start
