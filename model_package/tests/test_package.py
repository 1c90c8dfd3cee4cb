import sys

import numpy as np
import pytest

from house_prices.cli import main
from house_prices.data import split_sales, to_instances
from house_prices.train import package, predict, train
from understudy.artefacts.artefact import open_artefact
from understudy.serving.engines import load_engine


@pytest.fixture(scope="module", params=["linear", "boosting"])
def packaged(request, sales, config, tmp_path_factory):
    """The name of a model, its artefact, and the folder that holds it."""
    out = tmp_path_factory.mktemp(request.param)
    return request.param, package(request.param, sales, out, config)


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


def test_the_same_sales_and_seed_give_the_same_digest(packaged, sales, config, tmp_path):
    """A second training, elsewhere and later, makes the same artefact."""
    model, artefact = packaged
    again = package(model, sales, tmp_path / "again", config)
    assert again.manifest.digest == artefact.manifest.digest


def test_the_second_version_is_held_against_the_first(sales, config, tmp_path):
    """The gates compare the two on sales that neither has seen, and the manifest says so."""
    linear = package("linear", sales, tmp_path, config)
    boosting = package("boosting", sales, tmp_path, config, live=linear)
    assert boosting.manifest.compared_with.digest == linear.digest
    gates = {result.gate: result.status for result in boosting.manifest.gates}
    assert gates["live"] == "passed"
    assert "refused" not in gates.values()


def test_the_card_says_what_the_model_is_for(packaged, config):
    """Intended use and limitations come from the configuration."""
    _, artefact = packaged
    assert artefact.manifest.intended_use == config.card.intended_use != ""
    assert artefact.manifest.limitations == config.card.limitations != ""


def test_the_command_trains_and_packages_both(tmp_path, capsys):
    """And prints a line for each, with its error in dollars."""
    with pytest.raises(SystemExit) as ended:
        main(["train", "--out", str(tmp_path / "artefacts")])
    out = capsys.readouterr().out
    assert ended.value.code == 0
    assert "house-prices:1.0.0  linear" in out
    assert "house-prices:2.0.0  boosting" in out
    assert out.count("mean absolute error $") == 2


def test_another_model_under_a_version_that_exists_is_one_line_and_status_70(tmp_path, capsys):
    """An artefact that was made once is never overwritten."""
    for seed in ("1", "2"):
        with pytest.raises(SystemExit):
            main(["synthetic", "--out", str(tmp_path / f"{seed}.csv"), "--seed", seed])
    arguments = ["train", "--model", "linear", "--out", str(tmp_path / "artefacts"), "--data"]
    with pytest.raises(SystemExit) as first:
        main([*arguments, str(tmp_path / "1.csv")])
    with pytest.raises(SystemExit) as second:
        main([*arguments, str(tmp_path / "2.csv")])
    assert (first.value.code, second.value.code) == (0, 70)
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
