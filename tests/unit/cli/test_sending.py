"""Requests are sent until they are answered or refused, and nothing is forgotten."""

import json
import time
from collections.abc import Callable

import httpx
import pytest

from understudy.cli.sending import Answer, Plan, describe_problem, send_all
from understudy.cli.tally import Tally

Handler = Callable[[httpx.Request], httpx.Response]


def send(handler: Handler, instances: int, plan: Plan) -> list[Answer]:
    """Send made instances to a handler and return the answers in the order of their rows."""
    client = httpx.AsyncClient(base_url="http://api", transport=httpx.MockTransport(handler))
    answers: list[Answer] = []
    send_all(client, ({"x": number} for number in range(instances)), plan, answers.append)
    return sorted(answers, key=lambda answer: answer.first_row)


def answering(request: httpx.Request) -> httpx.Response:
    """Answer as the api does; the request id tells which instances came."""
    instances = json.loads(request.content)["instances"]
    numbers = [instance["x"] for instance in instances]
    return httpx.Response(200, json={"request_id": str(numbers), "predictions": numbers})


def test_every_row_is_sent_once_and_keeps_its_place() -> None:
    """Batches are cut in order, whoever sends them; the last one may be short."""
    answers = send(answering, 10, Plan(batch=4, concurrency=3))
    assert [(a.first_row, a.rows, a.request_id) for a in answers] == [
        (0, 4, "[0, 1, 2, 3]"), (4, 4, "[4, 5, 6, 7]"), (8, 2, "[8, 9]"),
    ]  # fmt: skip
    assert all(answer.is_good and answer.status == 200 for answer in answers)


def test_nothing_to_send_is_no_error() -> None:
    """An empty file is sent at once."""
    assert send(answering, 0, Plan()) == []


@pytest.mark.parametrize("trouble", [503, 502, 429, httpx.ConnectError("refused")])
def test_passing_trouble_is_waited_out(trouble: int | Exception) -> None:
    """A restarting api costs retries and loses no row."""
    calls = 0

    def handler(request: httpx.Request) -> httpx.Response:
        nonlocal calls
        calls += 1
        if calls < 3:
            if isinstance(trouble, Exception):
                raise trouble
            return httpx.Response(trouble)
        return answering(request)

    (answer,) = send(handler, 1, Plan())
    assert answer.is_good
    assert answer.retries == 2


def test_patience_ends() -> None:
    """An api that does not come back is reported with its last words."""

    def handler(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    (answer,) = send(handler, 1, Plan(patience_s=0.15))
    assert (answer.status, answer.error, answer.request_id) == (None, "refused", None)
    assert answer.retries >= 1


def test_a_refused_request_is_not_repeated() -> None:
    """What is wrong with a row does not get better by sending it again."""

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(400, json={"title": "Bad", "detail": "instances[0].x: no"})

    (answer,) = send(handler, 1, Plan())
    assert (answer.status, answer.error, answer.retries) == (400, "instances[0].x: no", 0)


def test_an_answer_with_too_few_predictions_is_an_error() -> None:
    """One row in, one row out: the client checks it as well."""

    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, json={"request_id": "r", "predictions": [1]})

    (answer,) = send(handler, 2, Plan(batch=2))
    assert answer.error == "1 predictions for 2 instances"


def test_a_rate_is_kept() -> None:
    """Ten requests at fifty a second take at least the nine pauses between them."""
    start = time.monotonic()
    send(answering, 10, Plan(rate=50.0))
    assert time.monotonic() - start >= 9 / 50


@pytest.mark.parametrize(
    ("response", "text"),
    [
        (httpx.Response(400, json={"title": "Bad"}), "Bad"),
        (httpx.Response(500, text="oh no"), "oh no"),
        (httpx.Response(500, json=[1]), "[1]"),
        (httpx.Response(502), "status 502"),
    ],
)
def test_a_problem_is_put_into_words(response: httpx.Response, text: str) -> None:
    """Whatever comes back, the person hears something."""
    assert describe_problem(response) == text


def test_a_tally_counts_rows_and_remembers_the_first_error() -> None:
    """The summary adds up, and its figures are there as JSON too."""
    tally = Tally()
    tally.take(Answer(0, 2, "r", 200, None, 1, 0.010))
    tally.take(Answer(2, 3, None, 400, "bad", 0, 0.001))
    tally.take(Answer(5, 1, None, None, "gone", 4, 0.001))
    tally.stop()
    found = tally.as_json()
    assert (found["sent"], found["answered"], found["failed"]) == (6, 2, 4)
    assert (found["requests"], found["retries"], found["p99_ms"]) == (3, 5, 10.0)
    assert found["first_error"] == "row 2: status 400, bad"
    assert "6 rows sent, 2 answered, 4 failed (5 retries)" in tally.as_text()


def test_a_tally_of_nothing_is_no_division_by_nought() -> None:
    """Without requests there is no rate and no latency."""
    found = Tally().as_json()
    assert (found["requests_per_second"], found["p50_ms"], found["first_error"]) == (0, None, None)
