"""
The program of press and examiner: reads what is wanted of what, and answers with it, a line each.

It ends with its parent, whose end closes the pipe, and when nobody has asked for a while.
"""

import os
import select
import traceback
from collections.abc import Callable
from dataclasses import asdict
from io import RawIOBase
from typing import IO, Any

import orjson

from understudy.artefacts.store import ArtefactStore
from understudy.errors import LogUnavailable, UnderstudyError
from understudy.log.database import connect
from understudy.priority import step_back
from understudy.settings import Settings, read_settings

IDLE_S = 600.0

Make = Callable[[str, str], Any]
"""
Makes what its first argument names, as JSON can hold it: the "sheet" or the "comparison" of a
shadow, or the "policy" that a version is to be judged by.
"""


def main() -> None:
    """Answer until the parent ends or has not asked for ten minutes."""
    step_back()
    # Answers go where standard output went; what a library prints must not come between them.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    # Unbuffered, so that what was asked waits where `select` sees it.
    with os.fdopen(os.dup(0), "rb", buffering=0) as questions, answers:
        serve(questions, answers, making(read_settings()))


def making(settings: Settings) -> Make:
    """Return the function that makes what is asked for."""
    store = ArtefactStore(settings.artefacts_url)
    engine = connect(settings.database_url, pool_size=1) if settings.database_url else None

    def make(kind: str, subject: str) -> Any:
        if engine is None:
            raise LogUnavailable("UNDERSTUDY_DATABASE_URL is not set")
        # Imported here, at low priority already: scipy and pandas take seconds.
        if kind == "comparison":
            from understudy.review.shadow import review_shadow

            return review_shadow(engine, settings, store, subject).to_json()
        if kind == "policy":
            from understudy.review.policy_check import settle_policy

            return settle_policy(engine, settings, **orjson.loads(subject))
        from understudy.dashboard.shadow import draw_sheet
        from understudy.review.board import read_board

        return asdict(draw_sheet(read_board(engine, settings, store, subject)))

    return make


def serve(questions: RawIOBase, answers: IO[bytes], make: Make, idle_s: float = IDLE_S) -> None:
    """Answer each line of `questions` with a line of JSON."""
    while select.select([questions], [], [], idle_s)[0]:
        line = questions.readline()
        if not line:
            return
        answers.write(reply(line, make) + b"\n")
        answers.flush()


def reply(question: bytes, make: Make) -> bytes:
    """Return what is asked for as a list of kind and subject, or why it is not there, as JSON."""
    kind, subject = orjson.loads(question)
    try:
        return orjson.dumps({"made": make(kind, subject)}, option=orjson.OPT_NON_STR_KEYS)
    except UnderstudyError as error:
        return orjson.dumps({"error": type(error).__name__, "message": str(error)})
    except Exception:  # noqa: BLE001 - whatever it is, it must not end the child
        return orjson.dumps({"crash": traceback.format_exc()})


if __name__ == "__main__":
    main()
