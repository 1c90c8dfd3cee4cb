"""Requests to ship, a folder that another user can reach, and waiting without sleeping blindly."""

import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from understudy.records import ServedRequest

MakeRequest = Callable[..., ServedRequest]


@pytest.fixture
def make_request() -> MakeRequest:
    """Make a request of two instances; whatever matters to a test is said by name."""

    def make(seq: int, **changes: object) -> ServedRequest:
        values: dict[str, object] = {
            "seq": seq,
            "request_id": str(uuid4()),
            "client_id": None,
            "served_at": 1_790_000_000.0 + seq,
            "name": "house-prices",
            "version": "1.0.0",
            "instances": [{"Area": 50 + seq}, {"Area": None, "Zone": "a\tb\\n\n\r\"'ü"}],
            "outputs": [100.5 + seq, 7.0],
            "values": [100.5 + seq, 7.0],
            "labels": [None, None],
        }
        return ServedRequest(**(values | changes))  # type: ignore[arg-type]

    return make


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may pass through, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="understudy-test-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def eventually() -> Callable[[Callable[[], object]], None]:
    """Wait until a condition holds, and fail after 30 seconds."""

    def wait(condition: Callable[[], object]) -> None:
        deadline = time.monotonic() + 30
        while not condition():
            assert time.monotonic() < deadline, "the condition did not come true in 30 s"
            time.sleep(0.01)

    return wait
