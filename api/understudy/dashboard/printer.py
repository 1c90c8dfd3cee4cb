"""
The child of the press: reads the names of shadows and answers with their sheets, a line each.

It ends with its parent, whose end closes the pipe, and when nobody has asked for a while.
"""

import os
import select
import traceback
from collections.abc import Callable
from dataclasses import asdict
from io import RawIOBase
from typing import IO

import orjson

from understudy.artefacts.store import ArtefactStore
from understudy.dashboard.sheet import Sheet
from understudy.errors import LogUnavailable, UnderstudyError
from understudy.log.database import connect
from understudy.settings import Settings, read_settings

IDLE_S = 600.0
_STEPS_BACK = 5

Draw = Callable[[str], Sheet]


def main() -> None:
    """Answer until the parent ends or has not asked for ten minutes."""
    os.nice(_STEPS_BACK)  # predictions go first
    # Answers go where standard output went; what a library prints must not come between them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Unbuffered, so that what was asked waits where `select` sees it.
    with os.fdopen(os.dup(0), "rb", buffering=0) as questions, answers:
        serve(questions, answers, drawing(read_settings()))


def drawing(settings: Settings) -> Draw:
    """Return the function that reads the board of a shadow and draws its sheet."""
    store = ArtefactStore(settings.artefacts_url)
    engine = connect(settings.database_url, pool_size=1) if settings.database_url else None

    def draw(shadow: str) -> Sheet:
        if engine is None:
            raise LogUnavailable("UNDERSTUDY_DATABASE_URL is not set")
        # Imported here, at low priority already: scipy and pandas take seconds.
        from understudy.dashboard.shadow import draw_sheet
        from understudy.review.board import read_board

        return draw_sheet(read_board(engine, settings, store, shadow))

    return draw


def serve(questions: RawIOBase, answers: IO[bytes], draw: Draw, idle_s: float = IDLE_S) -> None:
    """Answer each line of `questions` with a line of JSON."""
    while select.select([questions], [], [], idle_s)[0]:
        line = questions.readline()
        if not line:
            return
        answers.write(reply(line.decode().strip(), draw) + b"\n")
        answers.flush()


def reply(shadow: str, draw: Draw) -> bytes:
    """Return the sheet of a shadow, or why there is none, as one line of JSON."""
    try:
        return orjson.dumps({"sheet": asdict(draw(shadow))})
    except UnderstudyError as error:
        return orjson.dumps({"error": type(error).__name__, "message": str(error)})
    except Exception:  # noqa: BLE001 - whatever it is, it must not end the child
        return orjson.dumps({"crash": traceback.format_exc()})


if __name__ == "__main__":
    main()
