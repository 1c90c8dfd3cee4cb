"""Starting the api: who may listen where, and whose metrics are whose."""

import fcntl
import os
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from understudy.errors import SettingInvalid
from understudy.hosts import is_loopback
from understudy.keys import KeyBook
from understudy.serve import _Gunicorn, own_folder, refuse_open_doors
from understudy.serving import key_file
from understudy.settings import Settings


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "::", "example.org"])  # noqa: S104
def test_without_a_key_only_loopback_is_served(host: str) -> None:
    """An address beyond this machine needs a key; with one it is fine."""
    with pytest.raises(SettingInvalid, match="UNDERSTUDY_API_KEY"):
        refuse_open_doors(Settings(host=host))
    refuse_open_doors(Settings(host=host, api_key="k"))


def test_keys_of_any_kind_open_other_addresses(tmp_path: Path) -> None:
    """Told to ask for keys, or with keys that were made; a damaged file asks as well."""
    everywhere = Settings(host="0.0.0.0", data_dir=tmp_path)  # noqa: S104
    refuse_open_doors(replace(everywhere, access="keys"))
    with pytest.raises(SettingInvalid):
        refuse_open_doors(everywhere)
    key_file.write(everywhere.key_file, KeyBook(asks=True))
    refuse_open_doors(everywhere)
    everywhere.key_file.write_text("{")
    refuse_open_doors(everywhere)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_loopback_may_be_open(host: str) -> None:
    """Nobody else can reach it."""
    assert is_loopback(host)
    refuse_open_doors(Settings(host=host))


def test_a_second_service_leaves_the_metrics_of_the_first_alone(tmp_path: Path) -> None:
    """Only the folders of services that have ended are removed."""
    first, first_lock = own_folder(tmp_path)
    (first / "counter.db").write_bytes(b"1")
    second, second_lock = own_folder(tmp_path)
    assert (first / "counter.db").exists()
    os.close(first_lock)
    third, third_lock = own_folder(tmp_path)
    assert not first.exists()
    assert second.exists()
    assert third.exists()
    os.close(second_lock)
    os.close(third_lock)


def is_locked(folder: Path) -> bool:
    """Say whether somebody holds a folder."""
    looking = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(looking, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(looking)
    return False


def test_services_that_start_at_once_have_a_folder_each(tmp_path: Path) -> None:
    """Those of a user share the place, and all tidy up what the dead have left there."""
    at_once = 16
    start = threading.Barrier(at_once)

    def begin(number: int) -> tuple[Path, int]:
        start.wait()
        return own_folder(tmp_path)

    with ThreadPoolExecutor(at_once) as starting:
        for _ in range(20):
            dead = [tmp_path / f"api-dead{number}" for number in range(8)]
            for folder in dead:
                folder.mkdir()
                (folder / "counter.db").write_bytes(b"1")
            owned = list(starting.map(begin, range(at_once)))
            assert len({folder for folder, _ in owned}) == at_once
            assert all(is_locked(folder) for folder, _ in owned)
            assert not any(folder.exists() for folder in dead)
            for _, lock in owned:
                os.close(lock)  # they are the dead of the next round


def test_a_folder_that_goes_meanwhile_is_nobody_s_fault(tmp_path: Path) -> None:
    """Whoever else tidies up there, and be it by hand: the service starts."""
    gone = tmp_path / "api-gone"
    gone.symlink_to(tmp_path / "nowhere")  # listed, and not there when it is opened
    folder, lock = own_folder(tmp_path)
    assert is_locked(folder)
    os.close(lock)


def test_an_idle_connection_outlives_those_of_a_balancer() -> None:
    """Who ends a connection first meets no reset; balancers commonly keep one for a minute."""
    assert _Gunicorn(Settings()).cfg.keepalive > 60
