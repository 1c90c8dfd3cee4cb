"""The API keys of an endpoint come to each machine, and whoever removes the file gets it again."""

import os
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from tests.integration.agent.bench import ENDPOINT, Bench, until
from understudy.agent.key_carrier import KeyCarrier
from understudy.artefacts.layout import manifest_path
from understudy.keys import KeyBook
from understudy.log.deployments import Change, append
from understudy.log.keys import KeyWish, create_key, revoke_key
from understudy.serving import key_file

WISH = KeyWish("shop", frozenset({"predict"}), None, None)


def carried(bench: Bench) -> KeyBook:
    """Return what the api workers read."""
    return key_file.read(bench.settings.key_file)


def test_keys_come_and_a_file_that_is_gone_comes_again(bench: Bench) -> None:
    """Once there was a key, the file says that somebody is asked, as long as an agent runs."""
    stop = threading.Event()
    carrier = KeyCarrier(bench.settings, bench.engine)
    thread = threading.Thread(target=carrier.run, args=(stop,))
    thread.start()
    try:
        with bench.engine.begin() as connection:
            minted = create_key(connection, ENDPOINT, WISH, "ann", "")
        until(lambda: [key.id for key in carried(bench).keys] == [minted.id])
        bench.settings.key_file.unlink()
        until(lambda: [key.id for key in carried(bench).keys] == [minted.id])
    finally:
        stop.set()
        thread.join(30)


def test_a_revocation_waits_for_no_artefact(bench: Bench, tmp_path: Path) -> None:
    """The keys have a thread of their own, while the follower waits for a store without an end."""
    store = tmp_path / "store"
    bench.settings = replace(bench.settings, artefact_store=str(store))
    silent = store / manifest_path("m", "1.0.0")
    silent.parent.mkdir(parents=True)
    os.mkfifo(silent)  # whoever opens it to read waits for somebody who writes
    with bench.engine.begin() as connection:
        minted = create_key(connection, ENDPOINT, WISH, "ann", "")
        append(connection, ENDPOINT, Change("live", "ann", "m", "1.0.0", digest="d" * 64))
    with bench.agent():
        writer = _open_once_read(silent)
        try:
            until(lambda: [key.id for key in carried(bench).keys] == [minted.id])
            with bench.engine.begin() as connection:
                revoke_key(connection, ENDPOINT, minted.id, "ann", "it was in a mail")
            until(lambda: carried(bench) == KeyBook(asks=True), seconds=10)
        finally:
            silent.unlink()
            os.close(writer)


def _open_once_read(fifo: Path) -> int:
    found: list[int] = []

    def is_read() -> bool:
        with suppress(OSError):  # nobody reads it yet
            found.append(os.open(fifo, os.O_WRONLY | os.O_NONBLOCK))
        return bool(found)

    until(is_read)
    return found[0]
