"""The commands' side of the HTTP service: who they are to it, and what it asks for."""

import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from understudy.cli.sending import describe_problem
from understudy.errors import ApiRefused, ApiUnreachable
from understudy.hosts import is_loopback

_TIMEOUT_S = 60.0
_POLL_S = 0.2


def connection_options(url: str, api_key: str | None) -> dict[str, Any]:
    """Return how a client of httpx is made for this api."""
    return {
        "base_url": url,
        "timeout": _TIMEOUT_S,
        "headers": {"X-API-Key": api_key} if api_key else {},
        # A proxy of the environment knows nothing of this machine's own addresses.
        "trust_env": not is_loopback(urlsplit(url).hostname or ""),
    }


def call(client: httpx.Client, method: str, path: str, content: object = None) -> Any:
    """
    Return the JSON that the api answers.

    Raises ApiUnreachable and ApiRefused.
    """
    try:
        response = client.request(method, path, json=content)
    except httpx.TransportError as error:
        raise ApiUnreachable(str(client.base_url), str(error) or type(error).__name__) from error
    if response.status_code != 200:
        raise ApiRefused(method, path, response.status_code, describe_problem(response))
    return response.json()


def read_field_types(client: httpx.Client, patience_s: float) -> dict[str, str]:
    """
    Return the JSON type of each field of an instance, from the contract that is served now.

    Waits until the api is ready; raises what it said last if it is not in time.
    """
    _wait_until_ready(client, patience_s)
    contract = call(client, "GET", "/openapi.json")
    body = contract["paths"]["/v1/predictions"]["post"]["requestBody"]
    request = _resolve(contract, body["content"]["application/json"]["schema"])
    instance = _resolve(contract, _resolve(contract, request["properties"]["instances"])["items"])
    return {name: field["type"] for name, field in instance["properties"].items()}


def _wait_until_ready(client: httpx.Client, patience_s: float) -> None:
    deadline = time.monotonic() + patience_s
    while True:
        try:
            call(client, "GET", "/health/ready")
        except (ApiUnreachable, ApiRefused):
            if time.monotonic() >= deadline:
                raise
            time.sleep(_POLL_S)
        else:
            return


def _resolve(contract: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        target: Any = contract
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = target
    return schema
