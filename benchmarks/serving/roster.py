"""All servers of the benchmark, in the order of the tables."""

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import orjson

from benchmarks.serving import tree, understudy
from benchmarks.serving.houses import Instance
from benchmarks.serving.ports import HOST
from benchmarks.serving.running import environment
from benchmarks.serving.server import ROOT, Place, Server

_UNDERSTUDY = str(Path(sys.executable).parent / "understudy")
_UVICORN = ("--workers", "2", "--loop", "uvloop", "--http", "httptools", "--no-access-log")
_GUNICORN = ("--workers", "2", "--worker-class", "gthread", "--threads", "16", "--keep-alive", "30")
_WORKERS = "2 workers"


def _program(name: str, *arguments: str) -> Sequence[str]:
    """Return a command of a Python module."""
    return ("-m", name, *arguments)


def _uvicorn(app: str, place: Place) -> Sequence[str]:
    where = ("--host", HOST, "--port", str(place.port), "--log-level", "warning")
    return (str(place.python), "-m", "uvicorn", f"benchmarks.serving.apps.{app}", *where, *_UVICORN)


def _gunicorn(app: str, place: Place) -> Sequence[str]:
    where = ("--bind", f"{HOST}:{place.port}", "--log-level", "warning")
    name = f"benchmarks.serving.apps.{app}"
    quiet = ("--no-control-socket",)
    return (str(place.python), "-m", "gunicorn", name, *where, *_GUNICORN, *quiet)


def _save_for_mlflow(place: Place) -> None:
    saved = place.folder / "model"
    shutil.rmtree(saved, ignore_errors=True)
    subprocess.run(
        [str(place.python), "-m", "benchmarks.serving.apps.mlflow_model", str(saved)],
        env=environment(MLFLOW, place),
        cwd=ROOT,
        check=True,
        capture_output=True,
    )


def _mlflow(place: Place) -> Sequence[str]:
    where = ("--host", HOST, "--port", str(place.port), "--workers", "2")
    model = ("--model-uri", str(place.folder / "model"), "--env-manager", "local")
    return (str(place.python), "-m", "mlflow", "models", "serve", *model, *where)


def _configure_mlserver(place: Place) -> None:
    place.folder.mkdir(parents=True, exist_ok=True)
    model = {
        "name": "prices",
        "implementation": "benchmarks.serving.apps.mlserver_app.Prices",
        "max_batch_size": 64,
        "max_batch_time": 0.005,
    }
    (place.folder / "model-settings.json").write_text(json.dumps(model))


def _mlserver(place: Place) -> Sequence[str]:
    settings = {
        "debug": False,
        "host": HOST,
        "http_port": place.port,
        "grpc_port": place.port + 1,
        "metrics_port": place.port + 2,
        "parallel_workers": 2,
        "environments_dir": str(place.folder / "environments"),
    }
    place.folder.mkdir(parents=True, exist_ok=True)
    (place.folder / "settings.json").write_text(json.dumps(settings))
    return (str(place.python.parent / "mlserver"), "start", str(place.folder))


def _tensor(instances: Sequence[Instance]) -> bytes:
    texts = [orjson.dumps(instance).decode() for instance in instances]
    tensor = {"name": "instance", "shape": [len(texts), 1], "datatype": "BYTES", "data": texts}
    return orjson.dumps({"inputs": [tensor]})


def _tensor_answers(body: bytes) -> list[float]:
    found: list[float] = orjson.loads(body)["outputs"][0]["data"]
    return found


def _records(instances: Sequence[Instance]) -> bytes:
    return orjson.dumps({"dataframe_records": instances})


def _list_answers(body: bytes) -> list[float]:
    return [float(one) for one in orjson.loads(body)]


def _course(place: Place) -> Sequence[str]:
    stack = (sys.executable, "-m", "benchmarks.serving.apps.course_stack")
    return (*stack, str(place.folder / "data"), *_gunicorn("course_app:app", place))


def _without_capture(place: Place) -> Sequence[str]:
    return (sys.executable, "-m", understudy.WITHOUT_CAPTURE)


def _up(_: Place) -> Sequence[str]:
    return (_UNDERSTUDY, "up")


BARE = Server(
    "understudy-bare",
    "Understudy, capture off",
    "validation",
    f"{_WORKERS}; the append to the spool taken out by the benchmark; no agent, no Postgres",
    None,
    _without_capture,
    understudy.PREDICTIONS,
    variables=understudy.variables,
    prepare=understudy.prepare(shadow=False),
    is_peer=False,
)
CAPTURE = Server(
    "understudy-capture",
    "Understudy, capture on",
    "validation, capture",
    f"{_WORKERS}, `understudy up` with its Postgres",
    None,
    _up,
    understudy.PREDICTIONS,
    variables=understudy.variables,
    prepare=understudy.prepare(shadow=False),
    backlog=understudy.unshipped,
    is_peer=False,
)
SHADOW = Server(
    "understudy-shadow",
    "Understudy, capture and shadow on",
    "validation, capture, shadow",
    f"{_WORKERS}, `understudy up` with its Postgres, the other model in the shadow",
    None,
    _up,
    understudy.PREDICTIONS,
    variables=understudy.variables,
    prepare=understudy.prepare(shadow=True),
    hold=understudy.wait_for_shadow,
    backlog=understudy.unscored,
    is_peer=False,
)
HUNG = Server(
    "understudy-hung",
    "Understudy, the shadow hangs",
    "validation, capture, a shadow that hangs",
    f"{_WORKERS}, as above, the shadow's process stopped by a signal",
    None,
    _up,
    understudy.PREDICTIONS,
    variables=understudy.variables,
    prepare=understudy.prepare(shadow=True),
    hold=understudy.hang,
    backlog=understudy.unshipped,
    is_peer=False,
)
FLOOR = Server(
    "uvicorn",
    "bare uvicorn (the floor)",
    "reads the body, answers the same bytes",
    f"{_WORKERS}, uvloop, httptools",
    "uvicorn",
    lambda place: _uvicorn("floor:app", place),
    answers=None,
    is_peer=False,
)
FLASK = Server(
    "flask",
    "Flask + gunicorn",
    "",
    f"{_WORKERS} of 16 threads, keep-alive",
    "flask",
    lambda place: _gunicorn("flask_app:app", place),
)
FASTAPI = Server(
    "fastapi",
    "FastAPI + uvicorn",
    "",
    f"{_WORKERS}, uvloop, httptools, orjson, no schema of the instance",
    "fastapi",
    lambda place: _uvicorn("fastapi_app:app", place),
)
MLFLOW = Server(
    "mlflow",
    "MLflow models serve",
    "",
    f"{_WORKERS}, uvloop, httptools, no schema of the instance",
    "mlflow",
    _mlflow,
    "/invocations",
    _records,
    variables=lambda _: {"MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"},
    prepare=_save_for_mlflow,
)
MLSERVER = Server(
    "mlserver",
    "Seldon MLServer",
    "",
    "adaptive batching (64 requests, 5 ms), 2 parallel workers, uvloop, an instance per element of"
    " one tensor",
    "mlserver",
    _mlserver,
    "/v2/models/prices/infer",
    _tensor,
    _tensor_answers,
    prepare=_configure_mlserver,
)
BENTOML = Server(
    "bentoml",
    "BentoML",
    "",
    f"{_WORKERS}, adaptive batching (1,000 instances), uvloop, httptools, no metrics or access log",
    "bentoml",
    lambda place: (
        str(place.python),
        *_program("bentoml", "serve", "benchmarks.serving.apps.bentoml_app:Prices"),
        *("--host", HOST, "--port", str(place.port)),
    ),
    answers=_list_answers,
    variables=lambda place: {
        "BENTOML_HOME": str(place.folder / "home"),
        "BENTOML_DO_NOT_TRACK": "True",
    },
)
LITSERVE = Server(
    "litserve",
    "LitServe",
    "",
    f"{_WORKERS} and 2 processes for HTTP, batching (64 requests, 1 ms), fast queue, uvloop",
    "litserve",
    lambda place: (str(place.python), *_program("benchmarks.serving.apps.litserve_app")),
)
COURSE = Server(
    "course",
    "the course's design",
    "capture, shadow",
    f"{_WORKERS} of 16 threads, Flask, a commit per request, a thread per request for the shadow",
    "course",
    _course,
    # Its threads for the shadow go on after the last answer.
    backlog=lambda _, root: int(tree.is_busy(root)),
    is_peer=False,
)
SERVERS = (
    BARE,
    CAPTURE,
    SHADOW,
    HUNG,
    FLOOR,
    FLASK,
    FASTAPI,
    MLFLOW,
    MLSERVER,
    BENTOML,
    LITSERVE,
    COURSE,
)
