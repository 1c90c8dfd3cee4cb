"""Model versions are named one way, and every decision has an author."""

import getpass

import click
import pytest

from understudy.cli.names import MODEL, ModelName, parse_model, who


def test_a_name_and_a_version_are_one_word() -> None:
    """Nothing else passes for it."""
    assert parse_model("house-prices:2.0.0") == ModelName("house-prices", "2.0.0")
    assert str(ModelName("a", "1.0.0")) == "a:1.0.0"
    for text in ("house-prices", ":1.0.0", "a:", "./a:b/c", ""):
        assert parse_model(text) is None


def test_an_argument_of_another_form_is_refused() -> None:
    """The message gives an example."""
    assert MODEL.convert(ModelName("a", "1"), None, None) == ModelName("a", "1")
    with pytest.raises(click.BadParameter, match=r"such as house-prices:2\.0\.0"):
        MODEL.convert("nonsense", None, None)


def test_somebody_without_a_name_has_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """A container's user without an entry in the password file still signs."""

    def nobody() -> str:
        raise KeyError("getpwuid(): uid not found")

    assert who().startswith(f"{getpass.getuser()}@")
    monkeypatch.setattr(getpass, "getuser", nobody)
    assert who().startswith("uid ")
