"""Settings are parsed strictly: what is not understood is refused by name."""

from dataclasses import fields
from pathlib import Path

import pytest

from understudy.errors import SettingInvalid
from understudy.settings import PREFIX, Settings, read_settings


def read(**variables: str) -> Settings:
    """Read settings from these variables alone."""
    return read_settings({PREFIX + name.upper(): value for name, value in variables.items()})


def test_without_variables_the_defaults_hold() -> None:
    """An empty environment is a working one."""
    assert read() == Settings()
    assert Settings().host == "127.0.0.1"


def test_each_kind_of_value_is_parsed() -> None:
    """Numbers, claims, choices and paths arrive as what they are."""
    settings = read(
        data_dir="/srv/x", workers="3", request_timeout_s="1.5", log_inputs="false",
        durability="power", expectations="refuse", spool_policy="strict", api_key="k",
    )  # fmt: skip
    assert settings.data_dir == Path("/srv/x")
    assert (settings.workers, settings.request_timeout_s) == (3, 1.5)
    assert settings.log_inputs is False
    assert (settings.durability, settings.expectations) == ("power", "refuse")
    assert settings.spool_policy == "strict"
    assert read(log_inputs="TRUE").log_inputs is True


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("log_inputs", "maybe", "true or false"),
        ("workers", "two", "whole number"),
        ("workers", "0", "greater than 0"),
        ("port", "99999", "between 0 and 65535"),
        ("port", "-1", "between 0 and 65535"),
        ("request_timeout_s", "nan", "must be a number"),
        ("request_timeout_s", "soon", "must be a number"),
        ("retention_days", "-1", "not be negative"),
        ("durability", "maximal", "process, power"),
        ("access", "key", "auto, keys"),
        ("max_head_bytes", "0", "greater than 0"),
        ("arrival_timeout_s", "0", "greater than 0"),
        ("max_connections", "0", "greater than 0"),
        ("log_level", "LOUD", "DEBUG, INFO, WARNING or ERROR"),
    ],
)
def test_a_value_that_is_not_understood_is_refused_by_name(
    name: str, value: str, message: str
) -> None:
    """The error names the variable, what was found and what would be right."""
    with pytest.raises(SettingInvalid, match=message) as refused:
        read(**{name: value})
    assert PREFIX + name.upper() in str(refused.value)
    assert value in str(refused.value)


def test_an_unknown_variable_is_refused_with_the_nearest_known_one() -> None:
    """A typo never becomes a silent default."""
    with pytest.raises(SettingInvalid, match="did you mean UNDERSTUDY_WORKERS"):
        read(workrs="2")
    with pytest.raises(SettingInvalid, match="known are"):
        read(zzzzzzzz="2")


def test_the_other_ports_follow_the_apis() -> None:
    """One variable moves a whole checkout; each port can still be set by itself."""
    moved = read(port="9000", shadow_port="7000")
    assert (moved.agent_port, moved.shadow_port, moved.watcher_port) == (9001, 7000, 9003)


def test_a_child_process_reads_the_same_settings() -> None:
    """What is handed on in the environment is read back unchanged."""
    settings = read(port="9000", data_dir="/srv/x", api_key="k", log_inputs="true", workers="3")
    assert read_settings(settings.environment()) == settings


def test_trust_is_not_switched_off_by_an_empty_word() -> None:
    """Whoever wrote the variable meant a path; without it no signature is asked for."""
    assert read().trusted_keys is None
    assert read(trusted_keys="/srv/keys").trusted_keys == Path("/srv/keys")
    with pytest.raises(
        SettingInvalid, match="UNDERSTUDY_TRUSTED_KEYS is '', but it must be a path"
    ):
        read(trusted_keys="")


def test_no_secret_shows_in_a_repr() -> None:
    """A logged settings object tells neither the key nor the database's password."""
    shown = repr(read(api_key="s3cret", database_url="postgresql://u:pa55@h/d"))
    assert "s3cret" not in shown
    assert "pa55" not in shown


def test_places_lie_in_the_data_directory() -> None:
    """Everything a checkout writes is below one folder."""
    settings = Settings(data_dir=Path("/srv/x"))
    places = [settings.spool_dir, settings.cache_dir, settings.deployment_file, settings.run_file]
    assert all(place.is_relative_to("/srv/x") for place in places)
    assert settings.artefacts_url == "/srv/x/artefacts"
    assert Settings(artefact_store="s3://bucket/x").artefacts_url == "s3://bucket/x"


def test_every_setting_is_documented() -> None:
    """The table in docs/operations.md names each variable."""
    text = (Path(__file__).parents[2] / "docs" / "operations.md").read_text()
    for spec in fields(Settings):
        assert f"`{PREFIX}{spec.name.upper()}`" in text, spec.name
