"""GET /v1/windows and `understudy windows` show what is kept, and test nothing."""

import json
from collections.abc import Callable

import httpx
import pytest

from tests.integration.days import Days
from tests.integration.endpoint import ENDPOINT, Endpoint
from tests.unit.controllers.conftest import served
from understudy.artefacts.artefact import Artefact
from understudy.cli import main

Command = Callable[..., tuple[object, str, str]]


@pytest.fixture
def understudy(
    endpoint: Endpoint, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """The command line on the log of the endpoint."""
    monkeypatch.setenv("UNDERSTUDY_ENDPOINT", ENDPOINT)
    monkeypatch.setenv("UNDERSTUDY_DATABASE_URL", str(endpoint.settings.database_url))
    monkeypatch.setenv("UNDERSTUDY_DATA_DIR", str(endpoint.settings.data_dir))

    def run(*arguments: str) -> tuple[object, str, str]:
        capsys.readouterr()
        with pytest.raises(SystemExit) as ending:
            main(list(arguments))
        said = capsys.readouterr()
        return ending.value.code, said.out, said.err

    return run


def test_an_alarm_is_told_with_its_windows(
    endpoint: Endpoint, linear_artefact: Artefact, understudy: Command
) -> None:
    """Both tell the same: what alarms, since when, and each window, the newest first."""
    days = Days(endpoint, linear_artefact)
    for ago, area in ((4, 60.0), (3, 0.0)):
        days.serve(ago, 1000, area=area)
    assert days.close() == 2
    with served(endpoint.settings) as api:
        told = api.get("/v1/windows").json()
    assert (told["live"], told["is_alarming"], told["clean_windows"]) == (
        "tiny-houses:1.0.0",
        True,
        1,
    )
    assert [window["number"] for window in told["windows"]] == [2, 1]
    assert told["since"] == told["windows"][1]["until"]
    assert told["alarms"] == told["windows"][1]["alarms"] != []
    status, out, _ = understudy("windows", "--json")
    assert (status, json.loads(out)) == (0, told)
    status, out, _ = understudy("windows")
    lines = out.splitlines()
    assert status == 0
    assert lines[0].startswith("ALARM  The traffic of tiny-houses:1.0.0 alarms since")
    assert "area, distribution" in out
    assert [line.split()[0] for line in lines if line.endswith(("clean", "area"))] == ["2", "1"]


def test_before_the_first_window_both_say_so(
    endpoint: Endpoint, linear_artefact: Artefact, understudy: Command
) -> None:
    """No window is no alarm; nothing live is an error that tells what would help."""

    def ask(client: httpx.Client) -> int:
        return client.get("/v1/windows").status_code

    with served(endpoint.settings) as api:
        assert ask(api) == 404
        status, _, error = understudy("windows")
        assert status == 70
        assert "understudy deploy NAME:VERSION --live" in error
        Days(endpoint, linear_artefact)
        assert ask(api) == 200
    status, out, _ = understudy("windows")
    assert status == 0
    assert "has no window yet" in out
