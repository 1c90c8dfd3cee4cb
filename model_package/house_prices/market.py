"""The made-up market: where houses stand, how old they are, and which levels they have."""

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt
import yaml

Array = npt.NDArray[Any]
Houses = dict[str, Array]

# Exterior2nd spells some materials in its own way.
SECOND_SPELLING = {"WdShing": "Wd Shng", "CemntBd": "CmentBd"}
# The class of a one-family house by style, before 1946 and since.
CLASSES = {
    "1Story": ("30", "20"),
    "1.5Fin": ("50", "50"),
    "1.5Unf": ("45", "45"),
    "2Story": ("70", "60"),
    "2.5Unf": ("75", "75"),
    "2.5Fin": ("75", "75"),
    "SLvl": ("80", "80"),
    "SFoyer": ("85", "85"),
}
TOWNHOUSES = {"1Story": "120", "2Story": "160"}


@cache
def _market() -> Any:
    source = resources.files("house_prices").joinpath("market.yaml")
    return yaml.safe_load(source.read_text(encoding="utf-8"))


def draw(rng: np.random.Generator, shares: Mapping[Any, float], size: int) -> Array:
    """Draws levels in proportion to their shares."""
    weights = np.array(list(shares.values()), dtype=float)
    # The null is written as in the file, so that drawing stays a matter of text.
    return rng.choice(np.array(list(shares), dtype=object), size, p=weights / weights.sum())


def draw_place(rng: np.random.Generator, houses: Houses) -> Houses:
    """Where and when: the neighbourhood, the years, the quality of the house."""
    market, rows = _market(), len(houses["Id"])
    table = market["neighborhoods"]
    where = draw(rng, {name: row[0] for name, row in table.items()}, rows)
    typical = np.array([table[name] for name in where], dtype=float)
    sold = draw(rng, market["years"], rows).astype(int)
    months = rng.choice(12, rows, p=np.array(market["months"]) / sum(market["months"])) + 1
    months = np.where(sold == 2010, (months - 1) % 7 + 1, months)
    built = np.clip(np.round(rng.normal(typical[:, 1], typical[:, 2])), 1875, sold).astype(int)
    renewed = np.where(rng.random(rows) < 0.45, np.round(rng.uniform(built, sold)), built)
    quality = np.clip(np.round(rng.normal(typical[:, 3], 0.8)), 1, 10).astype(int)
    wear = np.where(built > 1995, 0.3, 1.2)
    zones = market["zoning"]
    return {
        "Neighborhood": where,
        "MSZoning": np.array([draw(rng, zones.get(name, {"RL": 1}), 1)[0] for name in where]),
        "YrSold": sold,
        "MoSold": months,
        "YearBuilt": built,
        "YearRemodAdd": np.maximum(renewed, 1950).astype(int),
        "OverallQual": quality,
        "OverallCond": np.clip(np.round(rng.normal(5.3, wear)), 1, 9).astype(int),
        "_size": typical[:, 4],
        "_effect": typical[:, 5],
    }


def draw_levels(rng: np.random.Generator, houses: Houses) -> Houses:
    """Every level that depends on nothing, or only on the age of the house."""
    rows, built = len(houses["Id"]), houses["YearBuilt"]
    drawn = {name: draw(rng, shares, rows) for name, shares in _market()["shares"].items()}
    for name, eras in _market()["shares_by_era"].items():
        choices = [draw(rng, shares, rows) for shares in eras]
        drawn[name] = np.select([built < 1946, built < 1980], choices[:2], default=choices[2])
    second = np.array([SECOND_SPELLING.get(name, name) for name in drawn["Exterior1st"]], object)
    drawn["Exterior2nd"] = np.where(rng.random(rows) < 0.9, second, "Plywood")
    kinds = zip(drawn["BldgType"], drawn["HouseStyle"], built, strict=True)
    drawn["MSSubClass"] = np.array([_class_of(*kind) for kind in kinds], dtype=object)
    return drawn


def _class_of(building: str, style: str, built: int) -> str:
    if building in ("Duplex", "2fmCon"):
        return "90" if building == "Duplex" else "190"
    if building.startswith("Twnhs"):
        return TOWNHOUSES.get(style, "180")
    return CLASSES[style][int(built >= 1946)]
