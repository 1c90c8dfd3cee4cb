"""Where the embedded Postgres keeps its data and its socket."""

import contextlib
import hashlib
import os
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from understudy.errors import EmbeddedPostgresFailed
from understudy.log.account import Account, choose_account
from understudy.log.binaries import MAJOR, SHARED_ROOT, make_shared_root

# The kernel's limit is 107 bytes for the whole path of a socket.
_LONGEST_FOLDER = 107 - len("/.s.PGSQL.5432")


@dataclass(frozen=True)
class Premises:
    """
    The places of one embedded Postgres.

    `link` is always `postgres` in the data directory. It is the cluster itself, or, when the
    user of Postgres cannot reach the data directory, a symbolic link to it.
    """

    account: Account
    link: Path
    pgdata: Path
    socket_dir: Path


def find_premises(data_dir: Path) -> Premises:
    """Return the places of the cluster of `data_dir`, which may not exist yet."""
    link = data_dir / "postgres"
    account = choose_account(link)
    if link.is_symlink():
        pgdata = link.readlink()
        if not pgdata.exists():
            raise EmbeddedPostgresFailed(
                f"The database of {data_dir} was in {pgdata} and is not there any more."
                f" Restore it, or remove {link} to start with an empty one."
            )
    elif link.exists() or account.can("-x", data_dir):
        pgdata = link
    else:
        make_shared_root()
        # Named by chance, not by the path: data that was removed and made again must not meet
        # the database of its predecessor, and data that was moved must still find its own.
        pgdata = SHARED_ROOT / f"data-{secrets.token_hex(8)}" / "postgres"
    _check_version(pgdata)
    return Premises(account, link, pgdata, _socket_dir(account, data_dir))


def _check_version(pgdata: Path) -> None:
    try:
        found = (pgdata / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        return
    except PermissionError as error:
        raise EmbeddedPostgresFailed(
            f"The database in {pgdata} belongs to another user. Start as that user or as root."
        ) from error
    if found != str(MAJOR):
        raise EmbeddedPostgresFailed(
            f"The database in {pgdata} was made by Postgres {found}, but Postgres {MAJOR} is"
            " installed here. Move it over with pg_dump of the old version, or choose another"
            " UNDERSTUDY_DATA_DIR."
        )


def _socket_dir(account: Account, data_dir: Path) -> Path:
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()
    name = f"understudy-{account.uid}-{digest[:16]}"
    for parent in (Path(tempfile.gettempdir()), Path("/tmp")):  # noqa: S108 - checked below
        folder = parent.absolute() / name
        if len(os.fsencode(folder)) <= _LONGEST_FOLDER and account.can("-x", parent):
            return folder
    raise EmbeddedPostgresFailed("There is no folder for temporary files that Postgres can use.")


def make_socket_dir(premises: Premises) -> None:
    """
    Make the private folder of the socket, or take over our own of an earlier start.

    The name is foreseeable and its parent open to all, so anything that is not ours is refused.
    Call this while no server of this cluster is alive.
    """
    folder = premises.socket_dir
    if not os.path.lexists(folder):
        premises.account.give(folder)
    found = folder.lstat()
    mine = stat.S_ISDIR(found.st_mode) and found.st_uid == premises.account.uid
    if not mine or stat.S_IMODE(found.st_mode) != 0o700:
        raise EmbeddedPostgresFailed(
            f"{folder} should be a private folder of user {premises.account.uid}, but is not."
            " Somebody else made it: remove it, or set TMPDIR to another folder."
        )
    for leftover in folder.iterdir():
        leftover.unlink()


def remove_socket_dir(premises: Premises) -> None:
    """Leave nothing behind in the folder for temporary files; what is not empty stays."""
    with contextlib.suppress(OSError):
        premises.socket_dir.rmdir()


def clear_stale_pid(premises: Premises) -> None:
    """
    Remove the process id that a killed server left behind.

    Postgres itself takes the id for alive when another process of its user has it by now. The
    caller knows better, unless somebody started a server on this cluster by hand.
    """
    file = premises.pgdata / "postmaster.pid"
    try:
        pid = file.read_text().split("\n", 1)[0].strip()
    except FileNotFoundError:
        return
    try:
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        command = b""
    if os.fsencode(premises.pgdata) not in command:
        file.unlink()


def discard(data_dir: Path) -> None:
    """Remove the database of `data_dir`, wherever it lies; it must not run."""
    link = data_dir.resolve() / "postgres"
    if link.is_symlink():
        shutil.rmtree(link.readlink().parent, ignore_errors=True)
        link.unlink()
    elif link.exists():
        shutil.rmtree(link)
