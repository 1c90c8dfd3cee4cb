"""Request bodies, read and validated once, inside Connexion's own validation."""

import logging
import re
from collections.abc import MutableMapping
from functools import cache
from typing import Any

import orjson
from connexion.validators import JSONRequestBodyValidator
from starlette.types import Message, Receive, Scope

from understudy.controllers.access_log import REFUSALS, LineAllowance
from understudy.controllers.edge import REQUEST_ID
from understudy.errors import (
    BodyMalformed,
    EncodingUnsupported,
    RequestError,
)
from understudy.serving.body import parse_body
from understudy.serving.validation import ChoiceValidator, RequestValidator
from understudy.serving.worker import Worker

ACCEPTED = "understudy.accepted"
"""Key of the ASGI scope under which an accepted prediction request travels on."""

_MOST_LOGGED_BYTES = 2000

logger = logging.getLogger(__name__)

_CHARSET = re.compile(rb'charset\s*=\s*"?([^;"\s]+)', re.IGNORECASE)


def body_validator(
    worker: Worker, predict_operation: str, *, log_inputs: bool
) -> type[JSONRequestBodyValidator]:
    """
    Return the class that Connexion shall validate JSON bodies with.

    With `log_inputs`, the beginning of a refused body appears in the log, unless there is a capture
    policy; otherwise none ever does.
    """

    shown = LineAllowance("refused bodies", REFUSALS)

    class BodyValidator(JSONRequestBodyValidator):  # type: ignore[misc] # connexion is untyped
        """Strict JSON; prediction requests against the generation in force."""

        async def wrap_receive(self, receive: Receive, *, scope: Scope) -> tuple[Receive, Scope]:
            """Read, parse and validate the body, whether it is sent in chunks or not."""
            _refuse_other_encodings(scope)
            body = await _read(receive)
            try:
                return self._accept(body, receive, scope)
            except RequestError:
                if log_inputs and not worker.is_private and shown.allows():
                    _log_refused(body, scope)
                raise

        def _accept(self, body: bytes, receive: Receive, scope: Scope) -> tuple[Receive, Scope]:
            parsed = parse_body(body)
            if scope["extensions"]["connexion_routing"]["operation_id"] == predict_operation:
                generation = worker.generation
                accepted = (generation, generation.validator.accept(parsed))
                return receive, {**scope, ACCEPTED: accepted}
            _compiled(orjson.dumps(self._schema)).accept(parsed)
            return _replay(body, receive), _with_length(scope, len(body))

    return BodyValidator


def _log_refused(body: bytes, scope: Scope) -> None:
    shown = body[:_MOST_LOGGED_BYTES].decode("utf-8", "replace")
    logger.warning(
        "a body was refused",
        extra={
            "http.request.id": scope.get(REQUEST_ID),
            "http.request.body.content": shown,
            "http.request.body.bytes": len(body),
        },
    )


def _refuse_other_encodings(scope: Scope) -> None:
    """Refuse a declared charset but UTF-8; Connexion overlooks one behind a space."""
    for name, value in scope["headers"]:
        if name == b"content-type" and (found := _CHARSET.search(value)):
            charset = found[1].decode("latin-1")
            if charset.lower() not in ("utf-8", "utf8", "us-ascii"):
                raise EncodingUnsupported(charset)


async def _read(receive: Receive) -> bytes:
    message = await receive()
    body: bytes = message.get("body", b"")
    if message.get("more_body", False):
        parts = [body]
        while message.get("more_body", False):
            message = await receive()
            parts.append(message.get("body", b""))
        body = b"".join(parts)
    if message["type"] == "http.disconnect":
        raise BodyMalformed("The connection was closed before the body was complete.")
    return body


def _replay(body: bytes, receive: Receive) -> Receive:
    messages: list[MutableMapping[str, Any]] = [{"type": "http.request", "body": body}]

    async def replayed() -> Message:
        return messages.pop() if messages else await receive()

    return replayed


def _with_length(scope: Scope, length: int) -> Scope:
    """Declare the length: WSGI takes a chunked body without one for an empty body."""
    kept = [
        (name, value)
        for name, value in scope["headers"]
        if name not in (b"content-length", b"transfer-encoding")
    ]
    return {**scope, "headers": [*kept, (b"content-length", str(length).encode())]}


@cache
def _compiled(schema: bytes) -> RequestValidator | ChoiceValidator:
    """Compile the schema of a body: one that carries one list, or one of several objects."""
    content = orjson.loads(schema)
    if "discriminator" in content:
        return ChoiceValidator(content["oneOf"], content["discriminator"]["propertyName"])
    ((key, items),) = content["properties"].items()
    return RequestValidator(items["items"], items["maxItems"], key)
