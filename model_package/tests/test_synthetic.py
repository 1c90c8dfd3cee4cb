import numpy as np
import pandas as pd
import pytest

from house_prices.data import sale_dates
from house_prices.synthetic import synthetic_sales


def test_the_same_seed_makes_the_same_market(config):
    """And another seed another one."""
    first, again = (synthetic_sales(config, rows=200, seed=5) for _ in range(2))
    pd.testing.assert_frame_equal(first, again)
    assert not synthetic_sales(config, rows=200, seed=6).equals(first)


@pytest.mark.parametrize("seed", range(4))
def test_any_seed_makes_a_market_that_loads(config, seed):
    """Even a small one has every column, and only prices above zero."""
    sales = synthetic_sales(config, rows=150, seed=seed)
    assert list(sales.columns) == [*config.columns, config.target.name]
    assert sales["SalePrice"].between(12_500, 2_000_000).all()


def test_sales_run_from_2006_to_july_2010(sales, config):
    """As in the file."""
    dates = sale_dates(sales, config)
    assert dates.min() == pd.Timestamp(2006, 1, 1)
    assert dates.max() == pd.Timestamp(2010, 7, 1)


def test_no_house_is_younger_than_its_sale(sales):
    """Building and renewal come before selling, renewal after building."""
    assert (sales["YearBuilt"] <= sales["YrSold"]).all()
    assert (sales["YearRemodAdd"] <= sales["YrSold"]).all()
    assert (sales["YearRemodAdd"] >= sales["YearBuilt"].clip(lower=1950)).all()


def test_areas_add_up(sales):
    """The floors make the living area, the parts the basement."""
    floors = sales["1stFlrSF"] + sales["2ndFlrSF"] + sales["LowQualFinSF"]
    assert (floors == sales["GrLivArea"]).all()
    parts = sales["BsmtFinSF1"] + sales["BsmtFinSF2"] + sales["BsmtUnfSF"]
    known = sales["TotalBsmtSF"].notna()
    assert (parts[known] == sales["TotalBsmtSF"][known]).all()


def test_what_does_not_exist_is_null_throughout(sales):
    """No garage: no finish and no cars; no basement: no grade and no area."""
    none = sales["GarageType"].isna()
    assert sales.loc[none, ["GarageFinish", "GarageYrBlt"]].isna().all(axis=None)
    assert (sales.loc[none, "GarageCars"].fillna(0) == 0).all()
    below = sales["BsmtQual"].isna()
    assert (sales.loc[below, "TotalBsmtSF"].fillna(0) == 0).all()


def test_the_real_file_has_the_same_columns_and_types(sales, real_sales):
    """Whatever works on one loads the other."""
    assert list(sales.columns) == list(real_sales.columns)
    assert sales.dtypes.equals(real_sales.dtypes)


def test_the_real_file_has_similar_shares_of_nulls(sales, real_sales):
    """The same columns have nulls, in shares at most a tenth apart."""
    made, real = sales.isna().mean(), real_sales.isna().mean()
    assert set(made[made > 0].index) == set(real[real > 0].index)
    assert float((made - real).abs().max()) < 0.1


def test_the_real_file_knows_every_level_that_is_made_up(sales, real_sales):
    """No level is misspelt."""
    texts = [name for name in sales if sales[name].dtype == object and name != "PID"]
    for name in texts:
        assert set(sales[name].dropna()) <= set(real_sales[name].dropna()), name


def test_no_house_is_copied_from_the_real_file(sales, real_sales):
    """Not one lot, living area and price stand together in both."""
    key = ["LotArea", "GrLivArea", "YearBuilt", "SalePrice"]
    assert sales.merge(real_sales, on=key).empty


def test_prices_are_plausible(sales):
    """The middle house costs what a middle house in Ames did."""
    low, middle, high = np.quantile(sales["SalePrice"], [0.05, 0.5, 0.95])
    assert low > 50_000
    assert 120_000 < middle < 200_000
    assert high < 450_000
