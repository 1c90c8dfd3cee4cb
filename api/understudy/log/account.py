"""Whom the embedded Postgres runs as: it refuses root, so root drops to another user."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from understudy.errors import EmbeddedPostgresFailed

# `sh` compares its parent with the owner after setpriv asked for the signal: an owner that died
# before could not be heard any more. `exec` keeps the process id and the request for the signal.
_GUARD = 'test "$PPID" = "$0" && exec "$@"'
# Postgres reads PG* variables; none of the caller's may reach it.
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"}


@dataclass(frozen=True)
class Account:
    """The user of the embedded Postgres; `dropped` says that it is not the caller."""

    uid: int
    gid: int
    dropped: bool

    def command(self, *command: str | Path) -> list[str]:
        """Return `command` run as this user, interrupted when the calling thread ends."""
        setpriv = shutil.which("setpriv", path="/usr/bin:/bin:/usr/local/bin:/usr/sbin")
        if setpriv is None:
            raise EmbeddedPostgresFailed(
                "The embedded Postgres needs the program setpriv, which is not here."
                " Install the package util-linux, or set UNDERSTUDY_DATABASE_URL."
            )
        drop = [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        return [
            setpriv,
            *(drop if self.dropped else []),
            "--pdeathsig=INT",
            "sh",
            "-c",
            _GUARD,
            str(os.getpid()),
            *map(str, command),
        ]

    def can(self, *test: str | Path) -> bool:
        """Ask the kernel, as this user, what `test` of the shell says, e.g. `-x`, a folder."""
        if not self.dropped:
            return _succeeds(["test", *map(str, test)])
        return _succeeds(self.command("test", *test))

    def give(self, folder: Path) -> None:
        """Make a folder this user's own and nobody else's."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.dropped:
            os.chown(folder, self.uid, self.gid)


def choose_account(pgdata: Path) -> Account:
    """Return the caller, or for root the owner of the data, else `postgres`, else `nobody`."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), dropped=False)
    if pgdata.exists() and (found := pgdata.stat()).st_uid != 0:
        return Account(found.st_uid, found.st_gid, dropped=True)
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, dropped=True)
    raise EmbeddedPostgresFailed(
        "Postgres refuses to run as root, and there is neither a user postgres nor nobody."
        " Run as a normal user, or set UNDERSTUDY_DATABASE_URL."
    )


def _succeeds(command: Sequence[str]) -> bool:
    ended = subprocess.run(command, capture_output=True, env=ENVIRONMENT, check=False)
    return ended.returncode == 0
