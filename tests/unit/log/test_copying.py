"""Requests become lines of COPY without a sign that COPY would misread."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.log.copying import COLUMNS, encode
from understudy.records import ServedRequest

NOW = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)


def _request(**changes: object) -> ServedRequest:
    values: dict[str, object] = {
        "seq": 1,
        "request_id": "r",
        "client_id": None,
        "served_at": 0.0,
        "name": "m",
        "version": "1",
        "instances": [{"a": 1}],
        "outputs": [1.5],
        "values": [1.5],
        "labels": [None],
    }
    return ServedRequest(**(values | changes))  # type: ignore[arg-type]


def test_a_request_is_one_line_per_instance() -> None:
    """The columns stand in the order of COLUMNS, absent values as \\N."""
    request = _request(
        instances=[{"a": 1}, {"a": None}],
        outputs=[1.5, {"label": "x"}],
        values=[1.5, None],
        labels=[None, "x"],
    )
    first, second = encode(request, "e", NOW, 7).decode().splitlines()
    assert dict(zip(COLUMNS, first.split("\t"), strict=True)) == {
        "endpoint": "e",
        "request_id": "r",
        "instance_no": "0",
        "client_id": "\\N",
        "served_at": "1970-01-01T00:00:00+00:00",
        "recorded_at": "2026-01-02T03:04:05.000006+00:00",
        "shipment_id": "7",
        "name": "m",
        "version": "1",
        "deployment_id": "\\N",
        "instance": '{"a":1}',
        "output": "1.5",
        "value": "1.5",
        "label": "\\N",
    }
    answered = encode(_request(deployment_id=12), "e", NOW, 7).decode().rstrip("\n")
    assert dict(zip(COLUMNS, answered.split("\t"), strict=True))["deployment_id"] == "12"
    assert second.split("\t")[-4:] == ['{"a":null}', '{"label":"x"}', "\\N", "x"]


@settings(max_examples=100, deadline=None)
@given(st.text(), st.text(), st.text())
def test_no_text_breaks_out_of_its_column(client_id: str, field: str, label: str) -> None:
    """Tabs, ends of lines and backslashes stay inside, however they come."""
    request = _request(client_id=client_id, instances=[{field: label}], labels=[label])
    lines = encode(request, "e", NOW, 7)
    assert lines.count(b"\n") == 1
    assert lines.count(b"\t") == len(COLUMNS) - 1


@pytest.mark.parametrize(
    "changes",
    [
        {"outputs": []},
        {"instances": [{"a": 2**70}]},
        {"instances": [{"a": "\ud800"}]},
        {"served_at": float("nan")},
        {"served_at": 1e300},
        {"served_at": 1e18},
        {"client_id": "\ud800"},
        {"deployment_id": "seven"},
    ],
)
def test_a_request_that_no_column_holds_is_refused(changes: dict[str, object]) -> None:
    """It is refused here, by an error that the shipment expects."""
    with pytest.raises((ValueError, TypeError, OverflowError, OSError)):
        encode(_request(**changes), "e", NOW, 7)
