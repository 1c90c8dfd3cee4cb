"""Connexion's validation of requests, with what an operation needs made once, not per request."""

from collections.abc import Sequence
from typing import Any

from connexion import utils
from connexion.middleware.main import ConnexionMiddleware
from connexion.middleware.request_validation import (
    RequestValidationAPI,
    RequestValidationMiddleware,
    RequestValidationOperation,
)
from starlette.types import Receive, Scope, Send

_MOST_KNOWN = 16
"""Spellings of a content type that are remembered; clients choose them."""

Headers = Sequence[tuple[bytes, bytes]]


class _Operation(RequestValidationOperation):  # type: ignore[misc] # connexion is untyped
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
        self._bodies: dict[str | None, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Validate parameters and body, and pass the request on."""
        self._parameters.validate(scope)
        validator = self._body(scope["headers"])
        if validator is not None:
            receive, scope = await validator.wrap_receive(receive, scope=scope)
        await self.next_app(scope, receive, send)

    def _body(self, headers: Headers) -> Any:
        """Return what validates a body of the declared type, None if there is none to validate."""
        declared = utils.extract_content_type(headers)
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


class _Middleware(RequestValidationMiddleware):  # type: ignore[misc]
    api_cls = _Api


def middlewares() -> list[Any]:
    """Return Connexion's own, with this validation in the place of its own; the list is grown."""
    return [
        _Middleware if middleware is RequestValidationMiddleware else middleware
        for middleware in ConnexionMiddleware.default_middlewares
    ]
