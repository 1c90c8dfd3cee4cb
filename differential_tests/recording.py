"""What a build answers to the frozen requests."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx

from differential_tests.builds import Build, Say, train
from differential_tests.differences import Recording
from differential_tests.payloads import Payload
from differential_tests.pointers import Outputs, flatten
from differential_tests.service import serving

HEADERS = ("content-type", "retry-after", "allow")


def record(
    build: Build, payloads: Sequence[Payload], models: Sequence[str], work: Path, say: Say
) -> Recording:
    """
    Let a build train every model, serve it, and answer every request.

    Raises BuildFailed and ServiceFailed.
    """
    recording: dict[tuple[str, str], Outputs] = {}
    for model in models:
        say(f"{build.title}: training {model} …")
        artefact = train(build, model, work / model)
        say(f"{build.title}: asking {model} {len(payloads)} requests …")
        with serving(build, artefact, work / f"{model}-service") as client:
            for payload in payloads:
                recording[model, payload.name] = ask(client, payload)
    return recording


def ask(client: httpx.Client, payload: Payload) -> Outputs:
    """Send one request; a connection that breaks is an answer too, and one that differs."""
    headers = {} if payload.content_type is None else {"content-type": payload.content_type}
    try:
        response = client.request(
            payload.method, payload.path, content=payload.body, headers=headers
        )
    except httpx.TransportError as error:
        return {"/failure": type(error).__name__}
    answer = {
        "status": response.status_code,
        "headers": {name: response.headers.get(name) for name in HEADERS},
        "body": _body(response),
    }
    return dict(flatten(answer))


def _body(response: httpx.Response) -> Any:
    try:
        return json.loads(response.content)
    except ValueError:
        return response.text
