"""Starting the api: who may listen where, and whose metrics are whose."""

import os
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


def test_an_idle_connection_outlives_those_of_a_balancer() -> None:
    """Who ends a connection first meets no reset; balancers commonly keep one for a minute."""
    assert _Gunicorn(Settings()).cfg.keepalive > 60
