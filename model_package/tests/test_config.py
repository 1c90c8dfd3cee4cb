import dataclasses

import pytest

from house_prices.config import parse_config, read_config
from house_prices.errors import ConfigInvalid, HousePricesError


def set_at(*path_and_value):
    """Returns a change that sets one key, or removes it when the value is `...`."""
    *path, key, value = path_and_value

    def change(content):
        for step in path:
            content = content[step]
        if value is ...:
            del content[key]
        else:
            content[key] = value

    return change


def test_the_packaged_configuration_names_both_model_versions(config):
    """Linear is 1.0.0, boosting 2.0.0, and the price is in dollars."""
    assert config.version_of("linear") == "1.0.0"
    assert config.version_of("boosting") == "2.0.0"
    assert (config.target.name, config.target.unit) == ("SalePrice", "USD")


def test_the_packaged_configuration_covers_the_whole_file(config):
    """The 80 columns beside the price, and the parcel number of the assessor's file."""
    assert len(config.columns) == 81
    assert len(config.features) >= 20
    assert set(config.features) | set(config.carried) == set(config.columns)


def test_the_configuration_cannot_be_changed_by_accident(config):
    """Sections are frozen."""
    with pytest.raises(dataclasses.FrozenInstanceError):
        config.seed = 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (set_at("sed", 1), r"config: unknown key 'sed'; did you mean 'seed'\?"),
        (set_at("models", "linear", "aplha", 1.0), "unknown key 'aplha'; did you mean 'alpha'"),
        (set_at("seed", ...), "config: 'seed' is missing"),
        (set_at("seed", "x"), "config.seed: a value of type int is wanted, not 'x'"),
        (set_at("seed", True), "config.seed: a value of type int is wanted, not True"),
        (set_at("models", "linear", "alpha", "big"), "alpha: a value of type float"),
        (set_at("models", "linear", "levels", "Street"), "levels: a value of type list"),
        (set_at("models", "linear", "levels", [1]), r"levels\[0\]: a value of type str"),
        (set_at("target", "SalePrice"), "config.target: a section is wanted"),
        (set_at("columns", []), "config.columns: a value of type dict"),
        (set_at("columns", "Street", "role", "key"), "'key' is not one of feature, carried"),
        (set_at("columns", "LotArea", "nullable", "no"), "a value of type bool"),
        (set_at("columns", "LotArea", "nullable", True), "an integer cannot be nullable"),
        (set_at("columns", "LotArea", "minimum", "low"), "minimum: a value of type float"),
        (set_at("columns", "SalePrice", {"role": "carried", "kind": "integer"}), "is the target"),
        (set_at("time", "year", "Year"), "'Year' is not among the columns"),
        (set_at("split", "train_years", [2006, 2009]), "must come before"),
        (set_at("split", "serve_years", []), "at least one year"),
        (set_at("models", "boosting", "numbers", ["LotAera"]), "did you mean 'LotArea'"),
        (set_at("models", "boosting", "numbers", ["Zzz"]), "neither a feature nor derived$"),
        (set_at("derived", 0, "op", "power"), "'power' is not one of"),
    ],
)
def test_a_wrong_configuration_is_refused_by_the_key_at_fault(config_text, change, message):
    """Unknown keys, wrong types and contradictions are named."""
    with pytest.raises(HousePricesError, match=message):
        parse_config(config_text(change))


def test_an_open_limit_may_be_written_as_null(config_text):
    """`minimum: null` means that nothing is expected."""
    changed = parse_config(config_text(set_at("columns", "OverallQual", "minimum", None)))
    assert changed.columns["OverallQual"].minimum is None


def test_text_that_is_no_yaml_is_refused():
    """The parser's own message is passed on in one line."""
    with pytest.raises(ConfigInvalid, match=r"is not YAML \(.*\)$"):
        parse_config("a: [1,\nb: 2")


def test_a_configuration_of_ones_own_is_read_from_a_file(tmp_path, config_text):
    """The file's values are used; a file that is missing is an error of its own."""
    file = tmp_path / "mine.yaml"
    file.write_text(config_text(set_at("seed", 7)), encoding="utf-8")
    assert read_config(file).seed == 7
    with pytest.raises(ConfigInvalid, match="cannot be read"):
        read_config(tmp_path / "none.yaml")
