"""Limits that cannot be are refused before anything is measured."""

from pathlib import Path

import pytest

from understudy.errors import GatesInvalid
from understudy.packaging.gates.limits import Limits, read_limits


def test_what_is_not_set_has_its_default() -> None:
    """Nothing, an empty file's content, and limits that are read already."""
    assert read_limits(None) == read_limits({}) == Limits()
    limits = Limits()
    assert read_limits(limits) is limits


def test_limits_come_from_a_file(tmp_path: Path) -> None:
    """One section per gate."""
    file = tmp_path / "gates.yaml"
    file.write_text("live: {margin: 0.05}\nslices:\n  columns: [zone]\n  ratio: 2\n")
    limits = read_limits(file)
    assert limits.live.margin == 0.05
    assert limits.slices.columns == ("zone",)
    assert limits.slices.ratio == 2.0
    file.write_text("")
    assert read_limits(str(file)) == Limits()


def test_a_file_that_is_no_yaml_is_named(tmp_path: Path) -> None:
    """And one that is not there."""
    file = tmp_path / "gates.yaml"
    with pytest.raises(GatesInvalid, match=r"gates\.yaml cannot be read as YAML"):
        read_limits(file)
    file.write_text("live: [")
    with pytest.raises(GatesInvalid, match=r"gates\.yaml cannot be read as YAML"):
        read_limits(file)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({"life": {}}, "gates has 'life', which is not one of quality, live"),
        ({"live": {"margin": "2 %"}}, "gates.live.margin has '2 %', which is not a number"),
        (
            {"quality": {"metric": "maee"}},
            "gates.quality.metric has 'maee', which is not one of mae, rmse, r2, accuracy,",
        ),
        (
            {"quality": {"metric": "mae"}},
            "quality is a metric without a limit, but must be a metric with a limit, or neither",
        ),
        ({"quality": {"limit": 1}}, "quality is a limit without a metric, but must be"),
        ({"denied": {"names": [3]}}, "3, which is not text"),
        ({"quality": {"metric": "mae", "limit": float("inf")}}, "quality.limit is inf"),
        ({"live": {"margin": -0.1}}, "live.margin is -0.1, but must be a number of at least 0"),
        ({"live": {"margin": float("nan")}}, "live.margin is nan"),
        ({"simpler": {"columns": 0}}, "simpler.columns is 0, but must be at least 1"),
        ({"simpler": {"margin": float("inf")}}, "simpler.margin is inf"),
        ({"slices": {"least_rows": 5}}, "slices.least_rows is 5, but must be at least 30"),
        ({"slices": {"ratio": 0.5}}, "slices.ratio is 0.5, but must be a number of at least 1"),
        ({"slices": {"margin": -1}}, "slices.margin is -1"),
        ({"deviation": {"relative": -1}}, "deviation.relative is -1"),
        ({"deviation": {"share": 20}}, "deviation.share is 20.0, but must be between 0 and 1"),
        ({"deviation": {"listed": 10**6}}, "deviation.listed is 1000000"),
        ({"leakage": {"share": float("nan")}}, "leakage.share is nan, but must be between 0 and 1"),
        ({"leakage": {"share": -0.01}}, "leakage.share is -0.01"),
        ({"leakage": {"share": 1.5}}, "leakage.share is 1.5"),
        ({"staleness": {"warn_days": -1}}, "staleness.warn_days is -1, but must be at least 0"),
        ({"staleness": {"refuse_days": -1}}, "staleness.refuse_days is -1"),
        ({"cost": {"ms_per_row": 0.0}}, "cost.ms_per_row is 0.0, but must be a number above 0"),
        ({"cost": {"ms_per_row": float("nan")}}, "cost.ms_per_row is nan"),
        ({"cost": {"ms_per_row": float("inf")}}, "cost.ms_per_row is inf"),
    ],
)
def test_a_limit_that_cannot_be_is_refused(content: dict[str, object], said: str) -> None:
    """Naming its place, what was found and what is wanted."""
    with pytest.raises(GatesInvalid, match=said.replace("(", r"\(")):
        read_limits(content)
