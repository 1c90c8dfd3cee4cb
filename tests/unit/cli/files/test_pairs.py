"""`understudy pairs` on files of anyone's pairs."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.integration.cli.conftest import CommandLine
from tests.unit.cli.files.conftest import Write

MODELS = ("--live", "linear", "--shadow", "boosted")
WITH_PRICES = (*MODELS, "--outcome", "price")


def told(understudy: CommandLine, *arguments: object) -> dict[str, Any]:
    """Run a comparison and return its JSON."""
    found: dict[str, Any] = json.loads(understudy.good("pairs", *arguments, "--json"))
    return found


def test_a_better_shadow_is_promoted_from_any_kind_of_file(
    understudy: CommandLine, write: Write, prices: pd.DataFrame
) -> None:
    """CSV, gzipped CSV and Parquet give the same verdict, with the keys that programs rely on."""
    path = write(prices, "pairs")
    found = told(understudy, path, *WITH_PRICES, "--slice", "town")
    assert {"coverage", "findings", "slices", "verdict", "reasons", "more_needed"} <= found.keys()
    assert (found["verdict"], found["task"]) == ("PROMOTE", "regression")
    assert found["coverage"]["compared"] == found["coverage"]["recorded"] == 3000
    assert found["outcomes"]["ratio"] == pytest.approx(-0.3, abs=0.02)
    assert {finding["test"] for finding in found["findings"]} >= {"paired t", "TOST"}
    assert understudy("pairs", path, *WITH_PRICES, "--gate").status == 0


def test_every_verdict_has_its_status(
    understudy: CommandLine, tmp_path: Path, prices: pd.DataFrame
) -> None:
    """PROMOTE, REJECT, HOLD and NEED_MORE_DATA end with 0, 1, 2 and 3, and with 0 ungated."""
    half = prices["boosted"].where(np.arange(3000) % 2 == 0)
    cases = {
        "PROMOTE": (prices, ("linear", "boosted")),
        "REJECT": (prices, ("boosted", "linear")),
        "HOLD": (prices.assign(boosted=half), ("linear", "boosted", "--policy")),
        "NEED_MORE_DATA": (prices.head(50), ("linear", "boosted")),
    }
    policy = tmp_path / "policy.yaml"
    policy.write_text("guards: []\n")
    for status, (verdict, (frame, (live, shadow, *more))) in enumerate(cases.items()):
        path = tmp_path / f"{verdict}.parquet"
        frame.to_parquet(path)
        asked = ["pairs", path, "--live", live, "--shadow", shadow, "--outcome", "price"]
        asked += [*more, *([policy] if more else [])]
        ending = understudy(*asked, "--gate")
        assert (ending.status, f"Verdict: {verdict}" in ending.out) == (status, True), ending
        assert understudy(*asked).status == 0


def test_every_row_of_the_file_is_accounted_for(
    understudy: CommandLine, tmp_path: Path, prices: pd.DataFrame
) -> None:
    """An empty answer of the shadow is a failed pair, one of live excludes its row."""
    frame = prices.astype(object)
    frame.loc[0:2, "boosted"] = ["", "NaN", "crashed"]
    frame.loc[3:4, "linear"] = ["", "inf"]
    frame.loc[5, "agent"] = ""
    frame.loc[6, "sold"] = "some day"
    path = tmp_path / "pairs.csv"
    frame.to_csv(path, index=False)
    path.write_text(path.read_text() + "1,2,3\n")
    asked = (path, *WITH_PRICES, "--unit", "agent", "--time", "sold")
    found = told(understudy, *asked)
    assert found["coverage"]["recorded"] == 3001
    assert found["coverage"]["compared"] == 3000 - 7
    assert found["coverage"]["failed_because"] == {"no usable boosted": 3}
    assert found["coverage"]["excluded_because"] == {
        "row cannot be read": 1, "no agent": 1, "no sold": 1, "no usable linear": 2,
    }  # fmt: skip
    assert found["coverage"]["excluded"] == 5
    text = understudy.good("pairs", *asked)
    for said in ("'crashed'", "'some day'", "1 row that cannot be read", "failed: 3 (no usable"):
        assert said in text


def test_a_unit_is_what_is_counted(
    understudy: CommandLine, tmp_path: Path, prices: pd.DataFrame
) -> None:
    """Rows of one agent are one unit; without the option each row counts, and this is said."""
    path = tmp_path / "pairs.parquet"
    prices.to_parquet(path)
    assert (
        told(understudy, path, *WITH_PRICES, "--unit", "agent")["units"]
        == prices["agent"].nunique()
    )
    alone = told(understudy, path, *WITH_PRICES)
    assert alone["units"] == 3000
    assert any("a request of its own" in remark for remark in alone["remarks"])


def test_slices_are_looked_for_where_rows_share_a_unit(
    understudy: CommandLine, tmp_path: Path, prices: pd.DataFrame
) -> None:
    """The columns stand beside the answers, whatever the unit is."""
    path = tmp_path / "pairs.parquet"
    prices.loc[prices["town"] == "Ames", "boosted"] += 60
    prices.to_parquet(path)
    found = told(understudy, path, *WITH_PRICES, "--slice", "town", "--unit", "agent")
    assert [part["name"] for part in found["slices"] if part["is_bad"]] == ["town = Ames"]


def test_time_puts_the_rows_in_order(
    understudy: CommandLine, tmp_path: Path, prices: pd.DataFrame
) -> None:
    """With times the order of the file does not matter."""
    ordered, shuffled = tmp_path / "a.parquet", tmp_path / "b.parquet"
    prices.to_parquet(ordered)
    prices.sample(frac=1, random_state=1).to_parquet(shuffled)
    first, second = (
        told(understudy, path, *WITH_PRICES, "--time", "sold") for path in (ordered, shuffled)
    )
    assert first["pairs"]["quarters"] == second["pairs"]["quarters"]
    assert first["days"] == pytest.approx(2999 * 7 / 1440)


def test_margins_come_from_lives_own_errors_or_from_the_person(
    understudy: CommandLine, tmp_path: Path, prices: pd.DataFrame
) -> None:
    """Without outcomes nothing tells which differences matter, so it is asked for."""
    path = tmp_path / "pairs.parquet"
    prices.to_parquet(path)
    found = told(understudy, path, *WITH_PRICES, "--aim", "same")
    rmse = float(np.sqrt(np.mean((prices["linear"] - prices["price"]) ** 2)))
    assert found["policy"]["difference_margin"] == pytest.approx(0.1 * rmse)
    assert any("a tenth of live's own RMSE" in remark for remark in found["remarks"])
    ending = understudy("pairs", path, *MODELS)
    assert ending.status == 64
    assert "--margin NUMBER" in ending.err
    assert "--tolerance NUMBER" in ending.err
    alone = told(understudy, path, *MODELS, "--margin", 5, "--tolerance", 60)
    assert (alone["policy"]["aim"], alone["policy"]["tolerance"]) == ("same", 60.0)


def test_a_policy_of_an_endpoint_serves_for_a_file(
    understudy: CommandLine, tmp_path: Path, prices: pd.DataFrame
) -> None:
    """Options go before the policy; its days do not apply, and this is said."""
    path, policy = tmp_path / "pairs.parquet", tmp_path / "policy.yaml"
    prices.to_parquet(path)
    policy.write_text("{aim: better, minimum_days: 7, loss_margin: 0.5, unit: client}")
    found = told(understudy, path, *WITH_PRICES, "--policy", policy, "--loss-margin", 0.1)
    assert (found["policy"]["aim"], found["policy"]["loss_margin"]) == ("better", 0.1)
    assert (found["policy"]["minimum_days"], found["policy"]["unit"]) == (None, "request")
    assert any("minimum_days does not apply" in remark for remark in found["remarks"])
    policy.write_text("{aim: richer}")
    assert understudy("pairs", path, *WITH_PRICES, "--policy", policy).status == 64


@pytest.fixture
def classes(tmp_path: Path) -> Path:
    """Two classifiers' probabilities, labels and codes of labels, and what came true."""
    rng = np.random.default_rng(5)
    came = rng.random(2000) < 0.3
    live = np.clip(np.where(came, 0.7, 0.2) + rng.normal(0, 0.2, 2000), 0, 1)
    shadow = np.clip(np.where(came, 0.75, 0.15) + rng.normal(0, 0.15, 2000), 0, 1)
    words = np.array(["stays", "leaves"])
    pd.DataFrame(
        {
            "p_live": live, "p_shadow": shadow, "says_live": words[(live > 0.5) * 1],
            "says_shadow": words[(shadow > 0.5) * 1], "truth": words[came * 1],
            "code": came * 1, "flag_live": live > 0.5, "flag_shadow": shadow > 0.5,
            "one_live": (live > 0.5) * 1, "one_shadow": (shadow > 0.5) * 1,
            "part_live": rng.choice(["a", "b", "c"], 2000),
            "part_shadow": rng.choice(["a", "b"], 2000),
        }
    ).to_csv(tmp_path / "classes.csv", index=False)  # fmt: skip
    return tmp_path / "classes.csv"


@pytest.mark.parametrize(
    ("live", "shadow", "more", "task"),
    [
        ("p_live", "p_shadow", ("--outcome", "code"), "binary"),
        ("p_live", "p_shadow", ("--outcome", "truth", "--positive", "leaves"), "binary"),
        ("says_live", "says_shadow", ("--outcome", "truth"), "binary"),
        ("flag_live", "flag_shadow", (), "binary"),
        ("one_live", "one_shadow", ("--outcome", "code"), "binary"),
        ("part_live", "part_shadow", ("--outcome", "part_live"), "multiclass"),
        ("one_live", "one_shadow", ("--task", "multiclass", "--outcome", "code"), "multiclass"),
        ("p_live", "p_shadow", ("--margin", "0.1", "--tolerance", "0.5"), "regression"),
        ("p_live", "p_shadow", ("--outcome", "code", "--task", "regression"), "regression"),
    ],
)
def test_the_task_is_told_from_the_columns(
    understudy: CommandLine, classes: Path, live: str, shadow: str, more: tuple[str, ...], task: str
) -> None:
    """Numbers are regression, labels classification, probabilities binary; it is said."""
    found = told(understudy, classes, "--live", live, "--shadow", shadow, *more)
    assert found["task"] == task
    assert found["remarks"][0].startswith(f"Task: {task} (")
    assert found["coverage"]["compared"] == 2000


def test_probabilities_and_labels_of_one_model_belong_together(
    understudy: CommandLine, classes: Path
) -> None:
    """Log loss needs the one, disagreement the other; both stand in one comparison."""
    found = told(
        understudy, classes, "--live", "p_live", "--shadow", "p_shadow", "--outcome", "truth",
        "--positive", "leaves", "--live-label", "says_live", "--shadow-label", "says_shadow",
        "--loss", "log_loss",
    )  # fmt: skip
    assert found["verdict"] == "PROMOTE"
    assert {error["name"] for error in found["outcomes"]["errors"]} >= {"log_loss", "error_rate"}
    assert {guard["name"] for guard in found["pairs"]["guards"]} >= {"difference", "labels"}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("--live", "p_liv", "--shadow", "p_shadow"), "Is 'p_live' meant?"),
        (("--live", "p_live", "--shadow", "says_shadow"), "not the answers of two models"),
        (
            ("--live", "p_live", "--shadow", "p_shadow", "--outcome", "truth"),
            "--positive which class",
        ),
        (
            ("--live", "p_live", "--shadow", "p_shadow", "--outcome", "truth", "--positive", "no"),
            "The positive class is 'no'",
        ),
        (
            ("--live", "says_live", "--shadow", "says_shadow", "--outcome", "code"),
            "is a label that the models give",
        ),
        (("--live", "says_live", "--shadow", "says_shadow", "--aim", "better"), "--aim same"),
        (("--live", "says_live", "--shadow", "says_shadow", "--task", "regression"), "no number"),
        (("--live", "p_live", "--shadow", "p_shadow", "--task", "multiclass"), "too many"),
        (("--live", "part_live", "--shadow", "part_shadow", "--task", "binary"), "a, b, c"),
        (
            ("--live", "p_live", "--shadow", "p_shadow", "--live-label", "says_live"),
            "given together",
        ),
    ],
)
def test_what_cannot_be_compared_is_refused_in_one_line(
    understudy: CommandLine, classes: Path, asked: tuple[str, ...], said: str
) -> None:
    """The line names the column, what was found and what would help."""
    ending = understudy("pairs", classes, *asked, "--gate")
    assert (ending.status, ending.out) == (64, "")
    assert said in ending.err
    assert ending.err.count("\n") == 1
