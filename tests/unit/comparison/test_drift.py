"""Drift of columns between two independent samples."""

import datetime as dt
import json

import numpy as np
import pandas as pd
import pytest

from understudy.comparison import DriftReport, Finding, Range, Traffic, Training, drift
from understudy.comparison.columns import infer_kind, level_name
from understudy.comparison.looks import look_sizes
from understudy.errors import EvidenceInvalid


def _one(report: DriftReport, finding: str) -> Finding:
    (found,) = [f for f in report.findings if f.finding == finding]
    return found


def _mixed(rng: np.random.Generator, n: int) -> dict[str, np.ndarray]:
    sparse = np.where(rng.random(n) < 0.7, 0.0, rng.exponential(size=n))
    gaps = np.where(rng.random(n) < 0.1, np.nan, rng.normal(size=n))
    return {
        "number": rng.normal(size=n),
        "few": rng.integers(0, 5, n).astype(float),
        "sparse": sparse,
        "gaps": gaps,
        "level": rng.choice(["a", "b", "c"], n, p=[0.6, 0.3, 0.1]),
    }


def test_identical_frames_do_not_drift() -> None:
    """A large frame against itself is stable in every finding."""
    frame = pd.DataFrame(_mixed(np.random.default_rng(0), 20_000))
    report = drift(frame, frame)
    assert report.verdict == "NO_DRIFT"
    assert {f.status for f in report.findings} == {"STABLE"}
    assert all(f.p_adjusted == 1.0 for f in report.findings if f.finding != "tail")
    json.dumps(report.to_json(), allow_nan=False)


def test_family_has_the_findings_that_fit_each_column() -> None:
    """Numbers, sparse numbers and levels each get their own list of findings."""
    frame = pd.DataFrame(_mixed(np.random.default_rng(0), 500))
    report = drift(frame, frame)
    found = {(f.column, f.finding) for f in report.findings}
    assert {(c, f) for c, f in found if c == "number"} == {
        ("number", "missing"),
        ("number", "distribution"),
        ("number", "tail"),
    }
    assert {f for c, f in found if c == "sparse"} == {
        "missing",
        "non-zero",
        "distribution",
        "tail",
    }
    assert {f for c, f in found if c == "level"} == {"missing", "distribution", "never seen"}
    assert report.family == len(report.findings) == 16


@pytest.mark.parametrize(
    ("column", "finding", "change"),
    [
        ("number", "distribution", lambda f: f["number"] + 0.5),
        ("number", "tail", lambda f: np.where(np.arange(len(f["number"])) < 90, 100, f["number"])),
        ("few", "distribution", lambda f: np.minimum(f["few"], 3)),
        ("sparse", "non-zero", lambda f: np.where(f["number"] > 1, 1.0, f["sparse"])),
        ("sparse", "distribution", lambda f: f["sparse"] * 3),
        ("gaps", "missing", lambda f: np.where(f["number"] > 1.4, np.nan, f["gaps"])),
        ("level", "distribution", lambda f: np.where(f["number"] > 1, "c", f["level"])),
        ("level", "never seen", lambda f: np.where(f["number"] > 1.5, "new", f["level"])),
    ],
)
def test_each_finding_sees_the_change_it_is_for(column: str, finding: str, change) -> None:  # type: ignore[no-untyped-def]
    """A change of one kind in one column raises the alarm there and in no other column."""
    before = _mixed(np.random.default_rng(1), 3000)
    after = _mixed(np.random.default_rng(2), 3000)
    report = drift(before, after | {column: change(after)})
    assert report.verdict == "DRIFT"
    assert (column, finding) in {(f.column, f.finding) for f in report.alarms}
    assert {f.column for f in report.alarms} == {column}


def test_unequal_totals_make_no_alarm() -> None:
    """Ten times as much training as live data, same shares: p is large, no cell is filled up."""
    before = {"x": ["a"] * 8000 + ["b"] * 2000}
    after = {"x": ["a"] * 800 + ["b"] * 200}
    found = _one(drift(before, after), "distribution")
    assert found.statistic == pytest.approx(0.0)
    assert found.p_value == pytest.approx(1.0)


def test_tails_are_seen_where_the_distribution_test_is_blind() -> None:
    """Two per cent of rows in the wrong unit leave D small and the tail finding alarmed."""
    rng = np.random.default_rng(3)
    before, after = rng.normal(10, 1, 5000), rng.normal(10, 1, 1000)
    after[:20] *= 100
    report = drift({"x": before}, {"x": after})
    assert [f.finding for f in report.alarms] == ["tail"]
    assert _one(report, "tail").status in ("MATERIAL", "UNSETTLED")


def test_range_of_all_training_rows_overrules_that_of_the_sample() -> None:
    """Values beyond the sample but within the manifest's range are no tail."""
    rng = np.random.default_rng(4)
    before, after = rng.uniform(0, 1, 500), rng.uniform(0, 2, 500)
    training = Training({"x": Range(0.0, 2.0, 100_000)}, {})
    assert _one(drift({"x": before}, {"x": after}, training=training), "tail").effect == 0
    assert (_one(drift({"x": before}, {"x": after}), "tail").effect or 0) > 0.4


def test_levels_of_all_training_rows_are_known() -> None:
    """A level that the sample missed but training holds was seen."""
    before, after = {"x": ["a"] * 500}, {"x": ["a"] * 450 + ["b"] * 50}
    training = Training({}, {"x": {"a": 9000, "b": 900}})
    assert _one(drift(before, after, training=training), "never seen").effect == 0
    assert _one(drift(before, after), "never seen").alarm


def test_new_levels_among_many_rare_ones_are_expected() -> None:
    """Where a fifth of training rows have a level of their own, new levels are no surprise."""
    rng = np.random.default_rng(5)
    shares = 1 / np.arange(1, 3000)
    before, after = (rng.choice(2999, 2000, p=shares / shares.sum()).astype(str) for _ in "ab")
    report = drift({"x": before}, {"x": after}, kinds={"x": "categorical"})
    assert np.mean(~np.isin(after, before)) > 0.1
    assert not report.alarms


def test_missing_and_infinite_values_leave_the_distribution() -> None:
    """NaN, None and infinities count as missing; an infinity is also out of range."""
    rng = np.random.default_rng(6)
    before = rng.normal(size=1000)
    after = np.concatenate([rng.normal(size=900), np.full(60, np.inf), np.full(40, np.nan)])
    report = drift({"x": before}, {"x": after})
    assert _one(report, "missing").effect == pytest.approx(0.1)
    assert _one(report, "distribution").n_current == 900
    assert _one(report, "tail").details["above"] >= 60
    nones = [None if np.isnan(value) else value for value in after]
    assert drift({"x": before}, {"x": nones}).to_json() == report.to_json()


def test_equal_constants_are_no_effect_and_unequal_ones_are() -> None:
    """Two equal constants give statistic 0 and p 1; two different ones the largest effect."""
    same = _one(drift({"x": [5.0] * 300}, {"x": [5.0] * 200}), "distribution")
    assert (same.statistic, same.p_value, same.effect) == (0.0, 1.0, 0.0)
    other = _one(drift({"x": [5.0] * 300}, {"x": [6.0] * 200}), "distribution")
    assert (other.effect, other.alarm) == (1.0, True)


def test_ties_are_tested_by_chi_square_with_ks_beside_it() -> None:
    """More than 5 % at one value spoil the p-value of Kolmogorov and Smirnov."""
    rng = np.random.default_rng(7)
    before, after = rng.normal(10, 1, 2000), rng.normal(10, 1, 2000)
    before[:400], after[:400] = 10.0, 10.0
    found = _one(drift({"x": before}, {"x": after}), "distribution")
    assert found.test == "2×K chi-square"
    assert found.effect_name == "D"
    assert found.details["ks_p_value"] is not None
    after[:1200] = 10.0
    assert _one(drift({"x": before}, {"x": after}), "distribution").alarm


def test_a_column_absent_from_the_current_data_is_drift_and_a_new_one_is_told() -> None:
    """Absent columns have the status SCHEMA; only a lost one raises the alarm."""
    report = drift({"x": [1.0, 2.0], "y": [1.0, 2.0]}, {"x": [1.0, 2.0], "z": [1.0, 2.0]})
    schema = {f.column: f for f in report.findings if f.status == "SCHEMA"}
    assert report.verdict == "DRIFT"
    assert (schema["y"].alarm, schema["z"].alarm) == (True, False)
    assert "y is absent from the current data." in report.reasons


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (np.arange(500), "id"),
        ([f"someone-{i}" for i in range(500)], "text"),
        (pd.date_range("2020-01-01", periods=500), "time"),
        ([dt.date(2020, 1, 1), dt.date(2020, 1, 2)], "time"),
        ([True, False] * 50, "categorical"),
        ([True, None] * 50, "categorical"),
        (["x", None] * 50, "categorical"),
        ([None] * 50, "categorical"),
        ([1, None, 2.5] * 50, "numeric"),
        (np.arange(50), "numeric"),
        (np.linspace(0, 1, 500), "numeric"),
        ([1, 2] * 300, "numeric"),
    ],
)
def test_kinds_are_inferred(values: object, kind: str) -> None:
    """What a column holds decides which tests it gets."""
    assert infer_kind(pd.Series(values)) == kind


@pytest.mark.parametrize("kind", ["id", "text", "time"])
def test_names_and_texts_are_tested_for_missing_values_only(kind: str) -> None:
    """Ids always differ, so only their absence is news."""
    before, after = {"x": range(500)}, {"x": range(500, 1000)}
    report = drift(before, after, kinds={"x": kind})  # type: ignore[dict-item]
    assert [f.finding for f in report.findings] == ["missing"]
    assert not report.alarms


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (True, "true"),
        (np.bool_(False), "false"),
        (1, "1"),
        (1.0, "1"),
        (1.5, "1.5"),
        ("1", "1"),
        (None, None),
        (np.nan, None),
        (np.inf, None),
        (pd.NaT, None),
        (pd.NA, None),
    ],
)
def test_levels_are_named_by_what_they_say(value: object, name: str | None) -> None:
    """A number that came back from JSON as a float is the same level as before."""
    assert level_name(value) == name


def test_a_number_that_became_a_string_counts_as_missing() -> None:
    """In a numeric column what is no number is missing, not an error."""
    before = {"x": np.linspace(0, 1, 200)}
    assert _one(drift(before, {"x": ["one"] * 200}), "missing").effect == 1.0


def test_a_column_without_a_present_value_is_judged_by_its_missing_share() -> None:
    """A reference that knows no value has no distribution to compare with."""
    for kind in ("numeric", "categorical"):
        report = drift({"x": [None] * 200}, {"x": [None] * 200}, kinds={"x": kind})  # type: ignore[dict-item]
        assert [f.finding for f in report.findings] == ["missing"]


def test_a_current_side_without_values_is_told() -> None:
    """A feature that stopped coming: missing alarms, the rest says why it cannot be computed."""
    report = drift({"x": np.linspace(0, 1, 200)}, {"x": [None] * 200})
    assert [f.finding for f in report.alarms] == ["missing"]
    assert _one(report, "distribution").note == "no present value"
    assert _one(report, "distribution").p_adjusted == 1.0


def test_a_small_reference_is_named_as_the_obstacle() -> None:
    """When no amount of traffic could show stability, the report says so instead of waiting."""
    rng = np.random.default_rng(8)
    report = drift({"x": rng.normal(size=60)}, {"x": rng.normal(size=5000)})
    assert report.verdict == "NEED_MORE_DATA"
    assert "reference too small" in _one(report, "distribution").note
    assert "reference is too small" in report.reasons[0]


def test_looks_are_due_at_doubling_sizes() -> None:
    """Looks happen at 100, 200, 400, … units and nowhere else."""
    assert look_sizes(99) == []
    assert look_sizes(799) == [100, 200, 400]
    assert look_sizes(800) == [100, 200, 400, 800]


def test_between_two_looks_the_answer_does_not_change() -> None:
    """Asking again with a few more units spends nothing and says the same."""
    rng = np.random.default_rng(9)
    before, after = rng.normal(size=1000), rng.normal(size=700)
    first = drift({"x": before}, {"x": after[:400]}, looks=True)
    later = drift({"x": before}, {"x": after[:790]}, looks=True)
    assert first.findings == later.findings
    assert (later.look, later.n_current, later.units) == (3, 400, 700)


def test_before_the_first_look_nothing_is_claimed() -> None:
    """Under 100 units there is an estimate, but no p-value, interval or alarm."""
    report = drift({"x": np.arange(9.5)}, {"x": np.arange(100.5, 199)}, looks=True)
    assert (report.verdict, report.look) == ("NEED_MORE_DATA", 0)
    assert {(f.p_value, f.interval, f.alarm) for f in report.findings} == {(None, None, False)}


def test_an_alarm_of_an_earlier_look_stays() -> None:
    """What once alarmed alarms on, and says since when."""
    rng = np.random.default_rng(10)
    after = np.concatenate([rng.normal(3, 1, 200), rng.normal(size=6200)])
    report = drift({"x": rng.normal(size=5000)}, {"x": after}, looks=True)
    found = _one(report, "distribution")
    assert (found.alarm, found.note) == (True, "the alarm was raised at 100 units")


def test_looks_cost_more_than_one_look() -> None:
    """The same data are less surprising if one may look again and again."""
    rng = np.random.default_rng(12)
    before, after = {"x": rng.normal(size=500)}, {"x": rng.normal(0.2, 1, 400)}
    once, often = drift(before, after), drift(before, after, looks=True)
    assert (_one(often, "distribution").p_adjusted or 0) > (
        _one(once, "distribution").p_adjusted or 0
    )


def test_a_unit_counts_once_however_many_instances_it_has() -> None:
    """Twenty copies of each instance in one request are no more evidence than one."""
    rng = np.random.default_rng(13)
    values = rng.normal(size=300)
    copied = Traffic(
        {"x": np.repeat(values, 20)},
        units=np.repeat(np.arange(300), 20),
        instances=np.tile(np.arange(20), 300),
        served_at=np.repeat(np.arange(300.0), 20),
    )
    before = {"x": rng.normal(size=500)}
    report, single = drift(before, copied), drift(before, {"x": values})
    assert report.findings == single.findings
    assert (report.units, report.rows, report.repeated) == (300, 6000, 5700)


def test_order_of_rows_is_irrelevant_when_times_are_known() -> None:
    """The arrival decides which units a look uses, not the order in which rows are handed over."""
    rng = np.random.default_rng(14)
    frame = pd.DataFrame(_mixed(rng, 450))
    units = np.array([f"request-{i // 3}" for i in range(450)])
    instances, served = np.arange(450) % 3, 1e9 + np.arange(450) // 3
    shuffled = rng.permutation(450)
    reports = [
        drift(
            frame,
            Traffic(frame.iloc[order], units[order], instances[order], served[order]),
            looks=True,
        )
        for order in (np.arange(450), shuffled)
    ]
    assert reports[0].to_json() == reports[1].to_json()


def test_rows_of_the_reference_may_come_in_any_order() -> None:
    """A shuffled reference is the same reference."""
    rng = np.random.default_rng(15)
    frame, after = pd.DataFrame(_mixed(rng, 600)), _mixed(rng, 300)
    shuffled = frame.sample(frac=1, random_state=1)
    first, second = drift(frame, after).findings, drift(shuffled, after).findings
    for one, other in zip(first, second, strict=True):
        assert (one.column, one.finding, one.status) == (other.column, other.finding, other.status)
        assert one.p_adjusted == pytest.approx(other.p_adjusted)


@pytest.mark.parametrize(
    ("reference", "current", "message"),
    [
        ({}, {"x": [1]}, "no rows"),
        ({"x": []}, {"x": [1]}, "no rows"),
        ({"x": [1, 2], "y": [1]}, {"x": [1]}, "do not make a table"),
        (pd.DataFrame([[1, 2]], columns=["x", "x"]), {"x": [1]}, "same name"),
        ({"x": [1]}, Traffic({"x": [1]}, units=["a", "b"]), "units has 2 entries for 1 rows"),
        ({"x": [1]}, Traffic({"x": [1]}, served_at=[np.nan]), "missing times"),
        ({"x": [1]}, Traffic({"x": [1, 1]}, ["a", "a"], [0, 0]), "more than once"),
    ],
)
def test_what_cannot_be_compared_is_refused(
    reference: object, current: object, message: str
) -> None:
    """Nothing to compare is an error that says what is wrong."""
    with pytest.raises(EvidenceInvalid, match=message):
        drift(reference, current)  # type: ignore[arg-type]


def test_times_may_be_datetimes() -> None:
    """Arrival may be given as seconds or as datetime64."""
    rng = np.random.default_rng(16)
    values, when = rng.normal(size=250), pd.date_range("2024-01-01", periods=250, freq="h")
    before = {"x": rng.normal(size=250)}
    stamps = Traffic({"x": values[::-1]}, served_at=when.to_numpy()[::-1])
    assert drift(before, stamps, looks=True).findings == (
        drift(before, Traffic({"x": values}), looks=True).findings
    )


def test_a_small_but_certain_change_is_negligible() -> None:
    """Significant and surely below the material size: told, not alarmed."""
    before = {"x": ["a"] * 500_000 + ["b"] * 500_000}
    after = {"x": ["a"] * 505_000 + ["b"] * 495_000}
    report = drift(before, after)
    found = _one(report, "distribution")
    assert (found.status, found.alarm, report.verdict) == ("NEGLIGIBLE", False, "NO_DRIFT")


def test_a_significant_change_of_unclear_size_is_unsettled() -> None:
    """Significant, too small for the alarm, too uncertain to dismiss."""
    before = {"x": np.repeat(np.arange(5.0), 20_000)}
    after = {"x": np.repeat(np.arange(5.0), [120, 80, 120, 80, 100])}
    report = drift(before, after)
    assert _one(report, "distribution").status == "UNSETTLED"
    assert (report.verdict, report.alarms) == ("UNSETTLED", ())
