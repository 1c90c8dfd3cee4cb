"""
The composition root of the api: reads top to bottom as the way of a request.

Edge (limits, ids, counting) → Connexion (contract, routing, security, validation) → DataPlane
(predictions and probes, on the event loop) → Flask (everything else).
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import connexion
import flask
from connexion.datastructures import MediaTypeDict
from connexion.lifecycle import ConnexionRequest, ConnexionResponse
from connexion.middleware import MiddlewarePosition
from connexion.options import SwaggerUIOptions
from connexion.validators import VALIDATOR_MAP

from understudy.artefacts.store import ArtefactStore
from understudy.controllers.access import checks
from understudy.controllers.bodies import body_validator
from understudy.controllers.browser import BrowserPages
from understudy.controllers.connection import Doors
from understudy.controllers.contract import (
    ServedContract,
    load_controllers,
    read_contract,
    route_templates,
)
from understudy.controllers.data_plane import PREDICT, DataPlane
from understudy.controllers.desk import Desk
from understudy.controllers.edge import Edge
from understudy.controllers.intake import Intake
from understudy.controllers.key_ring import KeyRing
from understudy.controllers.layers import UI_PATH, replace_layers
from understudy.controllers.problems import problem
from understudy.controllers.services import Metrics, Services
from understudy.controllers.sites import OwnSite
from understudy.dashboard.examiner import Examiner
from understudy.dashboard.press import Press
from understudy.errors import UnderstudyError
from understudy.log.database import connect
from understudy.serving.worker import Worker
from understudy.settings import Settings

_MEASURE_EVERY_S = 1.0

Lifespan = Callable[[Any], Any]


def create_app(
    settings: Settings,
    metrics: Metrics,
    doors: Doors,
    *,
    loaded: Callable[[], None] = lambda: None,
) -> Edge:
    """
    Return the ASGI application of one api worker; nothing runs before its lifespan starts.

    `doors` is what the server's connections tell of themselves, and `loaded` is called whenever a
    model version was loaded and is served from then on.
    """
    worker, press = Worker(settings, loaded, metrics.unrecorded), Press(settings)
    ring, spec = KeyRing(settings), read_contract()
    load_controllers(spec)
    desk, intake = Desk(), Intake(settings.max_body_bytes)

    def measure() -> None:
        metrics.hold(worker.held_instances, intake.held_bytes, desk.held, doors.held)
        for status, count in doors.take_refused().items():
            metrics.refused(status, count)

    app = connexion.FlaskApp(
        "understudy",
        lifespan=_lifespan(worker, press, measure),
        strict_validation=True,
        validator_map={"body": _validators(worker, settings)},
        security_map=checks(ring, settings.workers),
        swagger_ui_options=SwaggerUIOptions(serve_spec=False, swagger_ui_path=UI_PATH),
    )
    app.add_api(spec)
    # Before whatever answers: the contract itself tells what the model was trained on.
    app.add_middleware(OwnSite, position=MiddlewarePosition.BEFORE_SWAGGER, ring=ring)
    app.add_middleware(
        ServedContract,
        position=MiddlewarePosition.BEFORE_SWAGGER,
        spec=spec,
        worker=worker,
        ring=ring,
    )
    # After Connexion's security and validation, before Flask.
    app.add_middleware(
        DataPlane,
        position=MiddlewarePosition.BEFORE_CONTEXT,
        worker=worker,
        desk=desk,
        timeout_s=settings.request_timeout_s,
        metrics=metrics,
    )
    # Around everything, so that a browser reads of an error wherever it came from.
    app.add_middleware(
        BrowserPages, position=MiddlewarePosition.BEFORE_EXCEPTION, endpoint=settings.endpoint
    )
    replace_layers(app.middleware.middlewares)
    app.add_error_handler(UnderstudyError, _problem)
    _furnish(app.app, settings, metrics, press)
    return Edge(
        app,
        routes=route_templates(spec),
        intake=intake,
        observe=metrics.answered,
    )


def _furnish(app: flask.Flask, settings: Settings, metrics: Metrics, press: Press) -> None:
    """Give the control plane what its controllers work with."""
    app.extensions["understudy"] = Services(
        settings=settings,
        log=connect(settings.database_url) if settings.database_url else None,
        store=ArtefactStore(settings.artefacts_url),
        press=press,
        examiner=Examiner(settings),
    )
    metrics.watch_views(app)
    # Known to Flask as well, so that whoever watches the views sees the status of the answer.
    app.register_error_handler(UnderstudyError, _flask_problem)


def _validators(worker: Worker, settings: Settings) -> MediaTypeDict:
    validator = body_validator(worker, PREDICT, log_inputs=settings.log_inputs)
    return MediaTypeDict({**VALIDATOR_MAP["body"], "*/*json": validator})


def _lifespan(worker: Worker, press: Press, measure: Callable[[], None]) -> Lifespan:
    @asynccontextmanager
    async def alive(_: Any) -> AsyncIterator[None]:
        await worker.start()
        measuring = asyncio.create_task(_again_and_again(measure))
        yield
        measuring.cancel()
        press.close()
        await worker.stop()

    return alive


async def _again_and_again(measure: Callable[[], None]) -> None:
    while True:
        measure()
        await asyncio.sleep(_MEASURE_EVERY_S)


def _flask_problem(error: UnderstudyError) -> flask.Response:
    status, headers, body = problem(error)
    return flask.Response(body, status, headers)


async def _problem(_: ConnexionRequest, error: UnderstudyError) -> ConnexionResponse:
    status, headers, body = problem(error)
    content_type = headers.pop("content-type")
    return ConnexionResponse(
        status_code=status,
        headers=headers,
        body=body,
        content_type=content_type,
        mimetype=content_type,
    )
