import sys

import numpy as np
import pytest

from house_prices.cli import main
from house_prices.data import split_sales, to_instances
from house_prices.train import package, predict, train
from understudy.artefacts.artefact import open_artefact
from understudy.serving.engines import load_engine

pytestmark = [pytest.mark.no_cover, pytest.mark.xdist_group("houses")]  # made once, by one worker


@pytest.fixture(scope="module")
def linear(sales, config, tmp_path_factory):
    """The artefact of the first version."""
    return package("linear", sales, tmp_path_factory.mktemp("linear"), config)


@pytest.fixture(scope="module")
def boosting(sales, config, linear, tmp_path_factory):
    """The artefact of the second version, which the gates held against the first."""
    return package("boosting", sales, tmp_path_factory.mktemp("boosting"), config, live=linear)


@pytest.fixture(params=["linear", "boosting"])
def packaged(request):
    """The name of a model, and its artefact."""
    return request.param, request.getfixturevalue(request.param)


def test_the_artefact_says_what_it_is(packaged, config, sales):
    """Name, version, unit, target, rows and the range of time."""
    model, artefact = packaged
    manifest = open_artefact(artefact.folder).manifest
    assert (manifest.name, manifest.version) == ("house-prices", config.version_of(model))
    assert manifest.task == "regression"
    assert (manifest.output.target, manifest.output.unit) == ("SalePrice", "USD")
    assert manifest.training.rows == len(split_sales(sales, config).train)
    assert (manifest.training.start[:7], manifest.training.end[:7]) == ("2006-01", "2008-12")
    assert [field.name for field in manifest.input_schema.features] == config.features
    assert set(config.carried) <= {field.name for field in manifest.input_schema.carried}


def test_the_fast_engine_is_chosen(packaged):
    """Derived columns travel as data, so that serving needs none of this package."""
    _, artefact = packaged
    assert artefact.manifest.engine == "compiled", artefact.manifest.engine_reasons


def test_the_engine_gives_the_prices_of_the_pipeline(packaged, sales, config):
    """For every sale of the serving years, as a client sends it."""
    model, artefact = packaged
    trained = train(model, sales, config)
    served = load_engine(artefact).predict(to_instances(trained.serve[config.features]))
    wanted = predict(trained, trained.serve, config)
    np.testing.assert_allclose(np.array(served.values), wanted, rtol=1e-6)


def test_the_same_sales_and_seed_give_the_same_digest(packaged, linear, sales, config, tmp_path):
    """A second training, elsewhere and later, makes the same artefact."""
    model, artefact = packaged
    live = linear if model == "boosting" else None
    again = package(model, sales, tmp_path / "again", config, live=live)
    assert again.manifest.digest == artefact.manifest.digest


def test_the_second_version_is_held_against_the_first(linear, boosting):
    """The gates compare the two on sales that neither has seen, and the manifest says so."""
    assert boosting.manifest.compared_with.digest == linear.digest
    gates = {result.gate: result.status for result in boosting.manifest.gates}
    assert gates["live"] == "passed"
    assert "refused" not in gates.values()


def test_the_card_says_what_the_model_is_for(packaged, config):
    """Intended use and limitations come from the configuration."""
    _, artefact = packaged
    assert artefact.manifest.intended_use == config.card.intended_use != ""
    assert artefact.manifest.limitations == config.card.limitations != ""


def test_the_command_trains_and_packages_both_once(tmp_path, capsys):
    """
    And prints a line for each, with its error in dollars.

    Another model under a version that exists is one line and status 70: an artefact that was made
    once is never overwritten.
    """
    train_all = ["train", "--out", str(tmp_path / "artefacts")]
    with pytest.raises(SystemExit) as ended:
        main(train_all)
    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert "house-prices:1.0.0  linear" in out
    assert "house-prices:2.0.0  boosting" in out
    assert out.count("mean absolute error $") == 2
    others = str(tmp_path / "others.csv")
    with pytest.raises(SystemExit):
        main(["synthetic", "--out", others, "--seed", "2"])
    with pytest.raises(SystemExit) as again:
        main([*train_all, "--model", "linear", "--data", others])
    assert again.value.code == 70
    error = capsys.readouterr().err
    assert "already holds" in error
    assert error.count("\n") == 1


def test_packaging_without_understudy_says_what_to_install(tmp_path, capsys, monkeypatch):
    """Training needs nothing from it; packaging does."""
    monkeypatch.setitem(sys.modules, "understudy.errors", None)
    with pytest.raises(SystemExit) as ended:
        main(["train", "--model", "linear", "--out", str(tmp_path)])
    assert ended.value.code == 70
    assert "install house-prices[package]" in capsys.readouterr().err
