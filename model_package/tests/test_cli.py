import json
import runpy

import pandas as pd
import pytest

from house_prices.cli import main
from house_prices.data import load_sales


@pytest.fixture
def run(capsys):
    """Runs the command line and returns its status, output and errors."""

    def called(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return ended.value.code, captured.out, captured.err

    return called


def test_synthetic_sales_are_written_and_load_again(run, tmp_path, config, sales):
    """The file holds what the function makes."""
    status, out, _ = run("synthetic", "--out", tmp_path / "sales.csv")
    assert (status, "2900 sales written" in out) == (0, True)
    pd.testing.assert_frame_equal(load_sales(tmp_path / "sales.csv", config), sales)


def test_the_seed_makes_another_market(run, tmp_path, config, sales):
    """And the same one again."""
    run("synthetic", "--out", tmp_path / "a.csv", "--seed", 9)
    run("synthetic", "--out", tmp_path / "b.csv", "--seed", 9)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert not load_sales(tmp_path / "a.csv", config).equals(sales)


def test_split_writes_the_serving_years_with_their_prices(run, tmp_path):
    """In order of time, one JSON object a line."""
    status, out, _ = run("split", "--data", "synthetic", "--serve", tmp_path / "serve.jsonl")
    lines = (tmp_path / "serve.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    months = [(record["YrSold"], record["MoSold"]) for record in records]
    assert status == 0
    assert f"{len(records)} sales written" in out
    assert months == sorted(months)
    assert {year for year, _ in months} == {2009, 2010}
    assert all(record["SalePrice"] > 0 for record in records)


def test_split_reads_a_file(run, tmp_path):
    """A CSV in, a CSV out."""
    run("synthetic", "--out", tmp_path / "sales.csv")
    status, _, _ = run("split", "--data", tmp_path / "sales.csv", "--serve", tmp_path / "serve.csv")
    assert status == 0
    assert (tmp_path / "serve.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["split", "--data", "none.csv", "--serve", "x.csv"], "none.csv does not exist"),
        (["train", "--model", "forest", "--out", "x"], "'forest' is not one of"),
        (["synthetic"], "Missing option"),
        (["synthetic", "--out", "x.csv", "--seed", "-1"], "--seed"),
        (["polish"], "No such command"),
    ],
)
def test_a_wrong_call_is_one_line_and_status_64(run, arguments, message, tmp_path, monkeypatch):
    """Nothing is written."""
    monkeypatch.chdir(tmp_path)
    status, _, err = run(*arguments)
    assert status == 64
    assert message in err
    assert err.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_cannot_be_used_is_one_line_and_status_70(run, tmp_path):
    """The message says what is wrong with it."""
    (tmp_path / "sales.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    status, _, err = run("split", "--data", tmp_path / "sales.csv", "--serve", tmp_path / "x.csv")
    assert status == 70
    assert "'a' is not one of the Ames file" in err
    assert err.count("\n") == 1


def test_a_configuration_of_ones_own_is_used_or_refused(run, tmp_path):
    """A key that does not exist is named."""
    (tmp_path / "mine.yaml").write_text("sed: 1\n", encoding="utf-8")
    arguments = ["synthetic", "--out", tmp_path / "x.csv", "--config", tmp_path / "mine.yaml"]
    status, _, err = run(*arguments)
    assert status == 70
    assert "did you mean 'seed'" in err


def test_help_is_no_error(run):
    """Every command explains itself."""
    for arguments in (["--help"], ["train", "--help"], ["split", "--help"], ["--version"]):
        assert run(*arguments)[0] == 0


def test_python_m_runs_the_same_command_line(capsys, monkeypatch):
    """For environments whose scripts are not on the path."""
    monkeypatch.setattr("sys.argv", ["house-prices", "--version"])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("house_prices", run_name="__main__")
    assert ended.value.code == 0
    assert "0.1.0" in capsys.readouterr().out
