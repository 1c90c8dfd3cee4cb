"""`understudy drift` on two files."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.integration.cli.conftest import CommandLine
from tests.unit.cli.files.conftest import Write


def sample(seed: int, rows: int, shift: float = 0.0) -> pd.DataFrame:
    """Return columns of every kind; `shift` moves one of them."""
    rng = np.random.default_rng(seed)
    area = rng.normal(100 + shift, 10, rows).round(3)
    return pd.DataFrame(
        {
            "row": np.arange(rows) + 10**6 * seed,
            "area": np.where(rng.random(rows) < 0.05, np.nan, area),
            "town": rng.choice(["Ames", "Boone", "NA"], rows, p=[0.5, 0.3, 0.2]),
            "has pool": rng.random(rows) < 0.3,
            "day": pd.date_range("2026-01-01", periods=rows, freq="h").astype(str),
            "note": [f"text {number}" for number in rng.integers(0, 10**9, rows)],
        }
    )


def told(understudy: CommandLine, *arguments: object) -> dict[str, Any]:
    """Run a comparison and return its JSON."""
    found: dict[str, Any] = json.loads(understudy.good("drift", *arguments, "--json"))
    return found


def test_the_kinds_and_keys_are_those_that_programs_rely_on(
    understudy: CommandLine, write: Write
) -> None:
    """Every kind of file reads alike, and every finding has all its figures."""
    reference, current = write(sample(1, 10_000), "before"), write(sample(2, 10_000), "after")
    found = told(understudy, reference, current)
    assert found["verdict"] == "NO_DRIFT"
    assert found["kinds"] == {
        "row": "id", "area": "numeric", "town": "categorical", "has pool": "categorical",
        "day": "time", "note": "text",
    }  # fmt: skip
    wanted = {
        "column", "kind", "finding", "test", "statistic", "p_value", "p_adjusted", "effect",
        "effect_name", "interval", "status", "n_reference", "n_current",
    }  # fmt: skip
    assert all(wanted <= finding.keys() for finding in found["findings"])
    assert {finding["n_current"] for finding in found["findings"]} >= {10_000}


def test_every_verdict_has_its_status(understudy: CommandLine, tmp_path: Path) -> None:
    """NO_DRIFT, DRIFT, UNSETTLED and NEED_MORE_DATA end with 0, 1, 2 and 3, and with 0 ungated."""
    columns = ["area", "town"]
    few = sample(2, 1500)
    few.loc[:5, "area"] = 1000.0
    sample(1, 10_000)[columns].to_parquet(tmp_path / "before")
    cases = {
        "NO_DRIFT": sample(2, 10_000),
        "DRIFT": sample(2, 10_000, shift=5),
        "UNSETTLED": few,
        "NEED_MORE_DATA": sample(2, 150),
    }
    for status, (verdict, frame) in enumerate(cases.items()):
        frame[columns].to_parquet(tmp_path / verdict)
        asked = ("drift", tmp_path / "before", tmp_path / verdict)
        ending = understudy(*asked, "--gate")
        assert (ending.status, f"Verdict: {verdict}" in ending.out) == (status, True), ending
        assert understudy(*asked).status == 0


def test_the_table_has_the_alarms_first_and_the_verdict_last(
    understudy: CommandLine, tmp_path: Path
) -> None:
    """What matters stands where the eye is; the rest is counted, and listed on demand."""
    sample(1, 5000).to_csv(tmp_path / "a.csv", index=False)
    sample(2, 5000, shift=5).to_csv(tmp_path / "b.csv", index=False)
    lines = understudy.good("drift", tmp_path / "a.csv", tmp_path / "b.csv").splitlines()
    assert lines[0].endswith("a.csv (5,000 rows)")
    assert lines[2].split()[:2] == ["column", "finding"]
    assert lines[3].split()[:3] == ["ALARM", "area", "distribution"]
    verdict = lines.index("Verdict: DRIFT")
    assert verdict > len(lines) - 5
    assert lines[verdict + 1].startswith("  area, distribution: D 0.")
    everything = understudy.good("drift", tmp_path / "a.csv", tmp_path / "b.csv", "--all")
    assert len(everything.splitlines()) > len(lines) + 5


def test_a_kind_can_be_said_and_a_column_left_out(understudy: CommandLine, tmp_path: Path) -> None:
    """Whole numbers that never repeat look like ids, but a person may know better."""
    sample(1, 2000).to_parquet(tmp_path / "a")
    sample(2, 2000).to_parquet(tmp_path / "b")
    found = told(
        understudy, tmp_path / "a", tmp_path / "b", "--kind", "row=numeric", "--kind",
        "area=categorical", "--ignore", "note",
    )  # fmt: skip
    assert (found["kinds"]["row"], found["kinds"]["area"]) == ("numeric", "categorical")
    assert "note" not in found["kinds"]
    assert found["verdict"] == "DRIFT"
    for wrong in ("row=number", "row", "=text"):
        assert understudy("drift", tmp_path / "a", tmp_path / "b", "--kind", wrong).status == 64
    ending = understudy("drift", tmp_path / "a", tmp_path / "b", "--ignore", "nott")
    assert (ending.status, "Is 'note' meant?" in ending.err) == (64, True)


def test_a_column_that_is_gone_raises_the_alarm(understudy: CommandLine, tmp_path: Path) -> None:
    """A missing column breaks a model; a new one is shown."""
    sample(1, 2000)[["area", "town"]].to_parquet(tmp_path / "a")
    sample(2, 2000)[["area", "has pool"]].to_parquet(tmp_path / "b")
    found = told(understudy, tmp_path / "a", tmp_path / "b")
    schema = {
        finding["column"]: finding["alarm"]
        for finding in found["findings"]
        if finding["status"] == "SCHEMA"
    }
    assert schema == {"town": True, "has pool": False}


def test_cells_that_do_not_fit_are_missing_and_told(
    understudy: CommandLine, tmp_path: Path
) -> None:
    """Words in a column of numbers count as missing, which is an alarm if there are many."""
    sample(1, 5000).to_csv(tmp_path / "a.csv", index=False)
    current = sample(2, 5000).astype({"area": object})
    current.loc[:999, "area"] = "unknwon"
    current.to_csv(tmp_path / "b.csv", index=False)
    found = told(understudy, tmp_path / "a.csv", tmp_path / "b.csv")
    assert [f["column"] for f in found["findings"] if f["alarm"]] == ["area"]
    assert "1,000 cells ('unknwon', …)" in found["remarks"][0]


def test_csv_and_parquet_of_the_same_rows_do_not_differ(
    understudy: CommandLine, tmp_path: Path
) -> None:
    """True is true and 1 is 1.0, whoever wrote it."""
    frame = sample(1, 3000)
    frame.to_csv(tmp_path / "a.csv", index=False)
    frame.to_parquet(tmp_path / "b")
    for pair in (("a.csv", "b"), ("b", "a.csv")):
        found = told(understudy, *(tmp_path / name for name in pair))
        assert {finding["effect"] for finding in found["findings"]} == {0.0}


def test_rows_of_one_unit_count_once(understudy: CommandLine, tmp_path: Path) -> None:
    """With --unit one row of each is compared, rows without one are left out and told."""
    frame = sample(1, 2000).assign(client=np.arange(2000) // 4)
    frame.to_parquet(tmp_path / "a")
    frame.assign(client=frame["client"].where(frame["client"] > 9)).to_parquet(tmp_path / "b")
    found = told(understudy, tmp_path / "a", tmp_path / "b", "--unit", "client")
    assert (found["units"], found["n_reference"]) == (490, 500)
    assert "client" not in found["kinds"]
    assert "40 rows have no 'client'" in found["remarks"][0]
    frame.drop(columns="client").to_parquet(tmp_path / "c")
    found = told(understudy, tmp_path / "c", tmp_path / "a", "--unit", "client")
    assert (found["units"], found["n_reference"]) == (500, 2000)
    assert "each of its rows counts by itself" in found["remarks"][0]


@pytest.mark.parametrize("nested", [[[1], [2]], [{"a": 1}, {"a": 2}]])
def test_lists_are_counted_and_not_tested(
    understudy: CommandLine, tmp_path: Path, nested: list[object]
) -> None:
    """A column of lists has a missing share and nothing else."""
    pd.DataFrame({"x": nested * 100}).to_parquet(tmp_path / "a")
    found = told(understudy, tmp_path / "a", tmp_path / "a")
    assert [finding["finding"] for finding in found["findings"]] == ["missing"]
    ending = understudy("drift", tmp_path / "a", tmp_path / "a", "--kind", "x=categorical")
    assert (ending.status, "holds lists" in ending.err) == (64, True)
