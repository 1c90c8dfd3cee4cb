"""Faults: a spool is damaged while its worker answers."""

import os

from tests.chaos.stage import Stage, current
from tests.stack import eventually

_PAGE = 4096


def damage(how: str) -> str:
    """
    Damage the spool of a worker once all in it is shipped, and wait until that is told.

    `how` is `overwritten`, where every page but the first becomes noise, or `truncated`. What is
    answered until the worker goes on in another spool is lost, and the agent says so.
    """
    stage = current()
    stage.load.hold()
    eventually(stage.is_shipped, 60)
    spool = max(
        (stage.stack.folder / "spool").glob("*.spool"), key=lambda path: path.stat().st_size
    )
    log = spool.with_name(f"{spool.name}-wal")
    for file in (spool, log):
        size = file.stat().st_size
        with file.open("r+b") as pages:
            if how == "truncated":
                pages.truncate(size // 3)
            else:
                pages.seek(_PAGE)
                pages.write(os.urandom(max(0, size - _PAGE)))
    stage.fault()
    stage.flow()
    eventually(lambda: not spool.exists(), 120)
    eventually(lambda: _set_aside(stage) >= 1, 60)
    return spool.name


def _set_aside(stage: Stage) -> float:
    return stage.stack.metric("understudy_spools_set_aside_total", port=1)
