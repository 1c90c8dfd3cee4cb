"""What is said and drawn of parts of the traffic, from a shadow that is bad in one of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from understudy.comparison import Comparison, Evidence, Policy, Traffic, compare
from understudy.comparison.paths import paths
from understudy.comparison.series import read_series
from understudy.log.comparisons import KeptComparison
from understudy.report import basis, parts
from understudy.report.earlier import earlier
from understudy.report.pictures import Pictures, histories
from understudy.report.tables import Table

ZONES = ("Centre", "Harbour", "Hill", "North", "South", "West")


@pytest.fixture(scope="module")
def evidence() -> Evidence:
    """Return evidence on a shadow that is better everywhere but on the hill."""
    rng = np.random.default_rng(0)
    n = 3000
    zone = rng.choice(ZONES, n)
    truth = rng.uniform(100_000, 300_000, n)
    served = 1.79e9 + np.arange(n) * 600.0
    units = [f"r{place:05d}" for place in range(n)]
    return Evidence(
        live=truth + rng.normal(0, 20_000, n),
        shadow=truth + rng.normal(0, 10_000, n) + 30_000 * (zone == "Hill"),
        served_at=served, outcomes=truth, outcome_at=served + 3600, units=units,
        instances=[0] * n, offline={"rmse": 20_000.0, "mae": 16_000.0},
        inputs=Traffic(pd.DataFrame({"zone": zone}), units, [0] * n, served),
        reference=pd.DataFrame({"zone": np.repeat(ZONES, 200)}), measured_in="USD",
    )  # fmt: skip


@pytest.fixture(scope="module")
def found(evidence: Evidence) -> Comparison:
    return compare(evidence, Policy(minimum_days=None))


@pytest.fixture(scope="module")
def pictures(evidence: Evidence, found: Comparison) -> Pictures:
    return Pictures(found, paths(evidence, found.policy, found.level), read_series(evidence))


def _column(table: Table, name: str) -> Sequence[str]:
    place = table[0].index(name)
    return [row[place].replace("\u00a0", " ") for row in table[1]]


def test_a_bad_slice_comes_first_and_says_so(found: Comparison) -> None:
    """With its units, both losses, its interval, and requests to look at."""
    table = parts.worst(found)
    assert _column(table, "Slice")[0] == "zone = Hill"
    assert _column(table, "Result")[0] == "BAD"
    assert "USD" in _column(table, "Shadow")[0]
    assert parts.worst_title(found).startswith("The shadow is too much worse in 1 of ")
    assert parts.examples(found)[0].startswith("zone = Hill: r0")
    assert "ten worst tested" in basis.slices(found)


def test_nothing_bad_is_told_without_a_claim(found: Comparison) -> None:
    """Not shown to be worse is not the same as good."""
    assert found.slices is not None
    harmless = replace(found.slices, worst=found.slices.worst[1:])
    title = parts.worst_title(replace(found, slices=harmless))
    assert title.endswith("is the shadow shown to be too much worse")


def test_where_the_models_are_apart_is_told_in_the_unit(found: Comparison) -> None:
    """And the rules say what drives it, for how many instances."""
    assert found.slices is not None
    assert parts.apart_title(found.slices.apart).endswith("where zone = Hill")
    assert all("USD" in cell for cell in _column(parts.apart(found), "Apart by"))
    assert found.explanation is not None
    assert parts.rules_title(found.explanation).endswith("is explained by zone")
    assert _column(parts.rules(found), "Mean difference")[0].startswith("+")
    assert "instances of the half" in basis.tree(found)
    held = parts.held(found)[0].replace("\u00a0", " ")
    assert held.startswith("Where zone = Hill (")
    assert "of the whole difference, between" in held


def test_a_rejecting_slice_is_the_decisive_picture(pictures: Pictures) -> None:
    """Then the same picture is not drawn a second time."""
    decisive = pictures.decisive()
    assert decisive is not None
    assert decisive.name == "slices"
    assert "drawn at the top" in pictures.once(pictures.worst(), decisive).html
    loss = pictures.development("loss")
    assert loss is not None
    assert pictures.once(loss, decisive) is loss.shown
    assert pictures.once(None, decisive).html == ""


def test_without_a_bad_slice_the_aim_is_the_decisive_picture(
    pictures: Pictures, found: Comparison
) -> None:
    """The errors where they are asked for and known, else the difference."""
    calm = replace(found, slices=None)
    decisive = replace(pictures, found=calm).decisive()
    assert decisive is not None
    assert decisive.name == "loss"
    same = replace(calm, policy=replace(calm.policy, aim="same"))
    other = replace(pictures, found=same).decisive()
    assert other is not None
    assert other.name == "difference"
    assert replace(pictures, found=same, paths=()).decisive() is None


def test_the_effect_at_each_look_is_drawn(found: Comparison) -> None:
    """One picture for each finding, with as many points as there were looks."""
    drift = found.input_drift
    assert drift is not None
    drawn = histories(drift.findings, drift)
    assert len(drawn) == len(drift.findings)
    assert any("at each look" in picture.html for picture in drawn)
    assert f"look {drift.look} at" in basis.drift(drift)


def test_comparisons_that_came_before_are_told_with_their_verdict() -> None:
    """One that nobody ever looked at has none."""
    start = datetime(2026, 1, 2, 3, 4, tzinfo=UTC)
    one = KeptComparison(
        1, "e", 1, "m", "1.0.0", "x", "m", "2.0.0", "y", {}, "0123456789abcdef", 1, start, start,
        3, {"verdict": "REJECT", "reasons": ["It fails.", "And more."]}, start,
    )  # fmt: skip
    table = earlier([replace(one, ended_at=None, verdict=None), one])
    assert _column(table, "To") == ["under way", "2026-01-02 03:04"]
    assert _column(table, "Verdict") == ["never judged", "REJECT"]
    assert _column(table, "Because") == ["–", "It fails."]
    assert _column(table, "Policy") == ["0123456789ab"] * 2
