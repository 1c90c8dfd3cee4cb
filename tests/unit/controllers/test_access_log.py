"""How much a stranger can have written into the log."""

import logging
import time

import httpx
import pytest

from tests.unit.controllers.conftest import Start
from tests.unit.controllers.test_connection import connect, read_all
from understudy.controllers.access_log import AccessLog, LineAllowance, SparingWarnings

FLOOD = 250


def most_since(began: float) -> int:
    """Return how many lines may be there: a hundred in each ten seconds that have begun."""
    return 100 * (2 + int((time.monotonic() - began) / 10))


def lines(caplog: pytest.LogCaptureFixture, status: int) -> list[str]:
    """Return the lines about answers with a status."""
    return [
        record.message
        for record in caplog.records
        if record.name == "understudy.access" and record.message.endswith(f" {status}")
    ]


def refusals_counted(client: httpx.Client) -> float:
    """Return how many 401 the metrics tell."""
    answer = client.get("/metrics", headers={"x-api-key": "s3cret-key"})
    return sum(
        float(line.split()[-1])
        for line in answer.text.splitlines()
        if line.startswith("understudy_http_requests_total{") and 'status="401"' in line
    )


def test_a_flood_of_refusals_leaves_a_part_of_it_in_the_log(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """All are counted; a fault of our own that comes amid them has its line."""
    client = start(api_key="s3cret-key")
    before, began = refusals_counted(client), time.monotonic()
    for _ in range(FLOOD):
        assert client.get("/v1/models").status_code == 401
    # 503: there is no prediction log.
    assert client.get("/v1/deployments", headers={"x-api-key": "s3cret-key"}).status_code == 503
    assert 0 < len(lines(caplog, 401)) <= most_since(began)
    end = time.monotonic() + 10
    # A line is written when its answer is sent already.
    while not lines(caplog, 503) or refusals_counted(client) - before < FLOOD:
        assert time.monotonic() < end
    assert len(lines(caplog, 503)) == 1
    assert refusals_counted(client) - before == FLOOD


def test_what_was_left_out_is_told_when_time_has_passed(caplog: pytest.LogCaptureFixture) -> None:
    """One line, once; and from then on lines are written again."""
    now = 1000.0
    allowance = LineAllowance("refused requests", 100, clock=lambda: now)
    assert [allowance.allows() for _ in range(130)] == [True] * 100 + [False] * 30
    assert not caplog.records
    now += 9.9
    assert not allowance.allows()
    now += 0.1
    assert [allowance.allows() for _ in range(100)] == [True] * 100
    assert caplog.messages == ["31 lines about refused requests were left out"]
    now += 10
    assert allowance.allows()
    assert len(caplog.messages) == 1


def test_faults_have_a_bound_far_beyond_that_of_refusals(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Overload is told by 503, and that can come in thousands as well."""
    log = AccessLog()
    for _ in range(3000):
        log.write("r-1", "GET", "/v1/models", 503, 0.001)
        log.write("r-1", "GET", "/v1/models", 404, 0.001)
    assert 100 <= len(lines(caplog, 404)) <= 200
    assert 1000 <= len(lines(caplog, 503)) <= 2000


def test_good_answers_are_told_to_who_asks_for_it(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever looks for a fault wants all of them."""
    log = AccessLog()
    log.write("r-1", "GET", "/v1/models", 200, 0.001)
    assert not lines(caplog, 200)
    with caplog.at_level(logging.DEBUG, "understudy.access"):
        for _ in range(300):
            log.write("r-1", "GET", "/v1/models", 200, 0.001)
    assert len(lines(caplog, 200)) == 300


def test_bodies_that_are_shown_are_bounded_too(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """Who asked to see what is refused sees a part of a flood."""
    client, began = start(log_inputs=True), time.monotonic()
    for _ in range(FLOOD):
        assert client.post("/v1/predictions", json={"instances": []}).status_code == 400
    assert 0 < caplog.messages.count("a body was refused") <= most_since(began)


def test_what_is_no_request_fills_no_log_either(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    """The server has a line for each; what it says of its own errors all passes."""
    client, began = start(), time.monotonic()
    server = logging.getLogger("uvicorn.error")
    sparing = SparingWarnings()
    server.addFilter(sparing)
    try:
        for _ in range(FLOOD):
            with connect(client) as connection:
                connection.sendall(b"\0\0\0\0\r\n\r\n")
                assert read_all(connection).startswith(b"HTTP/1.1 400 ")
        for _ in range(FLOOD):
            server.error("an error of the server")
    finally:
        server.removeFilter(sparing)
    assert 0 < caplog.text.count("Invalid HTTP request") <= most_since(began)
    assert caplog.text.count("an error of the server") == FLOOD
