"""Whether a server answers as the pipeline does, and its first sign of life."""

import http.client
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.serving.houses import Houses, Instance
from benchmarks.serving.ports import HOST
from benchmarks.serving.server import Server

MOST_DIFFERENCE = 1e-6
MANY = 50
_ALONE = 40
_PATIENCE_S = 30.0


class AnswerWrong(Exception):
    """A server answers, but not what the pipeline says; the message tells what it says instead."""


@dataclass(frozen=True)
class Checked:
    """How many predictions were held against the pipeline's, and the largest difference."""

    predictions: int
    difference: float


def ask(server: Server, port: int, instances: Sequence[Instance]) -> bytes:
    """Return the body of one answer. Raises OSError, HTTPException, or AnswerWrong unless 200."""
    connection = http.client.HTTPConnection(HOST, port, timeout=_PATIENCE_S)
    try:
        headers = {"content-type": "application/json"}
        connection.request("POST", server.path, server.body(instances), headers)
        response = connection.getresponse()
        body = response.read()
        if response.status != 200:
            said = " ".join(body.decode(errors="replace").split())
            raise AnswerWrong(f"status {response.status}: {said[:200]}")
        return body
    finally:
        connection.close()


def check(server: Server, port: int, houses: Houses) -> Checked | None:
    """
    Hold a server's answers against the pipeline's, one by one and fifty at a time.

    None for a server without a model. Raises AnswerWrong.
    """
    if server.answers is None:
        ask(server, port, houses.instances[:1])
        return None
    rows = len(houses.instances)
    parts = [slice(row, row + 1) for row in range(0, rows, max(1, rows // _ALONE))]
    parts += [slice(row, row + MANY) for row in range(0, min(rows, 3 * MANY), MANY)]
    worst, count = 0.0, 0
    for part in parts:
        body = ask(server, port, houses.instances[part])
        right = houses.right[part]
        worst = max(worst, _difference(body, server, right))
        count += len(right)
    return Checked(count, worst)


def _difference(body: bytes, server: Server, right: npt.NDArray[np.float64]) -> float:
    """Return the largest relative difference; raises AnswerWrong beyond what is allowed."""
    assert server.answers is not None  # noqa: S101 # the caller has looked
    said = body.decode(errors="replace")[:120]
    try:
        found = np.asarray(server.answers(body), dtype=np.float64)
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise AnswerWrong(f"{type(error).__name__} in reading {said}") from error
    if found.shape != right.shape:
        raise AnswerWrong(f"{found.size} predictions for {right.size} instances")
    difference = float(np.max(np.abs(found - right) / np.abs(right)))
    if not difference <= MOST_DIFFERENCE:
        raise AnswerWrong(f"differs from the pipeline by {difference:.1e}: {said}")
    return difference


def wait_until_answers(
    server: Server, port: int, houses: Houses, deadline: float, is_alive: Callable[[], bool]
) -> None:
    """Ask until there is an answer. Raises TimeoutError, or AnswerWrong that stays wrong."""
    while True:
        problem: Exception
        try:
            ask(server, port, houses.instances[:1])
        except (OSError, http.client.HTTPException, AnswerWrong) as error:
            problem = error
        else:
            return
        if not is_alive():
            raise TimeoutError("it ended before it answered") from problem
        if time.monotonic() > deadline:
            if isinstance(problem, AnswerWrong):
                raise problem
            raise TimeoutError(f"no answer in time ({problem})") from problem
        time.sleep(0.02)
