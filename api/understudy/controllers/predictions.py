"""POST /v1/predictions: the one way in which a prediction is answered."""

import os
import re
import time

import orjson

from understudy.errors import HeaderInvalid
from understudy.serving.generation import Generation
from understudy.serving.validation import Instances
from understudy.serving.worker import Worker

_LOW = (1 << 62) - 1
_VISIBLE = re.compile(r"[\x21-\x7e]{1,128}")


async def create(
    worker: Worker,
    generation: Generation,
    instances: Instances,
    *,
    request_id: str,
    client_id: str | None,
) -> bytes:
    """
    Answer accepted instances with the generation that accepted them.

    Returns the JSON body of the answer. Raises HeaderInvalid, ModelError or NotReady.
    """
    if client_id is not None and not _VISIBLE.fullmatch(client_id):
        raise HeaderInvalid("X-Request-ID", "send 1 to 128 visible ASCII characters, or none")
    predictions = await worker.predict(generation, request_id, client_id, instances)
    return orjson.dumps(
        {
            "request_id": request_id,
            "model": {"name": generation.name, "version": generation.version},
            "predictions": predictions.outputs,
        }
    )


def new_request_id() -> str:
    """Make a UUID of version 7: in order of time, so that the log's index grows at one end."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = milliseconds << 80 | 0x7 << 76 | (random >> 68) << 64 | 0x2 << 62 | random & _LOW
    digits = f"{value:032x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"
