"""A server that does not answer as the pipeline does is found out."""

from collections.abc import Callable
from dataclasses import replace

import orjson
import pytest

from benchmarks.serving.answers import AnswerWrong, check
from benchmarks.serving.houses import Houses
from benchmarks.serving.server import Server
from tests.unit.benchmarks.little_server import Answer, serving


def told(change: Callable[[list[float]], object]) -> Answer:
    """Answer the price that each instance holds, changed."""

    def answer(body: bytes) -> tuple[int, bytes]:
        prices = [instance["price"] for instance in orjson.loads(body)["instances"]]
        return 200, orjson.dumps({"predictions": change(prices)})

    return answer


def test_right_answers_are_counted(server: Server, houses: Houses) -> None:
    """Forty alone and three times fifty are asked for, and the largest difference is told."""
    with serving(told(lambda prices: [price * (1 + 1e-9) for price in prices])) as port:
        checked = check(server, port, houses)
    assert checked is not None
    assert checked.predictions == 40 + 3 * 50
    assert checked.difference == pytest.approx(1e-9, rel=1e-3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda prices: [price * 1.00001 for price in prices], "differs from the pipeline"),
        (lambda prices: prices[::-1], "differs from the pipeline"),
        (lambda prices: prices[:1], "1 predictions for 50 instances"),
        (lambda prices: [None for _ in prices], "differs from the pipeline"),
        (lambda prices: "soon", "in reading"),
    ],
    ids=["a little off", "in another order", "too few", "null", "no list"],
)
def test_wrong_answers_are_found(
    server: Server, houses: Houses, change: Callable[[list[float]], object], message: str
) -> None:
    """Whatever is wrong with them, also with answers to many instances only."""
    with serving(told(change)) as port, pytest.raises(AnswerWrong, match=message):
        check(server, port, houses)


def test_a_refusal_is_no_answer(server: Server, houses: Houses) -> None:
    """A status other than 200 is told with what the server says."""
    with (
        serving(lambda _: (422, b"no\nsuch field")) as port,
        pytest.raises(AnswerWrong, match="status 422: no such field"),
    ):
        check(server, port, houses)


def test_the_floor_has_no_model_to_be_right(server: Server, houses: Houses) -> None:
    """It is asked all the same, but nothing is claimed of its answers."""
    floor = replace(server, answers=None)
    with serving(lambda _: (200, b"anything")) as port:
        assert check(floor, port, houses) is None
