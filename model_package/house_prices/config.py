"""
The configuration, checked key by key before anything uses it.

Every section of `config.yaml` is a frozen dataclass; its fields are the keys that exist and their
annotations the types that are accepted. An unknown key is refused with the nearest known one.
"""

import dataclasses
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from pathlib import Path
from types import UnionType
from typing import Any, Literal, TypeVar, get_args, get_origin, get_type_hints

import yaml

from house_prices.errors import ConfigInvalid
from house_prices.features import Spec, check_specs

Section = TypeVar("Section")


@dataclass(frozen=True)
class Target:
    """What is predicted, and in which unit."""

    name: str
    unit: str


@dataclass(frozen=True)
class TimeColumns:
    """The two columns that order the sales."""

    year: str
    month: str


@dataclass(frozen=True)
class SplitYears:
    """Which years are learned from and which are served."""

    train_years: tuple[int, ...]
    serve_years: tuple[int, ...]


@dataclass(frozen=True)
class Column:
    """What one column of the file holds and who uses it."""

    role: Literal["feature", "carried"]
    kind: Literal["integer", "number", "category"]
    nullable: bool = False
    minimum: float | None = None
    maximum: float | None = None


@dataclass(frozen=True)
class LinearModel:
    """The settings of the linear model and the columns it looks at."""

    version: str
    alpha: float
    rare_below: int
    unknown_is_median: tuple[str, ...]
    unknown_is_zero: tuple[str, ...]
    indicators: tuple[str, ...]
    levels: tuple[str, ...]

    @property
    def uses(self) -> tuple[str, ...]:
        """Every column the model reads, derived ones among them."""
        return self.unknown_is_median + self.unknown_is_zero + self.indicators + self.levels


@dataclass(frozen=True)
class BoostingModel:
    """The settings of the boosted trees and the columns they look at."""

    version: str
    learning_rate: float
    trees: int
    leaves: int
    rows_per_leaf: int
    l2: float
    numbers: tuple[str, ...]
    levels: tuple[str, ...]

    @property
    def uses(self) -> tuple[str, ...]:
        """Every column the model reads, derived ones among them."""
        return self.numbers + self.levels


@dataclass(frozen=True)
class Models:
    """One entry for each model version."""

    linear: LinearModel
    boosting: BoostingModel


@dataclass(frozen=True)
class Card:
    """What the model card says beside the figures."""

    intended_use: str = ""
    limitations: str = ""


@dataclass(frozen=True)
class Config:
    """Everything that decides what is trained, and on what; `gates` is for the packaging."""

    target: Target
    time: TimeColumns
    split: SplitYears
    seed: int
    columns: dict[str, Column]
    derived: tuple[Spec, ...]
    models: Models
    card: Card = field(default_factory=Card)
    gates: dict[str, Any] = field(default_factory=dict)

    @property
    def features(self) -> list[str]:
        """The columns a model may look at, in the order of the file."""
        return [name for name, column in self.columns.items() if column.role == "feature"]

    @property
    def carried(self) -> list[str]:
        """The columns that travel with a sale without being looked at."""
        return [name for name, column in self.columns.items() if column.role == "carried"]

    def version_of(self, model_name: str) -> str:
        """The version under which a model is packaged."""
        return str(getattr(self.models, model_name).version)


@cache
def default_config() -> Config:
    """The configuration that is packaged with the models."""
    return parse_config(
        resources.files("house_prices").joinpath("config.yaml").read_text(encoding="utf-8")
    )


def read_config(path: Path) -> Config:
    """Reads a configuration of one's own; raises ConfigInvalid."""
    try:
        return parse_config(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigInvalid(str(path), f"cannot be read ({error})") from error


def parse_config(text: str) -> Config:
    """Turns YAML into a checked configuration; raises ConfigInvalid naming the key at fault."""
    try:
        loaded = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ConfigInvalid("config", f"is not YAML ({' '.join(str(error).split())})") from error
    config = _section(Config, loaded, "config")
    _check_columns(config)
    _check_models(config)
    _check_years(config.split)
    return config


def _check_columns(config: Config) -> None:
    for name in (config.time.year, config.time.month):
        if name not in config.columns:
            raise ConfigInvalid("config.time", f"{name!r} is not among the columns")
    if config.target.name in config.columns:
        raise ConfigInvalid("config.columns", f"{config.target.name!r} is the target")
    for name, column in config.columns.items():
        if column.kind == "integer" and column.nullable:
            raise ConfigInvalid(
                f"config.columns.{name}", "an integer cannot be nullable: use number"
            )
    check_specs(config.derived, config.features)


def _check_models(config: Config) -> None:
    known = {*config.features, *(spec["name"] for spec in config.derived)}
    for model in (config.models.linear, config.models.boosting):
        for name in model.uses:
            if name not in known:
                raise ConfigInvalid(
                    f"config.models ({model.version})",
                    f"{name!r} is neither a feature nor derived{_nearest(name, known)}",
                )


def _check_years(split: SplitYears) -> None:
    if not split.train_years or not split.serve_years:
        raise ConfigInvalid("config.split", "both lists need at least one year")
    if max(split.train_years) >= min(split.serve_years):
        raise ConfigInvalid(
            "config.split", "every training year must come before every serving year"
        )


def _section(kind: type[Section], found: object, where: str) -> Section:
    if not isinstance(found, Mapping):
        raise ConfigInvalid(where, f"a section is wanted, not {found!r}")
    types = get_type_hints(kind)
    for key in found:
        if key not in types:
            raise ConfigInvalid(where, f"unknown key {key!r}{_nearest(str(key), types)}")
    fields = dataclasses.fields(kind)  # type: ignore[arg-type]
    missing = [spec.name for spec in fields if _is_needed(spec) and spec.name not in found]
    if missing:
        raise ConfigInvalid(where, f"{missing[0]!r} is missing")
    return kind(
        **{key: _value(types[key], value, f"{where}.{key}") for key, value in found.items()}
    )


def _is_needed(spec: "dataclasses.Field[Any]") -> bool:
    return spec.default is dataclasses.MISSING and spec.default_factory is dataclasses.MISSING


def _value(kind: Any, found: Any, where: str) -> Any:
    """Checks one value against the annotation of its field and returns it in that type."""
    if kind is Any:
        return found
    if dataclasses.is_dataclass(kind):
        return _section(kind, found, where)  # type: ignore[arg-type]
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal and found not in arguments:
        raise ConfigInvalid(where, f"{found!r} is not one of {', '.join(arguments)}")
    if origin is Literal or (origin is UnionType and found is None):
        return found
    if origin is UnionType:
        return _value(arguments[0], found, where)
    return _collection(origin or kind, arguments, found, where)


def _collection(kind: type, arguments: tuple[Any, ...], found: Any, where: str) -> Any:
    if kind is tuple:
        items = _of_type(list, found, where)
        return tuple(_value(arguments[0], item, f"{where}[{n}]") for n, item in enumerate(items))
    if kind is dict:
        items = _of_type(dict, found, where).items()
        return {str(name): _value(arguments[1], item, f"{where}.{name}") for name, item in items}
    return _of_type(kind, found, where)


def _of_type(kind: Any, found: Any, where: str) -> Any:
    accepted = (int, float) if kind is float else kind
    # True is an int to Python, and never what a number in a configuration means.
    if not isinstance(found, accepted) or (isinstance(found, bool) and kind is not bool):
        raise ConfigInvalid(where, f"a value of type {kind.__name__} is wanted, not {found!r}")
    return float(found) if kind is float else found


def _nearest(name: str, known: Mapping[str, object] | set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
