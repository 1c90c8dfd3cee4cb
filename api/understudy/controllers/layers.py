"""Connexion's own layers, with what an operation needs made once, not looked for per request."""

from collections.abc import Sequence
from typing import Any

from connexion import utils
from connexion.middleware.request_validation import (
    RequestValidationAPI,
    RequestValidationMiddleware,
    RequestValidationOperation,
)
from connexion.middleware.routing import RoutingMiddleware
from connexion.middleware.security import SecurityMiddleware
from connexion.middleware.swagger_ui import SwaggerUIMiddleware
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from understudy.controllers.sites import ASKS_NOBODY

UI_PATH = "/v1/ui"

_MOST_KNOWN = 16
"""Spellings of a content type that are remembered; clients choose them."""

Headers = Sequence[tuple[bytes, bytes]]


class _SwaggerUI(SwaggerUIMiddleware):  # type: ignore[misc] # connexion is untyped
    """The pages of the contract, asked for what lies below their path only."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page, or pass the request on."""
        if scope["type"] == "http" and UI_PATH in scope["path"]:
            await super().__call__(scope, receive, send)
        else:
            await self.app(scope, receive, send)


class _Routing(RoutingMiddleware):  # type: ignore[misc]
    """Finds the operations whose path has no parameter by looking them up, the others by search."""

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self._known: dict[tuple[str, str], dict[str, str]] = {}

    def add_api(self, specification: Any, **given: Any) -> None:
        """Add what a contract describes."""
        super().add_api(specification, **given)
        mount = self.router.routes[-1]
        for route in mount.app.routes:
            if not route.param_convertors:
                found = {"api_base_path": mount.path, "operation_id": route.endpoint.operation_id}
                for method in route.methods:
                    self._known.setdefault((method, mount.path + route.path), found)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write the operation into the scope and pass the request on."""
        if scope["type"] != "http" or scope.get("root_path"):
            await super().__call__(scope, receive, send)
            return
        found = self._known.get((scope["method"], scope["path"]))
        if found is None:
            await super().__call__(scope, receive, send)
            return
        scope.setdefault("path_params", {})
        scope.setdefault("extensions", {}).setdefault("connexion_routing", {}).update(found)
        await self.app(scope, receive, send)


class _Security(SecurityMiddleware):  # type: ignore[misc]
    """
    Asks for a key, unless the service asks nobody.

    Connexion's own lets pass what it knows no operation of. Here that ends: the layers behind would
    answer some of it (`/metrics` and a line feed are the operation to the router, and no part of
    the contract to this layer), and Flask's routing finds more than Connexion's.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, once whoever sends it has shown what opens the operation."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        routing = scope["extensions"]["connexion_routing"]
        if routing.get("operation_id") is None or routing["api_base_path"] not in self.apis:
            raise HTTPException(404, "The contract has no such address.")
        if scope[ASKS_NOBODY]:
            await self.app(scope, receive, send)
        else:
            await super().__call__(scope, receive, send)


class _Operation(RequestValidationOperation):  # type: ignore[misc]
    """
    One operation of the contract.

    The validators of parameters and of bodies hold nothing of a request, and every body of the
    contract is JSON, so that one of each is enough.
    """

    def __init__(self, next_app: Any, **given: Any) -> None:
        super().__init__(next_app, **given)
        operation = self._operation
        self._parameters = self._validator_map["parameter"](
            operation.parameters,
            uri_parser=self._uri_parser(),
            strict_validation=self.strict_validation,
            security_query_params=self.security_query_params,
        )
        # Without a query there is nothing to look at, unless the contract wants more than a query.
        self._wants_more = any(
            parameter["in"] != "query" or parameter.get("required")
            for parameter in operation.parameters
        )
        self._bodies: dict[bytes | None, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Validate parameters and body, and pass the request on."""
        if self._wants_more or scope["query_string"]:
            self._parameters.validate(scope)
        validator = self._body(scope["headers"])
        if validator is not None:
            receive, scope = await validator.wrap_receive(receive, scope=scope)
        await self.next_app(scope, receive, send)

    def _body(self, headers: Headers) -> Any:
        """Return what validates a body of the declared type, None if there is none to validate."""
        declared = None
        for name, value in headers:
            if name == b"content-type":
                declared = value
        if declared in self._bodies:
            return self._bodies[declared]
        validator = self._make(headers)
        if len(self._bodies) < _MOST_KNOWN:
            self._bodies[declared] = validator
        return validator

    def _make(self, headers: Headers) -> Any:
        operation = self._operation
        mime_type, encoding = self.extract_content_type(headers)
        self.validate_mime_type(mime_type)
        schema = operation.body_schema(mime_type)
        if not schema:
            return None
        return self._validator_map["body"][mime_type](
            schema=schema,
            required=operation.request_body.get("required", False),
            nullable=utils.is_nullable(operation.body_definition(mime_type)),
            encoding=encoding,
            strict_validation=self.strict_validation,
            uri_parser=self._uri_parser(),
        )

    def _uri_parser(self) -> Any:
        operation = self._operation
        return operation.uri_parser_class(operation.parameters, operation.body_definition())


class _Api(RequestValidationAPI):  # type: ignore[misc]
    def make_operation(self, operation: Any) -> _Operation:
        """Build the operation that requests are validated by."""
        return _Operation(
            self.next_app,
            operation=operation,
            strict_validation=self.strict_validation,
            validator_map=self.validator_map,
        )


class _Validation(RequestValidationMiddleware):  # type: ignore[misc]
    api_cls = _Api


_OURS = {
    SwaggerUIMiddleware: _SwaggerUI,
    RoutingMiddleware: _Routing,
    SecurityMiddleware: _Security,
    RequestValidationMiddleware: _Validation,
}


def replace_layers(layers: list[Any]) -> None:
    """Put each of these in the place of Connexion's own."""
    layers[:] = [_OURS.get(layer, layer) for layer in layers]
