"""The whole api in one process: the application as a worker has it, on a real socket."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from understudy.app import create_app
from understudy.artefacts.artefact import Artefact
from understudy.capture import Capture
from understudy.controllers.connection import Doors, protocol
from understudy.monitoring.http import HttpMetrics
from understudy.serving import deployment_file
from understudy.serving.deployment_file import Deployed, Placed
from understudy.settings import Settings

Start = Callable[..., httpx.Client]


@contextmanager
def served(settings: Settings) -> Iterator[httpx.Client]:
    """Serve one worker's application on a free port for as long as the block lasts."""
    doors = Doors()
    app = create_app(settings, HttpMetrics(settings.endpoint), doors)
    config = uvicorn.Config(
        app,
        host="127.0.0.1",
        port=0,
        log_config=None,
        lifespan="on",
        access_log=False,
        http=protocol(settings, doors),  # type: ignore[arg-type]
    )
    # Here and not in the thread: coverage takes modules back out of `sys.modules` that another
    # thread happens to import while it looks at a changed `sys.path`.
    config.load()
    server = uvicorn.Server(config)
    listening = config.bind_socket()
    listening.listen()  # connections wait from now on, even before the server takes them
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        # Plain HTTP: to read the certificates of the machine costs more than many a test.
        with httpx.Client(base_url=url, timeout=30, verify=False) as client:  # noqa: S501
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture
def start(tmp_path: Path, linear_artefact: Artefact) -> Iterator[Start]:
    """Return a function that serves the api with `tiny-houses:1.0.0` live."""
    with ExitStack() as running:

        def run(
            *,
            live: Artefact | None = linear_artefact,
            capture: Capture | None = None,
            **options: Any,
        ) -> httpx.Client:
            settings = Settings(data_dir=tmp_path, **options)
            placed = None
            if live is not None:
                manifest = live.manifest
                placed = Placed(manifest.name, manifest.version, live.digest, str(live.folder))
            if live is not None or capture is not None:
                told = Deployed(1, settings.endpoint, placed, None, capture=capture)
                deployment_file.write(settings.deployment_file, told)
            return running.enter_context(served(settings))

        yield run


@pytest.fixture
def client(start: Start) -> httpx.Client:
    """Return a client of an open api."""
    return start()
