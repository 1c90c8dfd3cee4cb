"""The training data is young enough."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import pytest

from understudy.packaging.gates import staleness
from understudy.packaging.gates.case import Case
from understudy.packaging.gates.ruling import Ruling

MakeCase = Callable[..., Case]


def ruling(make_case: MakeCase, times: Any, today: date, **limits: int | None) -> Ruling:
    """Judge the linear model as if its houses had been sold then."""
    case = make_case(today=today, limits={"staleness": limits})
    train = case.given.train.drop(columns="sold")
    column = pd.Series(times).reindex(range(len(train))) if isinstance(times, list) else times
    return staleness.judge(
        replace(case, given=replace(case.given, train=train.assign(sold=column)))
    )


def test_young_rows_pass(make_case: MakeCase) -> None:
    """The end of the data is a figure; its age is not, because it is another tomorrow."""
    found = ruling(make_case, ["2024-04-30", "2024-05-01"], date(2024, 6, 1))
    assert found.status == "passed"
    assert found.summary == "the youngest training row is of 2024-05-01, at most 365 days ago"
    assert found.figures == {"end": "2024-05-01", "warn_days": 365, "refuse_days": None}
    assert found.measured == {"days old": 31.0}


def test_the_same_training_says_the_same_tomorrow(make_case: MakeCase) -> None:
    """What goes into the manifest does not know what day it is."""
    days = [ruling(make_case, ["2024-05-01"], date(2024, 6, day)) for day in (1, 2)]
    assert days[0].result("staleness") == days[1].result("staleness")


@pytest.mark.parametrize(
    ("warn", "refuse", "status"),
    [(30, 60, "warned"), (10, 30, "refused"), (None, 30, "refused"), (31, None, "passed"),
     (30, None, "warned"), (None, None, "passed"), (None, 40, "passed")],
)  # fmt: skip
def test_the_limits_decide(
    warn: int | None, refuse: int | None, status: str, make_case: MakeCase
) -> None:
    """On the day itself a limit still holds."""
    limits = {"warn_days": warn, "refuse_days": refuse}
    found = ruling(make_case, ["2024-05-01"], date(2024, 6, 1), **limits)
    assert found.status == status
    if status != "passed":
        assert "more than 30 days ago" in found.summary


@pytest.mark.parametrize(
    ("times", "end"),
    [
        ([2009, 2010], "2010-12-31"),
        ([2010.0, None], "2010-12-31"),
        (["2010"], "2010-12-31"),
        (["2010-02", "2010-01"], "2010-02-28"),
        (["2010-02-03", "2009-05-06"], "2010-02-03"),
        (["2010-02", "2010-03-05"], "2010-03-05"),
        (["2010-02-03T23:30:00+01:00"], "2010-02-03"),
        (["2010-02-03 10:00:00"], "2010-02-03"),
        ([20100203], "2010-02-03"),
        (pd.to_datetime(pd.Series(["2010-02-03", None])), "2010-02-03"),
        (pd.to_datetime(pd.Series(["2010-02-03T10:00Z"])), "2010-02-03"),
    ],
)
def test_times_come_in_many_spellings(times: Any, end: str, make_case: MakeCase) -> None:
    """Dates, moments, months and plain years; a year counts up to its last day."""
    assert ruling(make_case, times, date(2011, 1, 1)).figures["end"] == end


@pytest.mark.parametrize("times", [["a long time ago"], [1272672000], [2010.5], ["2010-13"]])
def test_what_is_no_time_is_skipped(times: Any, make_case: MakeCase) -> None:
    """With what the column holds."""
    found = ruling(make_case, times, date(2011, 1, 1))
    assert found.status == "skipped"
    assert f"holds '{times[0]}', which is neither" in found.summary


def test_what_is_no_time_is_listed() -> None:
    """Each value once; times of pandas are times."""
    column = pd.Series(["2024-05", "soon", None, "soon", "never", "2024"])
    assert staleness.unreadable_times(column) == ["soon", "never"]
    assert staleness.unreadable_times(pd.Series(pd.to_datetime(["2020-01-01"]))) == []
    assert staleness.unreadable_times(pd.Series([2024.0, 5.0])) == ["5"]


def test_without_a_time_there_is_nothing_to_say(make_case: MakeCase) -> None:
    """No column, or an empty one."""
    assert "no time column" in staleness.judge(make_case(time_column=None)).summary
    assert "sold holds nothing" in ruling(make_case, [None], date(2011, 1, 1)).summary


def test_a_future_end_is_a_warning(make_case: MakeCase) -> None:
    """A day is a matter of time zones, and a year that runs is not over."""
    today = date(2024, 6, 1)
    assert ruling(make_case, ["2024-06-02"], today).status == "passed"
    assert ruling(make_case, [2024], today).status == "passed"
    found = ruling(make_case, ["2024-06-03"], today)
    assert found.status == "warned"
    assert "still to come" in found.summary
