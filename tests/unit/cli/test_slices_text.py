"""Slices and explanations as a terminal shows them."""

from understudy.cli.slices_text import explanation_lines, slice_lines
from understudy.comparison.explanation import Explanation, Rule
from understudy.comparison.policy import Policy
from understudy.comparison.slices import Slice, SliceReport

POLICY = Policy().with_defaults(20.0, 16.0)


def _slice(name: str, bad: bool = False, outcome: bool = True) -> Slice:
    column, _, level = name.partition(" = ")
    return Slice(
        name=name,
        conditions=((column, f"= {level}"),),
        units=212,
        rows=212,
        live_loss=17_120.0 if outcome else None,
        shadow_loss=19_520.0 if outcome else None,
        effect=0.1402 if outcome else None,
        interval=(0.11, 0.17) if outcome else (8000.0, 9500.0),
        p_value=0.001 if outcome else None,
        p_adjusted=0.02 if outcome else None,
        is_bad=bad,
        disagreement=8_731.4,
        examples=("request-7/0", "request-9/2"),
    )


def test_bad_slices_are_told_with_figures_and_marked() -> None:
    """Name, units, losses, change with interval, p, and the word that rejects."""
    worst = (_slice("Neighborhood = OldTown", bad=True), _slice("Street = Pave"))
    apart = (_slice("Alley = Grvl", outcome=False),)
    lines = list(slice_lines(SliceReport(5, 1600, 740, worst, apart, ""), POLICY))
    assert lines == [
        "740 slices searched at 1,600 units; the worst, by the half that did not suggest them"
        " (margin +10.0%):",
        "  Neighborhood = OldTown  212 units  loss 17,120 to 19,520  +14.0% (+11.0% to +17.0%)"
        "  p 0.02  BAD",
        "  Street = Pave           212 units  loss 17,120 to 19,520  +14.0% (+11.0% to +17.0%)"
        "  p 0.02",
        "The two are furthest apart on:",
        "  Alley = Grvl  212 units  8,731 (8,000 to 9,500)  such as request-7/0, request-9/2",
    ]


def test_every_bad_slice_is_shown_and_of_the_others_five() -> None:
    """Nothing that rejects is left out for want of room."""
    bad = tuple(_slice(f"town = {name}", bad=True) for name in "abcdefg")
    rest = tuple(_slice(f"town = {name}") for name in "hij")
    lines = list(slice_lines(SliceReport(5, 1600, 740, (*bad, *rest), (), ""), POLICY))
    assert sum("BAD" in line for line in lines) == 7
    assert lines[-1] == "… and 3 more (--json has all)"


def test_what_was_not_searched_says_why() -> None:
    """The note stands first; a comparison without a search says so."""
    assert list(slice_lines(None, POLICY)) == ["not searched"]
    report = SliceReport(0, 0, 0, (), (), "not searched yet: a slice needs 100 units")
    assert list(slice_lines(report, POLICY)) == [report.note]


def test_rules_are_told_with_sign_and_share() -> None:
    """The widest difference first, after what explains it and how much of it."""
    rules = (
        Rule("YearBuilt above 1998 and Neighborhood is NridgHt", 80, 0.08, 4210.4),
        Rule("YearBuilt at most 1998", 920, 0.92, -12.3),
    )
    features = (("YearBuilt", 0.7), ("Neighborhood", 0.3))
    assert list(explanation_lines(Explanation(rules, 0.63, features))) == [
        "63 % of its variance is explained by YearBuilt (70 %), Neighborhood (30 %):",
        "YearBuilt above 1998 and Neighborhood is NridgHt: +4,210 on average, 8 % of instances",
        "YearBuilt at most 1998: -12.3 on average, 92 % of instances",
    ]


def test_nothing_explained_is_said_as_such() -> None:
    """No rules are made up."""
    assert list(explanation_lines(None)) == ["nothing to explain yet"]
    nothing = list(explanation_lines(Explanation((), 0.004, ())))
    assert nothing == ["the columns explain next to nothing of it (0.4 %)"]
