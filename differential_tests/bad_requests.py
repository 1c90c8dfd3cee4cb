"""Requests that must be refused, each for one reason."""

import json
from collections.abc import Iterator
from typing import Any

Instance = dict[str, Any]
Request = dict[str, Any]

TOO_MANY = 1001


def bad_requests(house: Instance) -> Iterator[Request]:
    """Yield requests around one good house."""
    good = _text(house)
    yield from _bad_instances(house)
    yield from _bad_numbers(house)
    bodies = {
        "no-instances": "{}",
        "empty-list": '{"instances": []}',
        "instances-no-list": '{"instances": ' + good + "}",
        "instance-null": '{"instances": [null]}',
        "instance-a-number": '{"instances": [7]}',
        "unknown-key-beside-instances": '{"instances": [' + good + '], "mode": "fast"}',
        "too-many-instances": '{"instances": [' + ",".join(["{}"] * TOO_MANY) + "]}",
        "a-list": "[]",
        "null": "null",
        "empty-body": "",
        "malformed": '{"instances": [' + good,
        "two-documents": '{"instances": []} {"instances": []}',
        "comment": '{"instances": [] /* none */}',
        "duplicate-key": '{"instances": [' + good[:-1] + ', "LotArea": 1}]}',
        "duplicate-instances": '{"instances": [' + good + '], "instances": [' + good + "]}",
        "deeply-nested": '{"instances": [' + "[" * 400 + "]" * 400 + "]}",
    }
    for name, body in bodies.items():
        yield {"name": name, "body": body}
    request = '{"instances": [' + good + "]}"
    for name, kind in {
        "content-type-text": "text/plain",
        "content-type-form": "application/x-www-form-urlencoded",
        "content-type-xml": "application/xml",
        "content-type-latin-1": "application/json; charset=latin-1",
    }.items():
        yield {"name": name, "body": request, "content_type": kind}
    yield {"name": "unknown-parameter", "body": request, "path": "/v1/predictions?explain=true"}


def _bad_instances(house: Instance) -> Iterator[Request]:
    """Yield requests whose JSON is in order and whose instances are not."""
    changes: dict[str, Instance] = {
        "text-for-a-number": {"LotArea": "9000"},
        "boolean-for-a-number": {"LotArea": True},
        "fraction-for-an-integer": {"OverallQual": 5.5},
        "number-for-a-text": {"Neighborhood": 7},
        "list-for-a-text": {"Neighborhood": ["OldTown"]},
        "object-for-a-number": {"LotFrontage": {"feet": 60}},
        "null-not-allowed": {"Neighborhood": None},
        "null-for-an-integer": {"LotArea": None},
        "unknown-field": {"LotAera": 9000},
        "unknown-field-far-off": {"zzz": 1},
        "target-among-the-fields": {"SalePrice": 1},
        "carried-of-the-wrong-type": {"MiscVal": "much"},
    }
    for name, change in changes.items():
        yield {"name": name, "instances": [{**house, **change}]}
    lacking = {key: value for key, value in house.items() if key != "LotArea"}
    yield {"name": "missing-field", "instances": [lacking]}
    yield {"name": "nothing-in-it", "instances": [{}]}
    yield {"name": "third-of-four", "instances": [house, house, lacking, house]}
    yield {
        "name": "several-at-once",
        "instances": [{**house, "LotArea": "x", "OverallQual": None}, {**house, "Nothing": 1}],
    }


def _bad_numbers(house: Instance) -> Iterator[Request]:
    """Yield numbers that JSON's grammar or a double cannot hold."""
    for name, token in {
        "nan": "NaN",
        "infinity": "Infinity",
        "minus-infinity": "-Infinity",
        "overflow": "1e400",
        "integer-too-large": "9007199254740993",
        "integer-of-thirty-digits": "1" * 30,
        "leading-zero": "007",
        "hexadecimal": "0x10",
    }.items():
        text = _text({**house, "LotFrontage": "TOKEN"}).replace('"TOKEN"', token)
        yield {"name": name, "body": '{"instances": [' + text + "]}"}


def _text(instance: Instance) -> str:
    return json.dumps(instance, ensure_ascii=False)
