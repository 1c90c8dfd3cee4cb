"""The messages between a shadow and its child."""

from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from understudy.shadow.framing import FrameUnreadable, pack, read, take

_values = st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
_messages = st.dictionaries(st.text(), _values | st.lists(_values))


@given(st.lists(_messages, max_size=3), st.data())
@settings(deadline=None, max_examples=50)
def test_messages_survive_any_cut_of_the_stream(
    messages: list[dict[str, object]], data: st.DataObject
) -> None:
    """However the bytes arrive, the same messages come out in the same order."""
    stream = b"".join(pack(message) for message in messages)
    buffer, found, begin = bytearray(), [], 0
    while begin < len(stream):
        end = data.draw(st.integers(begin + 1, len(stream)))
        buffer += stream[begin:end]
        begin = end
        while (message := take(buffer)) is not None:
            found.append(message)
    assert found == messages
    assert not buffer


@given(st.lists(_messages, max_size=3))
@settings(deadline=None, max_examples=50)
def test_a_stream_is_read_to_its_end(messages: list[dict[str, object]]) -> None:
    """The end of the stream is told by None."""
    stream = BytesIO(b"".join(pack(message) for message in messages))
    assert [read(stream) for _ in messages] == messages
    assert read(stream) is None


def test_a_message_cut_short_counts_as_the_end() -> None:
    """A parent that was killed while writing leaves half a message: the child just ends."""
    assert read(BytesIO(pack({"instances": [1, 2, 3]})[:-1])) is None


def test_numbers_of_numpy_become_plain_numbers() -> None:
    """A model may answer with NumPy's scalars."""
    assert take(bytearray(pack({"outputs": [np.float64(1.5)]}))) == {"outputs": [1.5]}


@pytest.mark.parametrize(
    "stream", [b"\0\0\0\1{", b"\0\0\0\2[]", b"Traceback (most recent call last)"]
)
def test_what_is_no_message_is_refused(stream: bytes) -> None:
    """Broken JSON, another JSON value, and text where a length should stand."""
    with pytest.raises(FrameUnreadable, match="sent a message"):
        take(bytearray(stream))
