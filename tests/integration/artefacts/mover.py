"""
A process that pushes or pulls, and stops where it is told to, so that it can be killed there.

`python mover.py push|pull URL FOLDER WHERE`; it says `here` when it has come to that place, waits
for a line, and goes on. Then it says how it ended.
"""

import atexit
import shutil
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from understudy.artefacts import storage, store
from understudy.artefacts.artefact import open_artefact
from understudy.artefacts.storage import Advance, Storage
from understudy.artefacts.store import ArtefactStore, unseen
from understudy.errors import ArtefactImmutable

CHUNK_BYTES = 5 * 1024**2


def say(word: object) -> None:
    """Tell the test."""
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def stop_here(*_: object) -> None:
    """Say so, and wait."""
    say("here")
    sys.stdin.readline()


def before(place: Any, name: str) -> None:
    """Stop before a function is called."""
    real: Callable[..., Any] = getattr(place, name)

    def stopped(*arguments: Any, **options: Any) -> Any:
        stop_here()
        return real(*arguments, **options)

    setattr(place, name, stopped)


def amid_a_copy(source: Any, target: Any, length: int) -> None:
    """Copy half a file, stop, copy the rest."""
    target.write(source.read(1000))
    target.flush()
    stop_here()
    copy_all(source, target, length)


copy_all = shutil.copyfileobj


@contextmanager
def stopping(label: str, total: int) -> Iterator[Advance]:
    """Stop when the first piece of a transfer has gone by."""
    yield stop_here


def stop_at(where: str) -> None:
    """Prepare to stop at one place."""
    if where == "copying":
        storage.shutil.copyfileobj = amid_a_copy  # type: ignore[attr-defined]
    elif where == "manifest":
        before(Storage, "create")
    elif where == "unpacked":
        before(store, "_move_in")
    elif where == "uploading":
        import s3fs.core

        s3fs.core.calculate_chunksize = lambda *_, **__: CHUNK_BYTES


def main(action: str, url: str, folder: str, where: str) -> None:
    """Push or pull once."""
    stop_at(where)
    models = ArtefactStore(url)
    progress = stopping if where in ("uploading", "downloading") else unseen
    if where == "measured":
        models.list()
        tracemalloc.start()
        atexit.register(lambda: say(tracemalloc.get_traced_memory()[1]))
    if where == "start":
        stop_here()
    if action == "pull":
        say(models.pull("tiny-houses", "1.0.0", Path(folder), progress).digest)
        return
    try:
        say(models.push(open_artefact(Path(folder)), progress))
    except ArtefactImmutable:
        say("refused")


if __name__ == "__main__":
    main(*sys.argv[1:])
