"""Postgres runs as the caller, or for root as somebody else, and never as root."""

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from understudy.errors import EmbeddedPostgresFailed
from understudy.log.account import Account, choose_account

ME = Account(os.geteuid(), os.getegid(), dropped=False)


def test_a_command_runs_as_a_child_that_hears_of_its_parents_end() -> None:
    """The guard lets it through while the parent is the one who asked."""
    command = ME.command("echo", "two words", "$HOME")
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert found.stdout == "two words $HOME\n"
    assert not any(part.startswith("--reuid") for part in command)


def test_a_command_whose_parent_is_gone_does_not_run() -> None:
    """The owner may die before the kernel is asked to tell: then nothing must start."""
    command = ME.command("echo", "too late")
    place = command.index(str(os.getpid()))
    command[place] = "1"
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (found.stdout, found.returncode) == ("", 1)


def test_a_machine_without_setpriv_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the package and the way around."""
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    with pytest.raises(EmbeddedPostgresFailed, match="util-linux"):
        ME.command("true")


def test_a_normal_user_is_herself(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing is dropped, and folders keep their owner."""
    monkeypatch.setattr("os.geteuid", lambda: 12345)
    account = choose_account(tmp_path)
    assert (account.uid, account.dropped) == (12345, False)
    account.give(tmp_path / "new")
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700
    assert account.can("-d", tmp_path / "new")
    assert not account.can("-f", tmp_path / "new")


def test_root_becomes_postgres_or_else_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The first of the two that exists; without any there is a clear error."""
    nobody = pwd.getpwnam("nobody")
    users = {"nobody": nobody}
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("pwd.getpwnam", users.__getitem__)
    account = choose_account(tmp_path / "absent")
    assert account == Account(nobody.pw_uid, nobody.pw_gid, dropped=True)
    users.clear()
    with pytest.raises(EmbeddedPostgresFailed, match="neither"):
        choose_account(tmp_path / "absent")
