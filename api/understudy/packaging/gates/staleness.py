"""The gate staleness: the training data is young enough for the world it will be asked about."""

import calendar
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

import pandas as pd
from pandas.api import types

from understudy.packaging.gates.case import Case
from understudy.packaging.gates.ruling import Ruling, passed, refused, skipped, warned
from understudy.serving.engines.fitted import label_text

# Clocks and time zones differ by so much; what lies further ahead cannot have been seen yet.
TOLERATED = timedelta(days=1)
YEAR = re.compile(r"(\d{4})")
MONTH = re.compile(r"(\d{4})-(\d{2})")


@dataclass(frozen=True, order=True)
class Span:
    """The days that a time names: one, or those of a month or a year."""

    last: date
    first: date


def judge(case: Case) -> Ruling:
    """
    Hold the age of the youngest training row against the limits.

    A year or a month counts up to its last day. The age itself is different tomorrow, so that only
    the end of the data stands in the summary and the figures.
    """
    if case.time_column is None:
        return skipped("no time column says how old the training rows are")
    try:
        end = _end(case.given.train[case.time_column])
    except ValueError as error:
        return skipped(f"the time column {case.time_column} {error}")
    limits, age = case.limits.staleness, max(0, (case.today - end.last).days)
    figures: dict[str, object] = {
        "end": end.last.isoformat(),
        "warn_days": limits.warn_days,
        "refuse_days": limits.refuse_days,
    }
    ruling = _ruling(case, end, age)
    return replace(ruling, figures=figures, measured={"days old": float(age)})


def unreadable_times(column: "pd.Series[Any]") -> list[str]:
    """Return the values of a column that are no time as this gate reads it, in its order."""
    if types.is_datetime64_any_dtype(column):
        return []
    return [text for value in column.dropna().unique() if not _is_time(text := label_text(value))]


def _is_time(text: str) -> bool:
    try:
        _span(text)
    except ValueError:
        return False
    return True


def _ruling(case: Case, end: Span, age: int) -> Ruling:
    limits = case.limits.staleness
    told = f"the youngest training row is of {end.last.isoformat()}"
    if end.first - case.today > TOLERATED:
        return warned(f"{told}, which is still to come: look at the clock and at the column")
    if limits.refuse_days is not None and age > limits.refuse_days:
        return refused(f"{told}, more than {limits.refuse_days} days ago; train on younger rows")
    if limits.warn_days is not None and age > limits.warn_days:
        return warned(f"{told}, more than {limits.warn_days} days ago")
    known = [days for days in (limits.warn_days, limits.refuse_days) if days is not None]
    return passed(
        f"{told}, " + (f"at most {min(known)} days ago" if known else "and no age is too old")
    )


def _end(column: "pd.Series[Any]") -> Span:
    """Return the latest time of a column; raises ValueError with what the column holds instead."""
    present = column.dropna()
    if present.empty:
        raise ValueError("holds nothing")
    if types.is_datetime64_any_dtype(column):
        return _span(present.max().date().isoformat())
    # A whole number is spelt as one, even among floats.
    return max(_span(label_text(value)) for value in present.unique())


def _span(text: str) -> Span:
    try:
        if found := YEAR.fullmatch(text):
            year = int(found[1])
            return Span(date(year, 12, 31), date(year, 1, 1))
        if found := MONTH.fullmatch(text):
            year, month = int(found[1]), int(found[2])
            last = calendar.monthrange(year, month)[1]
            return Span(date(year, month, last), date(year, month, 1))
        day = datetime.fromisoformat(text).date()
    except ValueError as error:
        raise ValueError(f"holds {text!r}, which is neither an ISO date nor a year") from error
    return Span(day, day)
