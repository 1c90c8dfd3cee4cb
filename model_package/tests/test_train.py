import numpy as np
import pytest

from house_prices.errors import ConfigInvalid, DataInvalid
from house_prices.quiz import read_quiz
from house_prices.train import mean_absolute_error, predict, schema_overrides, train


def test_the_same_sales_and_seed_give_the_same_prices(trained, sales, config):
    """To the last bit, in a second training."""
    again = train(trained.model_name, sales, config)
    np.testing.assert_array_equal(
        predict(again, again.serve, config), predict(trained, trained.serve, config)
    )


def test_the_model_looks_at_the_features_only(trained, config):
    """Neither the price nor a carried column is among what it was fitted on."""
    assert list(trained.estimator.feature_names_in_) == config.features


def test_only_the_training_years_are_learned_from(trained, config):
    """The later sales stay unseen."""
    assert set(trained.train["YrSold"]) == set(config.split.train_years)
    assert set(trained.serve["YrSold"]) == set(config.split.serve_years)


def test_the_model_is_off_by_less_than_20000_dollars(trained, config):
    """On average over the synthetic sales it has not seen."""
    assert mean_absolute_error(trained, config) < 20_000


@pytest.mark.parametrize("model", ["linear", "boosting"])
def test_the_model_is_off_by_less_than_20000_dollars_on_the_real_file(model, real_sales, config):
    """On average over the sales of 2009 and 2010, and it passes the quiz."""
    fitted = train(model, real_sales, config)
    assert mean_absolute_error(fitted, config) < 20_000
    assert_passes_quiz(fitted, config)


def assert_passes_quiz(fitted, config):
    """Every question of the quiz is answered within its tolerance."""
    quiz = read_quiz(config)
    off = np.abs(predict(fitted, quiz.instances, config) - np.array(quiz.expected))
    for question, distance, tolerance in zip(quiz.questions, off, quiz.tolerance, strict=True):
        assert distance <= tolerance, question


def test_the_model_passes_the_quiz(trained, config):
    """Also when it has learned from the synthetic market."""
    assert_passes_quiz(trained, config)


def test_a_model_that_mixes_up_columns_fails_the_quiz(sales, config):
    """The quiz is narrow enough to notice a model fitted on prices of other houses."""
    shuffled = sales.assign(SalePrice=sales["SalePrice"].sample(frac=1, random_state=1).to_numpy())
    with pytest.raises(AssertionError, match=r"cottage|ridge|ranch"):
        assert_passes_quiz(train("linear", shuffled, config), config)


def test_boosting_beats_the_linear_model(sales, config):
    """The synthetic market has curves to find, so that the shadow has something to show."""
    linear, boosting = (
        mean_absolute_error(train(name, sales, config), config) for name in ("linear", "boosting")
    )
    assert boosting < 0.95 * linear


def test_an_unknown_model_is_refused(sales, config):
    """The message lists those that exist."""
    with pytest.raises(ConfigInvalid, match="'forest' is not one of linear, boosting"):
        train("forest", sales, config)


def test_sales_without_the_serving_years_cannot_be_trained_on(sales, config):
    """A model that nothing measures is not trained."""
    with pytest.raises(DataInvalid, match="no sale of the years"):
        train("linear", sales[sales["YrSold"] < 2009], config)


def test_nullable_features_and_wider_ranges_go_into_the_contract(config):
    """Even where the training sales happen to have no null."""
    overrides = schema_overrides(config)
    assert overrides["GarageCars"] == {"nullable": True}
    assert overrides["YrSold"] == {"minimum": 2006.0, "maximum": 2015.0}
    assert "LotArea" not in overrides
