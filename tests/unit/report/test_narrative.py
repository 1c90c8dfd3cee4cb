"""The report's sentences and tables say what the comparison says, for every kind of it."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from understudy.comparison import Comparison, Evidence, Policy, compare
from understudy.comparison.series import Group, loss_by_quarter, read_series
from understudy.comparison.standing import standings
from understudy.comparison.values import Expected, check_values
from understudy.report import narrative, tables

Make = Callable[..., Evidence]
QUICK = Policy(minimum_days=None)


def plain(text: str) -> str:
    """Let spaces be spaces."""
    return text.replace("\u00a0", " ")


def _labels(n: int = 400, wrong: float = 0.1) -> Evidence:
    rng = np.random.default_rng(0)
    truth = rng.choice(["a", "b", "c"], n)
    other = np.where(rng.random(n) < wrong, "a", truth)
    return Evidence(
        live=None, shadow=None, task="multiclass", live_labels=truth, shadow_labels=other,
        outcomes=truth, live_name="m:1.0.0", shadow_name="m:2.0.0",
    )  # fmt: skip


def _nothing(prices: Make) -> Evidence:
    return replace(prices(0), inputs=None, outcomes=None, outcome_at=None)


def test_the_opening_says_word_figure_and_reason(prices: Make) -> None:
    """A manager needs no more than this."""
    promoted = compare(prices(), QUICK)
    assert promoted.verdict == "PROMOTE"
    meaning, figure = map(plain, narrative.opening(promoted))
    assert meaning == "houses:2.0.0 is fit to take over from houses:1.0.0."
    assert "USD against" in figure
    assert "between −" in figure
    rejected = compare(prices(shadow_sd=40.0), QUICK)
    assert rejected.verdict == "REJECT"
    assert narrative.opening(rejected)[2] == rejected.reasons[0]
    early = compare(prices(200), QUICK)
    assert narrative.opening(early)[2] == early.more_needed.sentence
    assert "No instance has been answered" in narrative.opening(compare(_nothing(prices)))[1]


def test_without_outcomes_the_opening_tells_the_difference(prices: Make) -> None:
    """Next to the truth, how far the answers are apart is the best there is."""
    found = compare(prices(outcomes=None, outcome_at=None), QUICK)
    assert "on average; 95 % of the pairs are within" in plain(narrative.opening(found)[1])
    assert "needs them" in narrative.no_outcomes(found)
    same = compare(prices(outcomes=None, outcome_at=None), Policy(aim="same"))
    assert "does not need them" in narrative.no_outcomes(same)


def test_error_rates_differ_by_points() -> None:
    """Labels have no mean difference and no unit."""
    found = compare(_labels(), QUICK)
    assert "error rate is" in narrative.errors(found)
    assert "a difference of +" in plain(narrative.errors(found))
    assert narrative.difference(found) == ""
    assert "answer with labels" in narrative.no_numbers(found)
    assert "The labels agree on" in narrative.labels(read_series(_labels()))
    assert narrative.loss_writer(found)(0.25) == "25.0\u00a0%"


def test_cards_leave_out_what_is_unknown(prices: Make) -> None:
    """Four figures at most, one at least."""
    assert len(narrative.cards(compare(prices(), QUICK))) == 4
    assert [card[0] for card in narrative.cards(compare(_nothing(prices)))] == ["Compared"]


def test_reasons_and_cautions_are_told_once(prices: Make) -> None:
    """A caution stands under the cautions, what is missing under how many more."""
    found = compare(prices(400), QUICK)
    assert found.cautions
    reasons, cautions = narrative.reasons(found), narrative.cautions(found)
    assert reasons
    assert not [text for text in reasons if "aution" in text]
    assert found.more_needed.sentence not in reasons
    assert cautions[0].startswith("The inputs have drifted")


def test_titles_tell_the_finding(prices: Make) -> None:
    """Each sentence has the figure that its picture shows."""
    evidence = prices()
    found = compare(evidence, QUICK)
    assert plain(narrative.coverage(found)) == "1,200 of 1,200 instances were compared (100 %)"
    assert narrative.coverage(compare(_nothing(prices))) == "Nothing has been recorded yet."
    assert "Nearly all differences lie between −" in narrative.agreement(found)
    assert narrative.settled(found, "difference", "It").startswith("It after 1,200 units: ")
    assert narrative.settled(found, "unheard of", "It") == "It: no interval yet"
    assert "distributions are at most" in narrative.spread(found)
    assert narrative.spread(compare(_nothing(prices))) == "Both models' answers as a whole"
    assert found.input_drift is not None
    assert "raise the alarm: moved $a$ <b>" in narrative.drifted(found.input_drift, "an input")
    missing = [s.finding for s in standings(found.input_drift) if s.finding.finding == "missing"]
    assert narrative.missing(missing).startswith("Missing values change most in zone: ")
    assert "Served from 2026-" in narrative.about(found, evidence.served_at)
    assert "Served" not in narrative.about(found, None)
    identical = compare(prices(shadow=evidence.live), QUICK)
    assert narrative.difference(identical) == "All 1,200 pairs are identical."


def test_wins_are_counted(prices: Make) -> None:
    """And equal errors are no defeat."""
    evidence = prices()
    quarters = loss_by_quarter(evidence, compare(evidence).policy)
    assert narrative.wins(quarters, "quarters") == "The shadow errs less in 4 of 4 quarters"
    equal = [Group("q", None, None, 1, 2.0, 2.0)]
    assert narrative.wins(equal, "quarters") == "Both models err alike in all quarters"


def test_a_lacking_interval_is_explained(prices: Make) -> None:
    """Too few units, or errors with heavy tails."""
    assert "An interval needs at least 100" in narrative.waiting(compare(prices(50)))
    assert "hold at any time" in narrative.waiting(compare(prices()))
    without = compare(prices(outcomes=None, outcome_at=None), Policy(aim="same"))
    assert narrative.waiting(without) == narrative.errors(without) == ""


def test_values_are_summed_up() -> None:
    """All well, some not, none there."""
    expected = [Expected("x", "number", minimum=0.0)]
    assert "1 of 1 features" in narrative.values(check_values({"x": [-1.0]}, expected))
    assert "as expected" in narrative.values(check_values({"x": [1.0, None]}, expected))
    assert narrative.values(()) == "There are no live inputs yet."
    head, rows = tables.values(check_values({"x": [-1.0, None]}, expected))
    assert rows == (("x", "1", "1", "0", "0", "0", "-1.0 (1×)"),)
    strict = [Expected("x", "number", nullable=False)]
    assert tables.values(check_values({"x": [None]}, strict))[1][0][1] == "1 (not allowed)"
    assert len(head) == 7


@pytest.mark.parametrize("kind", ["regression", "labels", "nothing"])
def test_tables_have_a_cell_for_every_column(prices: Make, kind: str) -> None:
    """Whatever the comparison holds."""
    evidence = {"regression": prices, "labels": _labels, "nothing": lambda: _nothing(prices)}[
        kind
    ]()
    found: Comparison = compare(evidence, QUICK)
    shown = [
        tables.coverage(found),
        tables.guards(found),
        tables.policy(found),
        tables.textbook(found.pairs.findings, found.measured_in),
    ]
    if found.outcomes is not None:
        shown.append(tables.errors(found.outcomes, found.measured_in))
    if found.input_drift is not None:
        ranked = [standing.finding for standing in standings(found.input_drift)]
        shown += [tables.findings(ranked, 5), tables.sparse(ranked)]
        assert len(shown[-2][1]) == 5
        assert shown[-1][1][0][0] == "sparse"
    for head, rows in shown:
        assert all(len(row) == len(head) for row in rows)
        assert all(isinstance(cell, str) for row in rows for cell in row)
    states = {row[-2] for row in tables.guards(found)[1]}
    assert states <= set(tables.STATES.values())
