"""Metrics never ask so often that the counted work has to wait for them."""

import subprocess
import sys

import pytest

from understudy.errors import LogUnavailable
from understudy.monitoring.scale import OutputScale
from understudy.stack.processes import seldom


class Store:
    """A place that is slow, and may be empty or away; it keeps the time of the test."""

    def __init__(self, seconds: float) -> None:
        self.now = 0.0
        self.asked = 0
        self.found: OutputScale | None = None
        self.is_away = False
        self._seconds = seconds

    def find(self) -> OutputScale | None:
        """Take a while, then answer or fail."""
        self.asked += 1
        self.now += self._seconds
        if self.is_away:
            raise LogUnavailable("away")
        return self.found


@pytest.mark.parametrize(("seconds", "pause"), [(0.001, 1.0), (2.0, 40.0)])
def test_an_unknown_scale_is_asked_for_now_and_then(seconds: float, pause: float) -> None:
    """The slower the answer, the longer the pause; what is known in the end is returned."""
    store = Store(seconds)
    find = seldom(store.find, lambda: store.now)
    assert [find() for _ in range(100)] == [None] * 100
    assert store.asked == 1
    store.found = OutputScale((1.0,))
    store.now += pause * 0.99
    assert find() is None
    store.now += pause * 0.02
    assert find() == store.found
    assert store.asked == 2


def test_a_failing_question_is_not_repeated_at_once() -> None:
    """An artefact store that is away costs one attempt, not one per request."""
    store = Store(0.0)
    store.is_away = True
    find = seldom(store.find, lambda: store.now)
    with pytest.raises(LogUnavailable):
        find()
    assert [find() for _ in range(100)] == [None] * 100
    assert store.asked == 1


def test_agent_and_shadow_carry_no_statistics() -> None:
    """Each of the two would hold 150 MB of libraries that only the watcher needs."""
    code = (
        "import sys, understudy.stack.processes\n"
        "sys.exit(', '.join({'pandas', 'scipy', 'statsmodels', 'sklearn'} & set(sys.modules)))"
    )
    ended = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert ended.stderr.strip() == b""
