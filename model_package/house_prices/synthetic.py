"""
A made-up market with the columns, types, nulls and time order of the Ames file.

It stands in where the real file may not be had: for the demonstration and for the tests. Prices
follow a law with curves and interactions, so that trees have something to find that a straight
line misses, and a noise that no model can explain.
"""

import numpy as np
import pandas as pd

from house_prices.config import Config
from house_prices.data import retyped_sales
from house_prices.market import Array, Houses, draw, draw_levels, draw_place

ROWS = 2900
NOISE = 0.075
HIDDEN = ("_size", "_effect")  # steps hand these on to one another; no seller writes them down
GRADES = np.array(["Po", "Fa", "TA", "Gd", "Ex"], dtype=object)
BASEMENT_TEXT = ("BsmtQual", "BsmtCond", "BsmtExposure", "BsmtFinType1", "BsmtFinType2")
BASEMENT_AREA = ("BsmtFinSF1", "BsmtFinSF2", "BsmtUnfSF", "TotalBsmtSF")
GARAGE_TEXT = ("GarageFinish", "GarageQual", "GarageCond")


def synthetic_sales(config: Config, *, rows: int = ROWS, seed: int | None = None) -> pd.DataFrame:
    """Makes a market; the same seed (the configuration's unless given) gives the same sales."""
    rng = np.random.default_rng(config.seed if seed is None else seed)
    houses: Houses = {"Id": np.arange(1, rows + 1)}
    parcels = 900_000_000 + rng.choice(99_999_999, rows, replace=False)
    houses["PID"] = np.array([f"0{parcel}" for parcel in parcels], dtype=object)
    for step in (draw_place, draw_levels, _size, _basement, _garage, _grades, _grounds, _sale):
        houses.update(step(rng, houses))
    houses[config.target.name] = _price(rng, houses)
    houses.update(_unknown(rng, houses))
    known = {name: values for name, values in houses.items() if name not in HIDDEN}
    return retyped_sales(pd.DataFrame(known), config)


def _size(rng: np.random.Generator, houses: Houses) -> Houses:
    """Areas and rooms above ground, and the lot they stand on."""
    rows = len(houses["Id"])
    storeys = np.array(
        [1.0 if s in ("1Story", "SLvl", "SFoyer") else 1.8 for s in houses["HouseStyle"]]
    )
    living = (
        1250
        * houses["_size"]
        * storeys**0.55
        * np.exp(0.06 * (houses["OverallQual"] - 6) + rng.normal(0, 0.2, rows))
    )
    upper = np.where(storeys > 1, living * rng.uniform(0.35, 0.5, rows), 0).astype(int)
    low = np.where(rng.random(rows) < 0.014, rng.integers(80, 600, rows), 0)
    first = np.maximum(living.astype(int) - upper, 340)
    above = first + upper + low
    lot = np.exp(
        rng.normal(9.13, 0.4, rows)
        - 0.9 * np.char.startswith(houses["BldgType"].astype(str), "Twn")
    )
    bedrooms = np.clip(np.round(rng.normal(above / 560 + 0.2, 0.6)), 0, 8).astype(int)
    return {
        "1stFlrSF": first,
        "2ndFlrSF": upper,
        "LowQualFinSF": low,
        "GrLivArea": above,
        "LotArea": np.maximum(lot, 1300).astype(int),
        "LotFrontage": np.clip(np.sqrt(lot) * rng.normal(0.7, 0.12, rows), 21, 300).astype(int),
        "FullBath": np.clip(np.round(above / 1000 + rng.normal(0.1, 0.35, rows)), 1, 4).astype(int),
        "HalfBath": ((upper > 0) & (rng.random(rows) < 0.75)).astype(int),
        "BedroomAbvGr": bedrooms,
        "KitchenAbvGr": 1 + (houses["BldgType"] == "Duplex"),
        "TotRmsAbvGrd": bedrooms
        + np.clip(np.round(above / 480 + rng.normal(0, 0.6, rows)), 2, 7).astype(int),
        "Fireplaces": np.minimum(rng.poisson(0.15 * np.maximum(houses["OverallQual"] - 1, 0)), 4),
    }


def _basement(rng: np.random.Generator, houses: Houses) -> Houses:
    """Areas below ground; a house without a basement has zeros and nulls."""
    rows = len(houses["Id"])
    has = rng.random(rows) > 0.027
    total = np.where(has, houses["1stFlrSF"] * rng.uniform(0.82, 1.05, rows), 0).astype(int)
    finished = np.where(houses["BsmtFinType1"] == "Unf", 0, total * rng.uniform(0.2, 0.9, rows))
    second = np.where(houses["BsmtFinType2"] == "Unf", 0, (total - finished) * 0.4).astype(int)
    made: Houses = {
        "TotalBsmtSF": total,
        "BsmtFinSF1": finished.astype(int),
        "BsmtFinSF2": second,
        "BsmtUnfSF": total - finished.astype(int) - second,
        "BsmtFullBath": ((finished > 300) & (rng.random(rows) < 0.7)).astype(int),
        "BsmtHalfBath": ((finished > 100) & (rng.random(rows) < 0.09)).astype(int),
        "BsmtQual": _grade(rng, houses, years_per_grade=45),
    }
    everything = houses | made
    return made | {name: np.where(has, everything[name], "NA") for name in BASEMENT_TEXT}


def _garage(rng: np.random.Generator, houses: Houses) -> Houses:
    """The garage; a house without one has zeros and nulls."""
    rows, has = len(houses["Id"]), houses["GarageType"] != "NA"
    wanted = 0.9 + 0.2 * (houses["OverallQual"] - 3) + 0.006 * (houses["YearBuilt"] - 1960)
    cars = np.where(has, np.clip(np.round(rng.normal(wanted, 0.45)), 1, 4), 0).astype(int)
    area = (cars * 225 * rng.normal(1.08, 0.12, rows)).astype(int)
    built = np.where(rng.random(rows) < 0.8, houses["YearBuilt"], houses["YearRemodAdd"])
    return {
        "GarageCars": cars,
        "GarageArea": np.maximum(area, 0),
        "GarageYrBlt": np.where(has, built.astype(object), "NA"),
        **{name: np.where(has, houses[name], "NA") for name in GARAGE_TEXT},
    }


def _grades(rng: np.random.Generator, houses: Houses) -> Houses:
    """Grades follow the quality of the whole and the age of the part."""
    fireplace = _grade(rng, houses, years_per_grade=120)
    return {
        "ExterQual": _grade(rng, houses, years_per_grade=90),
        "KitchenQual": _grade(rng, houses, years_per_grade=60),
        "HeatingQC": _grade(rng, houses, years_per_grade=35),
        "FireplaceQu": np.where(houses["Fireplaces"] > 0, fireplace, "NA"),
    }


def _grade(rng: np.random.Generator, houses: Houses, *, years_per_grade: float) -> Array:
    age = houses["YrSold"] - houses["YearRemodAdd"]
    level = 2.2 + 0.35 * (houses["OverallQual"] - 5) - (age - 20) / years_per_grade
    noisy = rng.normal(level, 0.35)
    return np.asarray(GRADES[np.clip(np.round(noisy), 1, 4).astype(int)])


def _grounds(rng: np.random.Generator, houses: Houses) -> Houses:
    """What stands around the house, mostly nothing."""
    rows = len(houses["Id"])

    def sometimes(share: float, mean: float) -> Array:
        return np.where(rng.random(rows) < share, rng.gamma(3, mean / 3, rows) + 10, 0).astype(int)

    pool = sometimes(0.0045, 500)
    pool_grade = rng.choice(GRADES[1:], rows)
    veneer = (rng.gamma(2, 130, rows) + 16).astype(int)
    return {
        "WoodDeckSF": sometimes(0.48, 190),
        "OpenPorchSF": sometimes(0.55, 80),
        "EnclosedPorch": sometimes(0.16, 140),
        "3SsnPorch": sometimes(0.012, 210),
        "ScreenPorch": sometimes(0.088, 175),
        "PoolArea": pool,
        "PoolQC": np.where(pool > 0, pool_grade, "NA"),
        "MiscVal": np.where(houses["MiscFeature"] == "NA", 0, rng.integers(3, 30, rows) * 100),
        "MasVnrArea": np.where(houses["MasVnrType"] == "None", 0, veneer),
    }


def _sale(rng: np.random.Generator, houses: Houses) -> Houses:
    """How the house was sold; one just built is often sold before it is finished."""
    rows = len(houses["Id"])
    is_new = (houses["YrSold"] - houses["YearBuilt"] <= 1) & (rng.random(rows) < 0.6)
    rest = {"Normal": 0.895, "Abnorml": 0.071, "Family": 0.018, "Alloca": 0.010, "AdjLand": 0.006}
    types = {"WD": 0.945, "COD": 0.033, "ConLD": 0.01, "CWD": 0.005, "ConLI": 0.004, "Oth": 0.003}
    return {
        "SaleCondition": np.where(is_new, "Partial", draw(rng, rest, rows)),
        "SaleType": np.where(is_new, "New", draw(rng, types, rows)),
    }


def _price(rng: np.random.Generator, houses: Houses) -> Array:
    """The law of the market, in logs, with its noise; dollars, rounded as sellers do."""
    quality, age = houses["OverallQual"] - 6.0, houses["YrSold"] - houses["YearBuilt"]
    is_fine, is_worn = quality > 0, (age > 40) & (houses["OverallCond"] < 5)
    size = np.log(houses["GrLivArea"] / 1450)
    since_work = houses["YrSold"] - houses["YearRemodAdd"]
    log_price = (
        12.05 + 0.85 * houses["_effect"]
        + 0.40 * size + 0.22 * np.where(is_fine, np.maximum(size, 0), 0)
        + 0.045 * quality + 0.004 * np.where(is_fine, quality, 0) ** 2
        + 0.10 * houses["TotalBsmtSF"] / 1000
        + 0.00012 * np.where(is_fine, houses["BsmtFinSF1"], 0)
        - np.where(is_fine, 0.10, 0.24) * (1 - np.exp(-age / 30))
        - 0.08 * np.where(age > 20, np.minimum(since_work, 30) / 30, 0)
        + 0.02 * (houses["OverallCond"] - 5) - 0.18 * is_worn
        + 0.09 * np.log(houses["LotArea"] / 9500)
        + 0.045 * (houses["GarageCars"] - 2) + 0.03 * np.minimum(houses["Fireplaces"], 2)
        + 0.05 * (houses["KitchenQual"] == "Ex") - 0.06 * (houses["CentralAir"] == "N")
        - 0.10 * (houses["SaleCondition"] == "Abnorml")
        + 0.04 * (houses["SaleCondition"] == "Partial")
    )  # fmt: skip
    noisy = np.exp(rng.normal(log_price, NOISE))
    return np.asarray(np.maximum(np.round(noisy / 500) * 500, 12_500).astype(int))


def _unknown(rng: np.random.Generator, houses: Houses) -> Houses:
    """Nulls that mean "not known", in about the shares of the real file."""
    rows = len(houses["Id"])
    masonry = rng.random(rows) < 0.008
    made = {
        "LotFrontage": _blank(houses["LotFrontage"], rng.random(rows) < 0.167),
        "MasVnrType": _blank(houses["MasVnrType"], masonry),
        "MasVnrArea": _blank(houses["MasVnrArea"], masonry),
    }
    single = rng.permutation(rows)[:3]
    for name in (*BASEMENT_AREA, "BsmtFullBath", "BsmtHalfBath"):
        made[name] = _blank(houses[name], np.arange(rows) == single[0])
    for name in ("GarageCars", "GarageArea"):
        made[name] = _blank(houses[name], np.arange(rows) == single[1])
    made["Electrical"] = _blank(houses["Electrical"], np.arange(rows) == single[2])
    return made


def _blank(values: Array, where: Array) -> Array:
    return np.where(where, "NA", values.astype(object))
