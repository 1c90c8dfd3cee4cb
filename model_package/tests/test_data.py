import io
import json
import sys
import types

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from house_prices import data
from house_prices.data import (
    canonical_name,
    feature_frame,
    load_openml,
    load_sales,
    sale_dates,
    split_sales,
    to_instances,
    write_sales,
)
from house_prices.errors import DataInvalid, DataUnreadable, SourceUnreachable

# How the assessor's file spells the names that differ by more than one blank.
ASSESSOR = {
    "Id": "Order",
    "MSSubClass": "MS SubClass",
    "YearRemodAdd": "Year Remod/Add",
    "BsmtFinSF1": "BsmtFin SF 1",
    "LowQualFinSF": "Low Qual Fin SF",
    "GrLivArea": "Gr Liv Area",
    "1stFlrSF": "1st Flr SF",
    "2ndFlrSF": "2nd Flr SF",
    "TotRmsAbvGrd": "TotRms AbvGrd",
    "GarageYrBlt": "Garage Yr Blt",
    "3SsnPorch": "3Ssn Porch",
    "LotArea": "Lot Area",
    "YrSold": "Yr Sold",
    "MoSold": "Mo Sold",
}


@pytest.fixture
def write(tmp_path, sales):
    """Writes the first synthetic sales after a change to them and returns the file."""

    def written(change=lambda frame: frame, rows=30):
        file = tmp_path / "sales.csv"
        change(sales.head(rows).astype(object)).to_csv(file, index=False, na_rep="NA")
        return file

    return written


def with_value(column, value, row=2):
    """Returns a change that puts one value into one row (counted from 1)."""

    def change(frame):
        frame.loc[frame.index[row - 1], column] = value
        return frame

    return change


def test_both_headers_load_the_same(write, config):
    """The assessor's spelling gives the frame that Kaggle's gives."""
    kaggle = load_sales(write(), config)
    assessor = load_sales(write(lambda frame: frame.rename(columns=ASSESSOR)), config)
    pd.testing.assert_frame_equal(assessor, kaggle)


@given(st.data())
@settings(deadline=None, max_examples=50)
def test_blanks_and_slashes_in_a_name_do_not_matter(config, draw):
    """Wherever the header puts them, the name is the same."""
    name = draw.draw(st.sampled_from([*config.columns]))
    gaps = draw.draw(st.lists(st.sampled_from(["", " ", "/"]), min_size=len(name) + 1))
    spelled = "".join(gap + letter for gap, letter in zip(gaps, name, strict=False))
    assert canonical_name(spelled) == name


def test_a_byte_order_mark_is_no_part_of_the_first_name(write, config):
    """Spreadsheets write one."""
    file = write()
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load_sales(file, config).columns[0] == "Id"


def test_only_na_and_an_empty_cell_are_null(write, config):
    """`None` is a kind of masonry and `null` a text; NA, nothing and blanks are null."""

    def change(frame):
        frame["MasVnrType"] = ["None", "null", "NA", "", "  "] * 6
        return frame

    loaded = load_sales(write(change), config)["MasVnrType"]
    assert loaded.head(2).tolist() == ["None", "null"]
    assert loaded.iloc[2:5].isna().all()


def test_stray_blanks_are_trimmed_and_classes_lose_their_leading_zero(write, config):
    """`WD ` is WD, and 020 is the class that Kaggle calls 20."""

    def change(frame):
        frame["SaleType"], frame["MSSubClass"] = "WD ", "020"
        return frame

    loaded = load_sales(write(change), config)
    assert set(loaded["SaleType"]) == {"WD"}
    assert set(loaded["MSSubClass"]) == {"20"}


def test_every_column_has_its_declared_type(sales, config):
    """Text is object, numbers float64, whole numbers int64."""
    kinds = {"category": "object", "number": "float64", "integer": "int64"}
    for name, column in config.columns.items():
        assert str(sales[name].dtype) == kinds[column.kind], name


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: f.drop(columns="GrLivArea"), r"'GrLivArea' is missing \(1 in all\)"),
        (lambda f: f.drop(columns="SalePrice"), "'SalePrice' is missing"),
        (lambda f: f.drop(columns="MoSold"), "'MoSold' is missing"),
        (lambda f: f.assign(Shoes=1), "'Shoes' is not one of the Ames file"),
        (lambda f: f.assign(**{"Lot Area": 1}), "Two columns are called 'LotArea'"),
        (with_value("LotFrontage", "wide"), "LotFrontage in data row 2 is 'wide'; a number"),
        (with_value("LotFrontage", "inf"), "LotFrontage in data row 2 is 'inf'"),
        (with_value("LotFrontage", "1e400"), "LotFrontage in data row 2 is '1e400'"),
        (with_value("LotArea", "1.5", row=7), "LotArea in data row 7 is '1.5'; an integer"),
        (with_value("LotArea", "NA"), "LotArea in data row 2 is empty; an integer"),
        (with_value("LotArea", "1e17"), "a smaller integer is wanted"),
        (with_value("MoSold", 13), "MoSold in data row 2 is 13; a month"),
        (with_value("SalePrice", "NA"), "SalePrice in data row 2 is empty; a price"),
        (with_value("SalePrice", "-1"), "SalePrice in data row 2 is '-1'; a price above zero"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused_by_column_and_row(write, config, change, message):
    """The message names the column, the row and the value."""
    with pytest.raises(DataInvalid, match=message):
        load_sales(write(change), config)


def test_prices_may_be_lacking_where_nobody_asks_for_them(write, config):
    """Kaggle's test file has none."""
    file = write(lambda frame: frame.drop(columns="SalePrice"))
    assert "SalePrice" not in load_sales(file, config, needs_target=False)


def test_carried_columns_may_be_lacking(write, config):
    """The Kaggle edition has no parcel number."""
    assert "PID" not in load_sales(write(lambda frame: frame.drop(columns="PID")), config)


@pytest.mark.parametrize("content", [b"", b'a,b\n1,2,3\n4,5,6,7,"', b"\xff\xfe\x00"])
def test_a_file_that_is_no_table_is_refused_in_one_line(tmp_path, config, content):
    """Empty, torn and binary files are named with the parser's reason."""
    file = tmp_path / "sales.csv"
    file.write_bytes(content)
    with pytest.raises(DataUnreadable, match="cannot be read as a CSV table") as caught:
        load_sales(file, config)
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_named(tmp_path, config):
    """So that nobody hunts for it."""
    with pytest.raises(DataUnreadable, match=r"none.csv.*No such file"):
        load_sales(tmp_path / "none.csv", config)


def test_the_split_follows_time_and_keeps_every_sale(sales, config):
    """Both parts are in order of year and month, and share no sale."""
    parts = split_sales(sales, config)
    assert sorted([*parts.train.index, *parts.serve.index]) == list(sales.index)
    assert sale_dates(parts.train, config).is_monotonic_increasing
    assert sale_dates(parts.serve, config).is_monotonic_increasing
    assert sale_dates(parts.train, config).max() < sale_dates(parts.serve, config).min()


def test_sales_of_one_month_keep_the_order_of_the_file(sales, config):
    """The file says nothing finer than the month."""
    serve = split_sales(sales, config).serve
    for _, month in serve.groupby(["YrSold", "MoSold"]):
        assert month.index.is_monotonic_increasing


def test_a_year_nobody_asked_for_is_refused(sales, config):
    """Leaving such sales out would drop rows silently."""
    with pytest.raises(DataInvalid, match=r"1 sales are of years .* 2011 in data row 1"):
        split_sales(sales.assign(YrSold=sales["YrSold"].where(sales.index > 0, 2011)), config)


def test_a_part_without_sales_is_refused(sales, config):
    """There is nothing to train on, or nothing to serve."""
    with pytest.raises(DataInvalid, match="no sale of the years 2009, 2010"):
        split_sales(sales[sales["YrSold"] < 2009], config)


def test_a_sale_is_dated_to_the_first_of_its_month(config):
    """The day is not known."""
    dates = sale_dates(pd.DataFrame({"YrSold": [2008], "MoSold": [2]}), config)
    assert dates.tolist() == [pd.Timestamp(2008, 2, 1)]


def test_written_sales_load_the_same(tmp_path, sales, config):
    """Nothing is lost on the way through a CSV file."""
    write_sales(sales, tmp_path / "new" / "sales.csv")
    pd.testing.assert_frame_equal(load_sales(tmp_path / "new" / "sales.csv", config), sales)


def test_json_lines_keep_types_and_nulls(tmp_path, sales):
    """A class stays text, a whole number whole, and a missing value is null."""
    write_sales(sales, tmp_path / "sales.jsonl")
    lines = (tmp_path / "sales.jsonl").read_text(encoding="utf-8").splitlines()
    records = [json.loads(line) for line in lines]
    assert records == to_instances(sales)
    assert isinstance(records[0]["MSSubClass"], str)
    assert isinstance(records[0]["LotArea"], int)
    blank = int(np.flatnonzero(sales["LotFrontage"].isna())[0])
    assert records[blank]["LotFrontage"] is None


def test_instances_become_the_frame_they_came_from(sales, config):
    """What a client sends is typed as in training."""
    features = sales[config.features].reset_index(drop=True)
    pd.testing.assert_frame_equal(feature_frame(to_instances(features), config), features)


def openml_with(monkeypatch, fetch):
    """Puts a stand-in for OpenML's client where the import finds it."""
    module = types.ModuleType("sklearn.datasets")
    module.fetch_openml = fetch
    monkeypatch.setitem(sys.modules, "sklearn.datasets", module)


def test_an_unreachable_openml_is_one_clear_error(monkeypatch, config):
    """The message says what else would do."""

    def fail(**_):
        raise OSError("no route to host")

    openml_with(monkeypatch, fail)
    with pytest.raises(SourceUnreachable, match=r"no route to host.*Give a CSV file"):
        load_openml(config)


def test_openml_gives_the_same_sales_as_a_file(monkeypatch, sales, config):
    """Numbers in place of text make no difference."""
    fetched = sales.drop(columns="PID").assign(MSSubClass=sales["MSSubClass"].astype(int))
    openml_with(monkeypatch, lambda **_: types.SimpleNamespace(frame=fetched))
    pd.testing.assert_frame_equal(load_openml(config), sales.drop(columns="PID"))


def test_the_real_file_loads_with_its_known_figures(real_sales, config):
    """2,930 sales, 989 of them in the serving years, the known nulls."""
    assert len(real_sales) == 2930
    assert len(split_sales(real_sales, config).serve) == 989
    assert int(real_sales["LotFrontage"].isna().sum()) == 490
    assert int((real_sales["MasVnrType"] == "None").sum()) > 1500
    assert real_sales["PID"].str.len().eq(10).all()


def test_a_frame_goes_through_text_only_once(sales, config):
    """Typing sales that are typed already changes nothing."""
    assert isinstance(data._read(io.StringIO("a\n1\n")), pd.DataFrame)
    pd.testing.assert_frame_equal(data.retyped_sales(sales, config), sales)
