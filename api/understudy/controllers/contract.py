"""The served contract: `openapi.yaml`, with the instance of the live model filled in."""

from functools import lru_cache
from importlib import import_module
from importlib.resources import files
from typing import Any

import orjson
import yaml
from starlette.types import ASGIApp, Receive, Scope, Send

from understudy.artefacts.schema import openapi_schema
from understudy.controllers.key_ring import KeyRing
from understudy.serving.generation import Generation
from understudy.serving.worker import Worker

METHODS = frozenset({"get", "post", "put", "patch", "delete"})

Spec = dict[str, Any]

# That of libyaml, where PyYAML was built with it, takes a ninth of the time: each worker reads this
# at its start.
_LOADER: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_contract() -> Spec:
    """Return the contract as written."""
    text = files("understudy").joinpath("openapi.yaml").read_text("utf-8")
    spec: Spec = yaml.load(text, _LOADER)  # noqa: S506 - a SafeLoader
    return spec


def without_keys(spec: Spec) -> Spec:
    """Return a copy that asks for no key, as an open service does."""
    opened: Spec = orjson.loads(orjson.dumps(spec))
    del opened["components"]["securitySchemes"]
    for _, operation in _operations(opened):
        del operation["security"]
    return opened


def load_controllers(spec: Spec) -> None:
    """
    Import whatever the contract names; raises ImportError where that is not to be had.

    Connexion would do so when the first worker begins to serve: each for itself, and too late.
    """
    for name in route_templates(spec):
        import_module(name.rpartition(".")[0])


def route_templates(spec: Spec) -> dict[str, str]:
    """Map each operation id to its path template."""
    return {operation["operationId"]: path for path, operation in _operations(spec)}


def _operations(spec: Spec) -> list[tuple[str, Spec]]:
    return [
        (path, operation)
        for path, item in spec["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]


def fill_in(spec: Spec, generation: Generation) -> Spec:
    """Return a copy of the contract with the live model's instance and a valid example."""
    filled: Spec = orjson.loads(orjson.dumps(spec))
    schemas = filled["components"]["schemas"]
    schemas["Instance"] = openapi_schema(
        generation.manifest.input_schema,
        extra=generation.extra,
        expectations=generation.expectations,
    )
    schemas["Instance"]["description"] = f"One row to predict, as {generation.title} needs it."
    instances = schemas["PredictionRequest"]["properties"]["instances"]
    instances["maxItems"] = generation.validator.max_instances
    body = filled["paths"]["/v1/predictions"]["post"]["requestBody"]["content"]["application/json"]
    body["example"] = {"instances": [generation.example]}
    return filled


class ServedContract:
    """Answers GET /openapi.json with the contract of the generation in force."""

    def __init__(self, app: ASGIApp, *, spec: Spec, worker: Worker, ring: KeyRing) -> None:
        self._app = app
        self._spec = spec
        self._worker = worker
        self._ring = ring
        self._rendered = lru_cache(maxsize=2)(self._render)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer the contract, or pass the request on."""
        if scope["type"] != "http" or scope["path"] != "/openapi.json" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        generation = self._worker.generation if self._worker.is_ready else None
        body = self._rendered(generation, self._ring.is_open)
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _render(self, generation: Generation | None, is_open: bool) -> bytes:
        spec = without_keys(self._spec) if is_open else self._spec
        return orjson.dumps(spec if generation is None else fill_in(spec, generation))
