"""This service under test: its data, its settings, and a shadow that hangs."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import orjson
import psycopg2

from benchmarks.serving import tree
from benchmarks.serving.running import kept
from benchmarks.serving.server import ROOT, Place
from understudy.errors import SpoolCorrupt
from understudy.log.premises import discard
from understudy.serving.spool_reader import SpoolReader
from understudy.settings import Settings

VERSIONS = {"linear": "1.0.0", "boosting": "2.0.0"}
OTHER = {"linear": "boosting", "boosting": "linear"}
PREDICTIONS = "/v1/predictions"
WITHOUT_CAPTURE = "benchmarks.serving.apps.without_capture"
_BIN = Path(sys.executable).parent
_PATIENCE_S = 60.0
_FOR_EVER_S = 86_400.0
_BETWEEN_CRASHES_S = 0.5


def settings_of(place: Place) -> Settings:
    """Return the settings of a service; nothing is judged meanwhile, and a hung shadow may hang."""
    return Settings(
        endpoint="bench",
        data_dir=place.folder / "data",
        port=place.port,
        artefact_store=str(place.models / "store"),
        watch_interval_s=_FOR_EVER_S,
        reproduce_interval_s=_FOR_EVER_S,
        shadow_timeout_s=_FOR_EVER_S,
        log_level="WARNING",
    )


def variables(place: Place) -> dict[str, str]:
    """Return what tells these settings to every process of a service."""
    return settings_of(place).environment()


def package(models: Path) -> None:
    """Package both models and put them into the store beside the pipelines."""
    packaged = models / "packaged"
    _run([_BIN / "house-prices", "train", "--model", "all", "--out", packaged], {})
    store = {"UNDERSTUDY_ARTEFACT_STORE": str(models / "store")}
    for artefact in sorted(packaged.iterdir()):
        _run([_BIN / "understudy", "models", "push", artefact], store)


def prepare(*, shadow: bool, others: tuple[str, ...] = ()) -> Callable[[Place], None]:
    """Return what makes a place's data: a live model, after `others`, and a shadow if wanted."""

    def make(place: Place) -> None:
        throw_away(place.folder)
        with kept([str(_BIN / "understudy"), "up"], _environment(place), place.folder) as process:
            _wait_for(settings_of(place).run_file.exists, "`understudy up` does not start")
            for model in (*others, place.model):
                _deploy(place, model, "--live")
            if shadow:
                _deploy(place, OTHER[place.model], "--shadow")
                _wait_for(lambda: bool(_scorers(process.pid)), "the shadow does not start")

    return make


def throw_away(folder: Path) -> None:
    """Remove a place's data with its database, which may lie elsewhere."""
    if (folder / "data").exists():
        discard(folder / "data")
        shutil.rmtree(folder / "data")


def crash(_: Place, root: int) -> None:
    """Kill the process in which the shadow scores, again and again, while the service lives."""

    def kill() -> None:
        while Path(f"/proc/{root}").exists():
            for pid in _scorers(root):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(_BETWEEN_CRASHES_S)

    threading.Thread(target=kill, daemon=True).start()


def hang(place: Place, root: int) -> None:
    """Stop the process in which the shadow scores, in the middle of whatever it does."""
    _wait_for(lambda: bool(_scorers(root)), "the shadow does not start")
    for pid in _scorers(root):
        os.kill(pid, signal.SIGSTOP)


def leak(place: Place, root: int) -> None:
    """Put a shadow whose model leaks in the place of the one that `up` started; `up` is held."""
    _wait_for(lambda: bool(_scorers(root)), "the shadow does not start")
    sound = _only(tree.find(root, "shadow"))
    os.kill(_only(tree.find(root, "up")), signal.SIGSTOP)
    os.kill(sound, signal.SIGKILL)
    _wait_for(lambda: not _scorers(root), "the shadow does not end")
    leaking = subprocess.Popen(
        [sys.executable, str(Path(__file__).parent / "apps/leaking_shadow.py")],
        env={**_environment(place), "UNDERSTUDY_DATABASE_URL": _database_url(place)},
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _wait_for(lambda: bool(tree.children(leaking.pid)), "the leaking shadow does not start")

    def end() -> None:
        while Path(f"/proc/{root}").exists():
            time.sleep(_BETWEEN_CRASHES_S)
        leaking.terminate()
        leaking.wait()

    threading.Thread(target=end).start()


def wait_for_shadow(place: Place, root: int) -> None:
    """Wait until the shadow is there."""
    _wait_for(lambda: bool(_scorers(root)), "the shadow does not start")


def stop_postgres(place: Place, root: int) -> None:
    """Shut Postgres down, and hold `up` still, which would start it again at once."""
    stack = _only(tree.find(root, "up"))
    server = _only([pid for pid in tree.find(root, "-D") if pid in tree.children(stack)])
    os.kill(stack, signal.SIGSTOP)
    os.kill(server, signal.SIGINT)
    # Nobody waits for it now, so that it stays behind as a zombie.
    _wait_for(lambda: not tree.pss_mb([server]), "Postgres does not stop")


def let_go(root: int) -> None:
    """Let everything go on that was held still."""
    for pid in tree.family(root)[1:]:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGCONT)


def api(root: int) -> list[int]:
    """Return the processes that answer requests, without gunicorn's own."""
    found = tree.find(root, "serve") or tree.find(root, WITHOUT_CAPTURE)
    return tree.family(_only(found))[1:]


def unshipped(place: Place, _: int = 0) -> int:
    """Return how many requests wait in the spools."""
    waiting = 0
    for path in SpoolReader.all_in(settings_of(place).spool_dir):
        try:
            with SpoolReader(path) as spool:
                waiting += spool.backlog().requests
        except (SpoolCorrupt, OSError):
            continue  # its owner has just begun it, or the agent has just removed it
    return waiting


def unscored(place: Place, _: int = 0) -> int:
    """Return how many requests wait in the spools, and how many instances for the shadow."""
    waiting = unshipped(place)
    return waiting or _open_work(place)


def _database_url(place: Place) -> str:
    url: str = orjson.loads(settings_of(place).run_file.read_bytes())["database_url"]
    return url


def _open_work(place: Place) -> int:
    connection = psycopg2.connect(_database_url(place).replace("+psycopg2", ""))
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(sum(instances), 0) FROM work WHERE state <> 'done'")
            return int((cursor.fetchone() or (0,))[0])
    finally:
        connection.close()


def _deploy(place: Place, model: str, role: str) -> None:
    title = f"house-prices:{VERSIONS[model]}"
    _run([_BIN / "understudy", "deploy", title, role, "--why", "benchmark"], variables(place))


def _environment(place: Place) -> dict[str, str]:
    inherited = {name: text for name, text in os.environ.items() if not name.startswith("PG")}
    return {**inherited, **place.environment(), **variables(place)}


def _run(command: list[str | Path], more: dict[str, str]) -> None:
    ended = subprocess.run(
        [str(word) for word in command],
        env={**os.environ, **more},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode:
        said = " ".join((ended.stderr or ended.stdout).split())
        raise RuntimeError(
            f"{command[0]} {command[1]} ended with {ended.returncode}: {said[-300:]}"
        )


def _scorers(root: int) -> list[int]:
    return tree.find(root, "understudy.shadow.child")


def _only(found: list[int]) -> int:
    if not found:
        raise RuntimeError("A process of the service is not there.")
    return found[0]


def _wait_for(is_so: Callable[[], bool], otherwise: str) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError(f"After {_PATIENCE_S:.0f} s {otherwise}.")
        time.sleep(0.1)
