"""
The frozen requests.

A file of `payloads/` is a list of requests. Each has a `name`, and either `instances` (a prediction
request), or a `body` sent byte by byte as it stands, or neither (a GET); `method`, `path` and
`content_type` where they are not the usual ones. `repeat` writes a long body short.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from differential_tests.errors import FileInvalid

KEYS = {"name", "instances", "body", "repeat", "method", "path", "content_type"}
PREDICTIONS = "/v1/predictions"


@dataclass(frozen=True)
class Payload:
    """One request; `name` is the file's name and its own, `bad/null-price` for example."""

    name: str
    method: str
    path: str
    body: bytes | None
    content_type: str | None
    instances: int


def read_payloads(folder: Path) -> tuple[Payload, ...]:
    """Read all requests of a folder, in the order of their names; raises FileInvalid."""
    payloads: dict[str, Payload] = {}
    for path in sorted(folder.glob("*.json")):
        for number, entry in enumerate(_entries(path), start=1):
            payload = _payload(path, f"request {number}", entry)
            if payload.name in payloads:
                raise FileInvalid(path, f"request {number}", f"a second {payload.name!r}")
            payloads[payload.name] = payload
    if not payloads:
        raise FileInvalid(folder, "as a whole", "there is no request in it")
    return tuple(payloads.values())


def _entries(path: Path) -> list[Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise FileInvalid(path, "as a whole", str(error)) from error
    if not isinstance(found, list):
        raise FileInvalid(path, "as a whole", "a list of requests is wanted")
    return found


def _payload(path: Path, where: str, entry: object) -> Payload:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("name"), str):
        raise FileInvalid(path, where, "an object with a `name` is wanted")
    for key in entry:
        if key not in KEYS:
            raise FileInvalid(path, where, f"{key!r} is not one of {', '.join(sorted(KEYS))}")
    if "instances" in entry and "body" in entry:
        raise FileInvalid(path, where, "`instances` and `body` exclude each other")
    body = _body(entry)
    return Payload(
        name=f"{path.stem}/{entry['name']}",
        method=entry.get("method", "GET" if body is None else "POST"),
        path=entry.get("path", PREDICTIONS),
        body=body,
        content_type=entry.get("content_type", None if body is None else "application/json"),
        instances=len(entry.get("instances", ())),
    )


def _body(entry: Mapping[str, Any]) -> bytes | None:
    if "instances" in entry:
        return json.dumps({"instances": entry["instances"]}, ensure_ascii=False).encode()
    if "body" in entry:
        text: str = entry["body"] * entry.get("repeat", 1)
        return text.encode()
    return None
