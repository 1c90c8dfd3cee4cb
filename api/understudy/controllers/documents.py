"""JSON answers of the control plane."""

from typing import Any

import flask
import orjson

Json = dict[str, Any]


def answer(document: Json) -> flask.Response:
    """Return a document as the response; times are written in RFC 3339."""
    body = orjson.dumps(document, option=orjson.OPT_NAIVE_UTC | orjson.OPT_NON_STR_KEYS)
    return flask.Response(body, content_type="application/json")
