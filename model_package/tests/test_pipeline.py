import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from house_prices.data import feature_frame, to_instances
from house_prices.pipeline import BUILDERS
from house_prices.train import predict

pytestmark = pytest.mark.no_cover


@pytest.fixture(scope="module")
def houses(trained, config):
    return trained.serve[config.features].head(40)


def test_every_row_gets_one_finite_price_whatever_is_null(trained, houses, config):
    """Each nullable feature in turn, and all of them at once."""
    nullable = [name for name in config.features if config.columns[name].nullable]
    for blank in [*([name] for name in nullable), nullable]:
        changed = houses.copy()
        changed[blank] = np.nan
        prices = trained.estimator.predict(changed)
        assert prices.shape == (40,)
        assert np.isfinite(prices).all(), blank
        assert (prices > 0).all(), blank


def test_none_and_nan_get_the_same_price(trained, houses):
    """A JSON null arrives as None, a missing value in a file as NaN."""
    with_none = houses.astype(object).where(houses.notna(), None)
    assert houses.isna().any(axis=None)
    np.testing.assert_array_equal(
        trained.estimator.predict(with_none), trained.estimator.predict(houses)
    )


def test_a_column_of_nothing_but_none_is_priced_like_nan(trained, houses, config):
    """Such a column is of objects even where training saw numbers."""
    for name in ("LotFrontage", "MasVnrArea", "GarageType"):
        blank = houses.assign(**{name: np.nan})
        nothing = houses.assign(**{name: np.array([None] * len(houses), dtype=object)})
        np.testing.assert_array_equal(
            trained.estimator.predict(nothing), trained.estimator.predict(blank)
        )


def test_a_level_never_seen_is_priced(trained, houses):
    """The world brings new neighbourhoods."""
    prices = trained.estimator.predict(houses.assign(Neighborhood="Atlantis", GarageType="Cave"))
    assert np.isfinite(prices).all()


@pytest.mark.parametrize("factor", [-1000.0, 0.0, 1000.0])
def test_a_number_far_out_of_range_gets_a_finite_price(trained, houses, config, factor):
    """A slip of the keyboard must not make an infinite price or a warning."""
    for name in config.features:
        if config.columns[name].kind != "category":
            changed = houses.assign(**{name: houses[name].max() * factor})
            prices = trained.estimator.predict(changed)
            assert np.isfinite(prices).all(), name
            assert (prices < 1e7).all(), name


@given(st.permutations(range(40)))
@settings(deadline=None, max_examples=10)
def test_a_price_does_not_depend_on_the_neighbours_in_the_batch(trained, houses, order):
    """The prices move with their rows, and a row alone gets its price too."""
    whole = trained.estimator.predict(houses)
    np.testing.assert_allclose(
        trained.estimator.predict(houses.iloc[order]), whole[order], rtol=1e-12
    )
    alone = trained.estimator.predict(houses.iloc[[order[0]]])
    np.testing.assert_allclose(alone, whole[[order[0]]], rtol=1e-12)


def test_instances_get_the_prices_of_the_frame(trained, houses, config):
    """The way through JSON changes nothing."""
    sent = feature_frame(to_instances(houses), config)
    np.testing.assert_array_equal(trained.estimator.predict(sent), predict(trained, houses, config))


@pytest.mark.parametrize("name", BUILDERS)
def test_a_pipeline_can_be_cloned(name, config):
    """So that scikit-learn's own tools, such as cross-validation, work on it."""
    steps = clone(BUILDERS[name](config)).named_steps
    assert list(steps) == ["derive", "prepare", "model"]
    assert steps["derive"].plan_columns() == [dict(spec) for spec in config.derived]
