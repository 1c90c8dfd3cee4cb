"""Asked for, measured, reached: each line can say yes, no, and nothing."""

import math

from benchmarks.serving.other import HELP, READY, SHIPPING, Other
from benchmarks.serving.row import Row
from benchmarks.serving.tails import Tail
from benchmarks.serving.verdicts import Measured, Verdict, judge
from tests.unit.benchmarks.rows import row


def line(
    words: str, *rows: Row, tails: list[Tail] | None = None, other: Other | None = None
) -> Verdict:
    """Return the one line that has these words."""
    others = [other] if other else []
    verdicts = judge(Measured(rows, tails or [], others, ["linear"]))
    (found,) = [one for one in verdicts if words in one.asked]
    return found


def test_eight_times_the_best_peer_is_reached_and_less_is_not() -> None:
    """The best peer counts, not the first."""
    peers = row("flask", 50), row("litserve", 100)
    reached = line("requests/s at 64", row("understudy-shadow", 800), *peers)
    assert reached.reached is True
    assert reached.measured == "8.0 times (800 against 100 of LitServe)"
    assert line("requests/s at 64", row("understudy-shadow", 799), *peers).reached is False


def test_a_peer_with_a_problem_is_not_the_best() -> None:
    """Neither are the floor, the course's design, nor we ourselves."""
    ours = row("understudy-shadow", 800)
    others = [
        row("bentoml", 9000, problem="differs from the pipeline by 1.0e-02"),
        row("uvicorn", 9000),
        row("course", 9000),
        row("understudy-bare", 9000),
    ]
    assert line("requests/s at 64", ours, row("flask", 100), *others).reached is True
    assert line("requests/s at 64", ours, *others).reached is None


def test_what_was_not_measured_is_not_reached() -> None:
    """Not of us, and not of them; a spoiled round of ours is no figure either."""
    spoiled = row("understudy-shadow", 800, problem="its backlog was not worked off in time")
    for rows in ((), (row("understudy-shadow", 800),), (row("flask", 1),), (spoiled, row("flask"))):
        found = line("requests/s at 64", *rows)
        assert (found.measured, found.reached) == ("not measured", None)


def test_cpu_is_held_against_the_course_and_the_floor() -> None:
    """At most one thirtieth of the one, at most twice the other."""
    course = row("course", cpu_ms=9.0)
    for cpu_ms, reached in ((0.3, True), (0.31, False)):
        ours = row("understudy-shadow", cpu_ms=cpu_ms)
        assert line("against the course", ours, course).reached is reached
    floor = row("uvicorn", cpu_ms=0.05)
    for cpu_ms, reached in ((0.1, True), (0.101, False)):
        ours = row("understudy-capture", cpu_ms=cpu_ms)
        assert line("against bare uvicorn", ours, floor).reached is reached


def test_tails_are_compared_within_their_round() -> None:
    """A noisy round is noisy for both; a round in which one failed does not count."""
    tails = [
        Tail(variant, number, 100.0, p99_ms=p99)
        for number, alone in enumerate((1.0, 10.0, 2.0), 1)
        for variant, p99 in (("alone", alone), ("hung", 1.05 * alone), ("shadow", 1.2 * alone))
    ]
    tails += [Tail("alone", 4, 100.0, p99_ms=1.0), Tail("hung", 4, 100.0, "it ended", p99_ms=9.0)]
    hung = line("shadow hung", tails=tails)
    assert hung.reached is True
    assert hung.measured == "1.05 times (1.05 to 1.05, 3 rounds)"
    assert line("p99 at half the peak, shadow on", tails=tails).reached is False
    assert line("Postgres stopped", tails=tails).reached is None


def test_a_figure_that_could_not_be_had_is_not_reached() -> None:
    """It failed, which is something else than not measured."""
    assert line("--help", other=Other(HELP, 0.29, "")).reached is True
    assert line("--help", other=Other(HELP, 0.31, "")).reached is False
    assert line("shipping", other=Other(SHIPPING, 20_000, "")).reached is True
    assert line("shipping", other=Other(SHIPPING, 19_999, "")).reached is False
    failed = line("`understudy serve` ready", other=Other(READY, math.nan, "it ended"))
    assert (failed.reached, failed.measured) == (False, "failed: it ended")
