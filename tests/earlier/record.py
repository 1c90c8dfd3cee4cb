"""
Records the log of an earlier version: `python -m tests.earlier.record`.

For each state that the tables were ever in, the last version that made it is taken out of git and
runs for a moment: two models, a shadow on half of the requests, some requests, outcomes and what
else it could do then. What lies in its Postgres afterwards is written to `logs/`, once: the files
are what the tests start from, and never change.
"""

import getpass
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import click
import orjson
import pandas as pd
from sqlalchemy import make_url

from tests.earlier.version import Version, export
from tests.tiny import make_houses
from understudy.log.binaries import find_binaries
from understudy.log.embedded import EmbeddedPostgres
from understudy.log.premises import find_premises

LOGS = Path(__file__).parent / "logs"
ROWS = 16
_SHADOW = "tiny-houses:2.0.0"
_PORT = 38_400


class State(NamedTuple):
    """The last commit with these tables, and commands that came with them."""

    name: str
    commit: str
    commands: Sequence[Sequence[str]] = ()


_REPLAY = ("replay", "tiny-houses:3.0.0", "--since", "1d")
_KEY = ("keys", "create", "shop", "--scope", "predict", "--why", "the shop")
STATES = (
    State("0001", "e95241bd"),
    State("0002", "9260ab1d"),
    # 0003 was changed twice before 0005 was there; a log may have been made by each of the three.
    State("0003a", "72b1abe6"),
    State("0003b", "bd525b00"),
    State("0004a", "e2cef500", [_REPLAY, ("reproduce",)]),
    State("0004b", "b43313bd", [_REPLAY, ("reproduce",)]),
    State("0005", "2abd196b", [_REPLAY, ("reproduce",)]),
    State("0006", "1ce3d9b5", [_REPLAY, ("reproduce",), _KEY]),
)


def main() -> None:
    """Record what is not recorded yet."""
    for state in STATES:
        file = LOGS / f"{state.name}.sql"
        if not file.exists():
            click.echo(f"{state.name}: {state.commit} …")
            folder = Path(tempfile.mkdtemp(prefix="understudy-earlier-"))
            folder.chmod(0o711)  # as root, Postgres runs as another user, who has to pass through
            try:
                with EmbeddedPostgres(folder / "postgres") as postgres:
                    version = export(state.commit, folder / "source")
                    _use(version, state, folder, postgres.url)
                    file.write_text(_dump(postgres))
            finally:
                shutil.rmtree(folder)


def _use(version: Version, state: State, folder: Path, url: str) -> None:
    """Do with a version what its users did."""
    settings = {
        "UNDERSTUDY_ENDPOINT": "houses",
        "UNDERSTUDY_DATA_DIR": str(folder / "data"),
        "UNDERSTUDY_DATABASE_URL": url,
        "UNDERSTUDY_PORT": str(_PORT),
        "UNDERSTUDY_WORKERS": "1",
        "UNDERSTUDY_WATCH_INTERVAL_S": "1",
    }
    artefacts = version.package(folder / "packaged")
    houses, ids = folder / "houses.jsonl", folder / "ids.jsonl"
    houses.write_bytes(b"\n".join(map(orjson.dumps, _rows())))
    with version.up(settings):
        for artefact in artefacts:
            version.run(settings, "models", "push", artefact)
        version.run(settings, "deploy", "tiny-houses:1.0.0", "--live", "--why", "the first")
        version.run(settings, "deploy", _SHADOW, "--shadow", "--share", "0.5", "--why", "better?")
        version.run(settings, "send", houses, "--drop", "price", "--ids", ids)
        version.run(settings, "outcomes", houses, "--ids", ids, "--column", "price")
        _wait_until_compared(version, settings)
        for command in state.commands:
            version.run(settings, *command)


def _rows() -> list[dict[str, object]]:
    rows = make_houses(ROWS, seed=5).to_dict("records")
    return [{str(k): None if pd.isna(v) else v for k, v in row.items()} for row in rows]


def _wait_until_compared(version: Version, settings: dict[str, str]) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with suppress(AssertionError):
            coverage = version.answer(settings, "compare", "--shadow", _SHADOW)["coverage"]
            if coverage["recorded"] == ROWS and coverage["waiting"] == 0:
                return
        time.sleep(0.5)
    raise AssertionError("the shadow has not scored everything in time")


def _dump(postgres: EmbeddedPostgres) -> str:
    """Return the tables and rows as SQL that any Postgres from 15 on takes."""
    premises = find_premises(postgres.data_dir)
    program = find_binaries(premises.account).folder / "pg_dump"
    url = make_url(postgres.url).set(drivername="postgresql")
    command = premises.account.command(
        program, "--inserts", "--no-owner", "--no-privileges", "--no-comments",
        f"--dbname={url.render_as_string(hide_password=False)}",
    )  # fmt: skip
    said = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/").stdout
    lines = [line for line in said.splitlines() if not _UNWANTED.match(line)]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"
    here, who = re.escape(socket.gethostname()), re.escape(getpass.getuser())
    return re.sub(rf"'{here}'", "'there'", re.sub(rf"'{who}@{here}'", "'ann@there'", text))


_UNWANTED = re.compile(r"--|\\|SET |SELECT pg_catalog.set_config")

if __name__ == "__main__":
    main()
