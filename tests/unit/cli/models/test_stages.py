"""What packaging does is told in few lines, and what takes long is named."""

import pytest

from tests.integration.stacks import until
from understudy.cli.models.stages import Stages


def test_one_line_tells_of_all_quick_gates(capsys: pytest.CaptureFixture[str]) -> None:
    """They are asked within a moment."""
    with Stages(clock=lambda: 0.0, patience=60.0) as stages:
        for what in ("scoring", "gate schema: Do?", "gate quiz: Are?", "writing"):
            stages(what)
    told = [line.split("s  ")[1] for line in capsys.readouterr().err.splitlines()]
    assert told == ["scoring", "asking 14 gates", "writing"]


def test_a_slow_gate_is_named_while_it_is_asked(capsys: pytest.CaptureFixture[str]) -> None:
    """A person sees what there is to wait for."""
    told: list[str] = []

    def is_named() -> bool:
        told.append(capsys.readouterr().err)
        return "gate reproducible: Does?" in "".join(told)

    with Stages(patience=0.01) as stages:
        stages("gate reproducible: Does?")
        until(is_named)
    assert "asking 14 gates" in "".join(told)
